import { describe, expect, it } from 'vitest';
import { MINUTE } from '../core/time';
import { consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import { capture } from './capture';
import { forget } from './forget';
import { keep } from './keep';
import { renew } from './renew';
import { consent } from './settings';
import { start, wake } from './wake';

const TAB = 7;

async function captured({ kept = true } = {}): Promise<World & { id: string }> {
  const world = makeWorld();
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  await capture.run(fob, { access: world.vendor.signIn('tenant-a', world.now()).access }, consoleIn(TAB));
  const id = world.tabs.get(TAB)?.session ?? '';
  if (kept) await keep.run(fob, { session: id }, EXTENSION);
  return Object.assign(world, { id });
}
const recordsOf = (world: World & { id: string }): string[] =>
  [...world.disk.local.keys(), ...world.disk.session.keys()].filter((key) => key.includes(`:${world.id}`));

describe('forgetting a session', () => {
  it.each([
    ['kept', true, 1],
    ['only seen', false, 0],
  ])('that is %s takes away every record of it', async (_, kept, tombstones) => {
    const world = await captured({ kept });

    expect(await forget.run(world.worker().fob, { session: world.id }, EXTENSION)).toEqual({
      ok: true,
      value: undefined,
    });

    expect(recordsOf(world).filter((key) => !key.startsWith('tombstone:'))).toEqual([]);
    expect(recordsOf(world)).toHaveLength(tombstones);
    expect(world.tabs.get(TAB)).toMatchObject({ shows: 'nothing_yet' });
    expect(world.tabs.get(TAB)).not.toHaveProperty('session');
  });

  it('asks nothing of the vendor, which has no way to revoke it', async () => {
    const world = await captured();
    world.sent.length = 0;

    await forget.run(world.worker().fob, { session: world.id }, EXTENSION);

    expect(world.sent).toEqual([]);
    expect(world.alarm).toBeUndefined();
  });

  it('leaves every other session as it was', async () => {
    const world = await captured();
    const { fob } = world.worker();
    await capture.run(fob, { access: world.vendor.signIn('tenant-b', world.now()).access }, consoleIn(TAB + 1));
    const other = world.heads().find(({ id }) => id !== world.id);

    await forget.run(fob, { session: world.id }, EXTENSION);

    expect(world.heads()).toEqual([other]);
    expect(world.tabs.get(TAB + 1)).toMatchObject({ session: other?.id });
  });

  it.each(['session-99', '__proto__', 'constructor', ''])('called %j is refused: there is none', async (session) => {
    const world = await captured();
    const before = world.text();

    expect(await forget.run(world.worker().fob, { session }, EXTENSION)).toEqual({
      ok: false,
      failure: { code: 'unknown_session' },
    });
    expect(world.text()).toBe(before);
  });

  it('lets nothing that is still under way bring it back', async () => {
    const world = await captured();
    world.pass(25 * MINUTE);
    const { fob } = world.worker();
    const underWay = [renew.run(fob, { session: world.id }, EXTENSION), wake(fob)];

    await forget.run(fob, { session: world.id }, EXTENSION);
    await Promise.all(underWay);
    await start(world.worker().fob);

    expect(world.heads()).toEqual([]);
    expect(recordsOf(world)).toEqual([`tombstone:${world.id}`]);
  });

  it('is forgetting whole or not at all, whenever the worker dies', async () => {
    for (let at = 0; at < 14; at += 1) {
      const world = await captured();
      const worker = world.worker();
      await worker.fob.vault.state();
      worker.killAt(at);
      const done = forget.run(worker.fob, { session: world.id }, EXTENSION);
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 2))]);

      const { heads } = await world.worker().fob.vault.state();

      const left = recordsOf(world).filter((key) => /^(head|sealed):/.test(key));
      expect(left).toHaveLength(heads[world.id] ? 2 : 0);
    }
  });

  it('lets the console be seen again as a session anew', async () => {
    const world = await captured();
    await forget.run(world.worker().fob, { session: world.id }, EXTENSION);

    await capture.run(
      world.worker().fob,
      { access: world.vendor.signIn('tenant-a', world.now()).access },
      consoleIn(TAB),
    );

    expect(world.heads()).toMatchObject([{ keeping: 'offered', provenance: 'borrowed', generation: 1 }]);
    expect(world.heads()[0]?.id).not.toBe(world.id);
  });
});

import { describe, expect, it } from 'vitest';
import { MINUTE } from '../core/time';
import { stateAt } from '../core/view';
import { consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import { capture } from './capture';
import { keep } from './keep';
import { move } from './move';
import { consent } from './settings';
import { panel, viewOf } from './view';
import { permitted, wake } from './wake';

const TAB = 7;

/** One person's session, kept, at a vendor whose host the browser lets Fob reach for now. */
async function kept(): Promise<World & { id: string }> {
  const world = makeWorld();
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  await capture.run(fob, { access: world.vendor.signIn('tenant-a', world.now()).access }, consoleIn(TAB));
  const id = world.tabs.get(TAB)?.session ?? '';
  await keep.run(fob, { session: id }, EXTENSION);
  world.sent.length = 0;
  return Object.assign(world, { id });
}

const shown = async (world: World) => {
  const [session] = (await viewOf(world.worker().fob)).sessions;
  if (!session) throw new Error('no session is shown');
  return { session, state: stateAt(session, world.now()).kind };
};

describe('a session whose host the browser withholds', () => {
  it('is shown as paused at once, though nothing is due, and no more once the host is allowed', async () => {
    const world = await kept();
    expect((await shown(world)).state).toBe('kept');

    world.permitted = false;

    expect((await shown(world)).state).toBe('permission_missing');
    expect(await panel.run(world.worker().fob, {}, consoleIn(TAB))).toMatchObject({
      value: { session: { isWithheld: true } },
    });
    world.permitted = true;
    expect((await shown(world)).state).toBe('kept');
    expect(world.sent).toEqual([]);
  });

  it('is not called paused for what was withheld when Fob last asked', async () => {
    const world = await kept();
    world.permitted = false;
    world.pass(25 * MINUTE);
    await wake(world.worker().fob);
    expect(world.heads()[0]?.trouble).toMatchObject({ code: 'permission_missing' });

    world.permitted = true;

    const { session, state } = await shown(world);
    expect(state).toBe('kept');
    expect(session).not.toHaveProperty('trouble');
  });

  it('is asked about once for all sessions there', async () => {
    const world = await kept();
    const { fob } = world.worker();
    await move.run(fob, { session: world.id, tenant: 'tenant-b', console: false }, EXTENSION);
    const asked: string[] = [];

    const view = await viewOf({
      ...fob,
      mayReach: (origin) => {
        asked.push(origin);
        return fob.mayReach(origin);
      },
    });

    expect(view.sessions).toHaveLength(2);
    expect(asked).toEqual(['https://api.prowler.com']);
  });

  it('is shown anew when the host is allowed, before anything is asked of the vendor', async () => {
    const world = await kept();
    const { fob } = world.worker();
    const sentBefore: number[] = [];
    world.permitted = false;
    world.pass(25 * MINUTE);
    await wake(fob);
    world.permitted = true;

    await permitted({
      ...fob,
      publish: () => {
        sentBefore.push(world.sent.length);
        return fob.publish();
      },
    });

    expect(sentBefore[0]).toBe(0);
    expect(world.sent.length).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { makeMany, type ManyWorld, tells } from '../testing/many';
import { AGILICUS, CLOUDCHECKR } from '../testing/vendors';
import { EXTENSION } from '../testing/world';
import { lockedAs } from './fob';
import { operations } from './index';
import { keep } from './keep';
import { set_passphrase } from './lock';
import { lockdown } from './lockdown';
import { obtain } from './obtain';

/** One session Fob may end at its vendor, and one that is a console's own. */
async function two(): Promise<ManyWorld & { ours: string; theirs: string; token: string }> {
  const world = await makeMany();
  const token = world.vendors.agilicus.signIn('ana', 'org-a', world.now());
  const { fob } = world.one;
  const done = await obtain.run(
    fob,
    { vendor: 'agilicus', place: AGILICUS, way: 'token', values: { token } },
    EXTENSION,
  );
  await tells(world, CLOUDCHECKR, world.vendors.cloudcheckr.signIn('ana', 'customer-a', world.now()));
  const ours = done.ok ? done.value.session : '';
  const theirs = world.heads().find(({ id }) => id !== ours)?.id ?? '';
  await keep.run(fob, { session: theirs }, EXTENSION);
  world.vendors.seen.length = 0;
  return Object.assign(world, { ours, theirs, token });
}
const revocations = (world: ManyWorld) => world.vendors.seen.filter(({ path }) => path === '/v1/tokens/revoke');

describe('locking everything down', () => {
  it('ends what its vendor ends, forgets the rest, and tells which became of which', async () => {
    const world = await two();

    const done = await lockdown.run(world.one.fob, {}, EXTENSION);

    expect(done.ok && done.value.isLocked).toBe(false);
    expect(done.ok && done.value.sessions.toSorted((a, b) => Number(b.isRevoked) - Number(a.isRevoked))).toEqual([
      { session: world.ours, isRevoked: true },
      { session: world.theirs, isRevoked: false },
    ]);
    expect(world.heads()).toEqual([]);
    expect(world.sealed()).toEqual({});
    expect(world.text()).not.toContain(world.token);
  });

  it('asks nobody to end a token that a console brought', async () => {
    const world = await two();

    await lockdown.run(world.one.fob, {}, EXTENSION);

    expect(revocations(world)).toHaveLength(1);
    expect(world.vendors.seen).toHaveLength(1);
  });

  it('forgets a session whose vendor does not answer all the same, and says that it was not ended', async () => {
    const world = await two();
    world.weather.push('lost_before');

    const done = await lockdown.run(world.one.fob, {}, EXTENSION);

    expect(done.ok && done.value.sessions).toContainEqual({
      session: world.ours,
      isRevoked: false,
      code: 'unanswered',
    });
    expect(world.heads()).toEqual([]);
  });

  it('locks at last, where there is a passphrase: once it is locked no token can be read, and so none be ended', async () => {
    const world = await two();
    const { fob } = world.one;
    await set_passphrase.run(fob, { next: 'canary of eight words' }, EXTENSION);

    const done = await lockdown.run(fob, {}, EXTENSION);

    expect(done).toMatchObject({ ok: true, value: { isLocked: true } });
    expect(done.ok && done.value.sessions.filter(({ isRevoked }) => isRevoked)).toHaveLength(1);
    expect(await lockedAs(fob)).toBe('lock');
    expect(world.heads()).toEqual([]);
  });

  it('is for pages of Fob alone', () => {
    expect(operations.lockdown.from).toEqual(['extension']);
  });
});

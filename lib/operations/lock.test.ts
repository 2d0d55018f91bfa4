import { describe, expect, it } from 'vitest';
import type { Outcome } from '../core/failure';
import { MINUTE, SECOND } from '../core/time';
import { serve } from '../rpc/serve';
import { CONSOLE, consoleIn, EXTENSION, makeWorld, type Worker, type World } from '../testing/world';
import { capture } from './capture';
import type { Fob } from './fob';
import { keep } from './keep';
import { away, lock, lock_settings, set_passphrase, startLock, unlock } from './lock';
import { consent } from './settings';
import { start, wake } from './wake';
import { viewOf } from './view';

const SECRET = 'canary passphrase';
const LOCKED = { ok: false, failure: { code: 'vault_locked' } };
const self = { id: 'fob-id', origin: 'chrome-extension://fob-id' };
const page = { id: self.id, url: `${self.origin}/popup.html` };
const inConsole = { id: self.id, url: `${CONSOLE}/scans`, frameId: 0, tab: { id: 7 } };

/** One kept session, behind a passphrase. */
async function kept(mode: 'lock' | 'screen' = 'lock'): Promise<{ world: World; worker: Worker; fob: Fob; id: string }> {
  const world = makeWorld();
  const worker = world.worker();
  const { fob } = worker;
  await consent.run(fob, {}, EXTENSION);
  await capture.run(fob, { access: world.vendor.signIn('tenant-a', world.now()).access }, consoleIn(7));
  const id = world.tabs.get(7)?.session ?? '';
  await keep.run(fob, { session: id }, EXTENSION);
  expect(await set_passphrase.run(fob, { next: SECRET }, EXTENSION)).toMatchObject({ ok: true });
  await lock_settings.run(fob, { mode, awayMin: 15 }, EXTENSION);
  world.sent.length = 0;
  return { world, worker, fob, id };
}
const locked = async (mode?: 'lock' | 'screen') => {
  const all = await kept(mode);
  await lock.run(all.fob, {}, EXTENSION);
  return all;
};
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const open = (fob: Fob, passphrase = SECRET): Promise<Outcome<void>> => unlock.run(fob, { passphrase }, EXTENSION);

describe('locked', () => {
  it('has no key in memory and shows no name', async () => {
    const { world, fob } = await locked();

    expect(world.safe.held).toBeUndefined();
    const view = await viewOf(fob);
    expect(view).toMatchObject({ sessions: [], tabs: {}, lock: { is: 'lock', count: 1, since: { why: 'person' } } });
    expect(view.lock?.ends).toHaveLength(1);
    expect(JSON.stringify(view)).not.toMatch(/tenant-a|canary|prowler/i);
  });

  it('spends nothing, whatever is due and however often it is woken', async () => {
    const { world, fob, id } = await locked();

    for (let times = 0; times < 20; times += 1) {
      world.pass(5 * MINUTE);
      await wake(fob);
    }

    expect(world.sent).toEqual([]);
    const [head] = world.heads();
    expect(head).toMatchObject({ id, keeping: 'kept' });
    expect(head?.trouble).toBeUndefined();
  });

  it('refuses what a console shows, and takes it once it is open', async () => {
    const { world, fob } = await locked();
    const { access } = world.vendor.signIn('tenant-b', world.now());
    expect(await capture.run(fob, { access }, consoleIn(8))).toEqual(LOCKED);

    await open(fob);
    await settle();

    expect(await capture.run(fob, { access }, consoleIn(8))).toMatchObject({ ok: true });
  });

  it('answers no page and no console with anything but that it is locked', async () => {
    const { world, fob, id } = await locked();
    const before = world.text();

    for (const name of ['reveal', 'policies', 'renew', 'forget', 'diagnose', 'timeline', 'keep', 'set_passphrase']) {
      const input = { session: id, as: 'token' };
      expect(await serve(fob, { fob: name, input }, page, self)).toEqual(LOCKED);
    }
    expect(await serve(fob, { fob: 'attend', input: {} }, inConsole, self)).toEqual({
      ok: true,
      value: { mayLook: false },
    });
    expect(await serve(fob, { fob: 'panel', input: {} }, inConsole, self)).toEqual({ ok: true, value: 'locked' });
    expect(world.text()).toBe(before);
  });

  it('is opened, locked or given a passphrase by no console', async () => {
    const { fob } = await locked();

    for (const name of ['unlock', 'lock', 'set_passphrase', 'lock_settings']) {
      const input = { passphrase: SECRET, mode: 'lock' };
      expect(await serve(fob, { fob: name, input }, inConsole, self)).toMatchObject({
        failure: { code: 'origin_refused' },
      });
    }
  });

  it('is still locked in the next worker, and in the next browser', async () => {
    const { world, worker } = await locked();
    worker.kill();

    const next = world.worker().fob;
    await startLock(next);
    await start(next);
    expect((await viewOf(next)).lock?.is).toBe('lock');

    world.restart();
    const { fob } = world.worker();
    await startLock(fob);
    await start(fob);
    expect(await viewOf(fob)).toMatchObject({ sessions: [], lock: { is: 'lock' } });
    expect(world.sent).toEqual([]);
  });

  it('renews what waited as soon as it is opened', async () => {
    const { world, fob, id } = await locked();
    world.pass(26 * MINUTE);

    expect(await open(fob)).toMatchObject({ ok: true });
    await settle();

    expect(world.sent.map(({ path }) => path)).toContain('/api/v1/tokens/refresh');
    expect((await viewOf(fob)).sessions.map((one) => one.id)).toEqual([id]);
    expect((await viewOf(fob)).lock).toMatchObject({ is: 'open' });
    expect(world.alarm).toBeGreaterThan(world.now());
  });

  it('hears that somebody signs out, and keeps to it', async () => {
    const { world, fob, id } = await locked();

    expect(await serve(fob, { fob: 'sign_out', input: {} }, inConsole, self)).toMatchObject({ ok: true });
    await open(fob);
    world.pass(26 * MINUTE);
    await wake(fob);

    expect(world.heads()).toMatchObject([{ id, keeping: 'stopped_signed_out' }]);
  });

  it('waits for an answer that may be the only copy of a refresh token', async () => {
    const { world, fob, id } = await kept();
    world.pass(26 * MINUTE);
    const renewing = wake(fob);
    while (world.heads().every((head) => !head.lease)) await Promise.resolve();

    await lock.run(fob, {}, EXTENSION);
    await renewing;

    expect(world.safe.held).toBeUndefined();
    const [head] = world.heads();
    expect(head).toMatchObject({ id, renewedAt: world.now() });
    expect(head?.unansweredSince).toBeUndefined();
    await open(fob);
    expect((await viewOf(fob)).sessions[0]?.trouble).toBeUndefined();
  });

  it('is finished by the next worker where one died over it, at any step', async () => {
    for (let step = 0; step < 60; step += 1) {
      const { world, worker, fob, id } = await kept();
      worker.killAt(step);
      const isDone = await Promise.race([lock.run(fob, {}, EXTENSION), settle().then(() => undefined)]);

      const next = world.worker().fob;
      await startLock(next);
      await start(next);
      const view = await viewOf(next);
      const isLocked = view.lock?.is === 'lock';
      expect(isLocked || !isDone).toBe(true);
      expect(isLocked && world.safe.held !== undefined).toBe(false);
      expect(await open(next)).toMatchObject({ ok: true });
      await settle();
      expect((await viewOf(next)).sessions).toMatchObject([{ id, keeping: 'kept' }]);
      if (isDone) return;
    }
    throw new Error('a lock takes fewer steps');
  });
});

describe('a locked screen', () => {
  it('shows nothing and renews all the same', async () => {
    const { world, fob, id } = await locked('screen');
    world.pass(26 * MINUTE);

    await wake(fob);

    expect(world.heads()).toMatchObject([{ id, renewedAt: world.now() }]);
    const view = await viewOf(fob);
    expect(view).toMatchObject({ sessions: [], tabs: {}, lock: { is: 'screen' } });
    expect(JSON.stringify(view)).not.toMatch(/tenant-a|canary|prowler/i);
  });

  it('gives no token away', async () => {
    const { fob, id } = await locked('screen');

    expect(await serve(fob, { fob: 'reveal', input: { session: id, as: 'token' } }, page, self)).toEqual(LOCKED);
  });

  it('renews nothing in the next browser before it is opened', async () => {
    const { world } = await locked('screen');
    world.restart();
    const { fob } = world.worker();
    await startLock(fob);
    world.pass(26 * MINUTE);

    await start(fob);
    expect(world.sent).toEqual([]);
    expect((await viewOf(fob)).lock?.is).toBe('lock');

    await open(fob);
    await settle();
    expect(world.sent).not.toEqual([]);
  });
});

describe('a passphrase', () => {
  it('makes whoever types a wrong one wait, over a start of the browser, and wipes nothing', async () => {
    const { world, fob, id } = await locked();
    const before = world.heads();
    for (const _ of [1, 2, 3])
      expect(await open(fob, 'wrong one')).toMatchObject({ failure: { code: 'passphrase_wrong' } });

    world.restart();
    const next = world.worker().fob;
    expect(await open(next)).toMatchObject({
      failure: { code: 'passphrase_wrong', retryAt: world.now() + 2 * SECOND },
    });
    expect((await viewOf(next)).lock?.nextTryAt).toBe(world.now() + 2 * SECOND);
    world.pass(2 * SECOND);

    expect(await open(next)).toMatchObject({ ok: true });
    expect(world.heads()).toEqual(before);
    expect((await viewOf(next)).sessions.map((one) => one.id)).toEqual([id]);
    expect(world.safe.tries).toBeUndefined();
  });

  it('counts a try before it knows of it: a worker that dies makes none free', async () => {
    const { world } = await locked();
    for (let times = 0; times < 3; times += 1) {
      const worker = world.worker();
      worker.killAt(2);
      await Promise.race([open(worker.fob, 'wrong one'), settle()]);
    }

    expect(await open(world.worker().fob)).toMatchObject({ failure: { code: 'passphrase_wrong' } });
  });

  it('is taken off or changed only by whoever has it', async () => {
    const { fob } = await kept();
    expect(await set_passphrase.run(fob, {}, EXTENSION)).toMatchObject({ failure: { code: 'passphrase_wrong' } });
    expect(await set_passphrase.run(fob, { current: 'wrong one' }, EXTENSION)).toMatchObject({ ok: false });

    expect(await set_passphrase.run(fob, { current: SECRET }, EXTENSION)).toMatchObject({ ok: true });

    expect((await viewOf(fob)).lock).toBeUndefined();
    expect(await lock.run(fob, {}, EXTENSION)).toMatchObject({ failure: { code: 'passphrase_missing' } });
  });

  it('is needed for every way to lock', async () => {
    const { fob } = makeWorld().worker();

    for (const answer of [
      await lock.run(fob, {}, EXTENSION),
      await lock_settings.run(fob, { mode: 'screen', awayMin: 5 }, EXTENSION),
    ])
      expect(answer).toMatchObject({ failure: { code: 'passphrase_missing' } });
    await away(fob, 'away');
    expect((await viewOf(fob)).lock).toBeUndefined();
  });

  it('is in no record, and neither is anything of it', async () => {
    const { world } = await locked();

    expect(world.text()).not.toContain('canary');
  });
});

describe('by itself Fob locks', () => {
  it.each(['away', 'screen'] as const)('when that was decided (%s)', async (why) => {
    const { fob } = await kept();

    await away(fob, why);

    expect((await viewOf(fob)).lock).toMatchObject({ is: 'lock', since: { why } });
  });

  it('at no other time', async () => {
    const { fob, world } = await kept();
    await lock_settings.run(fob, { mode: 'lock' }, EXTENSION);

    await away(fob, 'away');

    expect((await viewOf(fob)).lock?.is).toBe('open');
    expect(world.safe.watched).toBeUndefined();
  });

  it('once: who came first is what is told', async () => {
    const { fob } = await locked();

    await away(fob, 'away');

    expect((await viewOf(fob)).lock?.since?.why).toBe('person');
  });
});

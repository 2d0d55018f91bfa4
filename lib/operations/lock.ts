import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import { SECOND } from '../core/time';
import type { Locked } from '../core/view';
import { nextTryAt } from '../vault/lock';
import { type Fob, lockedAs, operation } from './fob';
import { wake } from './wake';

/** How often a lock looks whether an answer is still waited for (ms), and how many times: no call is waited for longer. */
const OUT = { every: SECOND, times: 130 };
/** Shorter than this, a passphrase is no wall. */
const SHORTEST = 8;

const passphrase = v.pipe(v.string(), v.nonEmpty(), v.maxLength(1024));

/** Locks Fob as it was decided: without a passphrase there is nothing to lock it with. */
export const lock = operation({
  from: ['extension'],
  input: v.object({}),
  whileLocked: true,
  run: (fob) => shut(fob, 'person'),
});

/** Opens Fob. A wrong passphrase makes the next one wait, however often the background starts anew, and wipes nothing. */
export const unlock = operation({
  from: ['extension'],
  input: v.object({ passphrase }),
  whileLocked: true,
  async run(fob, input): Promise<Outcome<void>> {
    const tried = await attempt(fob, input.passphrase);
    if (!tried.ok) return tried;
    await fob.lock.noteSince(undefined);
    await fob.publish();
    // What waited is done now, and consoles are read again; nobody waits for either.
    void resume(fob);
    return tried;
  },
});

async function resume(fob: Fob): Promise<void> {
  await fob.vault.rearm();
  for (const tab of Object.keys(await fob.tabs.all())) await fob.tabs.look(Number(tab));
  await wake(fob);
}

/** Sets a passphrase, another one, or none any more. */
export const set_passphrase = operation({
  from: ['extension'],
  input: v.object({
    /** The one there is. */
    current: v.exactOptional(passphrase),
    next: v.exactOptional(v.pipe(v.string(), v.minLength(SHORTEST), v.maxLength(1024))),
  }),
  async run(fob, { current, next }): Promise<Outcome<void>> {
    if (await fob.lock.ring.settings()) {
      const tried = await attempt(fob, current ?? '');
      if (!tried.ok) return tried;
    }
    const isDone = await fob.lock.ring.protect(next);
    if (isDone && next === undefined) await fob.lock.watch(undefined);
    await fob.publish();
    return isDone ? ok(undefined) : failed({ code: 'vault_full' });
  },
});

/** Decides what a lock means, and whether Fob locks by itself. */
export const lock_settings = operation({
  from: ['extension'],
  input: v.object({
    mode: v.picklist(['lock', 'screen']),
    awayMin: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1440))),
  }),
  async run(fob, settings): Promise<Outcome<void>> {
    if (!(await fob.lock.ring.settings())) return failed({ code: 'passphrase_missing' });
    const isDone = await fob.lock.ring.decide(settings);
    if (isDone) await fob.lock.watch(settings.awayMin);
    await fob.publish();
    return isDone ? ok(undefined) : failed({ code: 'vault_full' });
  },
});

/** Nobody has been there for a while, or the computer's screen was locked: Fob locks where that was decided. */
export async function away(fob: Fob, why: 'away' | 'screen'): Promise<void> {
  if ((await fob.lock.ring.settings())?.awayMin !== undefined && (await lockedAs(fob)) === 'open') await shut(fob, why);
}

/** After a death in the middle of a lock: what was begun is finished. And who is to be told of nobody being there is told again. */
export async function startLock(fob: Fob): Promise<void> {
  if ((await fob.lock.since())?.mode === 'lock') await fob.lock.ring.shut();
  await fob.lock.watch((await fob.lock.ring.settings())?.awayMin);
}

/** Locks Fob in the way that was decided; refused where there is no passphrase. */
export async function shut(fob: Fob, why: Locked['why']): Promise<Outcome<void>> {
  const settings = await fob.lock.ring.settings();
  if (!settings) return failed({ code: 'passphrase_missing' });
  // From here on nothing is shown, and nothing new is asked of anybody.
  await fob.lock.noteSince({ mode: settings.mode, at: fob.now(), why });
  await fob.publish();
  if (settings.mode === 'screen') return ok(undefined);
  for (let times = 0; times < OUT.times; times += 1) {
    let isOut = false;
    await fob.vault.shut(async ({ heads }) => {
      isOut = times < OUT.times - 1 && Object.values(heads).some((head) => (head.lease?.until ?? 0) > fob.now());
      // Opened again meanwhile: that counts.
      if (!isOut && (await fob.lock.since())?.mode === 'lock') await fob.lock.ring.shut();
    });
    if (!isOut) break;
    // An answer on its way may be the only copy of a refresh token: the key stays for as long as it is waited for.
    await fob.wait(OUT.every);
  }
  await fob.vault.rearm();
  return ok(undefined);
}

async function attempt({ lock: { tries, noteTries, ring }, now }: Fob, typed: string): Promise<Outcome<void>> {
  const at = now();
  const before = await tries();
  const waits = before && nextTryAt(before, at);
  if (waits !== undefined && waits > at) return failed({ code: 'passphrase_wrong', retryAt: waits });
  // Counted before it is known: a background that dies over it makes no further try free.
  const counted = { times: (before?.times ?? 0) + 1, at };
  await noteTries(counted);
  if (await ring.unlock(typed)) {
    await noteTries(undefined);
    return ok(undefined);
  }
  const retryAt = nextTryAt(counted, at);
  return failed({ code: 'passphrase_wrong', ...(retryAt > at ? { retryAt } : {}) });
}

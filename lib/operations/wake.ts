import type { SessionEvent } from '../core/event';
import { type Due, plan } from '../core/plan';
import { SECOND } from '../core/time';
import { confirm } from './confirm';
import { ladderOf } from '../vendors/index';
import { VaultError } from '../vault/stores';
import { climb, interrupted } from './renew';
import { type Fob, lockedAs } from './fob';

/** Renewals under way at once: after a long sleep everything is due, and the vendor need not see it all in one second. */
const AT_ONCE = 2;
/** Between one of many and the next (ms). */
const STAGGER = { least: 250, spread: 1250 };
/** How often an update looks whether an answer is still waited for (ms), and how many times: no call is waited for longer. */
const UPDATE = { every: 2 * SECOND, times: 60 };

/** Does whatever is due, however late it is. Safe to call at any time and any number of times. */
export async function wake(fob: Fob): Promise<void> {
  // Nothing is asked of anybody; the plan is made anew when Fob is unlocked.
  if ((await lockedAs(fob)) === 'lock') return fob.vault.rearm();
  const { heads } = await fob.vault.state();
  const { due } = plan(Object.values(heads), fob.now(), ladderOf);
  if (due.length === 0) {
    await fob.vault.rearm();
    return;
  }
  const left = [...due];
  const work = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      await act(fob, one).catch(ignoreDisk);
      if (left.length > 0) await fob.wait(STAGGER.least + fob.draw() * STAGGER.spread);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await fob.vault.rearm();
  await fob.publish();
}

/** The first thing a worker does: calls of the worker before it will never be answered. */
export async function start(fob: Fob): Promise<void> {
  await fob.vault.transact((state, now) => ({
    events: Object.values(state.heads).flatMap((head): SessionEvent[] => (head.lease ? [interrupted(head, now)] : [])),
    result: undefined,
  }));
  await fob.tabs.prune();
  await wake(fob);
}

/** The browser allows a host again: that is shown, and what waited for it is done at once. */
export async function permitted(fob: Fob): Promise<void> {
  await fob.publish();
  if ((await lockedAs(fob)) === 'lock') return;
  const { heads } = await fob.vault.state();
  const waiting = Object.values(heads).filter(
    (head) => head.keeping === 'kept' && head.trouble?.code === 'permission_missing',
  );
  for (const head of waiting) await climb(fob, head.id);
  for (const head of Object.values(heads)) if (head.confirmedAt === undefined) await confirm(fob, head.id);
  await wake(fob);
}

/** The browser has installed Fob, or a newer one: from here on, there is always something stored. */
export function installed(fob: Fob): Promise<void> {
  return fob.vault.transact((state, at) => ({
    events: state.installedAt === undefined ? [{ type: 'installed', at }] : [],
    result: undefined,
  }));
}

/** The browser starts, and Fob is not new to it. If nothing is stored, what was is gone: the files were deleted. It is said. */
export function missed(fob: Fob): Promise<void> {
  return fob.vault.transact((state, at) => ({
    events: state.installedAt === undefined && !state.consent ? [{ type: 'everything_lost', at }] : [],
    result: undefined,
  }));
}

/** A newer Fob is there. It takes over when no answer is waited for: what a vendor gives meanwhile would be lost with this worker. */
export async function update(fob: Fob, reload: () => void): Promise<void> {
  for (let times = 0; times < UPDATE.times; times += 1) {
    const { heads } = await fob.vault.state();
    if (!Object.values(heads).some((head) => head.lease?.spends)) break;
    await fob.wait(UPDATE.every);
  }
  reload();
}

/** A disk that refuses one session's step must not cost the others theirs: memory holds what came, the next wake goes on. */
function ignoreDisk(error: unknown): void {
  if (!(error instanceof VaultError)) throw error;
}

async function act(fob: Fob, due: Due): Promise<void> {
  switch (due.step) {
    case 'renew':
      await climb(fob, due.session);
      return;
    case 'stop_unused':
      await fob.vault.transact((state, now) => {
        const head = state.heads[due.session];
        const isOver = head?.keeping === 'kept' && head.keptUntil !== undefined && head.keptUntil <= now;
        return {
          events: isOver ? [{ type: 'keeping_set', id: head.id, at: now, keeping: 'stopped_unused' }] : [],
          result: undefined,
        };
      });
      return;
  }
}

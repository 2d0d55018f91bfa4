import type { SessionId } from '../core/state';
import { after, MINUTE } from '../core/time';
import { type Fob, KEPT_FOR } from './fob';

/** Being used is noted at most this often (ms): a console that calls a thousand times is one use. */
export const USE_NOTED = 15 * MINUTE;

/** Notes that a person used a kept session through Fob: keeping goes on from here. */
export async function noteUse(fob: Fob, id: SessionId): Promise<void> {
  await fob.vault.transact((state, now) => {
    const head = state.heads[id];
    // What does not end by itself is not put off.
    const isWorth = head?.keptUntil !== undefined && now - head.usedAt >= USE_NOTED;
    return {
      events: isWorth ? [{ type: 'used', id, at: now, keptUntil: after(now, KEPT_FOR) }] : [],
      result: undefined,
    };
  });
}

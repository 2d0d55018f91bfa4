import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import { rungsOf } from '../core/ladder';
import { headOf } from '../core/reduce';
import type { SessionId } from '../core/state';
import { after } from '../core/time';
import { ladderOf } from '../vendors/index';
import { type Fob, KEPT_FOR, operation, reachable } from './fob';
import { climb } from './renew';

const session = v.object({ session: v.string() });

/** Keeps a session alive from now on: a choice of the person's, for this session or for every one of its console. */
export const keep = operation({
  from: ['extension', 'console'],
  input: v.object({ session: v.string(), always: v.exactOptional(v.boolean()) }),
  async run(fob, input, caller): Promise<Outcome<void>> {
    const head = reachable(await fob.vault.state(), input.session, caller);
    if (!head) return failed({ code: 'unknown_session' });
    if (input.always) {
      await fob.vault.transact((state) => ({
        events: [
          { type: 'policy_set', console: head.console, policy: { ...state.policies[head.console], keep: 'always' } },
        ],
        result: undefined,
      }));
    }
    const started = await startKeeping(fob, input.session);
    await fob.publish();
    return started;
  },
});

/** Leaves a session alone: seen, shown, never renewed. */
export const watch = operation({
  from: ['extension', 'console'],
  input: session,
  run: (fob, input, caller) => stopKeeping(fob, input.session, 'watched', caller),
});

/** Stops renewing a kept session; what Fob holds stays until its end. */
export const pause = operation({
  from: ['extension'],
  input: session,
  run: (fob, input, caller) => stopKeeping(fob, input.session, 'paused', caller),
});

/**
 * Starts keeping. A borrowed token keeps nothing: Fob asks for one of its own at once, and until the vendor has given it
 * the session is not called kept.
 */
export async function startKeeping(fob: Fob, id: SessionId): Promise<Outcome<void>> {
  const isBorrowed = await fob.vault.transact((state, now) => {
    const head = headOf(state, id);
    if (!head) return { events: [], result: undefined };
    const rungs = rungsOf(head, ladderOf(head.vendor));
    // A key is armed once, and for good: months lie between two uses of that.
    const keptUntil = rungs[0]?.leadMs === undefined ? { keptUntil: after(now, KEPT_FOR) } : {};
    if (head.keeping === 'kept') return { events: [], result: false };
    return {
      events: [{ type: 'keeping_set', id, at: now, keeping: 'kept', ...keptUntil }],
      // Nothing to ask for where the console alone renews: Fob follows it.
      result: head.provenance === 'borrowed' && rungs.length > 0,
    };
  });
  if (isBorrowed === undefined) return failed({ code: 'unknown_session' });
  if (!isBorrowed) return ok(undefined);
  await fob.publish();
  const renewed = await climb(fob, id);
  if (renewed.ok || renewed.failure.code === 'busy') return ok(undefined);
  // The wake planned for it may have come first, and be through: what was asked for is there.
  return headOf(await fob.vault.state(), id)?.provenance === 'own' ? ok(undefined) : renewed;
}

async function stopKeeping(
  fob: Fob,
  id: SessionId,
  keeping: 'watched' | 'paused',
  caller: Parameters<typeof reachable>[2],
): Promise<Outcome<void>> {
  const done = await fob.vault.transact((state, now) => {
    const head = reachable(state, id, caller);
    return {
      events: head && head.keeping !== keeping ? [{ type: 'keeping_set', id, at: now, keeping }] : [],
      result: head ? ok(undefined) : failed({ code: 'unknown_session' }),
    };
  });
  await fob.publish();
  return done;
}

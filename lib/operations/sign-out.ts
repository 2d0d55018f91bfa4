import * as v from 'valibot';
import type { SessionEvent } from '../core/event';
import { failed, ok, type Outcome } from '../core/failure';
import type { Head } from '../core/state';
import type { Instant } from '../core/time';
import { areaOf } from '../vault/records';
import { belongsTo, operation } from './fob';

/**
 * A console shows that nobody is signed in. Whoever signs out means it: renewal stops there, and Fob asks whether to go on
 * or to forget. What was only seen goes with the console.
 */
export const sign_out = operation({
  from: ['console'],
  input: v.object({}),
  async run(fob, _, caller): Promise<Outcome<void>> {
    if (caller.kind !== 'console') return failed({ code: 'origin_refused' });
    if (!(await fob.vault.state()).consent) return failed({ code: 'consent_missing' });
    const stopped = await fob.vault.transact((state, now) => {
      const events = Object.values(state.heads).flatMap((head) =>
        belongsTo(head, caller) ? signedOut(head, now) : [],
      );
      return { events, result: events.some((event) => event.type === 'keeping_set') };
    });
    await fob.tabs.set(caller.tab, {
      vendor: caller.vendor.id,
      console: caller.deployment.console,
      shows: 'signed_out',
      ...(caller.container === undefined ? {} : { container: caller.container }),
    });
    await fob.publish();
    if (stopped) await fob.tabs.showPanel(caller.tab);
    return ok(undefined);
  },
});

function signedOut(head: Head, at: Instant): SessionEvent[] {
  if (areaOf(head) === 'session') return [{ type: 'forgotten', id: head.id, at }];
  return head.keeping === 'kept' ? [{ type: 'keeping_set', id: head.id, at, keeping: 'stopped_signed_out' }] : [];
}

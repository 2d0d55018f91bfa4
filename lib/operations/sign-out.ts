import * as v from 'valibot';
import type { SeenTab } from '../core/console-tabs';
import type { SessionEvent } from '../core/event';
import { failed, ok, type Outcome } from '../core/failure';
import type { Head } from '../core/state';
import type { Instant } from '../core/time';
import { areaOf } from '../vault/records';
import { belongsTo, type Caller, type Fob, operation } from './fob';

type Console = Extract<Caller, { kind: 'console' }>;

const placeOf = ({ deployment, container = '' }: Console): string => `${deployment.console} ${container}`;

/** Sign-outs in this worker's life, by console and container. */
const counts = new WeakMap<Fob, Map<string, number>>();

/** How often a console has signed out: what was seen before the last time is of a session that is over. */
export const signOuts = (fob: Fob, caller: Console): number => counts.get(fob)?.get(placeOf(caller)) ?? 0;

/**
 * A console shows that nobody is signed in. Whoever signs out means it: renewal stops there, and Fob asks whether to go on
 * or to forget. What was only seen goes with the console.
 */
export const sign_out = operation({
  from: ['console'],
  whileLocked: true,
  input: v.object({}),
  async run(fob, _, caller): Promise<Outcome<void>> {
    if (caller.kind !== 'console') return failed({ code: 'origin_refused' });
    if (!(await fob.vault.state()).consent) return failed({ code: 'consent_missing' });
    const place = placeOf(caller);
    const counted = counts.get(fob) ?? new Map<string, number>();
    counts.set(fob, counted.set(place, (counted.get(place) ?? 0) + 1));
    const stopped = await fob.vault.transact((state, now) => {
      const here = Object.values(state.heads).filter((head) => belongsTo(head, caller));
      // A console that says so again has said nothing new: who chose to keep on after a sign-out keeps on.
      if (here.every((head) => head.seen === undefined)) return { events: [], result: false };
      const events = here.map((head) => signedOut(head, now));
      return { events, result: here.some((head) => head.keeping === 'kept') };
    });
    for (const [tab, seen] of Object.entries(await fob.tabs.all())) {
      const isHere = seen.console === caller.deployment.console && seen.container === caller.container;
      if (isHere && Number(tab) !== caller.tab) await fob.tabs.set(Number(tab), { ...gone(seen), shows: 'signed_out' });
    }
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

function signedOut(head: Head, at: Instant): SessionEvent {
  return { type: areaOf(head) === 'session' ? 'forgotten' : 'signed_out', id: head.id, at };
}

/** A tab without the session it showed. */
function gone({ session: _, ...seen }: SeenTab): SeenTab {
  return seen;
}

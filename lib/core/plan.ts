import { isOfAnotherClock, LEAST_INTERVAL, renewalTime } from './ladder';
import type { Rung } from './vendor';
import type { Head, SessionId } from './state';
import { after, earliest, type Instant, MINUTE, SECOND } from './time';

/** Something to do now for one session. */
export type Due = { readonly session: SessionId; readonly step: 'renew' | 'stop_unused' };

/** What is due, and when to look again. */
export type Plan = { readonly due: readonly Due[]; readonly wakeAt?: Instant };

/** Looked again at least this often while anything is kept (ms): an alarm that is late or lost changes nothing. */
export const WATCHDOG = 15 * MINUTE;
/** What is due now is looked at again after this, should the worker die in the middle (ms; Chrome wakes nothing sooner). */
const AGAIN = 30 * SECOND;

/**
 * What to do now and when to wake next, from the heads and their vendors' ladders alone. Level-triggered: asked at every wake, it does not matter
 * whether an alarm came late, twice or never. Nothing kept: no wake at all.
 */
export function plan(heads: readonly Head[], now: Instant, ladderOf: (vendor: string) => readonly Rung[]): Plan {
  const steps = heads.flatMap((head) => stepsFor(head, now, ladderOf(head.vendor)));
  const due = steps.filter((one) => one.at <= now).map(({ session, step }) => ({ session, step }));
  const later = earliest(...steps.filter((one) => one.at > now).map((one) => one.at));
  const wakeAt = earliest(
    later,
    due.length > 0 ? after(now, AGAIN) : undefined,
    steps.length > 0 ? after(now, WATCHDOG) : undefined,
  );
  return wakeAt === undefined ? { due } : { due, wakeAt };
}

/** When a session is next renewed, unless something happens first; absent: it is not, or not by itself. */
export function nextRenewal(head: Head, rungs: readonly Rung[]): Instant | undefined {
  if (head.keeping !== 'kept') return undefined;
  // While a call is out nothing else starts; should its answer never come, the lease ends and the next look finds it.
  if (head.lease) return head.lease.until;
  // Without a time of its own, trouble is a person's to mend: a sign-in, a grant, a choice.
  if (head.trouble && head.trouble.retryAt === undefined) return undefined;
  const retryAt = head.trouble?.retryAt;
  // A key nobody has confirmed yet: its predecessor is held until then.
  const wanted = retryAt ?? (head.previous ? head.renewedAt : renewalTime(head, rungs));
  if (wanted === undefined) return undefined;
  // A retry has its own time, drawn when it failed; a renewal keeps its distance from the one before.
  if (retryAt !== undefined || head.renewedAt === undefined) return wanted;
  return Math.max(wanted, after(head.renewedAt, LEAST_INTERVAL)) as Instant;
}

/**
 * Whether what is planned for a session was planned by a clock that has been put back since: when that was, nobody knows any more. While a
 * call is out, or what was presented may be spent, nothing is hurried by that.
 */
function isStale({ trouble, token, lease, unansweredSince }: Head, now: Instant): boolean {
  return !lease && unansweredSince === undefined && isOfAnotherClock(trouble?.at ?? token.issuedAt, now);
}

function stepsFor(head: Head, now: Instant, rungs: readonly Rung[]): readonly (Due & { at: Instant })[] {
  if (head.keeping !== 'kept') return [];
  const planned = nextRenewal(head, rungs);
  const renewAt =
    // Slept through the end of keeping: nothing more is asked of the vendor in its name.
    planned === undefined || (head.keptUntil ?? Infinity) <= now ? undefined : isStale(head, now) ? now : planned;
  return [
    ...(renewAt === undefined ? [] : [{ session: head.id, step: 'renew' as const, at: renewAt }]),
    ...(head.keptUntil === undefined ? [] : [{ session: head.id, step: 'stop_unused' as const, at: head.keptUntil }]),
  ];
}

import type { Head } from './state';
import { after, type Instant, MINUTE, SECOND } from './time';
import type { Rung } from './vendor';

/** At least this long between two renewals of one grant (ms). A person's move and reads are none. */
export const LEAST_INTERVAL = MINUTE;
/** A token with less than this left is not worth presenting: it may end on the way (ms). */
const SPENT_MARGIN = 2 * SECOND;
const FIRST_BACK_OFF = 5 * SECOND;
const LONGEST_BACK_OFF = 15 * MINUTE;

/** Whether the access token can still be presented. An end that is not known counts as alive: the vendor will say. */
export function isAlive(head: Head, now: Instant): boolean {
  return !head.refused?.access && (head.token.expiresAt === undefined || head.token.expiresAt - SPENT_MARGIN > now);
}

/**
 * The rung to try now, or nothing when only a person can help.
 *
 * A refresh token whose last presentation went unanswered is presented again only when the access token cannot be used to
 * mint: the replay may find it spent, and minting finds out nothing and harms nothing.
 */
export function rungFor(head: Head, rungs: readonly Rung[], now: Instant): Rung | undefined {
  const usable = rungsOf(head, rungs).filter((rung) => canUse(head, rung, now));
  return head.unansweredSince === undefined ? usable[0] : (usable.find((rung) => !rung.spends) ?? usable[0]);
}

/** Whether a call that spends nothing can make good at once for one whose answer was lost. */
export function canMakeGood(head: Head, rungs: readonly Rung[], now: Instant): boolean {
  return rungsOf(head, rungs).some((rung) => !rung.spends && canUse(head, rung, now));
}

/** The rungs this session has what is needed for, whatever has become of it. None: nothing Fob can do renews it. */
export function rungsOf(head: Head, rungs: readonly Rung[]): readonly Rung[] {
  return rungs.filter((rung) => rung.from.includes(head.provenance) && holds(head, rung));
}

function holds(head: Head, rung: Rung): boolean {
  switch (rung.name) {
    case 'rotate':
      return head.refresh !== undefined;
    case 'request':
      return head.hasClient === true;
    case 'mint':
      return true;
    case 'renew_key':
      // A key that never ends wants no other. One whose end is not known yet may.
      return head.ids?.['application'] !== undefined && head.token.expiresAt !== undefined;
  }
}

function canUse(head: Head, rung: Rung, now: Instant): boolean {
  switch (rung.name) {
    case 'rotate':
      return (
        head.refused?.refresh === undefined && (head.refresh?.expiresAt === undefined || head.refresh.expiresAt > now)
      );
    case 'request':
      return head.refused?.client === undefined;
    case 'mint':
    case 'renew_key':
      return isAlive(head, now);
  }
}

/**
 * When this grant's renewal is to start, had nothing gone wrong: a rung's own time before the end where it has one, otherwise
 * after its drawn part of life, before either token ends. Nothing: no rung will ever do it.
 */
export function renewalTime(head: Head, rungs: readonly Rung[]): Instant | undefined {
  const [first] = rungsOf(head, rungs);
  if (first === undefined) return undefined;
  if (first.leadMs !== undefined) {
    const { issuedAt, expiresAt } = head.token;
    if (expiresAt === undefined) return undefined;
    // One that Fob was given for less than that time is not exchanged again at once, and again.
    const soonest =
      head.renewedAt === undefined ? issuedAt : after(issuedAt, (expiresAt - issuedAt) * head.renewAtFraction);
    return Math.max(soonest, expiresAt - first.leadMs) as Instant;
  }
  // A borrowed token is not waited for: until Fob has one of its own, it keeps nothing.
  if (head.provenance === 'borrowed') return head.token.issuedAt;
  const times = [head.token, head.refresh].flatMap((life) =>
    life?.expiresAt === undefined
      ? []
      : [after(life.issuedAt, (life.expiresAt - life.issuedAt) * head.renewAtFraction)],
  );
  return times.length === 0 ? undefined : (Math.min(...times) as Instant);
}

/** How long to wait after the `times`-th failure in a row: full jitter, doubling, at most 15 minutes. `draw` is 0 to 1. */
export function backOff(times: number, draw: number): number {
  return Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** Math.min(times - 1, 20)) * (0.5 + draw / 2);
}

/**
 * When something that may be spent is presented again, after its answer was lost and where nothing makes good for it: not while the access
 * token serves. Found spent, everything made from it may be ended (RFC 9700 §4.14.2), and nothing is won by knowing sooner.
 */
export function replayTime(head: Head, now: Instant, soonest: Instant): Instant {
  const { expiresAt } = head.token;
  return isAlive(head, now) && expiresAt !== undefined ? (Math.max(soonest, expiresAt) as Instant) : soonest;
}

/** A clock that is put back by less is the same one (ms): vendors count whole seconds, and answers take their time. */
const SAME_CLOCK = MINUTE;

/** Whether a time that should be past is still to come: it was another clock's, before this one was put back. */
export function isOfAnotherClock(at: Instant, now: Instant): boolean {
  return at > after(now, SAME_CLOCK);
}

/** Whether this was less than the least interval ago. */
export function isLately(at: Instant | undefined, now: Instant): boolean {
  return at !== undefined && !isOfAnotherClock(at, now) && now - at < LEAST_INTERVAL;
}

/** When to try again after a failure that ends nothing: never sooner than the vendor asked, nor than the least interval. */
export function retryTime(head: Head, now: Instant, draw: number, asked?: Instant): Instant {
  const waited = after(now, backOff((head.trouble?.times ?? 0) + 1, draw));
  const soonest = after(head.lease?.at ?? head.attemptedAt ?? now, LEAST_INTERVAL);
  return Math.max(waited, soonest, asked ?? 0) as Instant;
}

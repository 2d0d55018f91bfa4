import { after, type Instant, SECOND } from './time';

/** Longest wait a vendor is believed (ms): a header of years is a mistake. */
const LONGEST = 60 * 60 * SECOND;
/** An HTTP date ends in GMT. `Date.parse` alone finds a year in nearly any text. */
const HTTP_DATE = /^[A-Z][a-z]+, .+ GMT$/;

/**
 * When a vendor asked to be tried again: RFC 9110 §10.2.3, seconds or an HTTP date. Garbage is no wish. The date is read
 * against the vendor's own `Date`, so that a wrong clock here does not shorten the wait.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, now: Instant): Instant | undefined {
  const wish = headers['retry-after']?.trim() ?? '';
  const waitMs = /^\d{1,9}$/.test(wish) ? Number(wish) * SECOND : dateIn(wish) - (dateIn(headers['date'] ?? '') || now);
  return Number.isFinite(waitMs) && waitMs >= 0 ? after(now, Math.min(waitMs, LONGEST)) : undefined;
}

function dateIn(text: string): number {
  return HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
}

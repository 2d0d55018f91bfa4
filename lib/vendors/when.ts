import * as v from 'valibot';
import { type Instant, instant } from '../core/time';

/** Seconds since the epoch, as a number or as text. */
const SECONDS = /^\d{1,12}(?:\.\d+)?$/;
/** ISO 8601, and Python's `str(datetime)`: a space for the T, microseconds, an offset. Without an offset it is UTC. */
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:Z| ?([+-])(\d\d):?(\d\d)?)?)?$/i;
/** The first second of the year 10000: no calendar holds what is after it. */
const LAST = 253_402_300_800;

/** A time as vendors write it: seconds since the epoch, ISO 8601 or Python's own. Undefined for all else, and for what is not after 1970. */
export function when(value: unknown): Instant | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const ms = SECONDS.test(text) ? Math.floor(Number(text) * 1000) : dateTime(text);
  // Year 1 is how some libraries write "no time at all".
  return ms > 0 && ms < LAST * 1000 ? instant(ms) : undefined;
}

/** A field that holds a time: one that cannot be read breaks the contract. */
export const timeField = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((value) => when(value)),
  v.custom<Instant>((at) => at !== undefined),
);

function dateTime(text: string): number {
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', sign, ahead = 0, aheadMinutes = 0] =
    DATE_TIME.exec(text) ?? [];
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isInCalendar =
    // The 31st of April would be the 1st of May.
    Number.isFinite(date) && new Date(date).toISOString().startsWith(`${year}-${month}-${day}`);
  // A leap second is 60 (RFC 3339 §5.7).
  const isOnClock = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60;
  if (!isInCalendar || !isOnClock || Number(ahead) > 23 || Number(aheadMinutes) > 59) return Number.NaN;
  const offset = (Number(ahead) * 60 + Number(aheadMinutes)) * (sign === '-' ? -1 : 1);
  // Cut, not rounded: nothing is read as later than it is.
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return date + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000 + ms;
}

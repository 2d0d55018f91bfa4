import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfter } from './retry-after';
import { HOUR, instant, SECOND } from './time';

const NOW = instant(Date.UTC(2026, 0, 15, 9));
const at = (offset: number): string => new Date(NOW + offset).toUTCString();

describe('the wait a vendor asks for', () => {
  it.each([
    ['seconds', { 'retry-after': '120' }, 120 * SECOND],
    ['no seconds at all', { 'retry-after': '0' }, 0],
    ['seconds between spaces', { 'retry-after': ' 7 ' }, 7 * SECOND],
    ['a date', { 'retry-after': at(90 * SECOND) }, 90 * SECOND],
    ['a date of RFC 850', { 'retry-after': 'Thursday, 15-Jan-26 09:01:30 GMT' }, 90 * SECOND],
    [
      "a date, by the vendor's own clock",
      { 'retry-after': at(6 * HOUR + 90 * SECOND), date: at(6 * HOUR) },
      90 * SECOND,
    ],
    ['a date, beside a clock that says nothing', { 'retry-after': at(90 * SECOND), date: 'now' }, 90 * SECOND],
    ['years in seconds: an hour is believed', { 'retry-after': '99999999' }, HOUR],
    ['years in a date: an hour is believed', { 'retry-after': at(1e11) }, HOUR],
  ])('is read from %s', (_, headers, waitMs) => {
    expect(retryAfter(headers, NOW)).toBe(NOW + waitMs);
  });

  it.each([
    ['', 'nothing'],
    ['   ', 'spaces'],
    ['-5', 'a negative number'],
    ['1.5', 'a fraction'],
    ['1e3', 'an exponent'],
    ['99999999999', 'more digits than a wait has'],
    ['soon', 'a word'],
    ['soon 2099', 'a word with a year in it'],
    ['2099-01-01T00:00:00Z', 'a date of another format'],
    ['NaN', 'no number'],
    ['not before Thu, 01 Jan 2099 00:00:00 GMT', 'words before a date'],
    ['Thu, 01 Jan 2099 00:00:00 GMT (or so)', 'words behind a date'],
    [at(-SECOND), 'a date that is over'],
  ])('is none for %j: %s', (wish) => {
    expect(retryAfter({ 'retry-after': wish }, NOW)).toBeUndefined();
  });

  it('is none where the header is absent', () => {
    expect(retryAfter({}, NOW)).toBeUndefined();
  });

  it('for any text in either header is a whole time from now to an hour from now, or none', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.integer().map(String),
      fc.double().map(String),
      fc.date().map((date) => (Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toUTCString())),
    );
    fc.assert(
      fc.property(text, text, fc.nat(4e12), (wish, date, now) => {
        const asked = retryAfter({ 'retry-after': wish, date }, instant(now)) ?? now;

        expect(Number.isSafeInteger(asked) && asked >= now && asked <= now + HOUR).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

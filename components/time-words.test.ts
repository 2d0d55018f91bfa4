import { describe, expect, it } from 'vitest';
import { HOUR, instant, MINUTE, SECOND } from '../lib/core/time';
import { now } from './fixtures/session';
import { localeFor } from './locale';
import { leftSpoken, leftWords, timeWords } from './time-words';

const DAY = 24 * HOUR;

describe('what is left of a life', () => {
  it.each([
    [-5 * SECOND, '<1 min', 'less than a minute'],
    [59 * SECOND, '<1 min', 'less than a minute'],
    [MINUTE, '1 min', '1 minute'],
    [23 * MINUTE + 59 * SECOND, '23 min', '23 minutes'],
    [HOUR, '1 h', '1 hour'],
    [HOUR + 52 * MINUTE, '1 h 52 min', '1 hour 52 minutes'],
    [23 * HOUR + 53 * MINUTE, '23 h 53 min', '23 hours 53 minutes'],
    [47 * HOUR, '47 h', '47 hours'],
    [41 * DAY + 3 * HOUR, '41 days', '41 days'],
  ])('of %d ms is %s, spoken %s', (left, words, spoken) => {
    expect(leftWords(left, 'en-GB')).toBe(words);
    expect(leftSpoken(left, 'en-GB')).toBe(spoken);
  });
});

describe('a point in time', () => {
  const at = (day: number, hour: number, minute: number, month = 10, year = 2026) =>
    instant(new Date(year, month, day, hour, minute).getTime());

  it.each([
    [at(17, 14, 37), '14:37'],
    [at(17, 0, 0), '00:00'],
    [at(18, 12, 54), 'tomorrow 12:54'],
    [at(16, 23, 59), 'yesterday 23:59'],
    [at(19, 8, 10), 'Thu 08:10'],
    [at(29, 8, 10, 11), '29 December'],
    [at(2, 8, 10, 0, 2027), '2 January 2027'],
  ])('%d is %s', (time, words) => {
    expect(timeWords(time, now, 'en-GB')).toBe(words);
  });

  it('goes by the clock the person is used to', () => {
    expect(timeWords(at(17, 14, 37), now, 'en-u-hc-h23')).toBe('14:37');
    expect(timeWords(at(17, 14, 37), now, 'en-u-hc-h12')).toMatch(/^2:37\sPM$/);
  });
});

describe('the locale of times', () => {
  it('is the language of the words, not that of the browser', () => {
    expect(localeFor('en', ['de-DE', 'de'], 'h23')).toBe('en-u-hc-h23');
  });

  it("is the person's own variant of that language", () => {
    expect(localeFor('en', ['de', 'en-GB', 'en-US'], undefined)).toBe('en-GB');
  });
});

import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { timeField, when } from './when';

describe('a time as vendors write it', () => {
  it.each<[unknown, string]>([
    [1_574_178_136, '2019-11-19T15:42:16.000Z'],
    [1_574_178_136.637, '2019-11-19T15:42:16.637Z'],
    ['1574178136', '2019-11-19T15:42:16.000Z'],
    [' 1574178136.5 ', '2019-11-19T15:42:16.500Z'],
    ['2019-11-19T15:42:16Z', '2019-11-19T15:42:16.000Z'],
    ['2019-11-19T15:42:16.6379Z', '2019-11-19T15:42:16.637Z'],
    ['2019-11-19T15:42:16.5Z', '2019-11-19T15:42:16.500Z'],
    ['2019-11-19t15:42z', '2019-11-19T15:42:00.000Z'],
    ['2019-11-19 15:42:16.637203+00:00', '2019-11-19T15:42:16.637Z'],
    ['2019-11-19T15:42:16+05:30', '2019-11-19T10:12:16.000Z'],
    ['2019-11-19T15:42:16-0800', '2019-11-19T23:42:16.000Z'],
    ['2019-11-19T15:42:16 +01', '2019-11-19T14:42:16.000Z'],
    // No offset is UTC, whatever the zone of this computer.
    ['2019-11-19T15:42:16', '2019-11-19T15:42:16.000Z'],
    ['2019-11-19 15:42:16.637203', '2019-11-19T15:42:16.637Z'],
    ['2019-11-19', '2019-11-19T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.999Z'],
  ])('%j is %s', (value, iso) => {
    expect(new Date(when(value) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it.each([
    undefined,
    null,
    '',
    'never',
    'May 2027',
    '19/11/2019',
    '2019-11-19 foo',
    '2019-13-01T00:00:00Z',
    '2019-04-31T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2019-11-19T24:00:00Z',
    '2019-11-19T12:60:00Z',
    '2019-11-19T12:00:61Z',
    '2019-11-19T12:00:00+24:00',
    '2019-11-19T12:00:00+01:60',
    // How some libraries write "none".
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    0,
    -1,
    '-1',
    253_402_300_800,
    1e300,
    Infinity,
    Number.NaN,
    true,
    {},
    [2019],
  ])('%j is none', (value) => {
    expect(when(value)).toBeUndefined();
  });

  it('is read back as it was written, to the millisecond, for any time and offset', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 86_400_000, max: 253_402_300_799_999 }),
        fc.integer({ min: -840, max: 840 }),
        (at, ahead) => {
          const two = (one: number) => String(one).padStart(2, '0');
          const there = new Date(at + ahead * 60_000).toISOString();
          fc.pre(/^\d{4}-/.test(there));
          const offset = `${ahead < 0 ? '-' : '+'}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;

          expect(when(there.replace('Z', offset))).toBe(at);
          expect(when(there.replace('T', ' ').replace('Z', `999${offset}`))).toBe(at);
        },
      ),
    );
  });

  it('throws nothing, for any value', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (value, text) => {
        expect([when(value), when(text)].every((at) => at === undefined || Number.isSafeInteger(at))).toBe(true);
      }),
    );
  });
});

it('a field of an answer that holds no time is refused by its path', () => {
  const parsed = v.safeParse(v.object({ exp: timeField }), { exp: 'soon' });

  expect(parsed.issues?.map((issue) => v.getDotPath(issue))).toEqual(['exp']);
});

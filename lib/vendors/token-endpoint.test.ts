import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../core/http';
import { HOUR, instant, MINUTE, SECOND } from '../core/time';
import { oddAnswers, oddTokens, unsigned } from '../testing/odd-answers';
import { lifeOf, refreshLifeOf, tokenError } from './token-endpoint';

const STARTED = instant(Date.UTC(2026, 0, 15, 9));
const YEAR = 31_536_000 * SECOND;
const seconds = (at: number): number => at / 1000;
const answered = (date?: number): HttpResponse => ({
  status: 200,
  headers: date === undefined ? {} : { date: new Date(date).toUTCString() },
  json: undefined,
  startedAt: STARTED,
});
const jwt = (over: object = {}): string =>
  unsigned({ iat: seconds(STARTED), exp: seconds(STARTED + 600 * SECOND), ...over });
const life = (token: string, ...said: unknown[]): number => lifeOf(token, answered(), ...said).expiresAt - STARTED;

describe('the life of a token just made', () => {
  it.each([
    [1, SECOND],
    [0.5 + 0.5, SECOND],
    [30, 30 * SECOND],
    [3600, HOUR],
    [3599.5, 3599.5 * SECOND],
    [31_536_000, YEAR],
  ])('is what its answer says: %j', (said, ms) => {
    expect(life(jwt(), said)).toBe(ms);
    expect(life('opaque', said)).toBe(ms);
  });

  const odd: readonly unknown[] = [
    undefined,
    null,
    0,
    -0,
    -1,
    -3600,
    0.999,
    5e-324,
    31_536_001,
    1e10,
    1e300,
    2 ** 53,
    Infinity,
    -Infinity,
    Number.NaN,
    '',
    '3600',
    'soon',
    true,
    [],
    [3600],
    {},
    { valueOf: () => 3600 },
  ];

  it.each(odd)('is what the token says where its answer says %j', (said) => {
    expect(life(jwt(), said)).toBe(600 * SECOND);
  });

  it.each(odd)('is five minutes where its answer says %j and the token says nothing', (said) => {
    expect(life('opaque', said)).toBe(5 * MINUTE);
  });

  it('is by the first of several names that is a length', () => {
    expect(life(jwt(), undefined, 60)).toBe(MINUTE);
    expect(life(jwt(), '60', 90)).toBe(90 * SECOND);
    expect(life(jwt(), 60, 90)).toBe(MINUTE);
  });

  const silent: readonly [string, string][] = [
    ['no exp', jwt({ exp: undefined })],
    ['an exp that is null', jwt({ exp: null })],
    ['an exp that is text', jwt({ exp: '1768471200' })],
    ['an exp before its iat', jwt({ exp: seconds(STARTED) - 1 })],
    ['an exp that is its iat', jwt({ exp: seconds(STARTED) })],
    ['an exp below zero', jwt({ exp: -1 })],
    ['an exp no calendar holds', jwt({ exp: 1e300 })],
    ['an exp in milliseconds', jwt({ exp: STARTED })],
    ['no iat, and no clock to count from', jwt({ iat: undefined })],
    ['64 kB of claims', jwt({ sub: 'a'.repeat(65_536) })],
    ['a payload cut short', jwt().slice(0, 60)],
    ['no UTF-8', `e30.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')}.`],
  ];
  it.each(silent)('is five minutes where the token has %s', (_, token) => {
    expect(life(token)).toBe(5 * MINUTE);
  });

  it.each([
    ['alg none', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${jwt().split('.')[1]}.`],
    ['claims as deep as they come', jwt({ deep: JSON.parse(`${'['.repeat(1500)}${']'.repeat(1500)}`) as unknown })],
    ['a claim called __proto__', jwt(JSON.parse('{"__proto__":{"exp":1}}') as object)],
  ])('is read from a token with %s as from any other: it is a hint, whoever signed it', (_, token) => {
    expect(life(token)).toBe(600 * SECOND);
  });

  it.each([
    ['right', 0, 600 * SECOND],
    ['six hours ahead', 6 * HOUR, 600 * SECOND],
    ['six hours behind', -6 * HOUR, 600 * SECOND],
    ['years ahead', 1e12, 600 * SECOND],
    ['half of it ahead, as of a token made from another', 300 * SECOND, 300 * SECOND],
  ])("by its own word, beside an answer's clock that is %s, is never longer than the token's", (_, ahead, ms) => {
    expect(lifeOf(jwt(), answered(STARTED + ahead)).expiresAt - STARTED).toBe(ms);
  });

  it.each([6 * HOUR, -6 * HOUR])("is the same for a vendor whose clocks are all %i ms off this computer's", (skew) => {
    const token = jwt({ iat: seconds(STARTED + skew), exp: seconds(STARTED + skew + 600 * SECOND) });

    expect(lifeOf(token, answered(STARTED + skew)).expiresAt - STARTED).toBe(600 * SECOND);
    expect(lifeOf(token, answered(STARTED + skew), 60).expiresAt - STARTED).toBe(MINUTE);
  });

  it('is counted from the answer where the token does not say when it was made', () => {
    expect(lifeOf(jwt({ iat: undefined }), answered(STARTED + 200 * SECOND)).expiresAt - STARTED).toBe(400 * SECOND);
  });

  it('for anything said, any token and any answer is a whole time after it was asked for', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom(...odd)),
        oddTokens({ iat: 1, exp: 2 }),
        oddAnswers([{}]),
        (said, token, answer) => {
          const { issuedAt, expiresAt } = lifeOf(token, answer, said);

          expect(issuedAt).toBe(answer.startedAt);
          expect(Number.isSafeInteger(expiresAt) && expiresAt > issuedAt).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the life of a refresh token just made', () => {
  it('is what it says itself', () => {
    expect(refreshLifeOf(jwt(), answered())).toEqual({ issuedAt: STARTED, expiresAt: STARTED + 600 * SECOND });
  });

  it.each(['opaque', jwt({ exp: 0 }), jwt({ exp: undefined })])('has no end where it names none: %#', (token) => {
    expect(refreshLifeOf(token, answered())).toEqual({ issuedAt: STARTED });
  });
});

describe('why a token endpoint refused', () => {
  const error = (json: unknown) => tokenError({ ...answered(), status: 400, json });

  it('is its word, and a description where that is text', () => {
    expect(error({ error: 'invalid_grant', error_description: 'x' })).toEqual({
      error: 'invalid_grant',
      description: 'x',
    });
    expect(error({ error: 'invalid_grant', error_description: 7 })).toEqual({ error: 'invalid_grant' });
  });

  it.each([undefined, null, '', 'invalid_grant', [], {}, { error: '' }, { error: 7 }, { error: { code: 'x' } }])(
    'is not told by %j',
    (json) => {
      expect(error(json)).toBeUndefined();
    },
  );
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOff, canMakeGood, isAlive, LEAST_INTERVAL, renewalTime, retryTime, rungFor } from './ladder';
import type { Head } from './state';
import { after, HOUR, instant, MINUTE, SECOND } from './time';
import type { Rung } from './vendor';

const NOW = instant(Date.UTC(2026, 0, 15, 9));
const exchanges = [] as unknown as Rung['exchanges'];
const rotate: Rung = { name: 'rotate', from: ['own', 'entered'], spends: true, exchanges };
const mint: Rung = { name: 'mint', from: ['borrowed', 'own', 'entered'], spends: false, exchanges };
const ladder = [rotate, mint];

const head = (over: Partial<Head> = {}): Head => ({
  id: 'one',
  vendor: 'prowler',
  console: 'https://cloud.prowler.com',
  api: 'https://api.prowler.com',
  tenant: 'tenant-a',
  subject: 'ana',
  provenance: 'own',
  generation: 2,
  token: { issuedAt: NOW, expiresAt: after(NOW, 30 * MINUTE) },
  refresh: { issuedAt: NOW, expiresAt: after(NOW, 24 * HOUR) },
  renewAtFraction: 0.8,
  keeping: 'kept',
  usedAt: NOW,
  ...over,
});
const ended = { issuedAt: after(NOW, -HOUR), expiresAt: after(NOW, -MINUTE) };

describe('the rung to try', () => {
  const cases: readonly [string, Head, 'rotate' | 'mint' | undefined][] = [
    ['Fob has a refresh token of its own', head(), 'rotate'],
    ['the person typed the token', head({ provenance: 'entered' }), 'rotate'],
    ['the token is borrowed', head({ provenance: 'borrowed' }), 'mint'],
    ['there is no refresh token', ((one) => (delete (one as { refresh?: unknown }).refresh, one))(head()), 'mint'],
    ['the refresh token has ended', head({ refresh: ended }), 'mint'],
    ['the refresh token ends now', head({ refresh: { issuedAt: NOW, expiresAt: NOW } }), 'mint'],
    ['the end of the refresh token is not known', head({ refresh: { issuedAt: NOW } }), 'rotate'],
    ['the vendor has refused the refresh token', head({ refused: { refresh: 'grant_dead' } }), 'mint'],
    ['the access token has ended', head({ token: ended }), 'rotate'],
    ['the access token was refused', head({ refused: { access: 'unauthorized' } }), 'rotate'],
    ['a rotation went unanswered', head({ unansweredSince: NOW }), 'mint'],
    ['a rotation went unanswered and nothing can mint', head({ unansweredSince: NOW, token: ended }), 'rotate'],
    [
      'a rotation went unanswered and the access token was refused',
      head({ unansweredSince: NOW, refused: { access: 'unauthorized' } }),
      'rotate',
    ],
    ['both tokens have ended', head({ token: ended, refresh: ended }), undefined],
    ['both were refused', head({ refused: { access: 'unauthorized', refresh: 'grant_dead' } }), undefined],
    ['a borrowed token has ended', head({ provenance: 'borrowed', token: ended }), undefined],
  ];

  it.each(cases)('where %s', (_, one, name) => {
    expect(rungFor(one, ladder, NOW)?.name).toBe(name);
  });

  it('is none where the vendor offers none', () => {
    expect(rungFor(head(), [], NOW)).toBeUndefined();
  });

  it('never spends a borrowed refresh token, whatever the ladder', () => {
    expect(rungFor(head({ provenance: 'borrowed' }), [rotate], NOW)).toBeUndefined();
  });
});

describe('the rung of what is not renewed by a refresh token', () => {
  const request: Rung = { name: 'request', from: ['own'], spends: false, exchanges };
  const renewKey: Rung = { name: 'renew_key', from: ['entered'], spends: true, exchanges };
  const key = (over: Partial<Head> = {}) => head({ provenance: 'entered', ids: { application: 'app' }, ...over });

  it.each<[string, Rung, Head, string | undefined]>([
    ['an application’s credentials are held', request, head({ hasClient: true, token: ended }), 'request'],
    ['they are not', request, head(), undefined],
    [
      'the vendor has refused them',
      request,
      head({ hasClient: true, refused: { client: 'credentials_refused' } }),
      undefined,
    ],
    [
      'the vendor has refused the token they got',
      request,
      head({ hasClient: true, refused: { access: 'unauthorized' } }),
      'request',
    ],
    ['a key can still be presented', renewKey, key(), 'renew_key'],
    ['a key has ended', renewKey, key({ token: ended }), undefined],
    ['a key never ends', renewKey, key({ token: { issuedAt: NOW } }), undefined],
    ['it is not known which key it is', renewKey, key({ ids: {} }), undefined],
  ])('where %s', (_, rung, one, name) => {
    expect(rungFor(one, [rung], NOW)?.name).toBe(name);
  });
});

describe('a lost answer', () => {
  it.each<[string, boolean, Head, readonly Rung[]]>([
    ['can be made good by a call that spends nothing', true, head(), ladder],
    ['cannot by one that spends', false, head(), [rotate]],
    ['cannot once the token to ask with has ended', false, head({ token: ended }), ladder],
    ['cannot where the vendor offers nothing', false, head(), []],
  ])('%s', (_, can, one, rungs) => {
    expect(canMakeGood(one, rungs, NOW)).toBe(can);
  });
});

describe('an access token', () => {
  it.each([
    [3 * SECOND, true],
    [2 * SECOND, false],
    [0, false],
    [-HOUR, false],
  ])('with %i ms left counts as alive: %s', (left, alive) => {
    expect(isAlive(head({ token: { issuedAt: NOW, expiresAt: after(NOW, left) } }), NOW)).toBe(alive);
  });

  it('that does not say when it ends counts as alive', () => {
    expect(isAlive(head({ token: { issuedAt: NOW } }), NOW)).toBe(true);
  });
});

describe('the time of a renewal', () => {
  it('is the drawn part of the shorter life', () => {
    expect(renewalTime(head(), ladder)).toBe(NOW + 24 * MINUTE);
    expect(renewalTime(head({ refresh: { issuedAt: NOW, expiresAt: after(NOW, 10 * MINUTE) } }), ladder)).toBe(
      NOW + 8 * MINUTE,
    );
  });

  it('is at once for a borrowed token: until Fob has its own it keeps nothing', () => {
    expect(renewalTime(head({ provenance: 'borrowed' }), ladder)).toBe(NOW);
  });

  it('is unknown where no end is known', () => {
    expect(renewalTime(head({ token: { issuedAt: NOW }, refresh: { issuedAt: NOW } }), ladder)).toBeUndefined();
  });

  describe('of a rung with its own time before the end', () => {
    const early: Rung = { ...mint, leadMs: HOUR };
    const lived = (lifeMs: number, over: Partial<Head> = {}) =>
      head({ token: { issuedAt: NOW, expiresAt: after(NOW, lifeMs) }, ...over });

    it('is that long before the end', () => {
      expect(renewalTime(lived(3 * HOUR), [early])).toBe(NOW + 2 * HOUR);
    });

    it('is at once where the token was given for less than that', () => {
      expect(renewalTime(lived(HOUR / 2), [early])).toBe(NOW);
    });

    it('is the drawn part of its life where Fob itself was given it for less than that', () => {
      expect(renewalTime(lived(HOUR / 2, { renewedAt: NOW }), [early])).toBe(NOW + 24 * MINUTE);
    });

    it('is unknown where no end is known', () => {
      expect(renewalTime(head({ token: { issuedAt: NOW } }), [early])).toBeUndefined();
    });
  });

  it('for any draw is a whole ms within the life', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.75, max: 0.85, noNaN: true }), fc.integer({ min: 1, max: 1e10 }), (part, life) => {
        const token = { issuedAt: NOW, expiresAt: after(NOW, life) };
        const at = renewalTime(head({ token, refresh: token, renewAtFraction: part }), ladder) ?? Number.NaN;

        expect(Number.isSafeInteger(at) && at >= NOW && at <= NOW + life).toBe(true);
      }),
    );
  });
});

// Not fc.double: half of all doubles below one are next to nothing.
const part = fc.nat(1e9).map((some) => some / 1e9);

describe('waiting after a failure', () => {
  it('doubles from five seconds to fifteen minutes', () => {
    expect([1, 2, 3, 8, 9, 1000].map((times) => backOff(times, 1))).toEqual([
      5 * SECOND,
      10 * SECOND,
      20 * SECOND,
      640 * SECOND,
      15 * MINUTE,
      15 * MINUTE,
    ]);
  });

  it('is longer for each failure in a row', () => {
    const failedBefore = (times: number) => head({ trouble: { code: 'offline', at: NOW, times, retryAt: NOW } });

    expect(retryTime(failedBefore(7), NOW, 1)).toBe(NOW + 640 * SECOND);
    expect(retryTime(failedBefore(8), NOW, 1)).toBe(NOW + 15 * MINUTE);
  });

  it('is never sooner than a minute after the attempt', () => {
    expect(retryTime(head({ attemptedAt: after(NOW, -10 * SECOND) }), NOW, 0)).toBe(NOW + 50 * SECOND);
    const lease = { rung: 'mint', spends: false, at: after(NOW, -SECOND), until: after(NOW, MINUTE) };
    expect(retryTime(head({ lease }), NOW, 0)).toBe(NOW + 59 * SECOND);
  });

  it('is never sooner than the vendor asked', () => {
    expect(retryTime(head(), NOW, 1, after(NOW, HOUR))).toBe(NOW + HOUR);
  });

  it('for any number of failures and any draw is a whole time, at least a minute and at most fifteen away', () => {
    fc.assert(
      fc.property(fc.nat(1e3), part, (times, draw) => {
        const trouble = { code: 'vendor_down' as const, at: NOW, times };
        const at = retryTime(head({ trouble, attemptedAt: NOW }), NOW, draw);

        expect(Number.isSafeInteger(at) && at >= NOW + LEAST_INTERVAL && at <= NOW + 15 * MINUTE).toBe(true);
      }),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAST_INTERVAL } from './ladder';
import { nextRenewal as renewalOf, plan as planFor, WATCHDOG } from './plan';
import type { Head } from './state';
import { after, HOUR, type Instant, instant, MINUTE, SECOND } from './time';
import type { Rung } from './vendor';

const NOW = instant(Date.UTC(2026, 0, 15, 9));
const in_ = (ms: number): Instant => after(NOW, ms);

const head = (over: Partial<Head> = {}): Head => ({
  id: 'one',
  vendor: 'prowler',
  console: 'https://cloud.prowler.com',
  api: 'https://api.prowler.com',
  tenant: 'tenant-a',
  subject: 'ana',
  provenance: 'own',
  generation: 2,
  token: { issuedAt: NOW, expiresAt: in_(10 * MINUTE) },
  renewAtFraction: 0.8,
  keeping: 'kept',
  keptUntil: in_(12 * HOUR),
  usedAt: NOW,
  ...over,
});
const exchanges = [] as unknown as Rung['exchanges'];
/** A ladder as Prowler's. */
const rungs: readonly Rung[] = [
  { name: 'rotate', from: ['own', 'entered'], spends: true, exchanges },
  { name: 'mint', from: ['borrowed', 'own', 'entered'], spends: false, exchanges },
];
const plan = (heads: readonly Head[], now: Instant) => planFor(heads, now, () => rungs);
const nextRenewal = (one: Head) => renewalOf(one, rungs);
const renew = { session: 'one', step: 'renew' };

describe('the plan', () => {
  it('wakes for the renewal of a kept session', () => {
    expect(plan([head()], NOW)).toEqual({ due: [], wakeAt: in_(8 * MINUTE) });
  });

  it('looks again after a quarter of an hour, though nothing is due for a day', () => {
    const token = { issuedAt: NOW, expiresAt: in_(24 * HOUR) };

    expect(plan([head({ token })], NOW)).toEqual({ due: [], wakeAt: in_(WATCHDOG) });
  });

  it('wakes for the earliest of many', () => {
    const sooner = head({ id: 'two', token: { issuedAt: NOW, expiresAt: in_(5 * MINUTE) } });

    expect(plan([head(), sooner], NOW).wakeAt).toBe(in_(4 * MINUTE));
  });

  it('looks again in half a minute at what is due now', () => {
    expect(plan([head()], in_(9 * MINUTE))).toEqual({ due: [renew], wakeAt: in_(9 * MINUTE + 30 * SECOND) });
  });

  it('says the same however late it is asked', () => {
    expect(plan([head()], in_(5 * HOUR)).due).toEqual([renew]);
  });

  it.each(['offered', 'watched', 'paused', 'stopped_signed_out', 'stopped_unused'] as const)(
    'plans nothing for a session that is %s',
    (keeping) => {
      expect(plan([head({ keeping, keptUntil: in_(-HOUR) })], NOW)).toEqual({ due: [] });
    },
  );

  it('plans nothing where nothing is', () => {
    expect(plan([], NOW)).toStrictEqual({ due: [] });
  });

  it('wakes for nothing where a kept session has no renewal and no end of keeping', () => {
    const { keptUntil: _, ...one } = head({ token: { issuedAt: NOW } });

    expect(plan([one], NOW)).toStrictEqual({ due: [] });
  });

  it('looks again in half a minute at what is due on the very ms', () => {
    expect(plan([head()], in_(8 * MINUTE))).toEqual({ due: [renew], wakeAt: in_(8 * MINUTE + 30 * SECOND) });
  });

  it('renews nothing more on the very ms at which keeping ends', () => {
    const one = head({ keptUntil: in_(9 * MINUTE) });

    expect(plan([one], in_(9 * MINUTE)).due).toEqual([{ session: 'one', step: 'stop_unused' }]);
  });

  it('stops a session that nobody used, at the time it was kept until', () => {
    const token = { issuedAt: NOW };

    expect(plan([head({ token, keptUntil: in_(5 * MINUTE) })], NOW)).toEqual({ due: [], wakeAt: in_(5 * MINUTE) });
    expect(plan([head({ keptUntil: NOW })], NOW).due).toEqual([{ session: 'one', step: 'stop_unused' }]);
  });

  it('asks the vendor nothing for a session whose keeping ended while the machine slept', () => {
    expect(plan([head()], in_(13 * HOUR)).due).toEqual([{ session: 'one', step: 'stop_unused' }]);
  });
});

describe('the next renewal', () => {
  const cases: readonly [string, Head, Instant | undefined][] = [
    ['of a session that is not kept', head({ keeping: 'watched' }), undefined],
    ['of a borrowed token is now', head({ provenance: 'borrowed' }), NOW],
    ['of a token without an end', head({ token: { issuedAt: NOW } }), undefined],
    [
      'while a call is out is when its lease ends',
      head({ lease: { rung: 'rotate', spends: true, at: NOW, until: in_(MINUTE) } }),
      in_(MINUTE),
    ],
    [
      'after a failure is its retry',
      head({ trouble: { code: 'offline', at: NOW, times: 1, retryAt: in_(7) } }),
      in_(7),
    ],
    [
      'after a failure is its retry, however short ago it was renewed',
      head({ renewedAt: NOW, trouble: { code: 'offline', at: NOW, times: 1, retryAt: in_(7) } }),
      in_(7),
    ],
    ['of a renewed token without an end', head({ renewedAt: NOW, token: { issuedAt: NOW } }), undefined],
    [
      'after trouble that only a person can mend',
      head({ trouble: { code: 'grant_dead', at: NOW, times: 1 } }),
      undefined,
    ],
    [
      'of a token that hardly lives keeps its distance from the one before',
      head({ renewedAt: NOW, token: { issuedAt: NOW, expiresAt: in_(SECOND) } }),
      in_(LEAST_INTERVAL),
    ],
  ];

  it.each(cases)('%s', (_, one, at) => {
    expect(nextRenewal(one)).toBe(at);
  });
});

describe('for any heads, at any time', () => {
  const time = fc.integer({ min: 0, max: 4e12 }).map(instant);
  const near = fc.integer({ min: -2 * HOUR, max: 26 * HOUR }).map(in_);
  const when = fc.oneof({ weight: 5, arbitrary: near }, { weight: 1, arbitrary: time });
  const life = fc.record({ issuedAt: when, expiresAt: when }, { requiredKeys: ['issuedAt'] });
  const heads = fc
    .array(
      fc
        .record(
          {
            provenance: fc.constantFrom('borrowed', 'own', 'entered'),
            keeping: fc.constantFrom('kept', 'kept', 'kept', 'offered', 'watched', 'paused', 'stopped_unused'),
            token: life,
            refresh: life,
            renewAtFraction: fc.double({ min: 0, max: 1, noNaN: true }),
            keptUntil: when,
            renewedAt: when,
            lease: fc.record({ rung: fc.constant('mint'), spends: fc.boolean(), at: when, until: when }),
            trouble: fc.record(
              { code: fc.constantFrom('offline', 'grant_dead'), at: when, times: fc.nat(), retryAt: when },
              { requiredKeys: ['code', 'at', 'times'] },
            ),
          },
          { requiredKeys: ['provenance', 'keeping', 'token', 'renewAtFraction'] },
        )
        .map((over) => over as Partial<Head>),
      { maxLength: 6 },
    )
    .map((some) =>
      some.map((over, index) => {
        const { keptUntil: _, ...base } = head({ id: `session-${index}` });
        return { ...base, ...over };
      }),
    );
  const properties: readonly [string, (some: readonly Head[], now: Instant) => boolean][] = [
    ['never wakes in the past or at once', (some, now) => (plan(some, now).wakeAt ?? Infinity) > now],
    [
      'sleeps a quarter of an hour at most while anything is planned',
      (some, now) => (plan(some, now).wakeAt ?? now) <= now + WATCHDOG,
    ],
    [
      'never sleeps past a renewal, nor past the end of keeping',
      (some, now) => {
        const { due, wakeAt } = plan(some, now);
        const isCovered = (id: string, step: string, at: Instant) =>
          at <= now ? due.some((one) => one.session === id && one.step === step) : wakeAt !== undefined && wakeAt <= at;
        return some.every((one) => {
          const at = nextRenewal(one);
          const endsAt = one.keeping === 'kept' ? one.keptUntil : undefined;
          const isOver = endsAt !== undefined && endsAt <= now;
          return (
            (at === undefined || isOver || isCovered(one.id, 'renew', at)) &&
            (endsAt === undefined || isCovered(one.id, 'stop_unused', endsAt))
          );
        });
      },
    ],
    [
      'names nothing that is not kept, and nothing twice',
      (some, now) => {
        const names = plan(some, now).due.map((one) => one.session);
        const isKept = (id: string) => some.some((one) => one.id === id && one.keeping === 'kept');
        return new Set(names).size === names.length && names.every(isKept);
      },
    ],
    [
      'wakes for nothing when nothing is kept',
      (some, now) =>
        plan(
          some.filter((one) => one.keeping !== 'kept'),
          now,
        ).wakeAt === undefined,
    ],
  ];

  it.each(properties)('%s', (_, holds) => {
    fc.assert(
      fc.property(heads, when, (some, now) => {
        expect(holds(some, now)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the plan of what Prowler is not like', () => {
  const planWith = (one: Head, rung: Rung, now = NOW) => planFor([one], now, () => [rung]);
  const key: Rung = {
    name: 'renew_key',
    from: ['own', 'entered'],
    spends: true,
    isOnce: true,
    leadMs: 30 * 24 * HOUR,
    exchanges,
  };
  const thousandDays = { issuedAt: NOW, expiresAt: in_(1000 * 24 * HOUR) };
  const { keptUntil: _, ...armed } = head({ provenance: 'entered', token: thousandDays, ids: { application: 'app' } });

  it('renews an armed key thirty days before its end', () => {
    expect(planWith(armed, key, in_(969 * 24 * HOUR)).due).toEqual([]);
    expect(planWith(armed, key, in_(970 * 24 * HOUR)).due).toEqual([renew]);
  });

  it('leaves a key alone that is not armed', () => {
    expect(planWith({ ...armed, keeping: 'watched' }, key, in_(990 * 24 * HOUR))).toEqual({ due: [] });
  });

  it('never plans a renewal for a key without what its call needs', () => {
    const { ids, ...nameless } = armed;

    expect(planWith(nameless, key, in_(990 * 24 * HOUR)).due).toEqual([]);
  });

  it('renews an application for as long as its credentials are held', () => {
    const request: Rung = { name: 'request', from: ['own'], spends: false, exchanges };

    expect(planWith(head({ hasClient: true }), request, in_(9 * MINUTE)).due).toEqual([renew]);
    expect(planWith(head(), request, in_(9 * MINUTE)).due).toEqual([]);
  });

  it('asks nobody for a borrowed token that nothing renews, and still lets keeping end', () => {
    const rotate: Rung = { name: 'rotate', from: ['own'], spends: true, exchanges };
    const borrowed = head({ provenance: 'borrowed' });

    expect(planWith(borrowed, rotate, in_(11 * HOUR)).due).toEqual([]);
    expect(planWith(borrowed, rotate, in_(13 * HOUR)).due).toEqual([{ session: 'one', step: 'stop_unused' }]);
  });
});

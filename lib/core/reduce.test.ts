import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, NewGrant, SessionEvent } from './event';
import { emptyState, headOf, reduce } from './reduce';
import type { Head, State } from './state';
import { after, HOUR, type Instant, instant, MINUTE } from './time';

const NOW = instant(Date.UTC(2026, 0, 15, 9));

const head = (over: Partial<Head> = {}): Head => ({
  id: 'one',
  vendor: 'prowler',
  console: 'https://cloud.prowler.com',
  api: 'https://api.prowler.com',
  tenant: 'tenant-a',
  subject: 'ana',
  provenance: 'borrowed',
  generation: 1,
  token: { issuedAt: NOW, expiresAt: after(NOW, 30 * MINUTE) },
  renewAtFraction: 0.8,
  keeping: 'offered',
  usedAt: NOW,
  ...over,
});
const grant = (over: Partial<NewGrant> = {}): NewGrant => ({
  provenance: 'own',
  token: { issuedAt: NOW, expiresAt: after(NOW, 30 * MINUTE) },
  refresh: { issuedAt: NOW, expiresAt: after(NOW, 24 * HOUR) },
  renewAtFraction: 0.77,
  ...over,
});
type Told = SessionEvent extends infer E ? (E extends SessionEvent ? Omit<E, 'id' | 'at'> : never) : never;
const event = (told: Told, at: Instant = NOW): Event => ({ id: 'one', at, ...told }) as Event;
const captured = event({ type: 'captured', head: head() });
const after_ = (...events: Event[]): Head | undefined => reduce(emptyState, [captured, ...events]).heads['one'];

const lost = event({
  type: 'renewal_failed',
  failure: { code: 'unanswered', why: 'connection' },
  unanswered: true,
  retryAt: NOW,
});
const refused = event({
  type: 'renewal_failed',
  failure: { code: 'grant_dead' },
  refused: 'refresh',
  unanswered: false,
});
const started = event({ type: 'renewal_started', rung: 'rotate', spends: true, leaseUntil: after(NOW, MINUTE) });

describe('what happened to a session', () => {
  it('a start takes the lease', () => {
    expect(after_(started)).toEqual({
      ...head(),
      attemptedAt: NOW,
      lease: { rung: 'rotate', spends: true, at: NOW, until: NOW + MINUTE },
    });
  });

  it('a renewal gives the lease back and begins a generation', () => {
    const { refresh, ...rest } = grant();

    expect(after_(started, event({ type: 'renewed', rung: 'mint', grant: grant() }))).toEqual({
      ...head(),
      ...rest,
      refresh,
      generation: 2,
      attemptedAt: NOW,
      renewedAt: NOW,
    });
  });

  it('a new grant ends all that was wrong with the one before', () => {
    const one = after_(started, lost, refused, event({ type: 'renewed', rung: 'mint', grant: grant() }));

    for (const name of ['lease', 'trouble', 'refused', 'unansweredSince']) expect(one).not.toHaveProperty(name);
  });

  it('a failure gives the lease back, counts, and says when to try again', () => {
    const later = event(
      {
        type: 'renewal_failed',
        failure: { code: 'vendor_down', status: 503 },
        unanswered: false,
        retryAt: after(NOW, MINUTE),
      },
      after(NOW, 1),
    );

    expect(after_(started, lost, later)?.trouble).toEqual({
      code: 'vendor_down',
      at: NOW + 1,
      times: 2,
      retryAt: NOW + MINUTE,
    });
    expect(after_(started, lost)).not.toHaveProperty('lease');
  });

  it('a lost answer is remembered from when the first one was sent', () => {
    const again = event({ type: 'renewal_started', rung: 'rotate', spends: true, leaseUntil: NOW }, after(NOW, MINUTE));

    expect(after_(started, lost, again, lost)?.unansweredSince).toBe(NOW);
  });

  it('a lost answer without a lease is remembered from when it was found', () => {
    expect(after_({ ...lost, at: after(NOW, 7) } as Event)?.unansweredSince).toBe(NOW + 7);
    expect(after_(started, { ...lost, at: after(NOW, 7) } as Event)?.unansweredSince).toBe(NOW);
  });

  it('what the vendor refused of a grant is remembered until the next', () => {
    const both = event({
      type: 'renewal_failed',
      failure: { code: 'unauthorized' },
      refused: 'access',
      unanswered: false,
    });

    expect(after_(refused, both)?.refused).toEqual({ refresh: 'grant_dead', access: 'unauthorized' });
  });

  it('a failure without a time of its own waits for a person', () => {
    expect(after_(refused)?.trouble).not.toHaveProperty('retryAt');
  });

  it("the console's newer token says nothing of when Fob renewed its own", () => {
    const one = after_(
      started,
      event({ type: 'renewed', rung: 'mint', grant: grant() }),
      event({
        type: 'adopted',
        grant: { provenance: 'borrowed', token: { issuedAt: NOW }, renewAtFraction: 0.8 },
      }),
    );

    expect(one).toMatchObject({ provenance: 'borrowed', generation: 3, token: { issuedAt: NOW } });
    for (const name of ['renewedAt', 'attemptedAt', 'refresh']) expect(one).not.toHaveProperty(name);
  });

  it('an end of keeping goes when the keeping ends', () => {
    const kept = event({ type: 'keeping_set', keeping: 'kept', keptUntil: after(NOW, HOUR) });

    expect(after_(kept)).toMatchObject({ keeping: 'kept', keptUntil: NOW + HOUR });
    expect(after_(kept, event({ type: 'keeping_set', keeping: 'paused' }))).not.toHaveProperty('keptUntil');
  });

  it('a sighting notes the token the console shows and the end of its sign-in', () => {
    expect(after_(event({ type: 'sighted', fingerprint: 'f', expiresAt: after(NOW, HOUR) }))).toMatchObject({
      fingerprint: 'f',
      seen: { at: NOW, expiresAt: NOW + HOUR },
    });
    expect(after_(event({ type: 'sighted', fingerprint: 'f' }))).not.toHaveProperty('keptUntil');
  });

  it('a late move of an earlier generation changes nothing', () => {
    const now = head({ generation: 5 });
    const state: State = { deployments: {}, policies: {}, heads: { one: now } };

    expect(headOf(reduce(state, [event({ type: 'moved_in', head: head({ generation: 5 }) })]), 'one')).toBe(now);
  });

  it.each(['captured', 'moved_in', 'entered'] as const)('a session begins, or begins anew, when it is %s', (type) => {
    const later = head({ generation: 2, tenant: 'tenant-b' });

    expect(reduce(emptyState, [event({ type, head: head() })]).heads).toEqual({ one: head() });
    expect(after_(event({ type, head: later }))).toEqual(later);
  });

  it('use of a session puts the end of its keeping off', () => {
    const keptUntil = after(NOW, HOUR);

    expect(after_(event({ type: 'used', keptUntil }, after(NOW, 1)))).toEqual({
      ...head(),
      keptUntil,
      usedAt: after(NOW, 1),
    });
    expect(after_(event({ type: 'sighted', fingerprint: 'f', keptUntil }))).toMatchObject({ keptUntil });
  });

  it('a sign-out on the console ends the keeping, and what was seen there', () => {
    const seen = event({ type: 'sighted', fingerprint: 'f', expiresAt: after(NOW, HOUR) });
    const kept = event({ type: 'keeping_set', keeping: 'kept', keptUntil: after(NOW, HOUR) });

    expect(after_(seen, kept, event({ type: 'signed_out' }))).toStrictEqual({
      ...head(),
      fingerprint: 'f',
      keeping: 'stopped_signed_out',
    });
  });

  it('a sign-out on the console leaves what was decided about a session that is not kept', () => {
    const paused = head({ keeping: 'paused', keptUntil: after(NOW, HOUR), seen: { at: NOW } });
    const { seen, ...rest } = paused;
    const begun = (one: Head) => reduce(emptyState, [event({ type: 'captured', head: one })]);

    expect(headOf(reduce(begun(paused), [event({ type: 'signed_out' })]), 'one')).toStrictEqual(rest);
    expect(after_(event({ type: 'signed_out' }))).toStrictEqual(head());
  });

  it('a token that was ended on purpose is refused, and no longer kept', () => {
    const kept = event({ type: 'keeping_set', keeping: 'kept', keptUntil: after(NOW, HOUR) });
    const own = event({ type: 'renewed', rung: 'mint', grant: grant() });
    const one = after_(own, kept, started, event({ type: 'revoked' }));

    expect(one).toMatchObject({
      keeping: 'paused',
      refused: { access: 'revoked' },
      trouble: { code: 'revoked', at: NOW, times: 1 },
      generation: 2,
    });
    for (const name of ['refresh', 'lease', 'keptUntil']) expect(one).not.toHaveProperty(name);
  });

  it('ending a token leaves what was decided about one that is not kept', () => {
    expect(after_(event({ type: 'revoked' }))?.keeping).toBe('offered');
  });

  it('the vendor’s ids of a session add up', () => {
    const named = event({ type: 'confirmed', ids: { application: 'app' } });
    const granted = event({ type: 'renewed', rung: 'mint', grant: grant({ ids: { session: 'a' } }) });

    expect(after_(named, granted)?.ids).toEqual({ application: 'app', session: 'a' });
    expect(after_(named, granted, event({ type: 'confirmed', ids: { session: 'b' } }))?.ids).toEqual({
      application: 'app',
      session: 'b',
    });
    expect(after_(event({ type: 'confirmed' }))).not.toHaveProperty('ids');
  });

  it('a confirmation notes the vendor’s clock and the life it named', () => {
    const token = { issuedAt: NOW, expiresAt: after(NOW, HOUR) };

    expect(after_(event({ type: 'confirmed', clockAheadMs: 7, token }))).toEqual({
      ...head(),
      clockAheadMs: 7,
      token,
      confirmedAt: NOW,
    });
  });

  it('a confirmation mends no trouble of its own', () => {
    expect(after_(refused, event({ type: 'confirmed' }))).toHaveProperty('trouble.code', 'grant_dead');
    expect(after_(event({ type: 'confirmed' }))).toStrictEqual({ ...head(), confirmedAt: NOW });
  });

  it('a setting is of Fob as a whole', () => {
    const consent = { version: 1, at: NOW };
    const own = { vendor: 'prowler', console: 'https://a.example', api: 'https://api.a.example' };
    const other = { ...own, console: 'https://b.example' };
    const before = reduce(emptyState, [captured]);
    const state = reduce(before, [
      { type: 'consented', consent },
      { type: 'deployment_added', deployment: own },
      { type: 'deployment_added', deployment: other },
    ]);

    expect(state).toEqual({ ...before, consent, deployments: { [own.console]: own, [other.console]: other } });
    expect(reduce(state, [{ type: 'deployment_removed', console: own.console }])).toEqual({
      ...state,
      deployments: { [other.console]: other },
    });
  });

  it('a policy is of its console alone', () => {
    const { policies } = reduce(emptyState, [
      { type: 'policy_set', console: 'https://a.example', policy: { keep: 'never' } },
      { type: 'policy_set', console: '__proto__', policy: { keep: 'always' } },
    ]);

    expect(policies['https://a.example']).toEqual({ keep: 'never' });
    expect(policies['https://b.example']).toBeUndefined();
    expect(({} as { keep?: unknown }).keep).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'nothing happens to a session called %s',
    (id) => {
      const events = [lost, started, event({ type: 'used' })].map((one) => ({ ...one, id }) as Event);

      expect(Object.keys(reduce(emptyState, events).heads)).toEqual([]);
      expect(headOf(emptyState, id)).toBeUndefined();
    },
  );
});

describe('a key that was replaced', () => {
  const newer = grant({ token: { issuedAt: NOW, expiresAt: after(NOW, 48 * HOUR) } });
  const renewed = event({ type: 'renewed', rung: 'renew_key', grant: newer });
  const reinstated = event({ type: 'key_reinstated', failure: { code: 'unauthorized' } }, after(NOW, 7));
  const inDoubt = event({ type: 'renewal_failed', failure: { code: 'unauthorized' }, unanswered: false });

  it('is held until the vendor has confirmed the new one', () => {
    expect(after_(renewed)).toMatchObject({ token: newer.token, previous: head().token });
    expect(after_(event({ type: 'renewed', rung: 'mint', grant: newer }))).not.toHaveProperty('previous');
  });

  it('goes with the trouble there was until then', () => {
    const one = after_(renewed, inDoubt, event({ type: 'confirmed' }));

    for (const name of ['previous', 'trouble']) expect(one).not.toHaveProperty(name);
  });

  it('is back in its place, as another generation, when the vendor does not take the new one', () => {
    const one = after_(renewed, reinstated);

    expect(one).toMatchObject({
      token: head().token,
      generation: 3,
      trouble: { code: 'unauthorized', at: NOW + 7, times: 1 },
    });
    expect(one).not.toHaveProperty('previous');
  });

  it('is not put back where none was', () => {
    expect(after_(reinstated)).toStrictEqual(head());
  });
});

describe('for any sequence of events', () => {
  const id = fc.constantFrom('one', 'two', '__proto__', 'constructor');
  const at = fc.integer({ min: 0, max: 4e12 }).map(instant);
  const anyHead = fc
    .record({ id, generation: fc.integer({ min: 1, max: 5 }), keeping: fc.constantFrom('offered', 'kept') })
    .map((over) => head(over as Partial<Head>));
  const told = fc.oneof(
    anyHead.map((one) => ({ type: 'captured', head: one })),
    anyHead.map((one) => ({ type: 'moved_in', head: one })),
    fc.record({ type: fc.constant('sighted'), fingerprint: fc.string(), keptUntil: at }),
    fc.record({ type: fc.constantFrom('adopted', 'renewed'), grant: fc.constant(grant()), rung: fc.constant('mint') }),
    fc.record({ type: fc.constant('confirmed') }),
    fc.record({ type: fc.constant('keeping_set'), keeping: fc.constantFrom('kept', 'paused', 'watched') }),
    fc.record({ type: fc.constant('used') }),
    fc.record({
      type: fc.constant('renewal_started'),
      rung: fc.constant('rotate'),
      spends: fc.boolean(),
      leaseUntil: at,
    }),
    fc.record(
      {
        type: fc.constant('renewal_failed'),
        failure: fc.constantFrom({ code: 'offline' }, { code: 'grant_dead' }),
        refused: fc.constantFrom('access', 'refresh'),
        unanswered: fc.boolean(),
        retryAt: at,
      },
      { requiredKeys: ['type', 'failure', 'unanswered'] },
    ),
    fc.record({ type: fc.constant('forgotten') }),
  );
  // A head is of the id its event is about.
  const anyEvent = fc.tuple(id, at, told).map(([one, when, what]) => {
    const whole = 'head' in what ? { ...what, head: { ...what.head, id: one } } : what;
    return { id: one, at: when, ...whole } as unknown as SessionEvent;
  });
  const steps = fc.array(anyEvent, { maxLength: 40 });

  it('replaying them at once is replaying them one by one', () => {
    fc.assert(
      fc.property(steps, (events) => {
        const oneByOne = events.reduce((state, one) => reduce(state, [one]), emptyState);

        expect(reduce(emptyState, events)).toEqual(oneByOne);
      }),
    );
  });

  it('no generation goes backwards, and only a new session brings back a forgotten id', () => {
    fc.assert(
      fc.property(steps, (events) => {
        let state = emptyState;
        for (const one of events) {
          const before = headOf(state, one.id);
          state = reduce(state, [one]);
          const now = headOf(state, one.id);
          const mayBe =
            one.type === 'forgotten'
              ? now === undefined
              : before === undefined
                ? now === undefined || one.type === 'captured' || one.type === 'moved_in'
                : now !== undefined && now.generation >= before.generation;
          expect(mayBe).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('nothing happens to any other session', () => {
    fc.assert(
      fc.property(steps, anyEvent, (events, last) => {
        const before = reduce(emptyState, events);
        const now = reduce(before, [last]);

        for (const other of Object.keys(before.heads).filter((one) => one !== last.id))
          expect(headOf(now, other)).toBe(headOf(before, other));
      }),
    );
  });
});

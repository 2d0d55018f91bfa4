import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, HOUR, instant, MINUTE, SECOND } from './time';
import { byUrgency, roleOf, type SessionView, stateAt, type StateRole, type StateView } from './view';

const NOW = instant(Date.UTC(2026, 0, 15, 9));

const session = (over: Partial<SessionView> = {}): SessionView => ({
  id: 'one',
  vendor: { id: 'prowler', name: 'Prowler' },
  console: 'https://cloud.prowler.com',
  apiHost: 'api.prowler.com',
  person: {},
  subject: 'subject',
  tenant: { id: 'tenant-a' },
  roles: [],
  keeps: 'renews',
  saidBy: 'vendor',
  offers: [],
  provenance: 'own',
  keeping: 'kept',
  token: { issuedAt: NOW, expiresAt: after(NOW, 30 * MINUTE) },
  signIn: { whose: 'fob', extendedByRenewal: true },
  confirmedAt: NOW,
  nextRenewalAt: after(NOW, 24 * MINUTE),
  ...over,
});
const ended = { issuedAt: after(NOW, -HOUR), expiresAt: after(NOW, -MINUTE) };
const endsNow = { issuedAt: after(NOW, -HOUR), expiresAt: NOW };
const soon = { issuedAt: NOW, expiresAt: after(NOW, 15 * MINUTE) };
const endsAt = after(NOW, 30 * MINUTE);
const later = after(NOW, MINUTE);

describe('the state of a session', () => {
  const { confirmedAt: _, ...unconfirmed } = session();
  const cases: readonly [string, SessionView, StateView, StateRole][] = [
    ['kept by a grant of its own', session(), { kind: 'kept', nextAt: after(NOW, 24 * MINUTE) }, 'ok'],
    ['kept with a borrowed token', session({ provenance: 'borrowed' }), { kind: 'renewing', since: NOW }, 'ok'],
    [
      'being renewed',
      session({ askingSince: after(NOW, -SECOND) }),
      { kind: 'renewing', since: after(NOW, -SECOND) },
      'ok',
    ],
    ['whose token ended while the machine slept', session({ token: ended }), { kind: 'renewing', since: NOW }, 'ok'],
    [
      'whose renewal went unanswered',
      session({ unansweredSince: NOW, trouble: { code: 'unanswered', at: NOW, retryAt: later } }),
      { kind: 'unanswered', askedAt: NOW, nextAt: after(NOW, 24 * MINUTE), ended: false },
      'unsure',
    ],
    [
      'whose renewal went unanswered and whose token has ended',
      session({ unansweredSince: NOW, token: ended }),
      { kind: 'unanswered', askedAt: NOW, nextAt: after(NOW, 24 * MINUTE), ended: true },
      'unsure',
    ],
    [
      'that waits for the vendor',
      session({ trouble: { code: 'rate_limited', at: NOW, retryAt: later } }),
      { kind: 'waiting', until: later, code: 'rate_limited' },
      'off',
    ],
    [
      'whose access token was refused and whose refresh token is yet to be tried',
      session({ trouble: { code: 'unauthorized', at: NOW, retryAt: later } }),
      { kind: 'waiting', until: later, code: 'unauthorized' },
      'off',
    ],
    [
      'without a network',
      session({ trouble: { code: 'offline', at: NOW, retryAt: later } }),
      { kind: 'offline' },
      'off',
    ],
    ['that the browser withholds', session({ isWithheld: true }), { kind: 'permission_missing' }, 'off'],
    [
      'that the browser withholds while something else is wrong, too',
      session({
        isWithheld: true,
        token: ended,
        askingSince: NOW,
        unansweredSince: NOW,
        trouble: { code: 'unanswered', at: NOW, retryAt: later },
      }),
      { kind: 'permission_missing' },
      'off',
    ],
    [
      'that the browser withholds and the console alone renews',
      session({ isWithheld: true, keeps: 'follows', provenance: 'borrowed' }),
      { kind: 'permission_missing' },
      'off',
    ],
    [
      'that is offered and that the browser withholds, confirmed or not',
      { ...unconfirmed, isWithheld: true, keeping: 'offered' },
      { kind: 'permission_missing' },
      'off',
    ],
    [
      'that the person has left alone, whatever the browser withholds',
      session({ isWithheld: true, keeping: 'watched' }),
      { kind: 'watched', endsAt },
      'off',
    ],
    [
      'that ended before anybody kept it, whatever the browser withholds',
      session({ isWithheld: true, keeping: 'offered', token: ended }),
      { kind: 'ended', at: ended.expiresAt },
      'off',
    ],
    [
      'that the vendor has ended, whatever the browser withholds',
      session({ isWithheld: true, trouble: { code: 'grant_dead', at: NOW } }),
      { kind: 'needs_sign_in', code: 'grant_dead', at: NOW },
      'bad',
    ],
    ['whose keeping nobody asked for', session({ keeping: 'offered' }), { kind: 'offered', endsAt }, 'info'],
    [
      'offered, that ends soon',
      session({ keeping: 'offered', token: soon }),
      { kind: 'offered', endsAt: soon.expiresAt },
      'soon',
    ],
    ['left alone', session({ keeping: 'watched' }), { kind: 'watched', endsAt }, 'off'],
    ['paused', session({ keeping: 'paused' }), { kind: 'paused', by: 'person', endsAt }, 'off'],
    [
      'paused, that ends soon',
      session({ keeping: 'paused', token: soon }),
      { kind: 'paused', by: 'person', endsAt: soon.expiresAt },
      'soon',
    ],
    [
      'stopped by a sign-out',
      session({ keeping: 'stopped_signed_out' }),
      { kind: 'paused', by: 'signed_out', endsAt },
      'off',
    ],
    [
      'stopped for want of use',
      session({ keeping: 'stopped_unused' }),
      { kind: 'paused', by: 'unused', endsAt },
      'off',
    ],
    [
      'that ended, and nobody kept it',
      session({ keeping: 'offered', token: ended }),
      { kind: 'ended', at: ended.expiresAt },
      'off',
    ],
    ['that ends now', session({ keeping: 'offered', token: endsNow }), { kind: 'ended', at: NOW }, 'off'],
    ['kept and only claimed', unconfirmed, { kind: 'unconfirmed' }, 'off'],
    ['following and only claimed', { ...unconfirmed, keeps: 'follows' }, { kind: 'unconfirmed' }, 'off'],
    ['only claimed', { ...unconfirmed, keeping: 'offered' }, { kind: 'unconfirmed' }, 'off'],
    [
      'offered, whose end is not known',
      session({ keeping: 'offered', token: {} }),
      { kind: 'offered', endsAt: undefined },
      'info',
    ],
  ];

  it.each(cases)('%s', (_name, one, state, role) => {
    expect(stateAt(one, NOW)).toEqual(state);
    expect(roleOf(state, NOW)).toBe(role);
  });

  it.each([
    'sign_in_needed',
    'grant_dead',
    'unauthorized',
    'tenant_refused',
    'identity_changed',
    'vault_unreadable',
    'revoked',
    'credentials_refused',
  ] as const)('with %s and nothing left to try needs a sign-in', (code) => {
    const state = stateAt(session({ trouble: { code, at: NOW } }), NOW);

    expect(state).toEqual({ kind: 'needs_sign_in', code, at: NOW });
    expect(roleOf(state, NOW)).toBe('bad');
  });

  const longAgo = { issuedAt: after(NOW, -26 * HOUR), expiresAt: after(NOW, -25 * HOUR) };

  it.each([
    ['unexpected_status', longAgo, 'needs_sign_in'],
    ['response_not_conform', longAgo, 'needs_sign_in'],
    ['unexpected_status', ended, 'waiting'],
    ['vendor_down', longAgo, 'waiting'],
    ['offline', longAgo, 'offline'],
  ] as const)('with %s after the end %o is asked about: %s', (code, token, kind) => {
    const trouble = { code, at: NOW, retryAt: later };

    expect(stateAt(session({ token, trouble }), NOW).kind).toBe(kind);
    // Nothing was heard yet since the computer slept.
    expect(stateAt(session({ token, trouble: { ...trouble, at: after(NOW, -25 * HOUR) } }), NOW).kind).not.toBe(
      'needs_sign_in',
    );
  });

  it('is asked about too where the first such answer was lost, and says what it knows', () => {
    const trouble = { code: 'unexpected_status', at: NOW, retryAt: later } as const;
    const state = stateAt(session({ token: longAgo, trouble, unansweredSince: after(NOW, -25 * HOUR) }), NOW);

    expect(state).toEqual({ kind: 'needs_sign_in', code: 'doubtful', at: longAgo.expiresAt });
    expect(roleOf(state, NOW)).toBe('bad');
  });

  it('is never called kept while anything is wrong, for any session', () => {
    const any = fc
      .record(
        {
          provenance: fc.constantFrom('own', 'borrowed', 'entered'),
          keeping: fc.constantFrom('kept', 'offered', 'paused'),
          token: fc.constantFrom(ended, soon, {}),
          askingSince: fc.constant(NOW),
          unansweredSince: fc.constant(NOW),
          trouble: fc.record(
            {
              code: fc.constantFrom('offline', 'grant_dead', 'bug', 'busy'),
              at: fc.constant(NOW),
              retryAt: fc.constant(later),
            },
            { requiredKeys: ['code', 'at'] },
          ),
        },
        { requiredKeys: ['provenance', 'keeping', 'token'] },
      )
      .map((over) => session(over as Partial<SessionView>));
    fc.assert(
      fc.property(any, (one) => {
        const isWell =
          one.keeping === 'kept' &&
          one.provenance !== 'borrowed' &&
          one.token !== ended &&
          one.trouble === undefined &&
          one.askingSince === undefined &&
          one.unansweredSince === undefined;

        expect(stateAt(one, NOW).kind === 'kept').toBe(isWell);
      }),
    );
  });
});

describe('the order of sessions', () => {
  it('puts what needs a person first, then what ends first', () => {
    const sessions = [
      session({ id: 'kept' }),
      session({ id: 'kept, ends first', token: soon }),
      session({ id: 'offered', keeping: 'offered' }),
      session({ id: 'dead', trouble: { code: 'grant_dead', at: NOW } }),
      session({ id: 'ends soon', keeping: 'offered', token: soon }),
      session({ id: 'unanswered', unansweredSince: NOW }),
      session({ id: 'paused', keeping: 'paused' }),
    ];

    expect(sessions.toSorted(byUrgency(NOW)).map((one) => one.id)).toEqual([
      'dead',
      'unanswered',
      'ends soon',
      'offered',
      'paused',
      'kept, ends first',
      'kept',
    ]);
  });

  it('is the same for any order they come in, with unknown ends too', () => {
    const sessions = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, index) =>
      session({ id, token: index % 2 ? {} : soon, keeping: index % 3 ? 'offered' : 'kept' }),
    );
    const sorted = sessions.toSorted(byUrgency(NOW)).map((one) => one.id);
    fc.assert(
      fc.property(fc.shuffledSubarray(sessions, { minLength: 6 }), (shuffled) => {
        expect(shuffled.toSorted(byUrgency(NOW)).map((one) => one.id)).toEqual(sorted);
      }),
    );
  });
});

describe('a session that is not Prowler’s kind', () => {
  const day = 24 * HOUR;
  const key = (over: Partial<SessionView>) =>
    session({ keeps: 'key', provenance: 'entered', keeping: 'offered', confirmedAt: NOW, ...over });

  it.each([
    ['kept and its console’s to renew', { provenance: 'borrowed', keeps: 'follows' }, { kind: 'follows' }],
    ['moved, with the end of its root', { keeps: 'nothing', parent: 'root' }, { kind: 'ends', why: 'moved' }],
    ['signed in without a refresh token', { keeps: 'nothing' }, { kind: 'ends', why: 'no_refresh' }],
    ['not kept, and nothing would', { keeps: 'nothing', keeping: 'watched' }, { kind: 'ends', why: 'no_refresh' }],
    [
      'revoked, whatever was decided about it',
      { keeping: 'paused', trouble: { code: 'revoked', at: NOW } },
      { kind: 'needs_sign_in', code: 'revoked' },
    ],
  ] as const)('is told apart: %s', (_, over, expected) => {
    expect(stateAt(session({ confirmedAt: NOW, ...over }), NOW)).toMatchObject(expected);
  });

  it('is never called kept or renewing where nothing renews it, even past its end', () => {
    for (const keeps of ['follows', 'nothing', 'key'] as const) {
      expect(stateAt(session({ keeps, token: ended, confirmedAt: NOW }), NOW).kind).toBe('ended');
    }
  });

  it.each([
    [{ kind: 'follows', endsAt }, 'info'],
    [{ kind: 'follows', endsAt: soon.expiresAt }, 'soon'],
    [{ kind: 'ends', endsAt, why: 'moved' }, 'off'],
    [{ kind: 'ends', endsAt: soon.expiresAt, why: 'moved' }, 'soon'],
    [{ kind: 'ends', endsAt: undefined, why: 'no_refresh' }, 'off'],
    [{ kind: 'key', endsAt: undefined, isArmed: false, renewAt: undefined }, 'off'],
  ] as const)('in the state %j has the role %s', (state, role) => {
    expect(roleOf(state, NOW)).toBe(role);
  });

  it('is a key in any trouble until it ends: it still works, and nothing is sent again by itself', () => {
    const armed = (token: SessionView['token']) =>
      stateAt(key({ keeping: 'kept', token, trouble: { code: 'limit_reached', at: NOW } }), NOW);

    expect(armed({ expiresAt: after(NOW, day) })).toMatchObject({ kind: 'key', isArmed: true });
    expect(armed(ended)).toEqual({ kind: 'ended', at: ended.expiresAt });
  });

  it.each([
    [60 * day + 1, 'off'],
    [60 * day, 'soon'],
    [7 * day + 1, 'soon'],
    [7 * day, 'bad'],
  ] as const)('a key that ends in %d ms is %s', (left, role) => {
    const view = key({ token: { issuedAt: NOW, expiresAt: after(NOW, left) } });

    expect(roleOf(stateAt(view, NOW), NOW)).toBe(role);
  });

  it('says when an armed key is renewed, and when the person is asked about one that is not', () => {
    const token = { issuedAt: NOW, expiresAt: after(NOW, 100 * day) };
    const nextRenewalAt = after(NOW, 70 * day);

    expect(stateAt(key({ token }), NOW)).toMatchObject({ isArmed: false, renewAt: NOW + 70 * day });
    expect(stateAt(key({ token, keeping: 'kept', nextRenewalAt }), NOW)).toMatchObject({
      isArmed: true,
      renewAt: nextRenewalAt,
    });
  });
});

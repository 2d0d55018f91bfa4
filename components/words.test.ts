// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Failure, FailureCode } from '../lib/core/failure';
import { instant, MINUTE } from '../lib/core/time';
import { needsPerson, type SessionView, type StateView } from '../lib/core/view';
import { now, session } from './fixtures/session';
import { about, failureWords, type NextStep, stepWords } from './failure-words';
import { signInLife, tokenLife } from './life-words';
import { type Act, actWords, rowWords, stateWords } from './words';

const soon = instant(now + 6 * MINUTE);
const ago = instant(now - 2 * MINUTE);

const failures = {
  offline: { code: 'offline' },
  unanswered: { code: 'unanswered', why: 'timeout' },
  rate_limited: { code: 'rate_limited', retryAt: soon },
  vendor_down: { code: 'vendor_down', status: 503, retryAt: soon },
  unauthorized: { code: 'unauthorized' },
  grant_dead: { code: 'grant_dead' },
  revoked: { code: 'revoked' },
  code_used: { code: 'code_used' },
  limit_reached: { code: 'limit_reached' },
  not_renewable: { code: 'not_renewable' },
  forbidden: { code: 'forbidden' },
  tenant_refused: { code: 'tenant_refused' },
  credentials_refused: { code: 'credentials_refused' },
  invalid_input: { code: 'invalid_input' },
  not_offered: { code: 'not_offered' },
  misconfigured: { code: 'misconfigured' },
  unexpected_status: { code: 'unexpected_status', status: 418 },
  response_not_conform: { code: 'response_not_conform', path: 'data.id' },
  too_large: { code: 'too_large' },
  redirected: { code: 'redirected' },
  origin_refused: { code: 'origin_refused' },
  permission_missing: { code: 'permission_missing', host: 'api.prowler.com' },
  identity_changed: { code: 'identity_changed' },
  sign_in_needed: { code: 'sign_in_needed' },
  renewed_already: { code: 'renewed_already', at: ago },
  busy: { code: 'busy' },
  superseded: { code: 'superseded' },
  unknown_session: { code: 'unknown_session' },
  consent_missing: { code: 'consent_missing' },
  console_not_followed: { code: 'console_not_followed', why: 'refused' },
  vault_unreadable: { code: 'vault_unreadable' },
  vault_locked: { code: 'vault_locked' },
  passphrase_wrong: { code: 'passphrase_wrong' },
  passphrase_missing: { code: 'passphrase_missing' },
  vault_newer: { code: 'vault_newer' },
  vault_full: { code: 'vault_full' },
  not_answering: { code: 'not_answering' },
  clipboard_refused: { code: 'clipboard_refused' },
  bug: { code: 'bug' },
} satisfies { readonly [Code in FailureCode]: Extract<Failure, { code: Code }> };

const states = {
  kept: { kind: 'kept', nextAt: soon },
  renewing: { kind: 'renewing', since: ago },
  offered: { kind: 'offered', endsAt: soon },
  watched: { kind: 'watched', endsAt: soon },
  unconfirmed: { kind: 'unconfirmed' },
  unanswered: { kind: 'unanswered', askedAt: ago, nextAt: soon, ended: false },
  waiting: { kind: 'waiting', until: soon, code: 'rate_limited' },
  offline: { kind: 'offline' },
  permission_missing: { kind: 'permission_missing' },
  paused: { kind: 'paused', by: 'person', endsAt: soon },
  ended: { kind: 'ended', at: ago },
  needs_sign_in: { kind: 'needs_sign_in', code: 'grant_dead', at: ago },
  follows: { kind: 'follows', endsAt: soon },
  ends: { kind: 'ends', endsAt: soon, why: 'moved' },
  key: { kind: 'key', endsAt: soon, isArmed: true, renewAt: soon },
} satisfies { readonly [Kind in StateView['kind']]: Extract<StateView, { kind: Kind }> };

/** What no sentence of Fob's contains: unfilled places, blame, and the words of a machine. */
const unwanted = /[{}$]|undefined|NaN|[Oo]ops|[Ii]nvalid|[Pp]lease|[Ff]ailed|[Ee]rror/;

describe('every failure', () => {
  it.each(Object.values(failures))('$code has a title and says what is next', (failure) => {
    const { title, text, step } = failureWords(failure, about(session(), now));

    expect(title).toMatch(/\S{2}/);
    expect(text ?? step).toBeDefined();
    expect(`${title} ${text}`).not.toMatch(unwanted);
  });

  it.each(Object.values(failures))('$code has words when only its code is known', ({ code }) => {
    const { title, text } = failureWords({ code }, about(session({ person: {} }), now));

    expect(title).toMatch(/\S{2}/);
    expect(`${title} ${text}`).not.toMatch(unwanted);
  });

  it('names the tenant that was asked for and the one the person is still in', () => {
    const words = failureWords({ code: 'tenant_refused' }, about(session(), now, 'Trey Research'));

    expect(words.title).toContain('Trey Research');
    expect(words.text).toContain('Northwind Retail');
    expect(words.step).toBe('choose_tenant');
  });
});

describe('every state', () => {
  it.each(Object.values(states))('$kind has a word, and a sentence that says what happens next', (state) => {
    const { word, sentence } = stateWords(session(), state, now);

    expect(word).toMatch(/\S{2}/);
    expect(sentence).toMatch(/\S{2}/);
    expect(`${word} ${sentence}`).not.toMatch(unwanted);
  });

  it('does not blame the vendor alone for a refusal that a lost answer may have brought', () => {
    const lost = session({ unansweredSince: instant(now - 30 * MINUTE) });
    const { sentence } = stateWords(lost, states.needs_sign_in, now);

    expect(sentence).toMatch(/^Fob asked Prowler at .* and heard nothing\. That call may have used this sign-in up/);
    expect(sentence).not.toBe(stateWords(session(), states.needs_sign_in, now).sentence);
    expect(stateWords(lost, { ...states.needs_sign_in, code: 'tenant_refused' }, now).sentence).toMatch(/member of/);
  });

  it('asks, and gives nothing up, where nobody knows what the vendor means', () => {
    const { sentence, act } = stateWords(session(), { ...states.needs_sign_in, code: 'doubtful' }, now);

    expect(sentence).toMatch(/still answers in a way Fob does not know\. Fob keeps what it has/);
    expect(act).toBe('sign_in');
  });

  it('takes a second line in a list only where it is not healthy', () => {
    expect(rowWords(session(), states.kept, now)).toBeUndefined();
    expect(rowWords(session(), states.renewing, now)).toBeUndefined();
    expect(rowWords(session(), states.needs_sign_in, now)).toMatch(/^Needs sign-in since /);
  });

  it('says in a list of a revoked session that somebody ended it', () => {
    expect(rowWords(session(), { ...states.needs_sign_in, code: 'revoked' }, now)).toBe('Ended at Prowler');
  });

  it.each<[string, Partial<SessionView>, StateView, Act]>([
    ['a moved token with time left', {}, { ...states.ends, endsAt: instant(now + 112 * MINUTE) }, 'switch'],
    ['one about to end', {}, states.ends, 'sign_in'],
    ['one that goes nowhere else', { move: undefined } as never, { ...states.ends, endsAt: undefined }, 'sign_in'],
    ['one that follows and is paused', { keeps: 'follows' }, states.paused, 'follow'],
  ])('offers for %s what helps', (_, over, state, act) => {
    expect(stateWords(session(over), state, now).act).toBe(act);
  });

  it('does not say that Fob renewed what it only followed', () => {
    const paused = { kind: 'paused', by: 'signed_out', endsAt: undefined } as const;

    expect(stateWords(session({ keeps: 'follows' }), paused, now).sentence).toMatch(/nothing left to follow/);
  });

  it('says why keeping ended by itself', () => {
    const paused = (by: 'signed_out' | 'unused') =>
      stateWords(session(), { kind: 'paused', by, endsAt: undefined }, now).sentence;

    expect(paused('signed_out')).toMatch(/^The console signed out/);
    expect(paused('unused')).toMatch(/^Nobody used it/);
  });

  it('says in a pause the vendor asked for that there is time, when there is', () => {
    const until = instant(now + 6 * MINUTE);
    const waiting = { kind: 'waiting', until, code: 'rate_limited' } as const;
    const ending = session({ token: { expiresAt: instant(now + 3 * MINUTE) } });

    expect(stateWords(session(), waiting, now).sentence).toContain('There is time');
    expect(stateWords(ending, waiting, now).sentence).not.toContain('There is time');
  });
});

describe('a sign-in that is needed', () => {
  it.each(needsPerson)('because of %s says why, and offers it', (code) => {
    const { sentence, act } = stateWords(session(), { kind: 'needs_sign_in', code, at: ago }, now);

    expect(sentence).toMatch(/Prowler/);
    expect(sentence).not.toMatch(unwanted);
    expect(act).toBe('sign_in');
  });

  it('is said to be the vendor’s doing only where the vendor said so', () => {
    const why = (code: (typeof needsPerson)[number]) =>
      stateWords(session(), { kind: 'needs_sign_in', code, at: ago }, now).sentence;

    expect(needsPerson.filter((code) => why(code)?.includes('stopped accepting'))).toEqual([
      'grant_dead',
      'unauthorized',
      'credentials_refused',
    ]);
    expect(why('vault_unreadable')).toContain('Prowler was not asked');
  });
});

describe('the two lives', () => {
  it('never says of the console’s sign-in that it is Fob’s', () => {
    const borrowed = session({ signIn: { whose: 'console', extendedByRenewal: false } });

    expect(signInLife(borrowed, now).left).toBe('the console’s');
    expect(signInLife(session(), now).label).toBe('Fob’s own sign-in');
  });

  it('says that an end is not known rather than showing one', () => {
    expect(tokenLife(session({ token: {} }), now).left).toBe('not known');
  });
});

it('has a name for every button', () => {
  const acts: readonly Act[] = ['keep', 'follow', 'renew_key', 'switch', 'sign_in', 'allow', 'ask_again', 'ask_vendor'];
  const steps: readonly NextStep[] = [
    'again',
    'sign_in',
    'open_console',
    'allow',
    'choose_tenant',
    'copy_again',
    'agree',
  ];

  for (const act of acts) expect(actWords(act, 'Prowler')).toMatch(/^[A-Z][^{}]+$/);
  for (const step of steps) expect(stepWords(step, about(session(), now))).toMatch(/^[A-Z][^{}]+$/);
});

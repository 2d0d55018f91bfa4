import { i18n } from '#i18n';
import type { FailureCode } from '../lib/core/failure';
import type { Instant } from '../lib/core/time';
import { type KeepingPolicy, roleOf, type SessionView, type StateView } from '../lib/core/view';
import { about, failureWords, say } from './failure-words';
import { inSentence, tenantName } from './names';
import { stateWord } from './state-word';
import { timeWords } from './time-words';

/** The one thing a person can do next about a state. */
export type Act = 'keep' | 'follow' | 'renew_key' | 'switch' | 'sign_in' | 'allow' | 'ask_again' | 'ask_vendor';

/** A state in words: what it is called, what it means, and what to press. */
export type StateWords = {
  readonly word: string;
  readonly sentence?: string;
  readonly act?: Act;
};

/** What a state is called, what happens next, and what to press. */
export const stateWords = (session: SessionView, state: StateView, now: Instant): StateWords => ({
  word: stateWord(session, state, now),
  ...meaningOf(session, state, now),
});

type Meaning = Omit<StateWords, 'word'>;

function meaningOf(session: SessionView, state: StateView, now: Instant): Meaning {
  const vendor = session.vendor.name;
  const at = (time: Instant): string => timeWords(time, now);
  switch (state.kind) {
    case 'kept':
      return { act: 'switch', ...said(keptSentence(session, state.nextAt, now)) };
    case 'renewing': {
      const seconds = Math.max(0, Math.round((now - state.since) / 1000));
      return {
        sentence:
          seconds === 0
            ? i18n.t('stateRenewingNow', { vendor })
            : seconds < 60
              ? i18n.t('stateRenewingSince', { vendor, seconds })
              : i18n.t('stateRenewingAt', { vendor, time: at(state.since) }),
      };
    }
    case 'offered':
      return {
        sentence: offeredSentence(session),
        act: keepAct(session),
      };
    case 'follows':
      return {
        sentence:
          state.endsAt === undefined
            ? i18n.t('stateFollowsSentence')
            : i18n.t('stateFollowsUntil', { time: at(state.endsAt) }),
        act: 'switch',
      };
    case 'ends':
      return {
        sentence: state.why === 'moved' ? i18n.t('stateEndsMoved', { vendor }) : i18n.t('stateEndsNoRefresh'),
        act: roleOf(state, now) === 'soon' || !session.move ? 'sign_in' : 'switch',
      };
    case 'key':
      return keyWords(session, state, now);
    case 'watched':
      return {
        sentence: state.endsAt
          ? i18n.t('stateWatchedUntil', { time: at(state.endsAt) })
          : i18n.t('stateWatchedSentence'),
        act: keepAct(session),
      };
    case 'unconfirmed':
      return {
        sentence: i18n.t('stateUnconfirmedSentence', { vendor }),
        act: 'ask_vendor',
      };
    case 'unanswered': {
      const asked = { vendor, time: at(state.askedAt) };
      // What was asked for may have been made, and is not asked for again by itself.
      if (session.keeps === 'key') return { sentence: i18n.t('stateKeyTrouble', asked), act: 'renew_key' };
      const next = state.nextAt ? i18n.t('stateUnansweredNext', { time: at(state.nextAt) }) : '';
      return {
        sentence: state.ended
          ? i18n.t('stateUnansweredEnded', asked)
          : sentences(i18n.t('stateUnansweredSentence', asked), next),
        act: state.ended ? 'sign_in' : 'ask_again',
      };
    }
    case 'waiting':
      return {
        sentence: waitingSentence(session, state.code, state.until, now),
        act: 'switch',
      };
    case 'offline':
      return {
        sentence: i18n.t('stateOfflineSentence'),
        act: 'switch',
      };
    case 'permission_missing':
      return {
        sentence: i18n.t('statePermissionSentence', { host: session.apiHost }),
        act: 'allow',
      };
    case 'paused':
      return pausedWords(session, state, now);
    case 'ended':
      return {
        sentence: state.at ? i18n.t('stateEndedAt', { time: at(state.at) }) : i18n.t('stateEndedSentence'),
        act: 'sign_in',
      };
    case 'needs_sign_in': {
      // A lost answer is no revocation: what was refused may have been spent by the call that brought none.
      const asked = state.code === 'grant_dead' ? session.unansweredSince : undefined;
      return {
        sentence: say(asked === undefined ? `needs.${state.code}` : 'needs.afterLost', {
          vendor,
          tenant: inSentence(tenantName(session.tenant)),
          time: at(state.at),
          asked: asked === undefined ? '' : at(asked),
        }),
        act: 'sign_in',
      };
    }
  }
}

/** The short form for a row, which takes a second line only where it is not healthy. */
export function rowWords(session: SessionView, state: StateView, now: Instant): string | undefined {
  const at = (time: Instant): string => timeWords(time, now);
  switch (state.kind) {
    case 'kept':
    case 'renewing':
      return undefined;
    case 'ends':
      return state.endsAt === undefined
        ? i18n.t('stateEndsUnknown')
        : i18n.t('stateEndsRow', { time: at(state.endsAt) });
    case 'offered':
    case 'watched':
    case 'follows':
    case 'key':
    case 'unconfirmed':
    case 'offline':
      return stateWord(session, state, now);
    case 'unanswered':
      return state.nextAt ? i18n.t('stateUnansweredRow', { time: at(state.nextAt) }) : i18n.t('stateUnanswered');
    case 'waiting':
      return i18n.t('stateWaitingRow', { time: at(state.until) });
    case 'permission_missing':
      return i18n.t('statePermissionRow', { host: session.apiHost });
    case 'paused':
      return state.by === 'person'
        ? i18n.t('statePausedByYou')
        : state.by === 'unused'
          ? i18n.t('statePausedUnusedRow')
          : i18n.t('statePausedSignedOutRow');
    case 'ended':
      return state.at ? i18n.t('stateEndedRow', { time: at(state.at) }) : i18n.t('stateEnded');
    case 'needs_sign_in':
      return state.code === 'revoked'
        ? stateWord(session, state, now)
        : i18n.t('stateNeedsSignInRow', { time: at(state.at) });
  }
}

function offeredSentence({ keeps, provenance, vendor }: SessionView): string {
  if (provenance === 'entered') return i18n.t('stateOfferedYours');
  return keeps === 'follows' ? i18n.t('stateOfferedFollows', { vendor: vendor.name }) : i18n.t('stateOfferedSentence');
}

/** A key lives for months: what is said of it is a day, and who acts then. */
function keyWords(session: SessionView, state: Extract<StateView, { kind: 'key' }>, now: Instant): Meaning {
  const vendor = session.vendor.name;
  const { endsAt, isArmed, renewAt = now } = state;
  if (endsAt === undefined) return { sentence: i18n.t('stateKeyForeverSentence', { vendor }) };
  return { sentence: keySentence(session, renewAt, isArmed, now), act: 'renew_key' };
}

function keySentence(session: SessionView, renewAt: Instant, isArmed: boolean, now: Instant): string {
  const { unansweredSince, trouble, vendor } = session;
  if (unansweredSince !== undefined)
    return i18n.t('stateKeyTrouble', { vendor: vendor.name, time: timeWords(unansweredSince, now) });
  if (trouble) return `${failureWords(trouble, about(session, now)).title}.`;
  if (renewAt <= now) return isArmed ? i18n.t('stateKeyArmedDue') : i18n.t('stateKeyDue');
  const time = timeWords(renewAt, now);
  return isArmed ? i18n.t('stateKeyArmed', { time }) : i18n.t('stateKeyOpen', { time });
}

function keptSentence(session: SessionView, nextAt: Instant | undefined, now: Instant): string | undefined {
  const next = nextAt && i18n.t('stateKeptNext', { time: timeWords(nextAt, now) });
  const until = session.keptUntil && i18n.t('stateKeptUntil', { time: timeWords(session.keptUntil, now) });
  return sentences(next, until) || undefined;
}

/** What keeping is, for this session. */
const keepAct = ({ keeps }: SessionView): Act => (keeps === 'follows' ? 'follow' : 'keep');

function pausedWords(session: SessionView, state: Extract<StateView, { kind: 'paused' }>, now: Instant): Meaning {
  const why = {
    person: '',
    signed_out: session.keeps === 'follows' ? i18n.t('statePausedSignedOutFollows') : i18n.t('statePausedSignedOut'),
    unused: i18n.t('statePausedUnused'),
  }[state.by];
  const ends = state.endsAt
    ? i18n.t('statePausedEnds', { time: timeWords(state.endsAt, now) })
    : i18n.t('statePausedSentence');
  return { sentence: sentences(why, ends), act: keepAct(session) };
}

function waitingSentence(session: SessionView, code: FailureCode, until: Instant, now: Instant): string {
  const vendor = session.vendor.name;
  const time = timeWords(until, now);
  const endsAt = session.token.expiresAt;
  if (code === 'rate_limited') {
    const lasts =
      endsAt !== undefined && endsAt > until && i18n.t('stateWaitingLasts', { time: timeWords(endsAt, now) });
    return sentences(i18n.t('stateWaitingRateLimited', { vendor, time }), lasts);
  }
  if (code === 'vendor_down') return i18n.t('stateWaitingVendorDown', { vendor, time });
  return sentences(`${failureWords({ code }, about(session, now)).title}.`, i18n.t('stateWaitingAgain', { time }));
}

/** What an action is called on a button. */
export function actWords(act: Act, vendor: string): string {
  switch (act) {
    case 'keep':
      return i18n.t('actKeep');
    case 'follow':
      return i18n.t('actFollow');
    case 'renew_key':
      return i18n.t('actRenewKey');
    case 'switch':
      return i18n.t('actSwitch');
    case 'sign_in':
      return i18n.t('actSignInAt', { vendor });
    case 'allow':
      return i18n.t('actAllow');
    case 'ask_again':
      return i18n.t('actAskAgain');
    case 'ask_vendor':
      return i18n.t('actAskVendor', { vendor });
  }
}

/** What going to another tenant is at this vendor, beside the one word for all of it. */
export function moveWords({ move }: SessionView): string {
  switch (move?.verb) {
    case 'exchange':
      return i18n.t('moveExchange');
    case 'reissue':
      return i18n.t('moveReissue');
    default:
      return i18n.t('actSwitch');
  }
}

/** The keeping policy of a console, as a choice. */
export function policyWords(policy: KeepingPolicy): string {
  switch (policy) {
    case 'ask':
      return i18n.t('policyAsk');
    case 'always':
      return i18n.t('policyAlways');
    case 'never':
      return i18n.t('policyNever');
  }
}

const said = (sentence: string | undefined): { readonly sentence?: string } =>
  sentence === undefined ? {} : { sentence };

const sentences = (...parts: readonly (string | false | 0 | undefined)[]): string => parts.filter(Boolean).join(' ');

import { i18n } from '#i18n';
import type { FailureCode } from '../lib/core/failure';
import type { Instant } from '../lib/core/time';
import type { KeepingPolicy, SessionView, StateView } from '../lib/core/view';
import { hostOf, inSentence, tenantName } from './names';
import { leftWords, timeWords } from './time-words';

/** The one thing a person can do next about a state. */
export type Act = 'keep' | 'switch' | 'sign_in' | 'allow' | 'ask_again' | 'ask_vendor';

/** A state in words: what it is called, what it means, the short form for a row, and what to press. */
export type StateWords = {
  readonly word: string;
  readonly sentence?: string;
  /** Only where a row is not healthy: calm takes no second line. */
  readonly row?: string;
  readonly act?: Act;
};

/** What a state is called, what happens next, and what to press. */
export function stateWords(session: SessionView, state: StateView, now: Instant): StateWords {
  const vendor = session.vendor.name;
  const at = (time: Instant): string => timeWords(time, now);
  switch (state.kind) {
    case 'kept':
      return { word: i18n.t('stateKept'), act: 'switch', ...said(keptSentence(session, state.nextAt, now)) };
    case 'renewing': {
      const seconds = Math.max(0, Math.round((now - state.since) / 1000));
      return {
        word: i18n.t('stateRenewing'),
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
        word: i18n.t('stateOffered'),
        sentence: i18n.t('stateOfferedSentence'),
        row: i18n.t('stateOfferedRow'),
        act: 'keep',
      };
    case 'watched':
      return {
        word: i18n.t('stateWatched'),
        sentence: state.endsAt
          ? i18n.t('stateWatchedUntil', { time: at(state.endsAt) })
          : i18n.t('stateWatchedSentence'),
        row: i18n.t('stateWatched'),
        act: 'keep',
      };
    case 'unconfirmed':
      return {
        word: i18n.t('stateUnconfirmed'),
        sentence: i18n.t('stateUnconfirmedSentence', { vendor }),
        row: i18n.t('stateUnconfirmed'),
        act: 'ask_vendor',
      };
    case 'unanswered': {
      const asked = { vendor, time: at(state.askedAt) };
      const next = state.nextAt ? i18n.t('stateUnansweredNext', { time: at(state.nextAt) }) : '';
      return {
        word: i18n.t('stateUnanswered'),
        sentence: state.ended
          ? i18n.t('stateUnansweredEnded', asked)
          : sentences(i18n.t('stateUnansweredSentence', asked), next),
        row: state.nextAt ? i18n.t('stateUnansweredRow', { time: at(state.nextAt) }) : i18n.t('stateUnanswered'),
        act: state.ended ? 'sign_in' : 'ask_again',
      };
    }
    case 'waiting':
      return {
        word: i18n.t('stateWaiting'),
        sentence: waitingSentence(session, state.code, state.until, now),
        row: i18n.t('stateWaitingRow', { time: at(state.until) }),
        act: 'switch',
      };
    case 'offline':
      return {
        word: i18n.t('stateOffline'),
        sentence: i18n.t('stateOfflineSentence'),
        row: i18n.t('stateOffline'),
        act: 'switch',
      };
    case 'permission_missing':
      return {
        word: i18n.t('statePaused'),
        sentence: i18n.t('statePermissionSentence', { host: session.apiHost }),
        row: i18n.t('statePermissionRow', { host: session.apiHost }),
        act: 'allow',
      };
    case 'paused':
      return pausedWords(state, now);
    case 'ended':
      return {
        word: i18n.t('stateEnded'),
        sentence: state.at ? i18n.t('stateEndedAt', { time: at(state.at) }) : i18n.t('stateEndedSentence'),
        row: state.at ? i18n.t('stateEndedRow', { time: at(state.at) }) : i18n.t('stateEnded'),
        act: 'sign_in',
      };
    case 'needs_sign_in':
      return {
        word: i18n.t('stateNeedsSignIn'),
        sentence: needsSignInSentence(session, state.code, state.at, now),
        row: i18n.t('stateNeedsSignInRow', { time: at(state.at) }),
        act: 'sign_in',
      };
  }
}

function keptSentence(session: SessionView, nextAt: Instant | undefined, now: Instant): string | undefined {
  const next = nextAt && i18n.t('stateKeptNext', { time: timeWords(nextAt, now) });
  const until = session.keptUntil && i18n.t('stateKeptUntil', { time: timeWords(session.keptUntil, now) });
  return sentences(next, until) || undefined;
}

function pausedWords(state: Extract<StateView, { kind: 'paused' }>, now: Instant): StateWords {
  const ends = state.endsAt
    ? i18n.t('statePausedEnds', { time: timeWords(state.endsAt, now) })
    : i18n.t('statePausedSentence');
  switch (state.by) {
    case 'person':
      return { word: i18n.t('statePausedByYou'), sentence: ends, row: i18n.t('statePausedByYou'), act: 'keep' };
    case 'signed_out':
      return {
        word: i18n.t('statePaused'),
        sentence: sentences(i18n.t('statePausedSignedOut'), ends),
        row: i18n.t('statePausedSignedOutRow'),
        act: 'keep',
      };
    case 'unused':
      return {
        word: i18n.t('statePaused'),
        sentence: sentences(i18n.t('statePausedUnused'), ends),
        row: i18n.t('statePausedUnusedRow'),
        act: 'keep',
      };
  }
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

function needsSignInSentence(session: SessionView, code: FailureCode, at: Instant, now: Instant): string {
  if (code === 'identity_changed' || code === 'tenant_refused') {
    const words = failureWords({ code }, about(session, now));
    return sentences(`${words.title}.`, words.text);
  }
  return i18n.t('stateNeedsSignInSentence', { vendor: session.vendor.name, time: timeWords(at, now) });
}

/** What an action is called on a button. */
export function actWords(act: Act, vendor: string): string {
  switch (act) {
    case 'keep':
      return i18n.t('actKeep');
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

/** What a person can press after something went wrong; the view decides how. */
export type NextStep = 'again' | 'sign_in' | 'open_console' | 'allow' | 'choose_tenant' | 'copy_again' | 'agree';

/** Something that went wrong, in words: what happened, what Fob does or did not do about it, what to press. */
export type FailureWords = { readonly title: string; readonly text?: string; readonly step?: NextStep };

/** Whom a failure is about. */
export type About = {
  readonly vendor: string;
  /** Host of the console. */
  readonly host: string;
  readonly apiHost: string;
  /** The tenant asked for. */
  readonly tenant?: string;
  /** The tenant the person is in. */
  readonly current?: string;
  readonly person?: string;
  readonly now: Instant;
};

/** What went wrong, as much as is known of it: a whole `Failure`, or the code a session keeps of one. */
export type Told = {
  readonly code: FailureCode;
  readonly status?: number;
  readonly retryAt?: Instant;
  readonly host?: string;
  readonly why?: string;
};

/** Whom the failures of a session are about. */
export function about(session: SessionView, now: Instant, tenant?: string): About {
  return {
    vendor: session.vendor.name,
    host: hostOf(session.console),
    apiHost: session.apiHost,
    tenant: tenant ?? tenantName(session.tenant),
    current: tenantName(session.tenant),
    ...(session.person.name ? { person: session.person.name } : {}),
    now,
  };
}

/** A failure in words. A new code does not compile until it has some. */
export function failureWords(told: Told, whom: About): FailureWords {
  const { vendor, host } = whom;
  const tenant = inSentence(whom.tenant ?? i18n.t('thatTenant'));
  const current = inSentence(whom.current ?? i18n.t('thatTenant'));
  const retry = told.retryAt && timeWords(told.retryAt, whom.now);
  switch (told.code) {
    case 'offline':
      return { title: i18n.t('failOffline'), text: i18n.t('failOfflineText'), step: 'again' };
    case 'unanswered':
      return { title: i18n.t('failUnanswered', { vendor }), text: i18n.t('failUnansweredText'), step: 'again' };
    case 'rate_limited':
      return {
        title: retry ? i18n.t('failRateLimitedUntil', { vendor, time: retry }) : i18n.t('failRateLimited', { vendor }),
        text: i18n.t('failByItself'),
      };
    case 'vendor_down':
      return {
        title: told.status
          ? i18n.t('failVendorDownStatus', { vendor, status: told.status })
          : i18n.t('failVendorDown', { vendor }),
        text: retry ? i18n.t('failVendorDownUntil', { time: retry }) : i18n.t('failVendorDownText'),
        step: 'again',
      };
    case 'unauthorized':
      return { title: i18n.t('failUnauthorized', { vendor }), text: i18n.t('failUnauthorizedText'), step: 'sign_in' };
    case 'grant_dead':
      return { title: i18n.t('failGrantDead', { vendor }), text: i18n.t('failSignInText', { host }), step: 'sign_in' };
    case 'sign_in_needed':
      return { title: i18n.t('failSignInNeeded'), text: i18n.t('failSignInText', { host }), step: 'sign_in' };
    case 'forbidden':
      return {
        title: whom.person
          ? i18n.t('failForbiddenPerson', { person: inSentence(whom.person), tenant })
          : i18n.t('failForbidden', { tenant }),
        text: i18n.t('failForbiddenText'),
      };
    case 'tenant_refused':
      return {
        title: i18n.t('failTenantRefused', { vendor, tenant }),
        text: i18n.t('failTenantRefusedText', { current }),
        step: 'choose_tenant',
      };
    case 'credentials_refused':
      return { title: i18n.t('failCredentials'), text: i18n.t('failCredentialsText') };
    case 'invalid_input':
      return { title: i18n.t('failInput', { vendor }), text: i18n.t('failNothingChanged') };
    case 'not_offered':
      return { title: i18n.t('failNotOffered', { vendor }), text: i18n.t('failNotOfferedText') };
    case 'misconfigured':
      return { title: i18n.t('failMisconfigured', { vendor }), text: i18n.t('failMisconfiguredText') };
    case 'unexpected_status':
      return {
        title: told.status
          ? i18n.t('failUnexpectedStatus', { vendor, status: told.status })
          : i18n.t('failUnexpected', { vendor }),
        text: retry ? i18n.t('failRetriesAt', { time: retry }) : i18n.t('failNothingChanged'),
        step: 'again',
      };
    case 'response_not_conform':
    case 'too_large':
      return { title: i18n.t('failUnexpected', { vendor }), text: i18n.t('failNothingChanged'), step: 'again' };
    case 'redirected':
    case 'origin_refused':
      return { title: i18n.t('failOtherHost', { vendor }), text: i18n.t('failOtherHostText') };
    case 'permission_missing':
      return {
        title: i18n.t('failPermission', { host: told.host ?? whom.apiHost }),
        text: i18n.t('failPermissionText'),
        step: 'allow',
      };
    case 'identity_changed':
      return { title: i18n.t('failIdentityChanged'), text: i18n.t('failIdentityChangedText') };
    case 'renewed_already':
      return { title: i18n.t('failRenewedAlready'), text: i18n.t('failRenewedAlreadyText', { vendor }) };
    case 'busy':
      return { title: i18n.t('failBusy'), text: i18n.t('failBusyText') };
    case 'superseded':
      return { title: i18n.t('failSuperseded'), text: i18n.t('failSupersededText') };
    case 'unknown_session':
      return { title: i18n.t('failUnknownSession'), text: i18n.t('failUnknownSessionText') };
    case 'consent_missing':
      return { title: i18n.t('failConsent'), text: i18n.t('failConsentText'), step: 'agree' };
    case 'console_not_followed':
      return {
        title: i18n.t('failConsole', { current }),
        text: told.why === 'container' ? i18n.t('failConsoleContainer') : i18n.t('failConsoleText', { tenant }),
        step: 'open_console',
      };
    case 'vault_unreadable':
      return { title: i18n.t('failVaultUnreadable'), text: i18n.t('failVaultUnreadableText') };
    case 'vault_newer':
      return { title: i18n.t('failVaultNewer'), text: i18n.t('failVaultNewerText') };
    case 'vault_full':
      return { title: i18n.t('failVaultFull'), text: i18n.t('failVaultFullText') };
    case 'not_answering':
      return { title: i18n.t('failNotAnswering'), text: i18n.t('failNotAnsweringText'), step: 'again' };
    case 'clipboard_refused':
      return { title: i18n.t('failClipboard'), text: i18n.t('failClipboardText'), step: 'copy_again' };
    case 'bug':
      return { title: i18n.t('failBug'), text: i18n.t('failBugText'), step: 'again' };
  }
}

/** What the next step after a failure is called on a button. */
export function stepWords(step: NextStep, whom: About): string {
  switch (step) {
    case 'again':
      return i18n.t('stepAgain');
    case 'sign_in':
      return i18n.t('actSignInAt', { vendor: whom.vendor });
    case 'open_console':
      return i18n.t('stepOpenConsole');
    case 'allow':
      return i18n.t('actAllow');
    case 'choose_tenant':
      return i18n.t('stepChooseTenant');
    case 'copy_again':
      return i18n.t('stepCopyAgain');
    case 'agree':
      return i18n.t('stepAgree');
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

/** One life in words: how much is left of it and until when. */
export type LifeWords = { readonly label: string; readonly left: string; readonly until?: string };

/** The life of the token Fob holds. */
export function tokenLife(session: SessionView, now: Instant): LifeWords {
  const label = i18n.t('lifeToken');
  const { expiresAt } = session.token;
  if (expiresAt === undefined) return { label, left: i18n.t('lifeUnknown'), until: i18n.t('lifeUnknownText') };
  const time = timeWords(expiresAt, now);
  return expiresAt > now
    ? { label, left: leftWords(expiresAt - now), until: i18n.t('lifeUntil', { time }) }
    : { label, left: i18n.t('lifeEnded'), until: time };
}

/** The life of the sign-in behind it: Fob's own, or the console's, which Fob does not touch. */
export function signInLife(session: SessionView, now: Instant): LifeWords {
  const { whose, expiresAt, extendedByRenewal } = session.signIn;
  if (whose === 'console') {
    return {
      label: i18n.t('lifeSignIn'),
      left: i18n.t('lifeConsoles'),
      until: expiresAt ? i18n.t('lifeConsolesUntil', { time: timeWords(expiresAt, now) }) : i18n.t('lifeConsolesText'),
    };
  }
  const label = i18n.t('lifeFobs');
  if (expiresAt === undefined) return { label, left: i18n.t('lifeUnknown'), until: i18n.t('lifeUnknownText') };
  return {
    label,
    left: expiresAt > now ? leftWords(expiresAt - now) : i18n.t('lifeEnded'),
    until: extendedByRenewal ? i18n.t('lifeExtended') : i18n.t('lifeUntil', { time: timeWords(expiresAt, now) }),
  };
}

const said = (sentence: string | undefined): { readonly sentence?: string } =>
  sentence === undefined ? {} : { sentence };

const sentences = (...parts: readonly (string | false | 0 | undefined)[]): string => parts.filter(Boolean).join(' ');

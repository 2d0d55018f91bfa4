import { type GeneratedI18nStructure, i18n } from '#i18n';
import type { FailureCode } from '../lib/core/failure';
import type { Instant } from '../lib/core/time';
import type { SessionView } from '../lib/core/view';
import { hostOf, inSentence, tenantName } from './names';
import { timeWords } from './time-words';

/** What a person can press after something went wrong; the view decides how. */
export type NextStep = 'again' | 'sign_in' | 'open_console' | 'allow' | 'choose_tenant' | 'copy_again' | 'agree';

/** Something that went wrong, in words: what happened, what Fob does or did not do about it, what to press. */
export type FailureWords = { readonly title: string; readonly text: string; readonly step?: NextStep };

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

const steps: { readonly [Code in FailureCode]?: NextStep } = {
  offline: 'again',
  unanswered: 'again',
  vendor_down: 'again',
  unauthorized: 'sign_in',
  grant_dead: 'sign_in',
  sign_in_needed: 'sign_in',
  tenant_refused: 'choose_tenant',
  unexpected_status: 'again',
  response_not_conform: 'again',
  too_large: 'again',
  permission_missing: 'allow',
  consent_missing: 'agree',
  console_not_followed: 'open_console',
  not_answering: 'again',
  clipboard_refused: 'copy_again',
  bug: 'again',
};

type Message = keyof GeneratedI18nStructure;
/** Says a message whose name is put together: each takes the names it knows, all are given to all. */
export const say = i18n.t as (message: Message, names: Readonly<Record<string, string | number>>) => string;

/** A failure in words. A new code does not compile until `locales` has some. */
export function failureWords(told: Told, whom: About): FailureWords {
  const names = {
    vendor: whom.vendor,
    host: whom.host,
    apiHost: hostOf(told.host ?? whom.apiHost),
    tenant: inSentence(whom.tenant ?? i18n.t('thatTenant')),
    current: inSentence(whom.current ?? i18n.t('thatTenant')),
    person: inSentence(whom.person ?? ''),
    status: told.status ?? '',
    time: told.retryAt ? timeWords(told.retryAt, whom.now) : '',
  };
  const step = steps[told.code];
  return { title: say(titleOf(told, whom), names), text: say(textOf(told), names), ...(step ? { step } : {}) };
}

function titleOf({ code, status, retryAt }: Told, { person }: About): Message {
  if (code === 'rate_limited' && retryAt) return 'failure.rate_limited.titleUntil';
  if ((code === 'vendor_down' || code === 'unexpected_status') && status) return `failure.${code}.titleStatus`;
  if (code === 'forbidden' && person) return 'failure.forbidden.titlePerson';
  return `failure.${code}.title`;
}

function textOf({ code, retryAt, why }: Told): Message {
  if ((code === 'vendor_down' || code === 'unexpected_status') && retryAt) return `failure.${code}.textUntil`;
  if (code === 'console_not_followed' && why === 'container') return 'failure.console_not_followed.textContainer';
  return `failure.${code}.text`;
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

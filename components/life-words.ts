import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import type { SessionView } from '../lib/core/view';
import { leftWords, timeWords } from './time-words';

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

/** Whether there is a sign-in behind the token: there is none behind a key, nor behind what an application or a move brought. */
export const hasSignIn = ({ signIn: { whose, expiresAt, extendedByRenewal } }: SessionView): boolean =>
  whose === 'console' || expiresAt !== undefined || extendedByRenewal;

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

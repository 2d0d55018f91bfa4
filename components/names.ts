import { i18n } from '#i18n';
import type { SessionView } from '../lib/core/view';

/** Longer than any name a person gave; what is longer was made to break a layout. */
const LONGEST = 160;

// Controls and line breaks, and everything that turns the direction of what follows. Joiners stay: some scripts need them.
const UNWANTED = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** A name from outside, without what could disturb the words around it. */
export function plain(name: string): string {
  const clean = name.replace(UNWANTED, '').trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}

/** A name inside a sentence: isolated (Unicode FSI and PDI), where no `bdi` can be. */
export const inSentence = (name: string): string => `\u2068${plain(name)}\u2069`;

/** What a tenant is called; its id where the vendor gives no name. */
export const tenantName = (tenant: { readonly id: string; readonly name?: string }): string =>
  plain(tenant.name ?? '') || plain(tenant.id);

/** What a person is called, as far as the vendor says: by name, by address, or as one of its users. */
export const personName = (session: SessionView): string =>
  plain(session.person.name ?? '') ||
  plain(session.person.email ?? '') ||
  (isApplication(session)
    ? i18n.t('personClient', { user: plain(session.subject) })
    : i18n.t('personUser', { user: plain(session.subject) }));

/** Whether the vendor says what this person is called. */
export const isNamed = ({ person }: SessionView): boolean => Boolean(person.name || person.email);

/** Whether nobody is behind it: Fob asks again by itself, and not with a refresh token, so with an application's secret. */
export const isApplication = ({ provenance, keeps, signIn }: SessionView): boolean =>
  provenance === 'own' && keeps === 'renews' && !signIn.extendedByRenewal;

/** Host of an origin, for people. */
export function hostOf(origin: string): string {
  return URL.parse?.(origin)?.host ?? origin.replace(/^https?:\/\//, '');
}

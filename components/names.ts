import { i18n } from '#i18n';
import type { SessionView } from '../lib/core/view';

/** Longer than any name a person gave; what is longer was made to break a layout. */
const LONGEST = 160;

// Controls and line breaks, and everything that turns the direction of what follows. Joiners stay: some scripts need them.
const UNWANTED = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

let isMasked = false;

/** Presenter mode, for everything that is shown from now on: every name from outside comes through `plain`, and is masked there. */
export const present = (masked = false): void => {
  isMasked = masked;
};

/** Whether presenter mode is on. */
export const isPresenting = (): boolean => isMasked;

/** A name from outside, without what could disturb the words around it; in presenter mode its first letter alone. */
export function plain(name: string): string {
  const clean = name.replace(UNWANTED, '').trim();
  if (isMasked && clean !== '') return `${/[\p{L}\p{N}]/u.exec(clean)?.[0] ?? ''}•••`;
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

/** Whether it is from what a person entered, and is had again by entering it again. */
export const isEntered = (session: SessionView): boolean => session.provenance === 'entered' || isApplication(session);

/** Host of an origin, as it is. */
export const hostIn = (origin: string): string => URL.parse?.(origin)?.host ?? origin.replace(/^https?:\/\//, '');

/** Host of an origin, for people: it may hold a tenant's name, unless it is a vendor's own. */
export function hostOf(origin: string): string {
  const host = hostIn(origin);
  return /^(?:\*\.|[\w-]+\.(?:prowler|cloudcheckr|agilicus)\.com$)/.test(host) ? host : plain(host);
}

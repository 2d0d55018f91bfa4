import { payloadOf } from '../core/jwt';
import type { Found } from './session';
import type { PageStore, StorageReader } from './storage';

/** Longest token taken from a page, and longest value looked into (characters). */
const LONGEST = { token: 8 * 1024, value: 64 * 1024 };
/** Values looked at in one store, beside those under known names, at most: a page may keep thousands. */
const MOST_OTHERS = 500;
/** What a header can carry (RFC 6750 §2.1): no document that has a token in it, and others beside it. */
const BEARER = /^[\w.~+/-]+=*$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Names whose values are not even read: refresh tokens are the console's own, and an ID token is for nobody else. */
const NOT_OURS = /refresh|id_?token|verifier|nonce|state/i;

type Kept = { readonly access: string; readonly endsAt: number; readonly issuedAt: number };

/**
 * Agilicus' console keeps its tokens under the names of the library it is built with, which differs between releases. What
 * lies beside them is believed only if the issuer of this very domain has signed it and it names an organisation.
 */
export const agilicusStorage: StorageReader = {
  read(stores, page, now): Found {
    const domain = /^(?:admin|profile)\.([^.]+\..+)$/.exec(page.hostname)?.[1];
    if (domain === undefined) return { kind: 'unreadable' };
    const issuer = `https://auth.${domain}`;
    const known = stores.flatMap((store) => knownIn(store, issuer));
    const live = (found: readonly (Kept | undefined)[]) =>
      found.filter((one) => one !== undefined).filter(({ endsAt }) => endsAt > now);
    const [newest] = [live(known), live(stores.flatMap((store) => othersIn(store, issuer)))]
      // Of those that end together, the one made last.
      .flatMap((found) => found.toSorted((a, b) => order(b.endsAt, a.endsAt) || b.issuedAt - a.issuedAt));
    if (newest) return { kind: 'session', access: newest.access };
    return { kind: known.length === 0 ? 'signed_out' : 'unreadable' };
  },
};

/** What is under the names the console is known to use; one that cannot be used is there still. */
function knownIn(store: PageStore, issuer: string): (Kept | undefined)[] {
  const users = store.names().filter((name) => isUserOf(name, issuer));
  const [access, rbac] = [store.get('access_token'), store.get('rbac')];
  return [
    // oidc-client: seconds.
    ...users.map((name) => {
      const user = parsed(store.get(name));
      return kept(user['access_token'], timeOf(user['expires_at'], 1000), issuer);
    }),
    // angular-oauth2-oidc: milliseconds, as text.
    ...(access === null ? [] : [kept(access, timeOf(Number(store.get('expires_at') ?? NaN), 1), issuer)]),
    ...(rbac === null ? [] : [kept(parsed(rbac)['token'], undefined, issuer)]),
  ];
}

function othersIn(store: PageStore, issuer: string): (Kept | undefined)[] {
  return store
    .names()
    .slice(0, MOST_OTHERS)
    .filter((name) => !NOT_OURS.test(name) && !isUserOf(name, issuer) && !['access_token', 'rbac'].includes(name))
    .map((name) => {
      const value = store.get(name) ?? '';
      const claims = claimsOf(value);
      const isOurs = isIssuer(claims['iss'], issuer) && typeof claims['org'] === 'string';
      return isOurs ? kept(value, undefined, issuer) : undefined;
    });
}

/** The name under which oidc-client keeps a user of this issuer: `oidc.user:<authority>:<client>`. */
const isUserOf = (name: string, issuer: string): boolean =>
  [`oidc.user:${issuer}:`, `oidc.user:${issuer}/:`].some((start) => name.startsWith(start));

const isIssuer = (iss: unknown, issuer: string): boolean => iss === issuer || iss === `${issuer}/`;

/** A token and its life; undefined for one that cannot be this console's. `endsAt`: as the place says, else as the token does. */
function kept(access: unknown, endsAt: number | undefined, issuer: string): Kept | undefined {
  if (typeof access !== 'string' || access.length > LONGEST.token || !BEARER.test(access)) return undefined;
  const { iss, iat, exp } = claimsOf(access);
  if (iss !== undefined && !isIssuer(iss, issuer)) return undefined;
  return { access, endsAt: endsAt ?? timeOf(exp, 1000) ?? Infinity, issuedAt: timeOf(iat, 1000) ?? 0 };
}

const timeOf = (value: unknown, unit: number): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value * unit : undefined;

const order = (a: number, b: number): number => (a === b ? 0 : a - b);

const claimsOf = (value: string): Readonly<Record<string, unknown>> =>
  (value.length <= LONGEST.token && JWT.test(value) && payloadOf(value)) || {};

function parsed(value: string | null): Readonly<Record<string, unknown>> {
  if (value === null || value.length > LONGEST.value) return {};
  try {
    return { ...(JSON.parse(value) as Record<string, unknown> | null) };
  } catch {
    // Half written, or somebody else's.
    return {};
  }
}

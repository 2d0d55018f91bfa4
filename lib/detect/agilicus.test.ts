import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agilicusStorage } from './agilicus';
import type { PageStore } from './storage';

const NOW = Date.UTC(2026, 0, 15, 9);
const SECONDS = NOW / 1000;
const PAGE = new URL('https://admin.northwind.agilicus.cloud');
const ISSUER = 'https://auth.northwind.agilicus.cloud';
const USER = `oidc.user:${ISSUER}:agilicus-builtin-portal`;
const REFRESH = 'canary-refresh-0123456789';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object): string => `${part({ alg: 'ES256' })}.${part(claims)}.c2lnbmF0dXJl`;
const token = (over: object = {}): string =>
  jwt({ iss: ISSUER, sub: 'user-1', org: 'org-1', iat: SECONDS - 60, exp: SECONDS + 3540, ...over });

/** Stores of a page, and the names whose values were read. */
function pageOf(local: Record<string, string>, session: Record<string, string> = {}) {
  const readNames: string[] = [];
  const storeOf = (items: Record<string, string>): PageStore => ({
    names: () => Object.keys(items),
    get: (name) => {
      readNames.push(name);
      return items[name] ?? null;
    },
  });
  return { stores: [storeOf(local), storeOf(session)], readNames };
}
const read = (local: Record<string, string>, session: Record<string, string> = {}, page = PAGE) =>
  agilicusStorage.read(pageOf(local, session).stores, page, NOW);

const user = (over: object = {}): string =>
  JSON.stringify({
    access_token: token(),
    refresh_token: REFRESH,
    id_token: 'canary-id-token',
    expires_at: SECONDS + 3540,
    ...over,
  });

const places: readonly [string, Record<string, string>][] = [
  ["oidc-client's", { [USER]: user() }],
  ["oidc-client's, of another client", { [`oidc.user:${ISSUER}:profile`]: user() }],
  ["oidc-client's, of an issuer with a slash", { [`oidc.user:${ISSUER}/:profile`]: user() }],
  [
    "angular-oauth2-oidc's",
    { access_token: token(), refresh_token: REFRESH, expires_at: String(NOW + 3_540_000), nonce: 'x' },
  ],
  ["the oldest console's", { rbac: JSON.stringify({ provider: 'x', token: token(), email: 'ana@example.com' }) }],
  ['another', { theirs: token() }],
];

describe("a session in the storage of Agilicus' console", () => {
  it.each(places)('is found under the name of %s, in either store', (_, items) => {
    expect(read(items)).toEqual({ kind: 'session', access: token() });
    expect(read({}, items)).toEqual({ kind: 'session', access: token() });
  });

  it("is found on a customer's own domain", () => {
    const iss = 'https://auth.cloud.example.com';

    expect(read({ theirs: token({ iss }) }, {}, new URL('https://profile.cloud.example.com'))).toMatchObject({
      kind: 'session',
    });
  });

  it('is an opaque token too, as long as the place says that it lives', () => {
    expect(read({ [USER]: user({ access_token: 'opaque' }) })).toEqual({ kind: 'session', access: 'opaque' });
    expect(read({ [USER]: user({ access_token: 'opaque', expires_at: SECONDS - 1 }) })).toEqual({ kind: 'unreadable' });
  });

  it('is the one that ends last, and of those that end together the one made last', () => {
    const older = user({ access_token: token({ jti: 'older' }), expires_at: SECONDS + 10 });
    const newer = token({ jti: 'newer', iat: SECONDS - 1 });

    expect(read({ [USER]: older, access_token: newer })).toEqual({ kind: 'session', access: newer });
    expect(read({ access_token: token() }, { access_token: newer })).toEqual({ kind: 'session', access: newer });
  });

  it('is what is under a known name, rather than what ends later under another', () => {
    expect(read({ other: token({ exp: SECONDS + 9999 }), access_token: token() })).toEqual({
      kind: 'session',
      access: token(),
    });
  });
});

describe('nobody', () => {
  it.each([
    ['is signed in where there is nothing', {}],
    ["is, where another issuer's user is kept", { 'oidc.user:https://login.example.com:app': user() }],
    ['is, for a refresh token alone', { refresh_token: token() }],
    ['is, for an ID token alone', { id_token: token() }],
    ["is, for another issuer's token", { theirs: token({ iss: 'https://auth.example.com' }) }],
    ['is, for an issuer that begins alike', { theirs: token({ iss: `${ISSUER}.example.com` }) }],
    ['is, for a token that names no issuer', { theirs: token({ iss: undefined }) }],
    ['is, for a token that names no organisation', { theirs: token({ org: undefined }) }],
    ['is, for three words with dots', { theirs: 'a.b.c' }],
    ['is, for a token that has ended', { theirs: token({ exp: SECONDS - 1 }) }],
  ] as const)('%s', (_, items) => {
    expect(read(items)).toEqual({ kind: 'signed_out' });
  });
});

describe('a known place', () => {
  it.each([
    ['whose token has ended', { [USER]: user({ expires_at: SECONDS - 1 }) }],
    ['that is half written', { [USER]: '{"access_token":' }],
    ['that holds a list', { [USER]: '[]' }],
    ['that holds null', { rbac: 'null' }],
    ['without a token', { [USER]: user({ access_token: undefined }) }],
    ['with a token of a megabyte', { access_token: 'a'.repeat(1_000_000) }],
    ["with another issuer's token", { access_token: token({ iss: 'https://login.example.com' }) }],
  ] as const)('%s says nothing', (_, items) => {
    expect(read(items)).toEqual({ kind: 'unreadable' });
  });
});

it.each(['https://app.northwind.agilicus.cloud', 'https://admin.example', 'https://northwind.example.com'])(
  'is not looked for at %s',
  (address) => {
    const { stores, readNames } = pageOf({ access_token: token() });

    expect(agilicusStorage.read(stores, new URL(address), NOW)).toEqual({ kind: 'unreadable' });
    expect(readNames).toEqual([]);
  },
);

it("does not even read what is called a refresh token, and gives away nothing of one, whatever the page's storage holds", () => {
  const value = fc.oneof(fc.string(), fc.json(), fc.constantFrom(token(), user(), 'null', '{}'));
  const name = fc.constantFrom(
    USER,
    'access_token',
    'refresh_token',
    'rbac',
    'expires_at',
    'x',
    'REFRESH-TOKEN',
    '__proto__',
  );
  fc.assert(
    fc.property(fc.dictionary(name, value), (items) => {
      const { stores, readNames } = pageOf({ ...items, refresh_token: REFRESH, 'REFRESH-TOKEN': token() });

      const found = agilicusStorage.read(stores, PAGE, NOW);

      expect(readNames.filter((one) => /refresh/i.test(one))).toEqual([]);
      expect(JSON.stringify(found)).not.toContain('canary');
      expect(Object.keys(found).filter((one) => !['kind', 'access'].includes(one))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

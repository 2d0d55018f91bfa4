import { generateKeyPairSync, randomBytes, randomUUID, sign, type KeyObject } from 'node:crypto';
import type { ServerClock } from '../settings';
import { hostsOf, type Region } from './regions';
import type { CloudCheckrSettings } from './settings';
import type { Principal } from './world';

/** What a token says. */
export type Claims = {
  readonly iss: string;
  readonly nbf: number;
  readonly iat: number;
  readonly exp: number;
  readonly aud: string;
  readonly scope: readonly string[];
  readonly client_id: string;
  /** The person, in a person's token. */
  readonly sub?: string;
  readonly authentication_entity: 'User' | 'ApiClient';
  /** The customer the token is for: not always its owner's own. */
  readonly authz_customer_id: string;
  readonly jti: string;
};

/** A token the servers made, and what has become of it. */
export type IssuedToken = {
  readonly token: string;
  readonly claims: Claims;
  readonly owner: Principal;
  /** The token it was exchanged for. */
  readonly from: IssuedToken | undefined;
  ended: 'revoked' | 'exchanged' | undefined;
};

/** What a token is made of. */
export type Order = {
  readonly customerId?: string;
  readonly lifeMs?: number;
  /** Epoch seconds; goes before `lifeMs`. */
  readonly exp?: number;
  readonly from?: IssuedToken;
};

/** Makes tokens and knows them again. */
export type Mint = {
  issue(owner: Principal, order?: Order): IssuedToken;
  /** The token as it was made in this region: a letter changed, and it is none. */
  find(token: string, region: Region): IssuedToken | undefined;
  idOf(token: string): string | undefined;
  readonly issued: readonly IssuedToken[];
};

/** The console's own client: a page, which can keep no secret. */
export const consoleClientId = 'cmx-web';

let key: KeyObject | undefined;

// One per process, and only where it is asked for: making it takes longer than most tests.
const signingKey = (): KeyObject => (key ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

/** Who makes the tokens of a region. */
const issuerOf = (region: Region): string => `https://${hostsOf(region).auth}`;

/** Makes a mint. No token outlives the process. */
export function createMint(settings: CloudCheckrSettings, now: ServerClock): Mint {
  const issued = new Map<string, IssuedToken>();
  return {
    get issued() {
      return [...issued.values()];
    },
    issue(owner, { customerId = owner.customerId, lifeMs = settings.tokenLifeMs, exp, from } = {}) {
      const iat = Math.floor(now() / 1000);
      const claims: Claims = {
        iss: issuerOf(owner.region),
        nbf: iat,
        iat,
        exp: exp ?? Math.floor((now() + lifeMs) / 1000),
        aud: 'api',
        scope: ['api'],
        client_id: owner.kind === 'client' ? owner.id : consoleClientId,
        ...(owner.kind === 'user' ? { sub: owner.id } : {}),
        authentication_entity: owner.kind === 'user' ? 'User' : 'ApiClient',
        authz_customer_id: customerId,
        jti: randomUUID(),
      };
      const token = settings.tokenForm === 'jwt' ? encode(claims, signingKey()) : randomBytes(32).toString('hex');
      const one: IssuedToken = { token, claims, owner, from, ended: undefined };
      issued.set(token, one);
      return one;
    },
    find(token, region) {
      const one = issued.get(token);
      return one?.owner.region === region ? one : undefined;
    },
    idOf: (token) => issued.get(token)?.claims.jti,
  };
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function encode(claims: Claims, signing: KeyObject): string {
  const signed = `${base64url({ alg: 'RS256', kid: 'lab', typ: 'at+jwt' })}.${base64url(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), signing).toString('base64url')}`;
}

/** What a readable token says, unverified: for tests that look inside one. */
export const claimsOf = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;

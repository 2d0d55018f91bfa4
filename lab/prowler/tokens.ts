import { generateKeyPair, randomUUID, sign, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { LabSettings, ServerClock } from '../settings';
import { passwordStamp } from './password';
import type { Person } from './world';

/** What a token says. */
export type Claims = {
  readonly typ: 'access' | 'refresh';
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  readonly sub: string;
  readonly hash_password: string;
  readonly tenant_id: string;
  readonly nbf: number;
  readonly aud: string;
  readonly iss: string;
};

/** An access token and the refresh token to follow it. */
export type Pair = { readonly access: string; readonly refresh: string };

/** A token's claims, or why it is none. */
export type Verdict =
  | { readonly ok: true; readonly claims: Claims }
  | { readonly ok: false; readonly why: 'expired' | 'invalid' | 'wrong_type' };

/** Makes tokens and judges them, with the vendor's rules of rotation. */
export type Mint = {
  /** A new pair, independent of every other. */
  pair(person: Person, tenantId: string): Pair;
  /** The successor of a refresh token, which is spent by this. */
  rotate(claims: Claims): Pair;
  /** Whether the token is one of ours, of this kind, and within its time. Says nothing about its owner. */
  judge(token: string, typ: Claims['typ']): Verdict;
  blacklist(jti: string): void;
  /** Whether it is refused: revoked, or spent longer ago than a spent one is honoured. */
  isBlacklisted(jti: string): boolean;
  isRotated(jti: string): boolean;
  /** Every token ever made, with what it says. */
  readonly issued: readonly { readonly token: string; readonly claims: Claims; readonly recorded: boolean }[];
};

// Both default to this on every deployment, self-hosted ones too.
const audience = 'https://api.prowler.com';

const generate = promisify(generateKeyPair);

// One per process: making it takes longer than most tests.
let keys: Promise<{ privateKey: KeyObject; publicKey: KeyObject }> | undefined;

/** Makes a mint. No token outlives the process. */
export async function createMint(settings: LabSettings, now: ServerClock): Promise<Mint> {
  const { privateKey: signing, publicKey: verifying } = await (keys ??= generate('rsa', { modulusLength: 2048 }));
  const issued: { token: string; claims: Claims; recorded: boolean }[] = [];
  const blacklisted = new Set<string>();
  /** When each was first spent. */
  const rotated = new Map<string, number>();
  const seconds = (ms: number): number => Math.floor(ms / 1000);
  const newId = (): string => randomUUID().replaceAll('-', '');
  const issue = (claims: Claims, recorded: boolean): string => {
    const token = encode(claims, signing);
    issued.push({ token, claims, recorded });
    return token;
  };
  const accessFor = (refresh: Claims): Claims => ({
    ...refresh,
    typ: 'access',
    exp: seconds(now() + settings.accessLifeMs),
    jti: newId(),
  });
  return {
    issued,
    pair(person, tenantId) {
      const iat = seconds(now());
      const refresh: Claims = {
        typ: 'refresh',
        exp: seconds(now() + settings.refreshLifeMs),
        iat,
        jti: newId(),
        sub: person.id,
        hash_password: passwordStamp(person.passwordHash),
        tenant_id: tenantId,
        nbf: iat,
        aud: audience,
        iss: audience,
      };
      return { access: issue(accessFor(refresh), false), refresh: issue(refresh, true) };
    },
    rotate(spent) {
      // The access token is copied from the spent token, before that one's own times are renewed: it keeps the older `iat`.
      const access = issue(accessFor(spent), false);
      if (!rotated.has(spent.jti)) rotated.set(spent.jti, now());
      const successor: Claims = {
        ...spent,
        jti: newId(),
        exp: seconds(now() + settings.refreshLifeMs),
        iat: seconds(now()),
      };
      return { access, refresh: issue(successor, false) };
    },
    judge: (token, typ) => judge(token, { typ, key: verifying, nowS: now() / 1000 }),
    blacklist: (jti) => void blacklisted.add(jti),
    isBlacklisted(jti) {
      const spentAt = rotated.get(jti);
      return blacklisted.has(jti) || (spentAt !== undefined && now() - spentAt >= settings.spentRefreshLivesMs);
    },
    isRotated: (jti) => rotated.has(jti),
  };
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function encode(claims: Claims, key: KeyObject): string {
  const signed = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

function judge(token: string, { typ, key, nowS }: { typ: Claims['typ']; key: KeyObject; nowS: number }): Verdict {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  const invalid = { ok: false, why: 'invalid' } as const;
  const good = verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
  if (more.length > 0 || !good) return invalid;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  if (claims.aud !== audience || claims.iss !== audience || claims.nbf > nowS || claims.iat > nowS) return invalid;
  // No leeway, to the second.
  if (claims.exp <= nowS) return { ok: false, why: 'expired' };
  return claims.typ === typ ? { ok: true, claims } : { ok: false, why: 'wrong_type' };
}

/** What a token says, unverified: for tests that look inside one. */
export const claimsOf = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;

/** Signs claims with a key that is not the vendor's, for tests of forgery. */
export const forge = (claims: Claims, key: KeyObject): string => encode(claims, key);

import { knownTokenIdsIn, type TokenIds } from '../ledger';
import type { ServerClock } from '../settings';
import { newId } from './ids';
import type { AgilicusSettings } from './settings';
import type { Signer } from './signing';

/** What a token is made from. */
export type TokenOrder = {
  readonly sub: string;
  readonly org: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
  readonly session?: string;
  /** Seconds since the epoch; a whole life from now when left out. */
  readonly exp?: number;
  readonly hosts?: readonly unknown[];
  readonly creatingSub?: string;
  readonly creatingOrg?: string;
  /** Whether it was made out of another organisation's. */
  readonly isReissued?: boolean;
  /** Whether it is for renewing only. */
  readonly isRefresh?: boolean;
};

/** A token as the vendor keeps it. */
export type TokenRecord = TokenOrder & {
  readonly jti: string;
  readonly session: string;
  readonly iat: number;
  readonly exp: number;
  /** When somebody signed in, in seconds. */
  readonly mfaAt: number;
  revoked: boolean;
  /** Milliseconds since the epoch. */
  updatedAt: number;
};

/** What the vendor makes of a token it is shown. */
export type Verdict =
  | { readonly is: 'live' | 'expired' | 'revoked'; readonly record: TokenRecord }
  | { readonly is: 'unknown'; readonly record?: undefined };

/** Makes tokens, and keeps those it made. */
export type Mint = {
  issue(order: TokenOrder): { readonly token: string; readonly record: TokenRecord };
  /** Enters a token that is signed elsewhere, and says what must be in it. */
  enter(order: TokenOrder): { readonly claims: Readonly<Record<string, unknown>>; readonly record: TokenRecord };
  /** Takes the signed form of a token that was entered. */
  signed(jti: string, token: string): void;
  /** Notes a secret of the issuer's that is no token of the API: ID tokens, codes and refresh tokens. */
  note(secret: string, refreshId?: string): void;
  judge(token: string): Verdict;
  revoke(record: TokenRecord): void;
  tokenIdsIn(text: string): TokenIds;
  readonly records: readonly TokenRecord[];
  /** Every token and secret ever made, whole. */
  readonly issued: readonly string[];
};

/** Makes a mint. */
export function createMint(settings: AgilicusSettings, now: ServerClock, signer: Signer): Mint {
  const records = new Map<string, TokenRecord>();
  const byToken = new Map<string, TokenRecord>();
  const notes = new Map<string, string | undefined>();

  const enter: Mint['enter'] = (order) => {
    const iat = Math.floor(now() / 1000);
    const record: TokenRecord = {
      ...order,
      jti: newId(),
      session: order.session ?? newId(),
      iat,
      exp: order.exp ?? Math.floor((now() + settings.accessLifeMs) / 1000),
      mfaAt: iat,
      revoked: false,
      updatedAt: now(),
    };
    records.set(record.jti, record);
    const { jti, org, sub, exp, session } = record;
    const own = { aud: order.audiences, exp, iat, jti, org, sub };
    const more = { iss: order.issuer, session, scopes: order.scopes };
    return { record, claims: settings.bareClaims ? own : { ...own, ...more } };
  };

  return {
    enter,
    issue(order) {
      const { claims, record } = enter(order);
      const token = signer.sign(claims);
      byToken.set(token, record);
      return { token, record };
    },
    signed(jti, token) {
      const record = records.get(jti);
      if (record !== undefined) byToken.set(token, record);
    },
    note: (secret, refreshId) => void notes.set(secret, refreshId),
    judge(token) {
      const record = byToken.get(token);
      if (record === undefined) return { is: 'unknown' };
      if (record.revoked) return { is: 'revoked', record };
      return { is: record.exp <= now() / 1000 ? 'expired' : 'live', record };
    },
    revoke(record) {
      if (record.revoked) return;
      record.revoked = true;
      record.updatedAt = now();
    },
    tokenIdsIn(text) {
      const idOf = (token: string, isRefresh: boolean): string | undefined => {
        const record = byToken.get(token);
        return record !== undefined && (record.isRefresh ?? false) === isRefresh ? record.jti : undefined;
      };
      return {
        access: knownTokenIdsIn(text, (token) => idOf(token, false)).access,
        refresh: knownTokenIdsIn(text, (token) => idOf(token, true) ?? notes.get(token)).access,
      };
    },
    get records() {
      return [...records.values()];
    },
    get issued() {
      return [...byToken.keys(), ...notes.keys()];
    },
  };
}

import { randomUUID } from 'node:crypto';
import { knownTokenIdsIn, type TokenIds } from '../ledger';
import type { ServerClock } from '../settings';
import type { Session } from './sessions';
import type { RunaiSettings } from './settings';
import type { Signer } from './signing';
import type { Account, Application, Tenant } from './world';

/** What the realms know about a token they made. */
export type Issued = {
  readonly token: string;
  readonly jti: string;
  readonly kind: 'access' | 'id' | 'refresh';
  readonly tenant: Tenant;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly client: string;
  /** Absent for a service account. */
  readonly account?: Account;
  readonly session?: Session;
  readonly application?: Application;
  /** When a refresh token was spent, by the servers' clock. */
  spentAt?: number;
};

/** What an answer of a token endpoint is made of. */
export type TokenSet = {
  readonly access: string;
  readonly id: string;
  readonly refresh?: string;
  readonly expiresInS: number;
};

/** Makes tokens, and knows those it made. */
export type Mint = {
  /** For a person, who gets a refresh token. */
  forSession(session: Session, client: string, nonce?: string): Required<TokenSet>;
  /** For a program, which gets none. */
  forApplication(application: Application): TokenSet;
  find(token: string): Issued | undefined;
  tokenIdsIn(text: string): TokenIds;
  readonly issued: readonly Issued[];
};

const scope = 'openid email profile';

/** Makes a mint. */
export function createMint(settings: RunaiSettings, now: ServerClock, signer: Signer): Mint {
  const issued = new Map<string, Issued>();
  const keep = (one: Issued): string => {
    issued.set(one.token, one);
    return one.token;
  };
  const lives = (): { iat: number; exp: number; refreshExp: number } => {
    const at = now();
    return {
      iat: Math.floor(at / 1000),
      exp: Math.floor((at + settings.accessLifeMs) / 1000),
      refreshExp: Math.floor((at + settings.refreshLifeMs) / 1000),
    };
  };
  const claims = (full: object, bare: object): Record<string, unknown> =>
    settings.bareClaims ? { ...bare } : { ...full };
  const idIn = (text: string, wanted: (kind: Issued['kind']) => boolean): readonly string[] =>
    knownTokenIdsIn(text, (token) => {
      const found = issued.get(token);
      return found !== undefined && wanted(found.kind) ? found.jti : undefined;
    }).access;

  return {
    forSession(session, client, nonce) {
      const { account } = session;
      const { tenant } = account;
      const { iat, exp, refreshExp } = lives();
      session.clients.add(client);
      const shared = { iat, iss: tenant.issuer, sub: account.id, azp: client, session_state: session.id };
      const base = { tenant, account, session, client };
      const make = (kind: 'access' | 'id'): string => {
        const jti = randomUUID();
        const more = kind === 'access' ? { typ: 'Bearer', aud: 'account', scope } : { typ: 'ID', aud: client };
        const full = {
          exp,
          ...shared,
          jti,
          ...more,
          sid: session.id,
          acr: '1',
          ...(nonce === undefined ? {} : { nonce }),
          ...person(account),
        };
        const bare = { exp, iss: tenant.issuer, sub: account.id, email: account.person.email, jti };
        return keep({ token: signer.bearer(claims(full, bare)), jti, kind, exp, ...base });
      };
      const jti = randomUUID();
      const spending = { exp: refreshExp, ...shared, jti, aud: tenant.issuer, typ: 'Refresh', scope, sid: session.id };
      return {
        access: make('access'),
        id: make('id'),
        refresh: keep({ token: signer.refresh(spending), jti, kind: 'refresh', exp: refreshExp, ...base }),
        expiresInS: exp - iat,
      };
    },
    forApplication(application) {
      const { tenant, account } = application;
      const { iat, exp } = lives();
      const sub = account?.id ?? application.id;
      const make = (kind: 'access' | 'id'): string => {
        const jti = randomUUID();
        const more = kind === 'access' ? { typ: 'Bearer', aud: 'account', scope } : { typ: 'ID', aud: application.id };
        const names =
          account === undefined
            ? { clientId: application.id, preferred_username: `service-account-${application.name}` }
            : person(account);
        const full = { exp, iat, jti, iss: tenant.issuer, sub, ...more, azp: application.id, acr: '1', ...names };
        const token = signer.bearer(claims(full, { exp, iss: tenant.issuer, sub, jti }));
        const whose = account === undefined ? {} : { account };
        return keep({ token, jti, kind, tenant, exp, client: application.id, application, ...whose });
      };
      return { access: make('access'), id: make('id'), expiresInS: exp - iat };
    },
    find: (token) => issued.get(token),
    tokenIdsIn: (text) => ({
      access: idIn(text, (kind) => kind !== 'refresh'),
      refresh: idIn(text, (kind) => kind === 'refresh'),
    }),
    get issued() {
      return [...issued.values()];
    },
  };
}

function person({ person: { name, email } }: Account): object {
  const [given = '', ...family] = name.split(' ');
  return {
    email_verified: true,
    name,
    preferred_username: email,
    given_name: given,
    family_name: family.join(' '),
    email,
  };
}

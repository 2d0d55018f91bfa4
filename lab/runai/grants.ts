import { createHash } from 'node:crypto';
import { passwordMatches } from '../prowler/password';
import type { CodeGrant } from './codes';
import type { Deployment } from './deployment';
import type { Issued, TokenSet } from './mint';
import type { Session } from './sessions';
import { accountByEmail, type Account, type Application, type Tenant } from './world';

/** Why a realm refused, in the words of RFC 6749. */
export class Refusal extends Error {
  constructor(
    readonly error: 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unauthorized_client',
    readonly description: string,
    /** What was refused: each family of endpoints gives it another status. */
    readonly what: 'request' | 'credentials' | 'refresh',
  ) {
    super(description);
  }
}

/** The grants of the realms, for the tenants a host answers for. */
export type Grants = {
  password(given: { username: string; password: string; client: string }): TokenSet;
  /** A service account's or a person's access key. */
  application(given: { id: string; secret: string; name?: string }): TokenSet;
  code(given: { code: string; redirectUri: string; client?: string; verifier?: string }): TokenSet;
  refresh(given: { token: string; client?: string }): TokenSet;
  /** Tokens of the identity provider that the realm trusts. */
  external(given: { token: string; client: string }): TokenSet;
};

const clients = new Set(['runai-admin-ui', 'runai-cli', 'runai-cli-sso', 'runai', 'cli']);

/** Makes the grants of some tenants. */
export function createGrants(deployment: Deployment, tenants: readonly Tenant[]): Grants {
  const { world, mint, sessions, codes, settings } = deployment;
  const signedIn = (account: Account, client: string): TokenSet => {
    if (!clients.has(client)) throw new Refusal('invalid_client', 'Invalid client credentials', 'credentials');
    return mint.forSession(sessions.open(account), client);
  };
  return {
    password({ username, password, client }) {
      const account = accountByEmail(world, username, tenants);
      if (account === undefined || !passwordMatches(password, account.person.passwordHash)) {
        throw new Refusal('invalid_grant', 'Invalid user credentials', 'credentials');
      }
      return signedIn(account, client);
    },
    application({ id, secret, name }) {
      const found = world.applications.find((one) => one.id === id && tenants.includes(one.tenant));
      if (found === undefined || !isGood(found, secret, name)) {
        throw new Refusal('unauthorized_client', 'Invalid client or Invalid client credentials', 'credentials');
      }
      return mint.forApplication(found);
    },
    code({ code, redirectUri, client, verifier }) {
      const grant = codes.take(code);
      if (grant === 'used') {
        throw new Refusal('invalid_grant', 'Code not valid: code already used', 'credentials');
      }
      if (grant === 'unknown' || !tenants.includes(grant.session.account.tenant)) {
        throw new Refusal('invalid_grant', 'Code not valid', 'credentials');
      }
      checkCode(grant, { redirectUri, client, verifier });
      return mint.forSession(grant.session, grant.client, grant.nonce);
    },
    refresh({ token, client }) {
      const spent = mint.find(token);
      if (spent === undefined || spent.kind !== 'refresh' || !tenants.includes(spent.tenant)) {
        throw new Refusal('invalid_grant', 'Invalid refresh token', 'refresh');
      }
      const session = checkRefresh(deployment, spent, client ?? settings.defaultClient);
      spent.spentAt ??= deployment.now();
      if (settings.refreshCountsAsActivity) sessions.touch(session);
      const { refresh, ...tokens } = mint.forSession(session, spent.client);
      return settings.refreshAnswersRefreshToken ? { ...tokens, refresh } : tokens;
    },
    external({ token, client }) {
      const email = externalSubject(token);
      const account = email === undefined ? undefined : accountByEmail(world, email, tenants);
      if (account === undefined) throw new Refusal('invalid_grant', 'Invalid token', 'credentials');
      return signedIn(account, client);
    },
  };
}

function isGood(
  { revoked, secret, name, account }: Application,
  given: string,
  givenName: string | undefined,
): boolean {
  return !revoked && secret === given && (givenName === undefined || givenName === name) && (account?.isActive ?? true);
}

function checkCode(
  { redirectUri, client, challenge }: CodeGrant,
  given: { redirectUri: string; client: string | undefined; verifier: string | undefined },
): void {
  const refuse = (description: string): never => {
    throw new Refusal('invalid_grant', description, 'credentials');
  };
  if (given.redirectUri !== redirectUri) refuse('Incorrect redirect_uri');
  if (given.client !== undefined && given.client !== client) refuse('Auth error');
  if (challenge === undefined) return;
  if (given.verifier === undefined) refuse('PKCE code verifier not specified');
  const proof = createHash('sha256')
    .update(given.verifier ?? '')
    .digest('base64url');
  if (proof !== challenge) refuse('PKCE verification failed: Code mismatch');
}

/** The realm's order of checks: time, session, client, reuse. */
function checkRefresh(deployment: Deployment, spent: Issued, client: string): Session {
  const { sessions, settings, now } = deployment;
  const refuse = (description: string): never => {
    throw new Refusal('invalid_grant', description, 'refresh');
  };
  const { session } = spent;
  if (spent.exp <= now() / 1000) refuse('Token is not active');
  if (session === undefined || !sessions.isLive(session) || !session.account.isActive) {
    return refuse('Session not active');
  }
  if (spent.client !== client) refuse("Invalid refresh token. Token client and authorized client don't match");
  if (!session.clients.has(client)) refuse("Session doesn't have required client");
  if (isReuse(spent, settings, now())) {
    if (settings.reuseEndsSession) session.clients.delete(client);
    refuse('Maximum allowed refresh token reuse exceeded');
  }
  return session;
}

/** Whether showing a spent token again is one time too many. */
export function isReuse(
  { spentAt }: Pick<Issued, 'spentAt'>,
  { rotation, graceMs }: Deployment['settings'],
  nowMs: number,
): boolean {
  if (spentAt === undefined) return false;
  switch (rotation) {
    case 'strict':
      return true;
    case 'grace':
      return nowMs > spentAt + graceMs;
    case 'static':
      return false;
  }
}

const externalPrefix = 'canary-external-';

/** A token of the identity provider behind the realms, as the lab writes them. */
export const externalToken = ({ person: { email } }: Account): string =>
  `${externalPrefix}${Buffer.from(email).toString('base64url')}`;

const externalSubject = (token: string): string | undefined =>
  token.startsWith(externalPrefix)
    ? Buffer.from(token.slice(externalPrefix.length), 'base64url').toString()
    : undefined;

import { decodeJwt, type JWTPayload } from 'jose';
import type { LabSettings, ServerClock } from '../settings';
import type { ConsoleApi, ConsoleUser } from './console-api';

/** What the console keeps about a sign-in, in its cookie. */
export type SessionToken = JWTPayload & {
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly accessTokenExpires?: number | undefined;
  readonly user_id?: string | undefined;
  readonly tenant_id?: string | undefined;
  readonly user?: ConsoleUser | undefined;
  readonly error?: string | undefined;
};

/** What the console tells its own pages: the answer of `/api/auth/session`. */
export type Session = {
  readonly user?: ConsoleUser | undefined;
  readonly expires: string;
  readonly userId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly error?: string | undefined;
};

/** How a sign-in lives on at each request. */
export type Sessions = {
  signedIn(email: string, password: string): Promise<SessionToken | undefined>;
  /** Renews when, and only when, the access token has expired. */
  kept(token: SessionToken): Promise<SessionToken>;
  /** Takes over a pair the page made; keeps the old one, with a word, when it is not good. */
  switched(token: SessionToken, pair: { accessToken: string; refreshToken: string | undefined }): Promise<SessionToken>;
};

/** Makes the console's session rules. */
export function createSessions(api: ConsoleApi, settings: LabSettings, now: ServerClock): Sessions {
  const renewing = new Map<string, Promise<SessionToken>>();
  return {
    async signedIn(email, password) {
      const pair = await api.signIn(email, password);
      if (pair === undefined) return undefined;
      const user = await api.user(pair.access);
      return withClaims({ accessToken: pair.access, refreshToken: pair.refresh, user });
    },
    async kept(token) {
      if (token.accessTokenExpires !== undefined && now() < token.accessTokenExpires) return token;
      if (token.refreshToken === undefined) return { ...token, error: 'MissingRefreshToken' };
      if (!settings.dedupeRefresh) return renewed(api, token, token.refreshToken);
      const shared = renewing.get(token.refreshToken) ?? renewed(api, token, token.refreshToken);
      renewing.set(token.refreshToken, shared);
      return shared.finally(() => renewing.delete(token.refreshToken ?? ''));
    },
    async switched(token, { accessToken, refreshToken }) {
      try {
        const user = await api.user(accessToken);
        return withClaims({ ...token, accessToken, refreshToken, user, error: undefined });
      } catch {
        // The page is told once, and the session goes on as it was.
        return { ...token, error: 'TenantSwitchError' };
      }
    },
  };
}

/** Any failure keeps the old refresh token and is tried again at the next request: an outage heals, a spent token does not. */
async function renewed(api: ConsoleApi, token: SessionToken, refreshToken: string): Promise<SessionToken> {
  const pair = await api.refresh(refreshToken).catch(() => undefined);
  if (pair === undefined) return { ...token, error: 'RefreshAccessTokenError' };
  // What is known about the person outlives a moment in which they cannot be asked about.
  const user = await api.user(pair.access).catch(() => token.user);
  return withClaims({ ...token, accessToken: pair.access, refreshToken: pair.refresh, user, error: undefined });
}

function withClaims(token: SessionToken): SessionToken {
  const claims = decodeJwt(token.accessToken ?? '');
  return {
    ...token,
    accessTokenExpires: claims.exp === undefined ? undefined : claims.exp * 1000,
    user_id: claims.sub,
    tenant_id: claims.tenant_id as string,
  };
}

/** What of a sign-in a page is told. A dead one shows nothing but its end. */
export function shownSession(token: SessionToken, expiresAt: number): Session {
  const expires = new Date(expiresAt).toISOString();
  if (token.error !== undefined && token.error !== 'TenantSwitchError') return { expires, error: token.error };
  return {
    user: token.user,
    expires,
    userId: token.user_id,
    tenantId: token.tenant_id,
    accessToken: token.accessToken,
    refreshToken: token.refreshToken,
    error: token.error,
  };
}

import type { HttpRequest, HttpResponse } from '../core/http';
import { after, type Instant, MINUTE, SECOND } from '../core/time';

/**
 * What an issuer does with a refresh token that was presented before. strict: it ends everything made from it (RFC 9700 §4.14.2).
 * grace: for half a minute it is taken again. static: a refresh token is never spent.
 */
export type Reuse = 'strict' | 'grace' | 'static';

/** An issuer whose refresh tokens can be spent, at a Run:ai deployment: nothing there mints, so a lost answer matters. */
export type TestIssuer = {
  readonly handle: (request: HttpRequest, now: Instant) => HttpResponse;
  /** Every refresh token that was presented, in order. */
  readonly presented: string[];
  /** Whether a refresh token would be taken now. */
  readonly isLive: (refresh: string, now: Instant) => boolean;
  accessLifeMs: number;
  refreshLifeMs: number;
};

/** Where the issuer's deployment is, as a person types it. */
export const ISSUER = { place: 'northwind', console: 'https://northwind.run.ai' } as const;
const GRACE = 30 * SECOND;

type Fields = Readonly<Record<string, string | undefined>>;
const fromForm = (text: string): Fields => Object.fromEntries(new URLSearchParams(text));

/** A new one with one person. */
export function makeIssuer(reuse: Reuse): TestIssuer {
  const grants = new Map<string, { family: number; endsAt: Instant; spentAt?: Instant }>();
  const ended = new Set<number>();
  let made = 0;
  let families = 0;

  const jwt = (kind: string, now: Instant, lifeMs: number): string => {
    made += 1;
    const claims = {
      sub: 'user-1',
      iss: `${ISSUER.console}/auth/realms/northwind`,
      iat: Math.floor(now / SECOND),
      exp: Math.floor((now + lifeMs) / SECOND),
      jti: `canary-${kind}-${made}`,
    };
    return `${[{ alg: 'RS256' }, claims].map((part) => btoa(JSON.stringify(part)).replaceAll('=', '')).join('.')}.c2ln`;
  };
  const said = (status: number, json: unknown, now: Instant): HttpResponse => ({
    status,
    headers: { date: new Date(now).toUTCString(), 'retry-after': '' },
    json,
    startedAt: now,
  });
  const grant = (family: number, now: Instant, refresh = jwt('refresh', now, issuer.refreshLifeMs)): HttpResponse => {
    grants.set(refresh, { family, endsAt: after(now, issuer.refreshLifeMs) });
    const access = jwt('access', now, issuer.accessLifeMs);
    const expires = issuer.accessLifeMs / SECOND;
    // As each of its forms spells it.
    const camel = { accessToken: access, refreshToken: refresh, expiresIn: expires };
    return said(200, { access_token: access, refresh_token: refresh, expires_in: expires, ...camel }, now);
  };
  const isTaken = (refresh: string, now: Instant): boolean => {
    const one = grants.get(refresh);
    if (!one || ended.has(one.family) || one.endsAt <= now) return false;
    return one.spentAt === undefined || reuse === 'static' || (reuse === 'grace' && now - one.spentAt <= GRACE);
  };

  const issuer: TestIssuer = {
    presented: [],
    accessLifeMs: 10 * MINUTE,
    refreshLifeMs: 12 * 60 * MINUTE,
    isLive: isTaken,
    handle({ body, url }, now) {
      const { searchParams } = new URL(url);
      const fields = body?.startsWith('{') ? (JSON.parse(body) as Fields) : fromForm(body ?? searchParams.toString());
      if ((fields['grant_type'] ?? fields['grantType']) === 'password') return grant((families += 1), now);
      const refresh = fields['refresh_token'] ?? fields['refreshToken'] ?? '';
      issuer.presented.push(refresh);
      const one = grants.get(refresh);
      if (!one || !isTaken(refresh, now)) {
        if (one?.spentAt !== undefined && reuse === 'strict') ended.add(one.family);
        return said(400, { error: 'invalid_grant' }, now);
      }
      if (reuse === 'static') return grant(one.family, now, refresh);
      one.spentAt ??= now;
      return grant(one.family, now);
    },
  };
  return issuer;
}

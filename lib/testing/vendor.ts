import type { HttpRequest, HttpResponse } from '../core/http';
import type { Instant } from '../core/time';

/** Prowler's token rules in memory, for tests of the engine: rotation spends, minting spends nothing, no grace for a replay. */
export type TestVendor = {
  accessLifeMs: number;
  refreshLifeMs: number;
  /** Whether the person is still a member, by tenant id. */
  readonly members: Set<string>;
  /** Every refresh token that was presented, in order. */
  readonly presented: string[];
  readonly calls: { path: string; at: Instant }[];
  /** A pair as the console gets it at sign-in. */
  signIn: (tenant: string, now: Instant) => { access: string; refresh: string };
  handle: (request: HttpRequest, now: Instant) => HttpResponse;
  /** Whether a refresh token would still be taken. */
  isLive: (refresh: string, now: Instant) => boolean;
  isSpent: (refresh: string) => boolean;
};

/** The person every test token is for. */
export const SUBJECT = '11111111-1111-4111-8111-111111111111';

/** A fresh vendor with one person in the given tenants. */
export function makeVendor(tenants: readonly string[]): TestVendor {
  const spent = new Set<string>();
  let made = 0;

  const token = (kind: 'access' | 'refresh', tenant: string, now: Instant, lifeMs: number): string => {
    made += 1;
    const claims = {
      typ: kind,
      sub: SUBJECT,
      tenant_id: tenant,
      iat: Math.floor(now / 1000),
      exp: Math.floor((now + lifeMs) / 1000),
      jti: `canary-${kind}-${made}`,
    };
    return (
      [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) => btoa(JSON.stringify(part)).replaceAll('=', '')).join('.') +
      '.c2ln'
    );
  };
  const pair = (tenant: string, now: Instant) => ({
    access: token('access', tenant, now, vendor.accessLifeMs),
    refresh: token('refresh', tenant, now, vendor.refreshLifeMs),
  });
  const claimsOf = (jwt: string): { tenant_id: string; exp: number; typ: string } | undefined => {
    try {
      return JSON.parse(atob(jwt.split('.')[1] ?? '')) as { tenant_id: string; exp: number; typ: string };
    } catch {
      return undefined;
    }
  };
  const bearer = (request: HttpRequest, now: Instant) => {
    const claims = claimsOf((request.headers['authorization'] ?? '').replace('Bearer ', ''));
    return claims && claims.typ === 'access' && claims.exp * 1000 > now ? claims : undefined;
  };

  const vendor: TestVendor = {
    accessLifeMs: 30 * 60_000,
    refreshLifeMs: 24 * 3_600_000,
    members: new Set(tenants),
    presented: [],
    calls: [],
    signIn: pair,
    isSpent: (refresh) => spent.has(refresh),
    isLive: (refresh, now) => !spent.has(refresh) && (claimsOf(refresh)?.exp ?? 0) * 1000 > now,
    handle(request, now) {
      const path = new URL(request.url).pathname;
      vendor.calls.push({ path, at: now });
      const answer = (status: number, json: unknown): HttpResponse => ({
        status,
        headers: { 'content-type': 'application/vnd.api+json', date: new Date(now).toUTCString(), 'retry-after': '' },
        json,
        startedAt: now,
      });
      const refuse = (status: number, code: string, detail: string, pointer = '/data') =>
        answer(status, { errors: [{ status: String(status), code, detail, source: { pointer } }] });
      const granted = (type: string, tenant: string) => answer(200, { data: { type, attributes: pair(tenant, now) } });
      const attributes = request.body
        ? (JSON.parse(request.body) as { data: { attributes: Record<string, string> } }).data.attributes
        : {};
      switch (path) {
        case '/api/v1/tokens/refresh': {
          const refresh = attributes['refresh'] ?? '';
          vendor.presented.push(refresh);
          if (!vendor.isLive(refresh, now))
            return refuse(400, 'invalid', 'Invalid or expired token', '/data/attributes/refresh');
          spent.add(refresh);
          return granted('tokens-refresh', claimsOf(refresh)?.tenant_id ?? '');
        }
        case '/api/v1/tokens/switch': {
          if (!bearer(request, now)) return refuse(401, 'token_not_valid', 'Token is expired');
          const tenant = attributes['tenant_id'] ?? '';
          if (!vendor.members.has(tenant))
            return refuse(400, 'invalid', 'Tenant does not exist or user is not a member.');
          return granted('tokens-switch-tenant', tenant);
        }
        case '/api/v1/users/me': {
          const claims = bearer(request, now);
          if (!claims) return refuse(401, 'token_not_valid', 'Token is expired');
          return answer(200, me([...vendor.members]));
        }
        case '/api/v1/tenants':
          return answer(200, {
            links: { next: null },
            data: [...vendor.members].map((id) => ({ type: 'tenants', id, attributes: { name: `Tenant ${id}` } })),
          });
        default:
          return refuse(404, 'not_found', 'Not found');
      }
    },
  };
  return vendor;
}

function me(tenants: readonly string[]) {
  return {
    data: { type: 'users', id: SUBJECT, attributes: { name: 'Ana Ruiz', email: 'ana.ruiz@northwind.example' } },
    included: tenants.flatMap((id) => [
      {
        type: 'memberships',
        id: `membership-${id}`,
        relationships: { tenant: { data: { type: 'tenants', id } } },
      },
      { type: 'tenants', id, attributes: { name: `Tenant ${id}` } },
    ]),
  };
}

import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant } from '../core/time';
import { unsigned as jwt } from './odd-answers';

/** A day (ms). */
export const DAY = 24 * HOUR;
/** The consoles of the vendors in memory. */
export const CLOUDCHECKR = 'https://app-eu.cloudcheckr.com';
export const ESPER = 'https://northwind.esper.cloud';
export const RUNAI = 'https://northwind.run.ai';
export const AGILICUS = 'https://admin.northwind.example';
/** Who signs Run:ai's tokens for that tenant. */
const REALM = 'northwind';

/** A request as a vendor saw it. `token`: what it was asked with, wherever that stood. */
type Seen = {
  readonly at: Instant;
  readonly origin: string;
  readonly path: string;
  readonly token: string;
  readonly fields: Fields;
};
type Fields = Readonly<Record<string, unknown>>;

/** One token in a vendor's books. */
type Issued = {
  readonly subject: string;
  readonly tenant: string;
  readonly issuedAt: Instant;
  readonly expiresAt?: Instant;
  /** A token that was made from another: nothing is made from it. */
  readonly isDerived?: boolean;
  readonly application?: string;
  readonly session?: string;
};
type Books = Map<string, Issued>;

/** The token rules of four vendors in memory, for tests of the engine. What is in `books` is taken until its end. */
export type TestVendors = {
  readonly handle: (request: HttpRequest, now: Instant) => HttpResponse;
  readonly seen: Seen[];
  readonly cloudcheckr: { books: Books; clients: Map<string, string>; signIn: SignIn; lifeMs: number };
  readonly esper: { books: Books; key: (of: Partial<Issued>, now: Instant) => string };
  readonly runai: {
    books: Books;
    refreshBooks: Books;
    clients: Map<string, string>;
    people: Map<string, string>;
    /** Which forms the deployment has. */
    offers: Set<'v2' | 'v1' | 'legacy'>;
    /** Whether an application gets a refresh token, too. */
    appsRefresh: boolean;
    /** Every refresh token that was presented, in order. */
    presented: string[];
    signIn: (subject: string, now: Instant, realm?: string) => { access: string; refresh: string };
    lifeMs: number;
  };
  readonly agilicus: { books: Books; refreshBooks: Books; revoked: Set<string>; orgs: string[]; signIn: SignIn };
};
type SignIn = (subject: string, tenant: string, now: Instant) => string;

/** Fresh vendors, at which nobody has signed in. */
export function makeVendors(): TestVendors {
  let made = 0;
  const canary = (name: string): string => `canary-${name}-${(made += 1)}`;
  const seconds = (at: Instant | undefined): number | undefined => at && Math.floor(at / 1000);
  const later = (now: Instant, ms: number): Instant => (now + ms) as Instant;
  const seen: Seen[] = [];

  const cloudcheckr: TestVendors['cloudcheckr'] = {
    books: new Map(),
    clients: new Map([['client-1', 'canary-client-secret']]),
    lifeMs: HOUR,
    signIn: (subject, tenant, now) => {
      const access = canary('cloudcheckr');
      cloudcheckr.books.set(access, { subject, tenant, issuedAt: now, expiresAt: later(now, cloudcheckr.lifeMs) });
      return access;
    },
  };
  const esper: TestVendors['esper'] = {
    books: new Map(),
    key: (of, now) => {
      const access = canary('key');
      const key = { subject: '41', tenant: ENTERPRISE, application: APPLICATION, issuedAt: now, ...of };
      esper.books.set(access, 'expiresAt' in of ? key : { ...key, expiresAt: later(now, 1000 * DAY) });
      return access;
    },
  };
  const runai: TestVendors['runai'] = {
    books: new Map(),
    refreshBooks: new Map(),
    clients: new Map([['app-1', 'canary-app-secret']]),
    people: new Map([['ana.ruiz@northwind.example', ' canary-password ']]),
    offers: new Set(['v2', 'v1', 'legacy']),
    appsRefresh: false,
    presented: [],
    lifeMs: HOUR,
    signIn: (subject, now, realm = REALM) => {
      const end = later(now, runai.lifeMs);
      const claims = {
        iss: `${RUNAI}/auth/realms/${realm}`,
        sub: subject,
        email: `${subject}@northwind.example`,
        azp: 'runai-admin-ui',
        iat: seconds(now),
        jti: canary('runai'),
      };
      const access = jwt({ ...claims, typ: 'Bearer', exp: seconds(end) });
      const refresh = jwt({ ...claims, typ: 'Refresh', exp: seconds(later(now, DAY)), jti: canary('runai-refresh') });
      const issued = { subject, tenant: realm, issuedAt: now };
      runai.books.set(access, { ...issued, expiresAt: end });
      runai.refreshBooks.set(refresh, { ...issued, expiresAt: later(now, DAY) });
      return { access, refresh };
    },
  };
  const agilicus: TestVendors['agilicus'] = {
    books: new Map(),
    refreshBooks: new Map(),
    revoked: new Set(),
    orgs: ['org-a', 'org-b', 'org-c'],
    signIn: (subject, tenant, now) => issue(subject, tenant, now, later(now, HOUR)),
  };
  function issue(subject: string, org: string, now: Instant, end: Instant, over: Partial<Issued> = {}): string {
    const access = jwt({ sub: subject, org, iat: seconds(now), exp: seconds(end), jti: canary('agilicus') });
    agilicus.books.set(access, { subject, tenant: org, issuedAt: now, expiresAt: end, session: 'sign-in-1', ...over });
    return access;
  }

  function handle(request: HttpRequest, now: Instant): HttpResponse {
    const { origin, pathname: path, searchParams, hostname } = new URL(request.url);
    const fields = { ...Object.fromEntries(searchParams), ...bodyOf(request) };
    const bearer = (request.headers['authorization'] ?? '').replace('Bearer ', '');
    const inBody = typeof fields['token'] === 'string' && hostname === 'api.agilicus.com' ? fields['token'] : '';
    const token = bearer || inBody;
    seen.push({ at: now, origin, path, token, fields });
    const text = (name: string): string => {
      const value = fields[name];
      return typeof value === 'string' ? value : '';
    };
    const answer = (status: number, json: unknown = {}): HttpResponse => ({
      status,
      headers: { date: new Date(now).toUTCString() },
      json,
      startedAt: now,
    });
    const alive = (books: Books, one: string): Issued | undefined => {
      const issued = books.get(one);
      return issued && (issued.expiresAt === undefined || issued.expiresAt > now) ? issued : undefined;
    };

    if (hostname.endsWith('.cloudcheckr.com')) return atCloudcheckr();
    if (hostname.endsWith('-api.esper.cloud')) return atEsper();
    if (hostname.endsWith('.run.ai')) return atRunai();
    if (hostname === 'api.agilicus.com') return atAgilicus();
    throw new Error(`nobody is at ${origin}`);

    function atCloudcheckr(): HttpResponse {
      if (path === '/auth/connect/token') {
        if (cloudcheckr.clients.get(text('client_id')) !== text('client_secret'))
          return answer(400, { error: 'invalid_client' });
        const access = cloudcheckr.signIn(text('client_id'), 'customer-a', now);
        return answer(200, { access_token: access, expires_in: cloudcheckr.lifeMs / 1000, token_type: 'Bearer' });
      }
      const who = alive(cloudcheckr.books, token);
      if (!who) return answer(401);
      const [, area, , what, id = ''] = path.split('/');
      if (path === '/auth/v1/token/info')
        return answer(200, {
          userId: who.subject,
          customerId: who.tenant,
          expiration: who.expiresAt && new Date(who.expiresAt).toISOString(),
          roles: ['Administrator'],
        });
      if (path === '/customer/v1/customers')
        return answer(200, { items: [...CUSTOMERS].map((one) => ({ id: one, name: `Customer ${one}` })) });
      if (area === 'customer') return answer(200, { name: `Customer ${id}` });
      if (what !== 'token' || !CUSTOMERS.has(path.split('/')[5] ?? '')) return answer(404);
      if (who.isDerived) return answer(403);
      const access = cloudcheckr.signIn(who.subject, path.split('/')[5] ?? '', now);
      cloudcheckr.books.set(access, { ...cloudcheckr.books.get(access)!, isDerived: true });
      return answer(200, { access_token: access, expires_in: cloudcheckr.lifeMs / 1000 });
    }

    function atEsper(): HttpResponse {
      const who = alive(esper.books, token);
      if (!who) return answer(401);
      if (path === '/api/v1/token-info/')
        return answer(200, {
          id: '570',
          enterprise: who.tenant,
          user: who.subject,
          ...(who.application === undefined ? {} : { developer_app: who.application }),
          token,
          ...(who.expiresAt === undefined ? {} : { expires_on: new Date(who.expiresAt).toISOString() }),
          created_on: new Date(who.issuedAt).toISOString(),
          scope: ['read', 'write'],
        });
      if (path !== `/api/v0/enterprise/${who.tenant}/developerapp/${who.application ?? ''}/renew-token/`)
        return answer(404);
      if (text('access_token') !== token) return answer(400);
      // The key before it goes on being taken.
      const { expiresAt: _, ...rest } = who;
      const key = esper.key({ ...rest, issuedAt: now }, now);
      return answer(201, { id: 571, token: key, enterprise: `Northwind [${who.tenant}]` });
    }

    function atRunai(): HttpResponse {
      const form = path === '/api/v2/token' ? 'v2' : path === '/api/v1/token' ? 'v1' : 'legacy';
      if (!runai.offers.has(form)) return answer(404);
      const refuse = (error: string): HttpResponse =>
        form === 'v2' ? answer(400, { error }) : answer(400, { code: 400, message: error });
      const give = (pair: { access: string; refresh?: string }): HttpResponse =>
        answer(
          200,
          form === 'v2'
            ? { access_token: pair.access, refresh_token: pair.refresh, token_type: 'Bearer', expires_in: 3600 }
            : { accessToken: pair.access, refreshToken: pair.refresh },
        );
      const grant =
        text('grant_type') ||
        text('grantType') ||
        ({ apptoken: 'client_credentials', refresh: 'refresh_token' }[path.split('/').at(-1) ?? ''] ?? '');
      switch (grant) {
        case 'client_credentials':
        case 'app_token': {
          const id = text('client_id') || text('clientID') || text('appID') || text('id');
          const secret = text('client_secret') || text('clientSecret') || text('appSecret') || text('secret');
          if (runai.clients.get(id) !== secret) return refuse('invalid_client');
          const { access, refresh } = runai.signIn(`service-${id}`, now);
          return give(runai.appsRefresh ? { access, refresh } : { access });
        }
        case 'password':
          return runai.people.get(text('username')) === text('password')
            ? give(runai.signIn('ana', now))
            : refuse('invalid_grant');
        case 'refresh_token': {
          const refresh = text('refresh_token') || text('refreshToken');
          runai.presented.push(refresh);
          const who = alive(runai.refreshBooks, refresh);
          if (!who) return refuse('invalid_grant');
          runai.refreshBooks.delete(refresh);
          return give(runai.signIn(who.subject, now, who.tenant));
        }
        default:
          return answer(404);
      }
    }

    function atAgilicus(): HttpResponse {
      if (path === '/v1/tokens/validations')
        return text('org') === 'org-forbidden' ? answer(403) : answer(200, { valid: true });
      if (path === '/v1/tokens/refresh') {
        const who = alive(agilicus.refreshBooks, text('token'));
        if (!who) return answer(401);
        return answer(200, { token: issue(who.subject, who.tenant, now, later(now, HOUR)) });
      }
      if (agilicus.revoked.has(token)) return answer(410);
      const who = alive(agilicus.books, token);
      if (!who) return answer(401);
      const end = who.expiresAt ?? now;
      switch (path) {
        case '/v1/tokens/introspect':
          return answer(200, {
            sub: who.subject,
            org: who.tenant,
            iat: seconds(who.issuedAt),
            exp: seconds(end),
            sub_email: `${who.subject}@northwind.example`,
            session: who.session,
            jti: token.slice(-6),
          });
        case '/v1/tokens/reissue':
          if (!agilicus.orgs.includes(text('org_id')) || who.isDerived) return answer(403);
          return answer(200, { token: issue(who.subject, text('org_id'), now, end, { isDerived: true }) });
        case '/v1/tokens/revoke':
          agilicus.revoked.add(token);
          return answer(204, undefined);
        case '/v1/tokens/bulk_revoke':
          return answer(200, {});
        case '/v1/tokens': {
          if (request.method === 'GET') return answer(200, { limit: 100, tokens: [] });
          const access = issue(text('sub'), text('org'), now, later(now, HOUR));
          if (fields['create_refresh_token'] !== true) return answer(201, { token: access });
          const refresh = canary('agilicus-refresh');
          agilicus.refreshBooks.set(refresh, { subject: text('sub'), tenant: text('org'), issuedAt: now });
          return answer(200, { token: access, refresh_token: refresh });
        }
        default:
          return path.startsWith('/users/')
            ? answer(200, { orgs: agilicus.orgs.map((id) => ({ id, organisation: `Org ${id}` })) })
            : answer(404);
      }
    }
  }

  return { handle, seen, cloudcheckr, esper, runai, agilicus };
}

const ENTERPRISE = '5a4e7c2e-1111-4aaa-8bbb-000000000001';
/** An application of Esper's tenant, by its id. */
export const APPLICATION = '5a4e7c2e-2222-4aaa-8bbb-000000000001';
/** Where a person of CloudCheckr's may go. */
const CUSTOMERS = new Set(['customer-a', 'customer-b', 'customer-c']);

/** The fields of a request's body, whichever way it is written. */
function bodyOf({ body = '', headers }: HttpRequest): Fields {
  if (body === '') return {};
  return (headers['content-type'] ?? '').includes('json')
    ? (JSON.parse(body) as Fields)
    : Object.fromEntries(new URLSearchParams(body));
}

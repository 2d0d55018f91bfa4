import * as v from 'valibot';
import { type Failed, failed, type Failure, ok, type Outcome } from '../core/failure';
import type { HttpResponse } from '../core/http';
import { retryAfter } from '../core/retry-after';
import type { Lifetime } from '../core/state';
import { after, type Instant, instant, MINUTE } from '../core/time';
import type { Deployment, Granted, Identity, Renewing, TenantPage, Vendor } from '../core/vendor';
import { conform, token } from './answer';
import { claimsOf, textClaim, timeClaim } from './claims';
import { isConfidential, isLoopback } from './hosts';
import { jsonApiErrors, jsonApiGet, jsonApiPost } from './json-api';

/** The vendor's default (SIMPLE_JWT, 30 min), for an access token that does not say (ms). */
const ACCESS_LIFE = 30 * MINUTE;
/** The largest page the tenants list gives; more is silently cut to it. */
const PAGE_SIZE = 100;

const consoles: Readonly<Record<string, Deployment>> = {
  'https://cloud.prowler.com': { console: 'https://cloud.prowler.com', api: 'https://api.prowler.com' },
};

/** Prowler: JSON:API, rotating refresh tokens, one token pair per tenant, minting by switching to the tenant one is in. */
export const prowler = {
  id: 'prowler',
  name: 'Prowler',
  consoles: Object.keys(consoles).map((origin) => `${origin}/*`),
  deployment: (page) => consoles[page.origin],
  place: {
    choices: Object.keys(consoles),
    // The vendor's own consoles stay where they are, whatever a page names as its API.
    selfHosted: (console, api) => consoles[console.origin] ?? ownHosts(console, api),
  },

  claims(access) {
    const claims = claimsOf(access);
    const subject = textClaim(claims, 'sub');
    const tenant = textClaim(claims, 'tenant_id');
    // `typ` is Prowler's name for what others call token_use: a refresh token is not a bearer token.
    if (subject === undefined || tenant === undefined || claims?.['typ'] === 'refresh') return undefined;
    const expiresAt = timeClaim(claims, 'exp');
    // After a rotation `iat` is older than the token: no access token is older than a whole life before its end.
    const issuedAt = Math.max(timeClaim(claims, 'iat') ?? 0, (expiresAt ?? ACCESS_LIFE) - ACCESS_LIFE);
    return {
      subject,
      tenant,
      token: {
        issuedAt: instant(issuedAt),
        ...(expiresAt === undefined ? {} : { expiresAt: instant(expiresAt) }),
      },
    };
  },

  identify: {
    request: ({ deployment, access }) =>
      jsonApiGet(`${deployment.api}/api/v1/users/me?include=roles,memberships,memberships.tenant`, authorized(access)),
    response: (answer, { tenant }, now) =>
      answer.status === 200 ? identity(answer.json, tenant) : refusal(answer, 'resource', now),
  },

  tenants: {
    request: ({ deployment, access, cursor }) =>
      // An own parameter order is not needed: any unknown one is a 400. Sorted by name so that pages do not shift.
      jsonApiGet(
        `${deployment.api}/api/v1/tenants?page%5Bnumber%5D=${cursor ?? '1'}&page%5Bsize%5D=${PAGE_SIZE}&sort=name`,
        authorized(access),
      ),
    response: (answer, { cursor }, now) => tenantPage(answer, Number(cursor ?? '1'), now),
  },

  move: {
    verb: 'switch',
    from: 'current',
    to: {
      request: ({ deployment, access, tenant }) => switchTo(deployment, access, tenant),
      response: (answer, { tenant }, now) => granted(answer, 'switch', now, tenant),
    },
  },

  follow: {
    token: {
      path: '/api/auth/csrf',
      read: (json) => {
        const answer = v.safeParse(v.object({ csrfToken: v.pipe(v.string(), v.nonEmpty()) }), json);
        return answer.success ? answer.output.csrfToken : undefined;
      },
    },
    session: {
      path: '/api/auth/session',
      // Without the refresh token the console would forget the one it has.
      body: ({ csrf, access, refresh }) =>
        JSON.stringify({ csrfToken: csrf, data: { accessToken: access, refreshToken: refresh } }),
      took: (json, tenant) => {
        const answer = v.safeParse(v.object({ tenantId: v.string(), error: v.optional(v.unknown()) }), json);
        return answer.success && answer.output.tenantId === tenant && answer.output.error === undefined;
      },
    },
  },

  renewal: [
    {
      name: 'rotate',
      from: ['own', 'entered'],
      spends: true,
      exchanges: [
        {
          // No Authorization: with a stale one the API answers 401 before it looks at the refresh token.
          request: ({ deployment, refresh }: Renewing) =>
            jsonApiPost(
              `${deployment.api}/api/v1/tokens/refresh`,
              {},
              {
                type: 'tokens-refresh',
                attributes: { refresh: refresh ?? '' },
              },
            ),
          response: (answer, { tenant }, now) => granted(answer, 'refresh', now, tenant),
        },
      ],
    },
    {
      // Switching to the tenant one is in gives an independent pair and ends nothing. Not for what was typed: that may be a
      // key, and what the API would make of one is not known.
      name: 'mint',
      from: ['borrowed', 'own'],
      spends: false,
      exchanges: [
        {
          request: ({ deployment, access, tenant }) => switchTo(deployment, access, tenant),
          response: (answer, { tenant }, now) => granted(answer, 'switch', now, tenant),
        },
      ],
    },
  ],

  obtain: {
    password: {
      fields: [
        { name: 'email', kind: 'email', longest: 254 },
        { name: 'password', kind: 'secret', longest: 128 },
        { name: 'tenant_id', kind: 'uuid', isOptional: true },
      ],
      exchanges: [
        {
          request: ({ deployment, values }) =>
            jsonApiPost(`${deployment.api}/api/v1/tokens`, {}, { type: 'tokens', attributes: values }),
          response: (answer, { values }, now) => granted(answer, 'obtain', now, values['tenant_id']),
        },
      ],
    },
    key: {
      fields: [
        { name: 'api_key', kind: 'secret', longest: 1024 },
        // A key does not say which tenant it is for, and an older server does not either.
        { name: 'tenant_id', kind: 'uuid', isOptional: true },
      ],
      takes: 'api_key',
    },
    token: { fields: [{ name: 'token', kind: 'secret', longest: 8192 }], takes: 'token' },
  },

  curl: ({ deployment, access }) =>
    [
      `curl '${deployment.api}/api/v1/users/me'`,
      `-H 'Accept: application/vnd.api+json'`,
      `-H 'Authorization: ${credential(access)}'`,
    ].join(' \\\n  '),
} satisfies Vendor;

/** How a credential is shown: the API takes a key by its own scheme only, and a token as a bearer only. */
const credential = (access: string): string => `${access.startsWith('pk_') ? 'Api-Key' : 'Bearer'} ${access}`;

function authorized(access: string): Readonly<Record<string, string>> {
  return { authorization: credential(access) };
}

/** Names that mean something only inside the machine the console runs on, such as the default `prowler-api`. */
const isInternal = (host: string): boolean =>
  !isLoopback(host) && (!host.includes('.') || /\.(internal|cluster\.local)$/.test(host));

/** A console on somebody's own hosts. Where its API is not named, or by a name no browser finds, it is at the console's host. */
function ownHosts(console: URL, api: URL | undefined): Deployment | undefined {
  const named = api && !isInternal(api.hostname) ? api : undefined;
  const scheme = isLoopback(console.hostname) ? 'http' : 'https';
  const there = named ?? new URL(`${scheme}://${console.hostname}:8080`);
  return isConfidential(console) && isConfidential(there) ? { console: console.origin, api: there.origin } : undefined;
}

function switchTo(deployment: Deployment, access: string, tenant: string) {
  return jsonApiPost(`${deployment.api}/api/v1/tokens/switch`, authorized(access), {
    type: 'tokens-switch-tenant',
    attributes: { tenant_id: tenant },
  });
}

const pair = v.object({ data: v.object({ attributes: v.object({ access: token, refresh: token }) }) });

function granted(answer: HttpResponse, endpoint: Endpoint, now: Instant, wanted: string | undefined): Outcome<Granted> {
  if (answer.status !== 200) return refusal(answer, endpoint, now);
  const document = conform(pair, answer.json);
  if (!document.ok) return document;
  const { access, refresh } = document.value.data.attributes;
  const claims = prowler.claims(access);
  if (wanted !== undefined && claims !== undefined && claims.tenant !== wanted) {
    return failed({ code: 'identity_changed' });
  }
  const madeAt = timeClaim(claimsOf(refresh), 'iat');
  return ok({
    access,
    refresh,
    token: lifetime(access, madeAt, answer.startedAt, ACCESS_LIFE),
    refreshLife: lifetime(refresh, madeAt, answer.startedAt),
    ...(claims === undefined ? {} : { subject: claims.subject, tenant: claims.tenant }),
  });
}

/**
 * The life of a token just made, by this computer's clock. Its length is its end less the moment the pair was made, both by
 * the vendor's clock, counted from when the request was started: so neither clock needs to be right, and a token never seems
 * to live longer than it does. The refresh token says when the pair was made; the access token's own `iat` does not: after a
 * rotation it still carries that of the spent one.
 */
function lifetime(jwt: string, madeAt: number | undefined, startedAt: Instant, otherwise?: number): Lifetime {
  const endsAt = timeClaim(claimsOf(jwt), 'exp');
  const life = madeAt !== undefined && endsAt !== undefined && endsAt > madeAt ? endsAt - madeAt : otherwise;
  return { issuedAt: startedAt, ...(life === undefined ? {} : { expiresAt: after(startedAt, life) }) };
}

const reference = v.object({ data: v.object({ id: v.string() }) });
const text = v.fallback(v.optional(v.string()), undefined);
const id = v.pipe(v.string(), v.nonEmpty());
const member = v.fallback(v.object({ id: text, meta: v.optional(v.object({ active: v.optional(v.boolean()) })) }), {
  id: undefined,
});
const me = v.object({
  data: v.object({
    id,
    attributes: v.object({ name: text, email: text }),
    relationships: v.fallback(v.optional(v.object({ memberships: v.object({ data: v.array(member) }) })), undefined),
  }),
  included: v.optional(v.array(v.looseObject({ type: v.string(), id: v.string() })), []),
});
const membership = v.object({ relationships: v.object({ tenant: reference }) });
const named = v.object({ attributes: v.object({ name: text }) });

function identity(json: unknown, asked: string | undefined): Outcome<Identity> {
  const document = conform(me, json);
  if (!document.ok) return document;
  const { data, included } = document.value;
  const places = included
    .filter((one) => one.type === 'memberships')
    .flatMap((one) => {
      const parsed = v.safeParse(membership, one);
      return parsed.success ? [{ id: one.id, tenant: parsed.output.relationships.tenant.data.id }] : [];
    });
  const members = data.relationships?.memberships.data;
  // Servers since 5.39 say which place the credential is for. Of a person in one place only, there is no other.
  const active = members?.find((one) => one.meta?.active)?.id;
  const only = places.length === 1 ? places[0] : undefined;
  const tenant = places.find((one) => one.id === active)?.tenant ?? asked ?? only?.tenant;
  if (tenant === undefined) {
    const failure: Failure = { code: 'invalid_input', field: 'tenant_id', detail: 'missing' };
    return failed(members?.length === 0 ? { code: 'tenant_refused' } : failure);
  }
  // A 200 proves the person, not the place: someone taken out of a tenant keeps a token for it until it ends. A server that
  // names no place at all refuses nobody, unless it says that there is none.
  const isToldApart = places.length > 0 || members?.length === 0;
  if (isToldApart && places.every((one) => one.tenant !== tenant)) return failed({ code: 'tenant_refused' });
  const nameOf = (one: (typeof included)[number] | undefined) => {
    const parsed = v.safeParse(named, one);
    return parsed.success ? parsed.output.attributes.name : undefined;
  };
  const tenantName = nameOf(included.find((one) => one.type === 'tenants' && one.id === tenant));
  return ok({
    subject: data.id,
    tenant,
    labels: {
      // Roles are of the tenant one is in only; the vendor does not say those of others.
      roles: included.filter((one) => one.type === 'roles').flatMap((one) => nameOf(one) ?? []),
      ...(data.attributes.name ? { person: data.attributes.name } : {}),
      ...(data.attributes.email ? { email: data.attributes.email } : {}),
      ...(tenantName ? { tenant: tenantName } : {}),
    },
  });
}

const tenantsDocument = v.object({
  links: v.fallback(v.optional(v.object({ next: v.fallback(v.nullish(v.string()), undefined) })), undefined),
  data: v.array(v.object({ id, attributes: v.object({ name: v.string() }) })),
});

function tenantPage(answer: HttpResponse, page: number, now: Instant): Outcome<TenantPage> {
  // The list shrank while it was read: the page behind its end is not there.
  if (answer.status === 404 && page > 1) return ok({ items: [] });
  if (answer.status !== 200) return refusal(answer, 'resource', now);
  const document = conform(tenantsDocument, answer.json);
  if (!document.ok) return document;
  const items = document.value.data.map((one) => ({ id: one.id, name: one.attributes.name }));
  // The link names the API's own idea of its address: that there is one is enough.
  return ok({ items, ...(document.value.links?.next ? { next: String(page + 1) } : {}) });
}

type Endpoint = 'obtain' | 'refresh' | 'switch' | 'resource';

/** What a status that is no success means. Decided by status, then by some `code` or `pointer`; words only where nothing else tells causes apart. */
function refusal(answer: HttpResponse, endpoint: Endpoint, now: Instant): Failed {
  return failed(verdict(answer, endpoint, now));
}

function verdict(answer: HttpResponse, endpoint: Endpoint, now: Instant): Failure {
  const { status } = answer;
  const errors = jsonApiErrors(answer);
  const retryAt = retryAfter(answer.headers, now);
  if (status === 429) return { code: 'rate_limited', retryAt: retryAt ?? after(now, MINUTE) };
  if (status >= 500) return { code: 'vendor_down', status, ...(retryAt === undefined ? {} : { retryAt }) };
  if (status >= 200 && status < 300) return { code: 'response_not_conform', path: '' };
  // A 401 where no token was sent means that something between added one: no word about the refresh token.
  if (status === 401 && endpoint !== 'refresh' && endpoint !== 'obtain') return { code: 'unauthorized' };
  if (status === 403) return { code: 'forbidden' };
  if (status === 404 || status === 405 || status === 410) return { code: 'not_offered' };
  if (status !== 400 || errors.length === 0) return { code: 'unexpected_status', status };

  // Sorted, because the order of errors says nothing.
  const fields = errors
    .flatMap((one) => {
      const field = /^\/data\/attributes\/([a-z_]{1,40})$/.exec(one.source?.pointer ?? '')?.[1];
      return field === undefined ? [] : [{ field, code: one.code }];
    })
    .toSorted((a, b) => (a.field < b.field ? -1 : 1));
  const fieldWith = (code: string) => fields.find((one) => one.code === code)?.field;
  const has = (words: string) => errors.some((one) => one.detail?.startsWith(words));
  if (errors.some((one) => one.code === 'parse_error')) return { code: 'unexpected_status', status };
  if (has('Token generation failed')) return { code: 'misconfigured' };
  const missing = fieldWith('required');
  if (missing !== undefined) return { code: 'invalid_input', field: missing, detail: 'missing' };
  const blank = fieldWith('blank');
  if (blank !== undefined) return { code: 'invalid_input', field: blank, detail: 'blank' };
  if (fields.some((one) => one.field === 'tenant_id'))
    return { code: 'invalid_input', field: 'tenant_id', detail: 'not_whole_id' };
  if (endpoint === 'refresh' && fields.some((one) => one.field === 'refresh' && one.code === 'invalid'))
    return { code: 'grant_dead' };
  if (fields[0] !== undefined) return { code: 'invalid_input', field: fields[0].field };
  if (errors.every((one) => one.code !== 'invalid')) return { code: 'unexpected_status', status };
  if (endpoint === 'switch' || has('Tenant does not exist') || has('User has no memberships'))
    return { code: 'tenant_refused' };
  if (endpoint === 'obtain') return { code: 'credentials_refused' };
  return { code: 'unexpected_status', status };
}

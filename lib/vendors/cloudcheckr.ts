import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import type { HttpResponse } from '../core/http';
import { type Instant, instant } from '../core/time';
import type { Bearing, Deployment, Exchange, Granted, Identity, TenantPage, Values, Vendor } from '../core/vendor';
import { notConform, reading, refusal, token } from './answer';
import { ask, curl, form, segment } from './ask';
import { claimsOf, textClaim, timeClaim } from './claims';
import { bearerIn } from './hosts';
import { present } from './present';
import { lifeOf, tokenError } from './token-endpoint';
import { timeField } from './when';

/** Customers asked for at once. The vendor publishes no most; it may give fewer. */
const PAGE_SIZE = '500';
/** Words of RFC 6749 §5.2 for an application that may not have a token. */
const REFUSED = new Set(['invalid_client', 'unauthorized_client']);

const consoles: Readonly<Record<string, Deployment>> = Object.fromEntries(
  ['us', 'eu', 'au', 'gov'].map((region) => {
    const console = `https://app-${region}.cloudcheckr.com`;
    return [console, { console, api: `https://api-${region}.cloudcheckr.com` }];
  }),
);

/** The body is JSON whichever of its names it comes by. */
const asked = (...all: Parameters<typeof ask>) => ({
  ...ask(...all),
  jsonTypes: ['application/json', 'text/json', 'text/plain'],
});

const identify: Exchange<Bearing, Identity> = {
  request: ({ deployment, access }) => asked('GET', `${deployment.api}/auth/v1/token/info`, access),
  response(answer, { access }, now) {
    const said = read(info, answer, now);
    if (!said.ok) return said;
    // Every key may be missing. What the token says stands in for one: the vendor has just taken that very token.
    const claims = claimsOf(access);
    const { userId, clientId, customerId, expiration, roles } = said.value;
    // The console's own client is the same for everybody: a person is looked for first.
    const subject = userId || textClaim(claims, 'sub') || clientId || textClaim(claims, 'client_id');
    const tenant = customerId || textClaim(claims, 'authz_customer_id');
    if (!subject) return notConform('userId');
    if (!tenant) return notConform('customerId');
    const endsAt = expiration ?? timeClaim(claims, 'exp');
    const expiresAt = endsAt === undefined ? undefined : instant(endsAt);
    const labels = { roles: roles ?? [] };
    return ok(present<Identity>({ subject, tenant, labels, expiresAt }));
  },
};

const client: Exchange<{ readonly deployment: Deployment; readonly client?: Values }, Granted> = {
  request: ({ deployment, client: { client_id = '', client_secret = '' } = {} }) =>
    asked(
      'POST',
      `${deployment.api}/auth/connect/token`,
      undefined,
      form({ grant_type: 'client_credentials', client_id, client_secret, scope: 'api' }),
    ),
  response(answer, _, now) {
    const { status } = answer;
    // RFC 6749 §5.2: 400, or 401.
    if ((status === 400 || status === 401) && REFUSED.has(tokenError(answer)?.error ?? ''))
      return failed({ code: 'credentials_refused' });
    // No token was sent that could have been refused: it is of somebody in between, and no word about the application.
    return status === 401 ? failed({ code: 'unexpected_status', status }) : granted(answer, now);
  },
};

/** CloudCheckr CMx: four regions, a token for one customer at a time, exchanged for one for another; no refresh tokens. */
export const cloudcheckr = {
  id: 'cloudcheckr',
  name: 'CloudCheckr',
  consoles: Object.keys(consoles).map((origin) => `${origin}/*`),
  deployment: (page) => consoles[page.origin],
  place: { choices: Object.keys(consoles) },
  // Both hosts of a region answer for its tokens.
  wire: (authorization, to, { api }) =>
    to.origin === api || to.origin === api.replace('//api-', '//auth-') ? bearerIn(authorization) : undefined,

  identify,

  tenantName: {
    request: ({ deployment, access, tenant }) =>
      asked('GET', `${deployment.api}/customer/v1/customers/${segment(tenant)}`, access),
    response(answer, _, now) {
      const said = read(customer, answer, now);
      return said.ok ? ok(said.value.name) : said;
    },
  },

  tenants: {
    request: ({ deployment, access, cursor }) => {
      const query = new URLSearchParams({ $pageSize: PAGE_SIZE, ...(cursor && { $paginationKey: cursor }) });
      return asked('GET', `${deployment.api}/customer/v1/customers?${query.toString()}`, access);
    },
    response(answer, _, now) {
      const page = read(customers, answer, now);
      if (!page.ok) return page;
      const items = page.value.items.map(({ id, name }) => ({ id, name: name || id }));
      return ok(present<TenantPage>({ items, next: page.value.pagination?.nextKey || undefined }));
    },
  },

  move: {
    verb: 'exchange',
    from: 'root',
    to: {
      request: ({ deployment, access, tenant }) =>
        asked('PUT', `${deployment.api}/auth/v1/token/exchange/${segment(tenant)}`, access),
      response: (answer, _, now) =>
        // Not allowed, or not there: one is not told from the other.
        answer.status === 403 || answer.status === 404 ? failed({ code: 'tenant_refused' }) : granted(answer, now),
    },
  },

  // An exchange is a move: that it lengthens anything is nowhere said. A person is never turned into an API client.
  renewal: [{ name: 'request', from: ['own'], spends: false, exchanges: [client] }],

  obtain: {
    client: {
      fields: [
        { name: 'client_id', kind: 'text', longest: 256 },
        { name: 'client_secret', kind: 'secret', longest: 1024 },
      ],
      exchanges: [
        {
          request: ({ deployment, values }) => client.request({ deployment, client: values }),
          response: client.response,
        },
      ],
      keeps: ['client_id', 'client_secret'],
    },
    token: { fields: [{ name: 'token', kind: 'secret' }], takes: 'token' },
  },

  curl: (bearing) => curl(identify.request(bearing)),
} satisfies Vendor;

const text = v.nullish(v.string());
const info = v.object({
  userId: text,
  clientId: text,
  customerId: text,
  expiration: v.nullish(timeField),
  roles: v.nullish(v.array(v.string())),
});
const customer = v.object({ name: v.pipe(v.string(), v.nonEmpty()) });
const customers = v.object({
  items: v.array(v.object({ id: v.pipe(v.string(), v.nonEmpty()), name: text })),
  pagination: v.nullish(v.object({ nextKey: text })),
});
const tokenResponse = v.object({
  access_token: token,
  expires_in: v.optional(v.unknown()),
});
/** Of what was sent only: the model's other words are the vendor's, and could be anything. */
const errorModel = v.object({ error: v.object({ target: v.picklist(['customerId', '$pageSize', '$paginationKey']) }) });

/** A success by its schema; of a refusal, the error model's word for what was wrong with the request, and else its status. */
function read<Schema extends v.GenericSchema>(schema: Schema, answer: HttpResponse, now: Instant) {
  if (answer.status !== 400) return reading(schema, answer, now);
  const said = v.safeParse(errorModel, answer.json);
  return said.success ? failed({ code: 'invalid_input', field: said.output.error.target }) : refusal(answer, now);
}

function granted(answer: HttpResponse, now: Instant): Outcome<Granted> {
  const said = read(tokenResponse, answer, now);
  if (!said.ok) return said;
  const { access_token: access, expires_in } = said.value;
  // Token info says it exactly, and is asked next.
  return ok({ access, token: lifeOf(access, answer, expires_in) });
}

import * as v from 'valibot';
import { type Failed, failed, ok, type Outcome } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import type { Labels } from '../core/state';
import { type Instant, instant } from '../core/time';
import type { Deployment, Exchange, Exchanges, Granted, Renewing, Values, Vendor } from '../core/vendor';
import { conform, notConform, refreshToken, refusal, token } from './answer';
import { ask, form, json } from './ask';
import { claimsOf, textClaim, timeClaim } from './claims';
import { bearerIn, isConfidential, typedAddress } from './hosts';
import { present } from './present';
import { lifeOf, refreshLifeOf, tokenError } from './token-endpoint';

/** `<tenant>.run.ai` and `<alias>.nv.run.ai`; `app.run.ai` is the realms' host and the specification's own server. */
const HOST = /^(?!nv\.)[a-z\d-]+(?:\.nv)?\.run\.ai$/;
/** The name of a tenant, as its host begins. */
const NAME = /^[a-z\d](?:[a-z\d-]*[a-z\d])?$/i;
/** Whose realms are those of every tenant that has none on its own host. */
const SHARED = 'https://app.run.ai';
/** The client that support scripts sign people in with. */
const CLI = 'cli';

const isVendors = (console: URL): boolean =>
  console.protocol === 'https:' && console.port === '' && HOST.test(console.hostname);
/** Console and API share one origin. */
const at = ({ origin }: URL): Deployment => ({ console: origin, api: origin });

/** Run:ai: one realm and one host per tenant, grants in two versions and some older paths, identity in the token itself. */
export const runai = {
  id: 'runai',
  name: 'Run:ai',
  consoles: ['https://*.run.ai/*'],
  deployment: (console) => (isVendors(console) ? at(console) : undefined),
  place: {
    choices: [],
    read(typed) {
      const address = typedAddress(NAME.test(typed.trim()) ? `${typed.trim()}.run.ai` : typed);
      return address && isVendors(address) ? at(address) : undefined;
    },
    selfHosted: (console) => (isConfidential(console) ? at(console) : undefined),
  },

  wire: (authorization, to, deployment) => (to.origin === deployment.api ? bearerIn(authorization) : undefined),

  claims(access, deployment) {
    const claims = claimsOf(access);
    const subject = textClaim(claims, 'sub');
    const tenant = realmOf(textClaim(claims, 'iss'), deployment);
    // Keycloak's own word for what kind of token this is: one to renew with is no bearer.
    if (subject === undefined || tenant === undefined || /^(?:Refresh|Offline)$/.test(textClaim(claims, 'typ') ?? ''))
      return undefined;
    const expiresAt = timeClaim(claims, 'exp');
    const email = textClaim(claims, 'email');
    const person = textClaim(claims, 'name') ?? textClaim(claims, 'preferred_username');
    const client = textClaim(claims, 'azp');
    return {
      subject,
      tenant,
      token: {
        // One that does not say when it was made has no length, only an end.
        issuedAt: instant(timeClaim(claims, 'iat') ?? expiresAt ?? 0),
        ...(expiresAt === undefined ? {} : { expiresAt: instant(expiresAt) }),
      },
      labels: present<Labels>({ roles: [], person, email }),
      ...(client === undefined ? {} : { ids: { client } }),
    };
  },

  renewal: [
    {
      name: 'rotate',
      from: ['own', 'entered'],
      spends: true,
      exchanges: [
        exchange(
          ({ deployment, refresh, ...of }: Renewing) =>
            v2(deployment, { grant_type: 'refresh_token', refresh_token: refresh, client_id: clientOf(of) }),
          { of: 'refresh', client: clientOf },
        ),
        exchange(
          ({ deployment, refresh, ...of }: Renewing) =>
            v1(deployment, { grantType: 'refresh_token', refreshToken: refresh, clientID: clientOf(of) }),
          // What comes next has the token in its address: only where this one is not there at all.
          { of: 'refresh', client: clientOf, isCamel: true, missing: [404] },
        ),
        exchange(
          ({ deployment, refresh }: Renewing) =>
            ask('POST', `${deployment.api}/v1/k8s/auth/oauth/tokens/refresh?${query({ refresh_token: refresh })}`),
          { of: 'refresh', client: clientOf, isCamel: true },
        ),
      ],
    },
    {
      name: 'request',
      from: ['own'],
      spends: false,
      exchanges: application(({ client }: Renewing) => client ?? {}),
    },
  ],

  obtain: {
    application: {
      fields: [
        { name: 'client_id', kind: 'text', longest: 255 },
        { name: 'client_secret', kind: 'secret', longest: 500 },
        { name: 'name', kind: 'text', isOptional: true, longest: 255 },
      ],
      keeps: ['client_id', 'client_secret', 'name'],
      exchanges: application(({ values }: SigningIn) => values),
    },
    password: {
      fields: [
        { name: 'username', kind: 'text', longest: 255 },
        { name: 'password', kind: 'secret', longest: 255 },
      ],
      exchanges: [
        exchange(
          ({ deployment, values: { username, password } }: SigningIn) =>
            v2(deployment, { grant_type: 'password', username, password, client_id: CLI }),
          { of: 'credentials', client: () => CLI },
        ),
        exchange(
          ({ deployment, values: { username, password } }: SigningIn) =>
            v1(deployment, { grantType: 'password', username, password, clientID: CLI }),
          { of: 'credentials', client: () => CLI, isCamel: true },
        ),
      ],
    },
    code: {
      fields: [
        { name: 'code', kind: 'secret', longest: 2048 },
        { name: 'redirect_uri', kind: 'url', longest: 2048 },
        { name: 'client_id', kind: 'text', isOptional: true, longest: 255 },
      ],
      exchanges: [
        exchange(
          ({ deployment, values: { code, redirect_uri, client_id } }: SigningIn) =>
            v2(deployment, { grant_type: 'authorization_code', code, redirect_uri, client_id }),
          { of: 'code', client: typedClient },
        ),
        exchange(
          ({ deployment, values: { code, redirect_uri, client_id } }: SigningIn) =>
            v1(deployment, { grantType: 'exchange_token', code, redirectUri: redirect_uri, clientID: client_id }),
          { of: 'code', client: typedClient, isCamel: true, missing: [404] },
        ),
        exchange(
          ({ deployment, values: { code, redirect_uri } }: SigningIn) =>
            ask('GET', `${deployment.api}/v1/k8s/auth/token/exchange?${query({ redirect_uri, code })}`),
          { of: 'code', client: typedClient, isCamel: true },
        ),
      ],
    },
    external: {
      fields: [{ name: 'external_token', kind: 'secret', longest: 4096 }],
      exchanges: [
        exchange(
          ({ deployment, values: { external_token } }: SigningIn) =>
            v2(deployment, { grant_type: 'external_token_exchange', external_token }),
          { of: 'credentials' },
        ),
        exchange(
          ({ deployment, values: { external_token } }: SigningIn) =>
            v1(deployment, { grantType: 'external_token_exchange', externalToken: external_token }),
          { of: 'credentials', isCamel: true },
        ),
      ],
    },
    token: { fields: [{ name: 'token', kind: 'secret', longest: 8192 }], takes: 'token' },
  },

  curl: ({ deployment, access }) =>
    `curl '${deployment.api}/v1/k8s/auth/me' \\\n  -H 'Accept: application/json' \\\n  -H 'Authorization: Bearer ${access}'`,
} satisfies Vendor;

type SigningIn = { readonly deployment: Deployment; readonly values: Values };
type Fields = Readonly<Record<string, string | undefined>>;

/** The realm a token is from, which is its tenant: one of the deployment's own host, or of the shared ones behind the vendor's. */
function realmOf(issuer: string | undefined, { api }: Deployment): string | undefined {
  const hosts = isVendors(new URL(api)) ? [api, SHARED] : [api];
  const base = hosts.map((one) => `${one}/auth/realms/`).find((one) => issuer?.startsWith(one));
  return base && /^[^/?#\s]+$/.exec(issuer?.slice(base.length) ?? '')?.[0];
}

/** The client a refresh token was made for: no other may present it. */
function clientOf({ ids, access }: Pick<Renewing, 'ids' | 'access'>): string | undefined {
  return ids?.['client'] ?? textClaim(claimsOf(access), 'azp');
}

function typedClient({ values }: SigningIn): string | undefined {
  return values['client_id'];
}

const query = (fields: Fields): string => new URLSearchParams(present<Record<string, string>>(fields)).toString();
const v1 = ({ api }: Deployment, fields: Fields): HttpRequest =>
  ask('POST', `${api}/api/v1/token`, undefined, json(fields));
const v2 = ({ api }: Deployment, fields: Fields): HttpRequest =>
  ask('POST', `${api}/api/v2/token`, undefined, form(present<Record<string, string>>(fields)));

/** How an application signs in, the newest way first. A name is only what the oldest deployments want: they have their own path. */
function application<In extends { readonly deployment: Deployment }>(
  valuesOf: (input: In) => Values,
): Exchanges<In, Granted> {
  const client = (input: In): string | undefined => valuesOf(input)['client_id'];
  const typed = (build: (values: Values, deployment: Deployment) => HttpRequest, how: Omit<How<In>, 'of' | 'client'>) =>
    exchange((input: In) => build(valuesOf(input), input.deployment), { of: 'credentials', client, ...how });
  const named = typed(
    ({ client_id: id, client_secret: secret, name }, { api }) =>
      ask('POST', `${api}/v1/k8s/auth/oauth/apptoken`, undefined, json({ id, name, secret })),
    {},
  );
  const unnamed = typed(
    ({ client_id, client_secret }, deployment) =>
      v1(deployment, { grantType: 'client_credentials', clientID: client_id, clientSecret: client_secret }),
    // Before 2.20 this grant is none, and nothing but the 400 says so.
    { isCamel: true, mayBeUnknown: true },
  );
  const byName = (input: In) => (valuesOf(input)['name'] === undefined ? unnamed : named);
  return [
    typed(
      ({ client_id, client_secret }, deployment) =>
        v2(deployment, { grant_type: 'client_credentials', client_id, client_secret }),
      {},
    ),
    {
      request: (input) => byName(input).request(input),
      response: (answer, input, now) => byName(input).response(answer, input, now),
    },
    typed(
      ({ client_id, client_secret }, deployment) =>
        v1(deployment, { grantType: 'app_token', appID: client_id, appSecret: client_secret }),
      { isCamel: true },
    ),
  ];
}

/** What a grant presents, how its answer is spelt, and what tells that a deployment does not have it. */
type How<In> = {
  readonly of: 'refresh' | 'credentials' | 'code';
  /** The client it is asked for, where the token does not say. */
  readonly client?: (input: In) => string | undefined;
  readonly isCamel?: true;
  /** Statuses of a path that is not there. */
  readonly missing?: readonly number[];
  /** A 400 that names no reason may mean that the grant is not known. */
  readonly mayBeUnknown?: true;
};

function exchange<In extends { readonly deployment: Deployment }>(
  request: (input: In) => HttpRequest,
  how: How<In>,
): Exchange<In, Granted> {
  return {
    request,
    response: (answer, input, now) =>
      answer.status >= 200 && answer.status < 300
        ? granted(answer, input.deployment, how.client?.(input), how.isCamel ? 'accessToken' : 'access_token')
        : refused(answer, how, now),
  };
}

const text = v.nullish(v.string());
/** Used where there is no other: one of another type is no reason to lose that other. */
const spare = v.fallback(text, undefined);
const anything = v.optional(v.unknown());
// Either spelling, whichever version answered; Go writes what is not there as an empty text.
const tokens = v.object({
  accessToken: text,
  access_token: text,
  idToken: spare,
  id_token: spare,
  refreshToken,
  refresh_token: refreshToken,
  expiresIn: anything,
  expires_in: anything,
});

function granted(
  answer: HttpResponse,
  deployment: Deployment,
  asked: string | undefined,
  name: string,
): Outcome<Granted> {
  const document = conform(tokens, answer.json);
  if (!document.ok) return document;
  const said = document.value;
  // All are optional in the older schema, and the API takes an ID token as well.
  const access = said.accessToken || said.access_token || said.idToken || said.id_token || '';
  if (!v.is(token, access)) return notConform(name);
  const refresh = said.refreshToken || said.refresh_token;
  const claims = runai.claims(access, deployment);
  const client = textClaim(claimsOf(access), 'azp') ?? asked;
  return ok({
    access,
    token: lifeOf(access, answer, said.expiresIn, said.expires_in),
    ...(refresh ? { refresh, refreshLife: refreshLifeOf(refresh, answer) } : {}),
    ...(claims && { subject: claims.subject, tenant: claims.tenant }),
    ...(client === undefined ? {} : { ids: { client } }),
  });
}

const problem = v.object({ message: v.string(), details: v.fallback(v.optional(v.string()), undefined) });
/** Keycloak's and OAuth's words for a client that is not let in. */
const BAD_CLIENT = /\b(?:invalid|unauthorized)_client\b/;
/** OAuth's word for a grant that is not known, and the older endpoints'. */
const UNKNOWN_GRANT = /^unsupported[_ ]grant/i;

/** What a refusal means. Both forms are read wherever they come: the older endpoints pass the realm's words on in their own. */
function refused(answer: HttpResponse, { of, missing = [404, 405], mayBeUnknown }: How<never>, now: Instant): Failed {
  const { status } = answer;
  if (missing.includes(status)) return failed({ code: 'not_offered' });
  if (status >= 500 || status === 429) return refusal(answer, now);
  const told = v.safeParse(problem, answer.json);
  const oauth = tokenError(answer)?.error;
  const words = oauth ?? (told.success ? `${told.output.message} ${told.output.details ?? ''}` : undefined);
  const code = ({ refresh: 'grant_dead', credentials: 'credentials_refused', code: 'code_used' } as const)[of];
  // Nothing was sent that a 401 could be about but what is in the body: without the vendor's own words it is somebody else's.
  if (words === undefined && !(mayBeUnknown && status === 400)) return failed({ code: 'unexpected_status', status });
  if (words !== undefined) {
    if (/\binvalid_grant\b/.test(words) || (of === 'code' && /already used/i.test(words))) return failed({ code });
    if (BAD_CLIENT.test(words)) return failed({ code: of === 'refresh' ? code : 'credentials_refused' });
    // The next way is another path's, or would carry the secret in its address: that one only where this path is not there at all.
    if (UNKNOWN_GRANT.test(words))
      return failed(missing.includes(405) ? { code: 'not_offered' } : { code: 'unexpected_status', status });
    if (oauth === 'server_error' || oauth === 'temporarily_unavailable') return failed({ code: 'vendor_down', status });
    if (oauth === 'invalid_request' || words.startsWith('Required parameter')) return failed({ code: 'invalid_input' });
    if (oauth !== undefined || (status !== 400 && status !== 401))
      return status === 403 ? failed({ code: 'forbidden' }) : failed({ code: 'unexpected_status', status });
  }
  if (mayBeUnknown && status === 400) return failed({ code: 'not_offered' });
  // Words nobody knows end no refresh token: presented again, it is refused again, and nothing is lost by that.
  if (of === 'refresh' && status === 400) return failed({ code: 'unexpected_status', status });
  return failed({ code: of === 'code' ? 'credentials_refused' : code });
}

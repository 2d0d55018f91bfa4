import * as v from 'valibot';
import { type Failed, failed, ok, type Outcome } from '../core/failure';
import type { HttpResponse } from '../core/http';
import type { Ids, Labels } from '../core/state';
import { type Instant, instant } from '../core/time';
import type {
  Deployment,
  Granted,
  Identity,
  TokenPage,
  TokenRecord,
  TokenWanted,
  TenantPage,
  Vendor,
} from '../core/vendor';
import { conform, refreshToken, refusal, token } from './answer';
import { ask, json, segment } from './ask';
import { claimsOf, textClaim, timeClaim } from './claims';
import { bearerIn, typedAddress } from './hosts';
import { present } from './present';
import { lifeOf, refreshLifeOf } from './token-endpoint';
import { when } from './when';

/** One for all consoles. */
const API = 'https://api.agilicus.com';
/** The consoles' hosts: the vendor's or a customer's own domain behind one of two names. */
const CONSOLE = /^(?:admin|profile)\.(?=[^.]+\..)/;
/** What the vendor gives at once where it does not say. */
const LIMIT = 100;

/** Agilicus: one API, consoles on anybody's domain, identity by introspection, other organisations by reissue: same end, never a renewal. */
export const agilicus = {
  id: 'agilicus',
  name: 'Agilicus',
  // They stand beside customers' own applications: each is asked for.
  consoles: [],
  deployment: () => undefined,
  mayBe: isConsole,
  place: {
    choices: [],
    read(typed) {
      const [, host, domain = ''] = /^(?:(admin|profile|auth)\.)?(.+)$/.exec(typedAddress(typed)?.hostname ?? '') ?? [];
      const console = typedAddress(`${host === 'profile' ? host : 'admin'}.${domain}`);
      return console && isConsole(console) ? at(console) : undefined;
    },
    selfHosted: (console) => (isConsole(console) ? at(console) : undefined),
  },

  wire: (authorization, to, { api }) => (to.origin === api ? bearerIn(authorization) : undefined),

  // Asked without an Authorization header, as are reissue, revoke and validate: the token is what the question is about.
  identify: {
    request: ({ deployment, access }) =>
      ask(
        'POST',
        `${deployment.api}/v1/tokens/introspect`,
        undefined,
        json({ token: access, introspect_options: { exclude_roles: false } }),
      ),
    response: (answer, { access }, now) => {
      if (answer.status === 200) return identity(answer.json, access);
      // Nothing but the token is in the question: a refusal in the vendor's own form is of that.
      const isOfToken = (answer.status === 400 || answer.status === 404) && v.is(errorMessage, answer.json);
      return isOfToken ? failed({ code: 'unauthorized' }) : refused(answer, now);
    },
  },

  // Introspection names the organisation by its id, which nobody can read.
  tenantName: {
    request: ({ deployment, access, tenant }) => ask('GET', `${deployment.api}/v1/orgs/${segment(tenant)}`, access),
    response(answer, { tenant }, now) {
      if (answer.status !== 200) return refused(answer, now);
      const found = conform(org, answer.json);
      return found.ok ? ok(found.value.organisation || tenant) : found;
    },
  },

  tenants: {
    // Without `/v1`, as the vendor has it.
    request: ({ deployment, access, subject, cursor }) =>
      ask(
        'GET',
        `${deployment.api}/users/${segment(subject)}/orgs?${query({ enabled: true, page_at_id: cursor })}`,
        access,
      ),
    response: (answer, { cursor }, now) => (answer.status === 200 ? orgs(answer.json, cursor) : refused(answer, now)),
  },

  move: {
    verb: 'reissue',
    from: 'root',
    to: {
      request: ({ deployment, access, tenant }) =>
        ask('POST', `${deployment.api}/v1/tokens/reissue`, undefined, json({ token: access, org_id: tenant })),
      response(answer, { tenant }, now) {
        if (answer.status === 400 || answer.status === 403) return failed({ code: 'tenant_refused' });
        const moved = granted(answer, now);
        const isElsewhere = moved.ok && moved.value.tenant !== undefined && moved.value.tenant !== tenant;
        return isElsewhere ? failed({ code: 'identity_changed' }) : moved;
      },
    },
  },

  renewal: [
    {
      // Only for tokens made with a refresh token of their own. Whether it is used up is not known.
      name: 'rotate',
      from: ['own'],
      spends: true,
      exchanges: [
        {
          request: ({ deployment, access, refresh }) =>
            ask('POST', `${deployment.api}/v1/tokens/refresh`, access, json({ token: refresh })),
          response: (answer, _, now) => granted(answer, now),
        },
      ],
    },
  ],

  obtain: { token: { fields: [{ name: 'token', kind: 'secret', longest: 8192 }], takes: 'token' } },

  revoke: {
    request: ({ deployment, access, allSessions }) =>
      ask('POST', `${deployment.api}/v1/tokens/revoke`, undefined, json({ token: access, all_sessions: allSessions })),
    response: (answer, _, now) => done(answer, now, [204, 200]),
  },

  endSession: {
    request: ({ deployment, access, of: { subject, tenant, session } }) =>
      ask(
        'POST',
        `${deployment.api}/v1/tokens/bulk_revoke`,
        access,
        json({ user_id: subject, org_id: tenant, session_id: session }),
      ),
    response: (answer, _, now) => done(answer, now, [200, 204]),
  },

  create: {
    request: ({ deployment, access, wanted }) =>
      ask('POST', `${deployment.api}/v1/tokens`, access, json(asked(wanted))),
    response: (answer, _, now) => (answer.status === 400 ? failed({ code: 'invalid_input' }) : granted(answer, now)),
  },

  validate: {
    request: ({ deployment, wanted }) =>
      ask('POST', `${deployment.api}/v1/tokens/validations`, undefined, json(asked(wanted))),
    response: (answer, _, now) =>
      answer.status === 400 ? failed({ code: 'invalid_input' }) : done(answer, now, [200]),
  },

  list: {
    request: ({ deployment, access, filter }) => {
      const wanted = query({
        limit: filter.limit,
        sub: filter.subject,
        exp_from: filter.expFrom,
        exp_to: filter.expTo,
        iat_from: filter.iatFrom,
        iat_to: filter.iatTo,
        jti: filter.jti,
        org: filter.tenant,
        revoked: filter.isRevoked,
        session: filter.session,
        scopes: filter.scopes,
      });
      return ask('GET', `${deployment.api}/v1/tokens${wanted === '' ? '' : `?${wanted}`}`, access);
    },
    response: (answer, { filter }, now) => {
      if (answer.status === 400) return failed({ code: 'invalid_input' });
      return answer.status === 200 ? page(answer.json, filter.limit) : refused(answer, now);
    },
  },

  curl: ({ deployment, access }) =>
    `curl '${deployment.api}/v1/orgs?enabled=true' \\\n  -H 'Accept: application/json' \\\n  -H 'Authorization: Bearer ${access}'`,
} satisfies Vendor;

function isConsole(console: URL): boolean {
  return console.protocol === 'https:' && console.port === '' && CONSOLE.test(console.hostname);
}

function at({ origin }: URL): Deployment {
  return { console: origin, api: API };
}

/** Who signs the tokens of a console. For telling them from others on a page: what a token says of itself is no verdict. */
export function agilicusIssuer(console: URL): string | undefined {
  return isConsole(console) ? `https://auth.${console.hostname.replace(CONSOLE, '')}` : undefined;
}

/** A query of what is there; a list repeats its name. */
function query(fields: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>): string {
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(parts).toString();
}

const errorMessage = v.union([v.object({ error_code: v.string() }), v.object({ error_message: v.string() })]);

/** A revoked token is told by 410, wherever it is shown. All else means what it means everywhere. */
const refused = (answer: HttpResponse, now: Instant): Failed =>
  answer.status === 410 ? failed({ code: 'revoked' }) : refusal(answer, now);

/** No body is declared for what is done: but a page is somebody's in between, and the vendor has heard nothing. */
const done = (answer: HttpResponse, now: Instant, statuses: readonly number[]): Outcome<void> => {
  if (!statuses.includes(answer.status)) return refused(answer, now);
  const isPage = answer.headers['content-type']?.startsWith('text/html');
  return isPage ? failed({ code: 'response_not_conform', path: '' }) : ok(undefined);
};

const name = v.fallback(v.nullish(v.string()), undefined);
const id = v.pipe(v.string(), v.nonEmpty());
const text = v.nullish(v.string());
const texts = v.nullish(v.array(v.string()));
// Numbers in tokens, text of no stated form elsewhere: what cannot be read as a time is not known.
const time = v.nullish(
  v.pipe(
    v.union([v.number(), v.string()]),
    v.transform((value) => when(value)),
  ),
);
const roles = v.nullish(v.record(v.string(), v.nullish(v.array(v.string()))));
/** A token as the vendor tells of it. Every key is optional in its schema. */
const told = {
  sub_email: name,
  session: text,
  roles,
  iat: time,
  exp: time,
};

const introspected = v.object({
  ...told,
  sub: id,
  org: id,
  jti: text,
  root_org: text,
  user: v.fallback(v.nullish(v.object({ first_name: name, last_name: name })), undefined),
});

function identity(answer: unknown, access: string): Outcome<Identity> {
  const document = conform(introspected, answer);
  if (!document.ok) return document;
  const { sub, org, user, ...said } = document.value;
  const claims = claimsOf(access);
  const person = [user?.first_name, user?.last_name].filter(Boolean).join(' ');
  return ok(
    present<Identity>({
      subject: sub,
      tenant: org,
      labels: present<Labels>({
        person: person || undefined,
        email: said.sub_email || undefined,
        // Of `urn:api:agilicus:users`, only the end tells one application from another.
        roles: Object.entries(said.roles ?? {}).flatMap(([app, own]) =>
          (own ?? []).map((role) => `${app.slice(app.lastIndexOf(':') + 1)}: ${role}`),
        ),
      }),
      issuedAt: said.iat ?? claimed(claims, 'iat'),
      expiresAt: said.exp ?? claimed(claims, 'exp'),
      ids: present<Ids>({ session: said.session, jti: said.jti, root_org: said.root_org }),
    }),
  );
}

/** The same moments as the token itself has them: numbers. */
function claimed(claims: ReturnType<typeof claimsOf>, claim: 'iat' | 'exp'): Instant | undefined {
  const ms = timeClaim(claims, claim);
  return ms === undefined ? undefined : instant(ms);
}

const org = v.object({ id, organisation: text });
const orgList = v.object({ orgs: v.nullish(v.array(org)), page_at_id: text });

/** Early releases answer with the bare list. */
function orgs(answer: unknown, cursor: string | undefined): Outcome<TenantPage> {
  const list = conform(orgList, Array.isArray(answer) ? { orgs: answer } : answer);
  if (!list.ok) return list;
  const { orgs: found, page_at_id: next } = list.value;
  const items = (found ?? []).map((one) => ({ id: one.id, name: one.organisation || one.id }));
  // Where to go on is told behind the last page, too.
  return ok({ items, ...(next && next !== cursor && items.length > 0 ? { next } : {}) });
}

// What stands beside the tokens is no reason to lose them.
const raw = v.object({ token, refresh_token: refreshToken, session: name });

/** A token just made. The first releases answer with nothing but the token. */
function granted(answer: HttpResponse, now: Instant): Outcome<Granted> {
  if (answer.status !== 200 && answer.status !== 201) return refused(answer, now);
  const document = conform(raw, answer.json);
  if (!document.ok) return document;
  const { token: access, refresh_token: refresh, session } = document.value;
  const claims = claimsOf(access);
  return ok({
    ...present<Granted>({
      access,
      token: lifeOf(access, answer),
      subject: textClaim(claims, 'sub'),
      tenant: textClaim(claims, 'org'),
      ids: session ? { session } : undefined,
    }),
    ...(refresh ? { refresh, refreshLife: refreshLifeOf(refresh, answer) } : {}),
  });
}

/** A request to make a token, by the vendor's names: not those that the tokens themselves use. */
const asked = (wanted: TokenWanted): unknown => ({
  sub: wanted.subject,
  org: wanted.tenant,
  audiences: wanted.audiences,
  time_validity: { duration: wanted.durationS },
  roles: wanted.roles,
  scopes: wanted.scopes,
  session: wanted.session,
  inherit_session: wanted.inheritSession,
  create_refresh_token: wanted.createRefreshToken,
});

const flag = v.nullish(v.boolean());
const listed = v.object({
  limit: v.nullish(v.pipe(v.number(), v.safeInteger())),
  tokens: v.nullish(
    v.array(
      v.object({
        ...told,
        jti: id,
        sub: text,
        org: text,
        aud: texts,
        scopes: texts,
        revoked: flag,
        masquerading: flag,
      }),
    ),
  ),
});

function page(answer: unknown, wanted: number | undefined): Outcome<TokenPage> {
  const document = conform(listed, answer);
  if (!document.ok) return document;
  const { limit, tokens } = document.value;
  return ok({
    limit: limit ?? wanted ?? LIMIT,
    items: (tokens ?? []).map((one) =>
      present<TokenRecord>({
        jti: one.jti,
        subject: one.sub,
        email: one.sub_email,
        tenant: one.org,
        session: one.session,
        issuedAt: one.iat,
        expiresAt: one.exp,
        isRevoked: one.revoked,
        isMasquerading: one.masquerading,
        audiences: one.aud ?? [],
        scopes: one.scopes ?? [],
        roles: Object.fromEntries(Object.entries(one.roles ?? {}).map(([app, own]) => [app, own ?? []])),
      }),
    ),
  });
}

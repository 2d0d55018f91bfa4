import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import { instant, MINUTE, SECOND } from '../core/time';
import type { Deployment, Exchange, TokenFilter, TokenWanted } from '../core/vendor';
import { oddAnswers, oddTokens, unholdable, unsigned } from '../testing/odd-answers';
import { agilicus, agilicusIssuer } from './agilicus';
import answers from './fixtures/agilicus-answers.json';
import { deploymentAt, vendorOf } from './index';

const STARTED = instant(Date.UTC(2026, 0, 15, 9));
const NOW = instant(STARTED + 800);
const { sub: PERSON, org: NORTHWIND, session: SESSION } = answers.introspected;
const LOGISTICS = '7gM3KKjV4DzA66pyCWOQ5E';
const deployment: Deployment = { console: 'https://admin.northwind.agilicus.cloud', api: 'https://api.agilicus.com' };
const claims = { sub: PERSON, org: NORTHWIND, jti: 'j', iat: STARTED / 1000, exp: STARTED / 1000 + 3600, aud: ['a'] };
const access = unsigned(claims);
const refresh = 'canary-refresh-1';
const placed = { deployment, access, subject: PERSON, tenant: NORTHWIND };
const wanted: TokenWanted = {
  subject: PERSON,
  tenant: NORTHWIND,
  audiences: ['urn:api:agilicus:gateway'],
  durationS: 3600,
  roles: { stores: 'viewer' },
  scopes: ['urn:agilicus:users?'],
  session: SESSION,
  inheritSession: false,
  createRefreshToken: true,
};

const answered = (status: number, json?: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  json,
  headers,
  startedAt: STARTED,
});

function asking<In>(exchange: Exchange<In, unknown> | undefined, input: In) {
  if (!exchange) throw new Error('the vendor does not offer it');
  return {
    request: (): HttpRequest => exchange.request(input),
    read: (answer: HttpResponse) => exchange.response(answer, input, NOW),
  };
}

const exchanges = {
  identify: asking(agilicus.identify, { deployment, access }),
  tenantName: asking(agilicus.tenantName, placed),
  tenants: asking(agilicus.tenants, placed),
  move: asking(agilicus.move.to, { ...placed, tenant: LOGISTICS }),
  rotate: asking(agilicus.renewal[0]?.exchanges[0], { ...placed, refresh }),
  revoke: asking(agilicus.revoke, { ...placed, allSessions: true }),
  endSession: asking(agilicus.endSession, {
    ...placed,
    of: { subject: PERSON, tenant: NORTHWIND, session: SESSION },
  }),
  create: asking(agilicus.create, { ...placed, wanted }),
  validate: asking(agilicus.validate, { ...placed, wanted }),
  list: asking(agilicus.list, { ...placed, filter: { limit: 2 } }),
};
type Name = keyof typeof exchanges;
const all = Object.keys(exchanges) as Name[];
const but = (...names: Name[]): Name[] => all.filter((one) => !names.includes(one));
const granting: Name[] = ['move', 'rotate', 'create'];

describe("Agilicus's consoles", () => {
  it('are nowhere by themselves: each is asked for', () => {
    expect(agilicus.consoles).toEqual([]);
    expect(deploymentAt('https://admin.northwind.agilicus.cloud/')).toBeUndefined();
    expect(vendorOf('agilicus')).toBe(agilicus);
  });

  it.each(['https://admin.northwind.agilicus.cloud/x', 'https://profile.cloud.contoso.example/'])(
    'may be at %s',
    (address) => {
      const { origin } = new URL(address);

      expect(agilicus.mayBe(new URL(address))).toBe(true);
      expect(agilicus.place.selfHosted(new URL(address))).toEqual({ console: origin, api: 'https://api.agilicus.com' });
    },
  );

  it.each([
    'http://admin.northwind.agilicus.cloud/',
    'https://admin.northwind.agilicus.cloud:8443/',
    'https://auth.northwind.agilicus.cloud/',
    'https://northwind.agilicus.cloud/',
    'https://admin.localhost/',
    'https://admin/',
    'https://myadmin.contoso.example/',
  ])('are not at %s', (address) => {
    expect(agilicus.mayBe(new URL(address))).toBe(false);
    expect(agilicus.place.selfHosted(new URL(address))).toBeUndefined();
  });

  it.each([
    ['northwind.agilicus.cloud', 'https://admin.northwind.agilicus.cloud'],
    ['admin.cloud.contoso.example', 'https://admin.cloud.contoso.example'],
    [' https://profile.cloud.contoso.example/me?x ', 'https://profile.cloud.contoso.example'],
    ['https://auth.cloud.contoso.example', 'https://admin.cloud.contoso.example'],
    ['contoso', undefined],
    ['10.0.0.1', undefined],
    ['', undefined],
    ['a b.example', undefined],
  ])('are found by %j as %s', (typed, console) => {
    expect(agilicus.place.read(typed)).toEqual(console && { console, api: 'https://api.agilicus.com' });
  });

  it('have their tokens from the issuer of their own domain', () => {
    expect(agilicusIssuer(new URL('https://profile.cloud.contoso.example/x'))).toBe(
      'https://auth.cloud.contoso.example',
    );
    expect(agilicusIssuer(new URL('https://contoso.example'))).toBeUndefined();
  });

  it('show their token to the one API, and Fob reads it there only', () => {
    const at = (address: string) => agilicus.wire(`Bearer ${access}`, new URL(address), deployment);

    expect(at('https://api.agilicus.com/v1/orgs')).toBe(access);
    expect(at('https://admin.northwind.agilicus.cloud/')).toBeUndefined();
    expect(at('https://api.agilicus.com.evil.example/')).toBeUndefined();
  });

  it('say nothing of a token by itself', () => {
    expect(agilicus).not.toHaveProperty('claims');
  });
});

describe('a request to Agilicus', () => {
  const order = {
    sub: PERSON,
    org: NORTHWIND,
    audiences: ['urn:api:agilicus:gateway'],
    time_validity: { duration: 3600 },
    roles: { stores: 'viewer' },
    scopes: ['urn:agilicus:users?'],
    session: SESSION,
    inherit_session: false,
    create_refresh_token: true,
  };
  type Wanted = { method: string; path: string; isOpen?: true; body?: unknown };
  const contract: Record<Name, Wanted> = {
    identify: {
      method: 'POST',
      path: '/v1/tokens/introspect',
      isOpen: true,
      body: { token: access, introspect_options: { exclude_roles: false } },
    },
    tenantName: { method: 'GET', path: `/v1/orgs/${NORTHWIND}` },
    tenants: { method: 'GET', path: `/users/${PERSON}/orgs?enabled=true` },
    move: {
      method: 'POST',
      path: '/v1/tokens/reissue',
      isOpen: true,
      body: { token: access, org_id: LOGISTICS },
    },
    rotate: { method: 'POST', path: '/v1/tokens/refresh', body: { token: refresh } },
    revoke: {
      method: 'POST',
      path: '/v1/tokens/revoke',
      isOpen: true,
      body: { token: access, all_sessions: true },
    },
    endSession: {
      method: 'POST',
      path: '/v1/tokens/bulk_revoke',
      body: { user_id: PERSON, org_id: NORTHWIND, session_id: SESSION },
    },
    create: { method: 'POST', path: '/v1/tokens', body: order },
    validate: { method: 'POST', path: '/v1/tokens/validations', isOpen: true, body: order },
    list: { method: 'GET', path: '/v1/tokens?limit=2' },
  };

  it.each(all)('%s is the one of the contract', (name) => {
    const { method, path, isOpen, body } = contract[name];

    const { body: sent, ...request } = exchanges[name].request();

    expect(request).toEqual({
      method,
      url: `https://api.agilicus.com${path}`,
      headers: {
        accept: 'application/json',
        ...(isOpen ? {} : { authorization: `Bearer ${access}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      jsonTypes: ['application/json'],
    });
    expect(sent === undefined ? undefined : (JSON.parse(sent) as unknown)).toEqual(body);
  });

  it.each(all)('%s has no secret in its address', (name) => {
    for (const secret of [access, refresh]) expect(exchanges[name].request().url).not.toContain(secret);
  });

  it('to make a token, or to end a sign-in, leaves out what is not wanted', () => {
    const { subject, tenant, audiences, durationS } = wanted;
    const least = { subject, tenant, audiences, durationS };
    const body = (request: HttpRequest): unknown => JSON.parse(request.body ?? '');

    expect(body(agilicus.create.request({ ...placed, wanted: least }))).toEqual({
      sub: PERSON,
      org: NORTHWIND,
      audiences,
      time_validity: { duration: 3600 },
    });
    expect(body(agilicus.endSession.request({ ...placed, of: { subject } }))).toEqual({ user_id: PERSON });
  });

  it('for more organisations says where to go on, and a person is one part of the path', () => {
    const of = { ...placed, subject: 'a/../b?c', cursor: 'x&y' };

    expect(agilicus.tenants.request(of).url).toBe(
      'https://api.agilicus.com/users/a%2F..%2Fb%3Fc/orgs?enabled=true&page_at_id=x%26y',
    );
  });

  it('for a list carries every filter of the contract', () => {
    const filter: Required<TokenFilter> = {
      limit: 50,
      subject: 's',
      tenant: 'o',
      jti: 'j',
      session: 'e',
      isRevoked: false,
      expFrom: '2026-01-15T09:00:00.000Z',
      expTo: 'b',
      iatFrom: 'c',
      iatTo: 'd',
      scopes: ['urn:a:%', 'urn:b'],
    };

    const { searchParams } = new URL(agilicus.list.request({ ...placed, filter }).url);

    expect([...searchParams]).toEqual([
      ['limit', '50'],
      ['sub', 's'],
      ['exp_from', '2026-01-15T09:00:00.000Z'],
      ['exp_to', 'b'],
      ['iat_from', 'c'],
      ['iat_to', 'd'],
      ['jti', 'j'],
      ['org', 'o'],
      ['revoked', 'false'],
      ['session', 'e'],
      ['scopes', 'urn:a:%'],
      ['scopes', 'urn:b'],
    ]);
    expect(agilicus.list.request({ ...placed, filter: {} }).url).toBe('https://api.agilicus.com/v1/tokens');
  });
});

describe('a refusal of Agilicus', () => {
  type Row = [what: string, names: Name[], status: number, json: unknown, failure: Failure];
  const { error } = answers;
  const odd = (status: number): Failure => ({ code: 'unexpected_status', status });
  const gone: Failure = { code: 'not_offered' };
  const input: Name[] = ['create', 'validate', 'list'];
  const table: Row[] = [
    ['a revoked token', all, 410, undefined, { code: 'revoked' }],
    ['a dead token', all, 401, error, { code: 'unauthorized' }],
    ['a dead token', all, 401, undefined, { code: 'unauthorized' }],
    ['a question about what is no token', ['identify'], 400, error, { code: 'unauthorized' }],
    ['a question about what is no token', ['identify'], 404, error, { code: 'unauthorized' }],
    ['a 400 of somebody in between', ['identify'], 400, undefined, odd(400)],
    ['a 404 of somebody in between', ['identify'], 404, undefined, gone],
    ['an organisation one may not be in', ['move'], 400, error, { code: 'tenant_refused' }],
    ['an organisation one may not be in', ['move'], 400, undefined, { code: 'tenant_refused' }],
    ['an organisation one may not be in', ['move'], 403, error, { code: 'tenant_refused' }],
    ['no right', but('move'), 403, error, { code: 'forbidden' }],
    ['an order that is none', input, 400, error, { code: 'invalid_input' }],
    ['a 400 that the contract does not have', but('identify', 'move', ...input), 400, error, odd(400)],
    ['an operation of later releases', but('identify'), 404, error, gone],
    ['the wrong method', all, 405, undefined, gone],
    ['a 409', all, 409, error, odd(409)],
    ['a 302', all, 302, undefined, odd(302)],
    ['throttling', all, 429, undefined, { code: 'rate_limited', retryAt: instant(NOW + MINUTE) }],
    ['a 500', all, 500, error, { code: 'vendor_down', status: 500 }],
    ['a 503', all, 503, undefined, { code: 'vendor_down', status: 503 }],
    ['a success of another kind', all, 202, undefined, { code: 'response_not_conform', path: '' }],
  ];
  const cases = table.flatMap(([what, names, status, json, failure]) =>
    names.map((name) => ({ name, what, status, json, failure })),
  );

  it.each(cases)('to $name with $status, $what, is $failure.code', ({ name, status, json, failure }) => {
    expect(exchanges[name].read(answered(status, json))).toEqual({ ok: false, failure });
  });

  it('says when to come back, where the vendor says so', () => {
    expect(exchanges.rotate.read(answered(503, undefined, { 'retry-after': '30' }))).toEqual({
      ok: false,
      failure: { code: 'vendor_down', status: 503, retryAt: NOW + 30 * SECOND },
    });
  });
});

describe('what introspection says', () => {
  const read = (json: unknown) => exchanges.identify.read(answered(200, json));
  const whole = answers.introspected;

  it('is the person, the organisation, the roles there, and when the token ends', () => {
    expect(read(whole)).toEqual({
      ok: true,
      value: {
        subject: PERSON,
        tenant: NORTHWIND,
        labels: {
          person: 'Ana Ruiz',
          email: 'ana.ruiz@northwind.example',
          roles: ['users: owner', 'users: viewer', 'stores: admin'],
        },
        issuedAt: STARTED,
        expiresAt: STARTED + 60 * MINUTE,
        ids: { session: SESSION, jti: whole.jti, root_org: NORTHWIND },
      },
    });
  });

  it.each([
    ['seconds', 1768471200],
    ['seconds as text', '1768471200'],
    ['ISO 8601', '2026-01-15T10:00:00+00:00'],
    ["Python's way", '2026-01-15 10:00:00.000000+00:00'],
    ['no offset, which is UTC', '2026-01-15T10:00:00'],
  ])('gives the end in %s', (_, exp) => {
    expect(read({ ...whole, exp })).toMatchObject({ value: { expiresAt: STARTED + 60 * MINUTE } });
  });

  it.each([undefined, null, 'tomorrow', ''])('leaves it to the token where the end is %j', (exp) => {
    const opaque = asking(agilicus.identify, { deployment, access: 'opaque' });

    expect(read({ ...whole, exp, iat: exp })).toMatchObject({
      value: { issuedAt: STARTED, expiresAt: STARTED + 60 * MINUTE },
    });
    expect(opaque.read(answered(200, { ...whole, exp }))).not.toHaveProperty('value.expiresAt');
  });

  it('needs no more than who and where', () => {
    const opaque = asking(agilicus.identify, { deployment, access: 'opaque' });

    expect(opaque.read(answered(200, { sub: PERSON, org: NORTHWIND, jti: null, user: null, roles: null }))).toEqual({
      ok: true,
      value: { subject: PERSON, tenant: NORTHWIND, labels: { roles: [] }, ids: {} },
    });
  });

  it('takes a name of another type for none', () => {
    const odd = { ...whole, user: { first_name: 7, last_name: 'Ruiz' }, sub_email: {} };

    expect(read(odd)).toMatchObject({ ok: true, value: { labels: { person: 'Ruiz' } } });
    expect(read(odd)).not.toHaveProperty('value.labels.email');
  });

  it.each([
    ['no JSON', undefined, ''],
    ['no person', { ...whole, sub: undefined }, 'sub'],
    ['a numeric person', { ...whole, sub: 7 }, 'sub'],
    ['an empty person', { ...whole, sub: '' }, 'sub'],
    ['no organisation', { ...whole, org: undefined }, 'org'],
    ['an organisation that is null', { ...whole, org: null }, 'org'],
    ['a numeric session', { ...whole, session: 7 }, 'session'],
    ['a list for an end', { ...whole, exp: [] }, 'exp'],
    ['text for roles', { ...whole, roles: 'owner' }, 'roles'],
    ['text for the roles of one application', { ...whole, roles: { stores: 'owner' } }, 'roles.stores'],
  ])('with %s does not conform, and the field is named', (_, json, path) => {
    expect(read(json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path } });
  });
});

it.each(['revoke', 'endSession', 'validate'] as const)('a page is no answer to %s', (name) => {
  expect(exchanges[name].read(answered(200, undefined, { 'content-type': 'text/html; charset=utf-8' }))).toEqual({
    ok: false,
    failure: { code: 'response_not_conform', path: '' },
  });
});

describe('the organisations', () => {
  const read = (json: unknown, cursor?: string) =>
    asking(agilicus.tenants, { ...placed, ...(cursor === undefined ? {} : { cursor }) }).read(answered(200, json));
  const items = [
    { id: NORTHWIND, name: 'Northwind Retail' },
    { id: LOGISTICS, name: 'Northwind Logistics' },
  ];

  it('are read with where to go on', () => {
    expect(read(answers.orgs)).toEqual({ ok: true, value: { items, next: LOGISTICS } });
  });

  it('are read from the bare list of early releases', () => {
    expect(read(answers.orgs.orgs)).toEqual({ ok: true, value: { items } });
  });

  it.each([
    ['nothing says that there are more', { ...answers.orgs, page_at_id: null }, undefined],
    ['the place to go on is empty', { ...answers.orgs, page_at_id: '' }, undefined],
    ['the place to go on is where this page began', answers.orgs, LOGISTICS],
    ['the page is empty', { limit: 500, orgs: [], page_at_id: 'z' }, undefined],
    ['there is no list', { limit: 500 }, undefined],
  ])('end where %s', (_, json, cursor) => {
    expect(read(json, cursor)).toMatchObject({ ok: true });
    expect(read(json, cursor)).not.toHaveProperty('value.next');
  });

  it.each([
    ['Northwind Retail', { id: NORTHWIND, organisation: 'Northwind Retail' }],
    [NORTHWIND, { id: NORTHWIND, organisation: null }],
  ])('one by one is called %s', (name, json) => {
    expect(exchanges.tenantName.read(answered(200, json))).toEqual({ ok: true, value: name });
  });

  it('without a name are called by their id', () => {
    expect(read([{ id: NORTHWIND }])).toEqual({ ok: true, value: { items: [{ id: NORTHWIND, name: NORTHWIND }] } });
  });

  it.each([
    ['no JSON', undefined, ''],
    ['a text for a list', { orgs: 'x' }, 'orgs'],
    ['one without an id', { orgs: [{ organisation: 'x' }] }, 'orgs.0.id'],
    ['a numeric name', { orgs: [answers.orgs.orgs[0], { id: 'x', organisation: 7 }] }, 'orgs.1.organisation'],
    ['a bare list with a text in it', ['x'], 'orgs.0'],
    ['a numeric place to go on', { ...answers.orgs, page_at_id: 7 }, 'page_at_id'],
  ])('with %s do not conform, and the field is named', (_, json, path) => {
    expect(read(json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path } });
  });
});

describe('a token made', () => {
  const there = unsigned({ ...claims, org: LOGISTICS });

  it.each(granting)('by %s is read, with 200 and 201', (name) => {
    for (const status of [200, 201]) {
      expect(exchanges[name].read(answered(status, answers.raw))).toEqual({
        ok: true,
        value: {
          access: 'canary-access-2',
          refresh: 'canary-refresh-2',
          token: { issuedAt: STARTED, expiresAt: STARTED + 5 * MINUTE },
          refreshLife: { issuedAt: STARTED },
          ids: { session: SESSION },
        },
      });
    }
  });

  it('by the first releases is all there is in the answer', () => {
    expect(exchanges.move.read(answered(200, { token: there }))).toEqual({
      ok: true,
      value: {
        access: there,
        token: { issuedAt: STARTED, expiresAt: STARTED + 60 * MINUTE },
        subject: PERSON,
        tenant: LOGISTICS,
      },
    });
  });

  it('out of another ends with that one, however long ago that was made', () => {
    const date = new Date(STARTED + 50 * MINUTE).toUTCString();

    expect(exchanges.move.read(answered(200, { token: there }, { date }))).toMatchObject({
      value: { token: { issuedAt: STARTED, expiresAt: STARTED + 10 * MINUTE } },
    });
  });

  it('is not lost for a session of another type beside it', () => {
    expect(exchanges.rotate.read(answered(200, { ...answers.raw, session: 7 }))).toMatchObject({
      ok: true,
      value: { access: 'canary-access-2', refresh: 'canary-refresh-2' },
    });
  });

  it('for another organisation than the one asked for is not taken', () => {
    expect(exchanges.move.read(answered(200, { token: access }))).toEqual({
      ok: false,
      failure: { code: 'identity_changed' },
    });
  });

  it.each([
    ['no JSON', undefined, ''],
    ['no token', {}, 'token'],
    ['a numeric token', { token: 7 }, 'token'],
    ['a token that ends a quotation', { token: `'; id #` }, 'token'],
    ['a numeric refresh token', { ...answers.raw, refresh_token: 7 }, 'refresh_token'],
    ['a token no server takes', { token: 'a'.repeat(16_385) }, 'token'],
    ['a refresh token with a line break', { ...answers.raw, refresh_token: 'a\nb' }, 'refresh_token'],
  ])('with %s does not conform, and the field is named', (_, json, path) => {
    for (const name of granting) {
      expect(exchanges[name].read(answered(200, json))).toEqual({
        ok: false,
        failure: { code: 'response_not_conform', path },
      });
    }
  });
});

describe('a call that brings nothing back', () => {
  it.each([
    ['revoke', 204],
    ['endSession', 200],
    ['validate', 200],
  ] as const)('%s is done with %i', (name, status) => {
    expect(exchanges[name].read(answered(status))).toEqual({ ok: true, value: undefined });
  });
});

describe('the list of tokens', () => {
  const read = (json: unknown, filter: TokenFilter = {}) =>
    asking(agilicus.list, { ...placed, filter }).read(answered(200, json));

  it('tells of each what is there', () => {
    expect(read(answers.tokens)).toEqual({
      ok: true,
      value: {
        limit: 2,
        items: [
          {
            jti: answers.introspected.jti,
            subject: PERSON,
            email: 'ana.ruiz@northwind.example',
            tenant: NORTHWIND,
            session: SESSION,
            issuedAt: STARTED,
            expiresAt: STARTED + 60 * MINUTE,
            isRevoked: false,
            isMasquerading: false,
            audiences: ['urn:api:agilicus:gateway'],
            scopes: ['urn:agilicus:users'],
            roles: { 'urn:api:agilicus:users': ['owner'] },
          },
          { jti: '3bC5DDeS7GhJ99stEZST6H', audiences: [], scopes: [], roles: {} },
        ],
      },
    });
  });

  it.each([
    [{ limit: 7 }, {}, { limit: 7, items: [] }],
    [{}, { limit: 5 }, { limit: 5, items: [] }],
    [{ tokens: null }, {}, { limit: 100, items: [] }],
  ])('is read from %j, asked with %j', (json, filter, value) => {
    expect(read(json, filter)).toEqual({ ok: true, value });
  });

  it.each([
    ['no JSON', undefined, ''],
    ['text for a limit', { limit: '2' }, 'limit'],
    ['half a token for a limit', { limit: 0.5 }, 'limit'],
    ['a text for a list', { tokens: 'x' }, 'tokens'],
    ['one without an id', { tokens: [{}] }, 'tokens.0.jti'],
    ['a text for whether it is revoked', { tokens: [{ jti: 'a', revoked: 'no' }] }, 'tokens.0.revoked'],
    ['a number among the scopes', { tokens: [{ jti: 'a', scopes: ['x', 7] }] }, 'tokens.0.scopes.1'],
    ['a flag for a time', { tokens: [{ jti: 'a' }, { jti: 'b', iat: true }] }, 'tokens.1.iat'],
  ])('with %s does not conform, and the field is named', (_, json, path) => {
    expect(read(json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path } });
  });
});

describe('the text for a terminal', () => {
  it('asks for the organisations, and ends no quotation', () => {
    const text = agilicus.curl(placed);

    expect(text).toContain(`curl 'https://api.agilicus.com/v1/orgs?enabled=true'`);
    expect(text.split("'")).toHaveLength(7);
  });
});

describe('for any answer', () => {
  const documents = [...Object.values(answers), answers.orgs.orgs, { token: access, refresh_token: access }];

  it.each(all)('%s gives a value or a named failure, no time that is no time, and tells no secret', (name) => {
    fc.assert(
      fc.property(oddAnswers(documents), (answer) => {
        const result = exchanges[name].read(answer);

        expect(result.ok ? 'value' : result.failure.code).toMatch(/^[a-z_]+$/);
        expect(unholdable(result)).toEqual([]);
        const told = result.ok ? '' : JSON.stringify(result);
        expect([access, refresh].filter((one) => told.includes(one))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('any token in it is read without a throw', () => {
    fc.assert(
      fc.property(oddTokens(claims), (token) => {
        const asked = asking(agilicus.identify, { deployment, access: token });

        expect(() => exchanges.rotate.read(answered(200, { token }))).not.toThrow();
        expect(unholdable(asked.read(answered(200, { sub: 's', org: 'o' })))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('any place is read without a throw, and leads to the one API', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.domain()), (text) => {
        const there = agilicus.place.read(text);

        expect(there?.api ?? 'https://api.agilicus.com').toBe('https://api.agilicus.com');
        expect(there === undefined || agilicus.mayBe(new URL(there.console))).toBe(true);
      }),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import { type Instant, instant, MINUTE, SECOND } from '../core/time';
import type { Deployment, Exchange, Values, Vendor } from '../core/vendor';
import { oddAnswers, oddTokens, unholdable, unsigned } from '../testing/odd-answers';
import errors from './fixtures/prowler-errors.json';
import me from './fixtures/prowler-me.json';
import tenantsPage from './fixtures/prowler-tenants.json';
import { deploymentAt, vendorOf } from './index';
import { prowler } from './prowler';

const PERSON = '11111111-1111-4111-8111-111111111111';
const PRODUCTION = 'a0000000-0000-4000-8000-000000000001';
const STAGING = 'a0000000-0000-4000-8000-000000000002';
const STARTED = instant(Date.UTC(2026, 0, 15, 9));
const NOW = instant(STARTED + 800);

const deployment: Deployment = { console: 'https://cloud.prowler.com', api: 'https://api.prowler.com' };
const values: Values = { email: 'ana.ruiz@northwind.example', password: 'correct horse' };
const obtain = prowler.obtain.password.exchanges[0];

const seconds = (at: number): number => Math.floor(at / 1000);
const claims = (over: object = {}) => ({
  typ: 'access',
  sub: PERSON,
  tenant_id: PRODUCTION,
  iat: seconds(STARTED),
  exp: seconds(STARTED) + 1800,
  ...over,
});
const access = unsigned(claims());
const refresh = unsigned(claims({ typ: 'refresh', exp: seconds(STARTED) + 86_400 }));
const pair = (attributes: object = { access, refresh }) => ({ data: { type: 'tokens', attributes } });

const answered = (status: number, json?: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  json,
  headers,
  startedAt: STARTED,
});

const bearing = { deployment, access, subject: PERSON, tenant: PRODUCTION };
const rung = (name: 'rotate' | 'mint') => {
  const found = prowler.renewal.find((one) => one.name === name);
  if (!found) throw new Error(`there is no rung ${name}`);
  return found.exchanges[0];
};

/** One exchange with what it is asked: the request it builds, and what it reads in an answer. */
function ask<In>(exchange: Exchange<In, unknown> | undefined, input: In) {
  if (!exchange) throw new Error('the vendor does not offer it');
  return {
    request: (): HttpRequest => exchange.request(input),
    read: (answer: HttpResponse, now: Instant = NOW) => exchange.response(answer, input, now),
  };
}

const exchanges = {
  obtain: ask(obtain, { deployment, values }),
  rotate: ask(rung('rotate'), { ...bearing, refresh }),
  mint: ask(rung('mint'), bearing),
  move: ask(prowler.move?.to, bearing),
  identify: ask(prowler.identify, bearing),
  tenants: ask(prowler.tenants, bearing),
};
type Name = keyof typeof exchanges;
const all = Object.keys(exchanges) as Name[];
const granting: Name[] = ['obtain', 'rotate', 'mint', 'move'];
const bearers: Name[] = ['mint', 'move', 'identify', 'tenants'];
const without = (...names: Name[]): Name[] => all.filter((one) => !names.includes(one));

describe("Prowler's consoles", () => {
  it('belong to the API of their own deployment, by their origin alone', () => {
    expect(deploymentAt('https://cloud.prowler.com/scans?api=https://evil.example')?.deployment).toEqual(deployment);
  });

  it.each([
    'https://cloud.prowler.com.evil.example/',
    'http://cloud.prowler.com/',
    'https://cloud.prowler.com:8443/',
    'https://cloud.prowler.com@evil.example/',
    'https://evil.example/https://cloud.prowler.com/',
    'https://api.prowler.com/',
    'about:blank',
    'data:text/html,https://cloud.prowler.com/',
    'not an address',
    '',
  ])('are not at %s', (address) => {
    expect(deploymentAt(address)).toBeUndefined();
  });

  it('are known to the registry by the id of the vendor, and nothing else is', () => {
    expect(vendorOf('prowler')).toBe(prowler);
    expect(['', 'Prowler', '__proto__', 'constructor'].map((id) => vendorOf(id))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a request to Prowler', () => {
  const posts = { accept: 'application/vnd.api+json', 'content-type': 'application/vnd.api+json' };
  const token = { authorization: `Bearer ${access}` };
  const wanted: Record<Name, { method: string; path: string; headers: object; body?: unknown }> = {
    obtain: {
      method: 'POST',
      path: '/api/v1/tokens',
      headers: posts,
      body: { data: { type: 'tokens', attributes: values } },
    },
    rotate: {
      method: 'POST',
      path: '/api/v1/tokens/refresh',
      headers: posts,
      body: { data: { type: 'tokens-refresh', attributes: { refresh } } },
    },
    mint: {
      method: 'POST',
      path: '/api/v1/tokens/switch',
      headers: { ...posts, ...token },
      body: { data: { type: 'tokens-switch-tenant', attributes: { tenant_id: PRODUCTION } } },
    },
    move: {
      method: 'POST',
      path: '/api/v1/tokens/switch',
      headers: { ...posts, ...token },
      body: { data: { type: 'tokens-switch-tenant', attributes: { tenant_id: PRODUCTION } } },
    },
    identify: {
      method: 'GET',
      path: '/api/v1/users/me?include=roles,memberships,memberships.tenant',
      headers: { accept: posts.accept, ...token },
    },
    tenants: {
      method: 'GET',
      path: '/api/v1/tenants?page%5Bnumber%5D=1&page%5Bsize%5D=100&sort=name',
      headers: { accept: posts.accept, ...token },
    },
  };

  it.each(all)('%s is the one of the contract', (name) => {
    const { method, path, headers, body } = wanted[name];

    const { body: sent, ...request } = exchanges[name].request();

    expect(request).toEqual({
      method,
      url: `https://api.prowler.com${path}`,
      headers,
      jsonTypes: ['application/vnd.api+json'],
    });
    expect(sent === undefined ? undefined : (JSON.parse(sent) as unknown)).toEqual(body);
  });

  it.each(all)('%s never speaks application/json: the API answers 415 and 406 to it', (name) => {
    const { headers } = exchanges[name].request();

    expect(Object.values(headers)).not.toContain('application/json');
    expect(headers['accept']).toBe('application/vnd.api+json');
  });

  it.each(['obtain', 'rotate'] as const)(
    '%s carries no Authorization: with a stale one the API answers 401 before it looks at the body',
    (name) => {
      const names = Object.keys(exchanges[name].request().headers).map((one) => one.toLowerCase());

      expect(names).not.toContain('authorization');
      expect(exchanges[name].request().url).not.toContain(access);
    },
  );

  it.each(all)('%s ends without a slash: with one the API answers an HTML 404', (name) => {
    expect(new URL(exchanges[name].request().url).pathname).not.toMatch(/\/$/);
  });

  it.each(all)('%s has no secret in its address', (name) => {
    const { url } = exchanges[name].request();

    for (const secret of [access, refresh, values['password']]) expect(url).not.toContain(secret);
  });

  it('to sign in leaves the tenant out where none is wanted, and never sends null', () => {
    expect(exchanges.obtain.request().body).not.toMatch(/tenant_id|null/);
  });

  it('to sign in names the tenant where one is wanted', () => {
    const there = { ...values, tenant_id: STAGING };

    const request = obtain.request({ deployment, values: there });

    expect(JSON.parse(request.body ?? '')).toEqual({ data: { type: 'tokens', attributes: there } });
  });

  it('for the next page of tenants asks for that page', () => {
    expect(ask(prowler.tenants, { ...bearing, cursor: '7' }).request().url).toContain('page%5Bnumber%5D=7&');
  });

  it('goes to the API of the deployment it was given, whatever that is', () => {
    const elsewhere = { console: 'https://prowler.example', api: 'https://api.prowler.example' };

    const request = prowler.identify.request({ deployment: elsewhere, access, tenant: PRODUCTION });

    expect(new URL(request.url).origin).toBe('https://api.prowler.example');
  });
});

describe('a refusal of Prowler', () => {
  const table: readonly [string, readonly Name[], number, keyof typeof errors | undefined, Failure][] = [
    ['wrong password, unknown e-mail', ['obtain'], 400, 'wrong password', { code: 'credentials_refused' }],
    ['a tenant one is not in', ['obtain', 'mint', 'move'], 400, 'tenant refused', { code: 'tenant_refused' }],
    ['a person in no tenant', ['obtain'], 400, 'no memberships', { code: 'tenant_refused' }],
    [
      'half an id',
      ['obtain', 'mint', 'move'],
      400,
      'tenant is no UUID',
      { code: 'invalid_input', field: 'tenant_id', detail: 'not_whole_id' },
    ],
    [
      'no tenant',
      ['mint', 'move'],
      400,
      'tenant missing',
      { code: 'invalid_input', field: 'tenant_id', detail: 'missing' },
    ],
    [
      'a blank tenant',
      ['mint', 'move'],
      400,
      'tenant blank',
      { code: 'invalid_input', field: 'tenant_id', detail: 'blank' },
    ],
    [
      'a blank password',
      ['obtain'],
      400,
      'password blank',
      { code: 'invalid_input', field: 'password', detail: 'blank' },
    ],
    [
      'an empty body',
      ['obtain'],
      400,
      'email and password missing',
      { code: 'invalid_input', field: 'email', detail: 'missing' },
    ],
    [
      'no refresh token',
      ['rotate'],
      400,
      'refresh missing',
      { code: 'invalid_input', field: 'refresh', detail: 'missing' },
    ],
    [
      'a blank refresh token',
      ['rotate'],
      400,
      'refresh blank',
      { code: 'invalid_input', field: 'refresh', detail: 'blank' },
    ],
    ['a refresh token that is spent, ended or revoked', ['rotate'], 400, 'refresh dead', { code: 'grant_dead' }],
    ['the wrong resource type', granting, 409, 'wrong type', { code: 'unexpected_status', status: 409 }],
    ['no data', granting, 400, 'no data member', { code: 'unexpected_status', status: 400 }],
    ['data of the wrong kind', granting, 400, 'data is no object', { code: 'unexpected_status', status: 400 }],
    ['broken JSON', granting, 400, 'broken JSON', { code: 'unexpected_status', status: 400 }],
    ['the wrong content type', all, 415, 'wrong content type', { code: 'unexpected_status', status: 415 }],
    ['the wrong Accept', all, 406, 'bad Accept', { code: 'unexpected_status', status: 406 }],
    ['throttling', all, 429, 'throttled', { code: 'rate_limited', retryAt: instant(NOW + MINUTE) }],
    ['a server without keys', granting, 400, 'no signing key', { code: 'misconfigured' }],
    ['no credentials', bearers, 401, 'not authenticated', { code: 'unauthorized' }],
    ['an ended token', ['mint', 'move'], 401, 'token expired, on a token endpoint', { code: 'unauthorized' }],
    ['an ended token', ['identify', 'tenants'], 401, 'token expired, on a resource', { code: 'unauthorized' }],
    ['a changed password', bearers, 401, 'password changed', { code: 'unauthorized' }],
    ['an inactive person', bearers, 401, 'user inactive', { code: 'unauthorized' }],
    [
      'a stale bearer that something added on the way: no word about the refresh token',
      ['obtain', 'rotate'],
      401,
      'token expired, on a token endpoint',
      { code: 'unexpected_status', status: 401 },
    ],
    ['no role', bearers, 403, 'no role in this tenant', { code: 'forbidden' }],
    ['a page past the end', ['tenants'], 404, 'no such page', { code: 'not_offered' }],
    ['an endpoint that is not there (HTML)', all, 404, undefined, { code: 'not_offered' }],
    ['the wrong method', all, 405, 'method not allowed', { code: 'not_offered' }],
    ['an endpoint that is gone', all, 410, undefined, { code: 'not_offered' }],
    ['an empty 400', all, 400, undefined, { code: 'unexpected_status', status: 400 }],
    ['an empty 401', bearers, 401, undefined, { code: 'unauthorized' }],
    ['a 402', all, 402, undefined, { code: 'unexpected_status', status: 402 }],
    ['a status that is none of the contract', all, 304, undefined, { code: 'unexpected_status', status: 304 }],
    ['a 500', all, 500, undefined, { code: 'vendor_down', status: 500 }],
    ['a 502', all, 502, undefined, { code: 'vendor_down', status: 502 }],
    ['a 503', all, 503, undefined, { code: 'vendor_down', status: 503 }],
    ['a success without the answer', all, 204, undefined, { code: 'response_not_conform', path: '' }],
    ['a created token', granting, 201, undefined, { code: 'response_not_conform', path: '' }],
  ];
  const cases = table.flatMap(([what, names, status, key, failure]) =>
    names.map((name) => ({ name, what, status, json: key && { errors: errors[key] }, failure })),
  );

  it.each(cases)('to $name with $status, $what, is $failure.code', ({ name, status, json, failure }) => {
    expect(exchanges[name].read(answered(status, json))).toEqual({ ok: false, failure });
  });

  it('of several fields names the same one in whatever order they come', () => {
    const json = { errors: errors['email and password missing'].toReversed() };

    expect(exchanges.obtain.read(answered(400, json))).toMatchObject({ failure: { field: 'email' } });
  });

  it('of the same words at another endpoint is a verdict on nothing', () => {
    const dead = answered(400, { errors: errors['refresh dead'] });

    for (const name of without('rotate')) expect(exchanges[name].read(dead)).not.toMatchObject({ code: 'grant_dead' });
  });

  it('that asks to wait is waited for as long as it asks', () => {
    const answer = answered(429, { errors: errors.throttled }, { 'retry-after': '41' });

    expect(exchanges.obtain.read(answer)).toEqual({
      ok: false,
      failure: { code: 'rate_limited', retryAt: NOW + 41 * SECOND },
    });
  });

  it('of a server that is down says when to come back, where it says so', () => {
    expect(exchanges.rotate.read(answered(503, undefined, { 'retry-after': '120' }))).toEqual({
      ok: false,
      failure: { code: 'vendor_down', status: 503, retryAt: NOW + 120 * SECOND },
    });
  });

  it('means the same for any order of its errors', () => {
    const items = Object.values(errors).flat();
    const shuffled = fc
      .array(fc.constantFrom(...items), { minLength: 1, maxLength: 5 })
      .chain((some) =>
        fc.tuple(
          fc.constant(some),
          fc.shuffledSubarray(some, { minLength: some.length, maxLength: some.length }),
          fc.constantFrom(...all),
          fc.constantFrom(400, 401, 403, 409),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([some, others, name, status]) => {
        const first = exchanges[name].read(answered(status, { errors: some }));

        expect(exchanges[name].read(answered(status, { errors: others }))).toEqual(first);
      }),
    );
  });

  it('is read where members of an error are missing or of another type', () => {
    const odd = { errors: [{}, { code: 7, detail: null, source: 'data' }, ...errors['refresh dead']] };

    expect(exchanges.rotate.read(answered(400, odd))).toEqual({ ok: false, failure: { code: 'grant_dead' } });
  });
});

describe('a pair of tokens', () => {
  it.each(granting)('given to %s is read, with the lives counted from when it was asked for', (name) => {
    expect(exchanges[name].read(answered(200, pair()))).toEqual({
      ok: true,
      value: {
        access,
        refresh,
        subject: PERSON,
        tenant: PRODUCTION,
        token: { issuedAt: STARTED, expiresAt: STARTED + 30 * MINUTE },
        refreshLife: { issuedAt: STARTED, expiresAt: STARTED + 24 * 60 * MINUTE },
      },
    });
  });

  it.each(granting)('given to %s is read beside anything unknown', (name) => {
    const document = pair({ access, refresh, expires_in: 5, scope: null });

    expect(exchanges[name].read(answered(200, { ...document, meta: {}, jsonapi: 1 }))).toMatchObject({ ok: true });
  });

  it.each([
    ['no JSON at all (HTML, empty, broken)', undefined, ''],
    ['null', null, ''],
    ['a list', [], 'data'],
    ['text', 'tokens', ''],
    ['no data', {}, 'data'],
    ['data that is null', { data: null }, 'data'],
    ['no attributes', { data: { type: 'tokens' } }, 'data.attributes'],
    ['no access token', pair({ refresh }), 'data.attributes.access'],
    ['a number for an access token', pair({ access: 7, refresh }), 'data.attributes.access'],
    ['an empty access token', pair({ access: '', refresh }), 'data.attributes.access'],
    ['a null access token', pair({ access: null, refresh }), 'data.attributes.access'],
    ['no refresh token', pair({ access }), 'data.attributes.refresh'],
    ['an object for a refresh token', pair({ access, refresh: {} }), 'data.attributes.refresh'],
    ['a token no header can carry', pair({ access: 'a\r\nx: y', refresh }), 'data.attributes.access'],
    ['a token that ends a quoted text', pair({ access: `'; id #`, refresh }), 'data.attributes.access'],
  ])('with %s does not conform, and the field is named', (_, json, path) => {
    for (const name of granting) {
      expect(exchanges[name].read(answered(200, json))).toEqual({
        ok: false,
        failure: { code: 'response_not_conform', path },
      });
    }
  });

  it.each(['rotate', 'mint', 'move'] as const)('given to %s for another tenant is refused', (name) => {
    const other = unsigned(claims({ tenant_id: STAGING }));

    expect(exchanges[name].read(answered(200, pair({ access: other, refresh })))).toEqual({
      ok: false,
      failure: { code: 'identity_changed' },
    });
  });

  it('obtained for no tenant in particular may be of any', () => {
    const other = unsigned(claims({ tenant_id: STAGING }));

    expect(exchanges.obtain.read(answered(200, pair({ access: other, refresh })))).toMatchObject({
      value: { tenant: STAGING },
    });
  });

  it.each([
    ['fast by six hours', 6 * 60 * MINUTE],
    ['slow by six hours', -6 * 60 * MINUTE],
    ['slow by a year', -365 * 24 * 60 * MINUTE],
  ])('of a vendor whose clock is %s lives as long as it would', (_, skew) => {
    const at = seconds(STARTED + skew);
    const skewed = pair({
      access: unsigned(claims({ iat: at, exp: at + 1800 })),
      refresh: unsigned(claims({ typ: 'refresh', iat: at, exp: at + 86_400 })),
    });

    expect(exchanges.mint.read(answered(200, skewed))).toMatchObject({
      value: {
        token: { issuedAt: STARTED, expiresAt: STARTED + 30 * MINUTE },
        refreshLife: { issuedAt: STARTED, expiresAt: STARTED + 24 * 60 * MINUTE },
      },
    });
  });

  it('made by a rotation lives from then on, though its access token still carries the beginning of the spent one', () => {
    const rotated = pair({ access: unsigned(claims({ iat: seconds(STARTED) - 1500 })), refresh });

    expect(exchanges.rotate.read(answered(200, rotated))).toMatchObject({
      value: { token: { issuedAt: STARTED, expiresAt: STARTED + 30 * MINUTE } },
    });
  });

  const opaque: readonly [string, object][] = [
    ['no exp', { exp: undefined }],
    ['no iat', { iat: undefined }],
    ['neither exp nor iat', { exp: undefined, iat: undefined }],
    ['an exp before its iat', { exp: seconds(STARTED) - 5 }],
    ['an exp that is text', { exp: '1768467600' }],
    ['an exp no calendar holds', { exp: 1e300 }],
    ['an exp below zero', { exp: -1 }],
  ];
  it.each(opaque)('with %s lives as long as the vendor says its tokens live', (_, over) => {
    const odd = pair({ access: unsigned(claims(over)), refresh });

    expect(exchanges.mint.read(answered(200, odd))).toMatchObject({
      value: { token: { issuedAt: STARTED, expiresAt: STARTED + 30 * MINUTE } },
    });
  });

  it('whose refresh token does not say when it ends has an unknown end', () => {
    const odd = pair({ access, refresh: 'opaque' });

    expect(exchanges.mint.read(answered(200, odd))).toMatchObject({
      value: { refresh: 'opaque', refreshLife: { issuedAt: STARTED } },
    });
    expect(exchanges.mint.read(answered(200, odd))).not.toHaveProperty('value.refreshLife.expiresAt');
  });

  it('that is opaque names nobody, and is taken all the same', () => {
    const result = exchanges.mint.read(answered(200, pair({ access: 'opaque', refresh: 'opaque' })));

    expect(result).toMatchObject({ ok: true });
    expect(result).not.toHaveProperty('value.subject');
  });
});

describe("Prowler's word on whose a token is", () => {
  const included = (change: (one: (typeof me.included)[number]) => object | undefined) => ({
    ...me,
    included: me.included.flatMap((one) => change(one) ?? []),
  });

  it('gives the person, the tenant and the roles there', () => {
    expect(exchanges.identify.read(answered(200, me))).toEqual({
      ok: true,
      value: {
        subject: PERSON,
        tenant: PRODUCTION,
        labels: {
          person: 'Ana Ruiz',
          email: 'ana.ruiz@northwind.example',
          tenant: 'Northwind Production',
          roles: ['admin'],
        },
      },
    });
  });

  it('is the same from a server older than 5.39, which does not mark the active membership', () => {
    const relationships = {
      memberships: { data: me.data.relationships.memberships.data.map(({ meta: _, ...id }) => id) },
    };
    const older = { ...me, data: { ...me.data, relationships } };

    expect(exchanges.identify.read(answered(200, older))).toEqual(exchanges.identify.read(answered(200, me)));
  });

  it('without the included documents proves the person, and refuses nobody a place', () => {
    const { included: _, ...bare } = me;

    expect(exchanges.identify.read(answered(200, bare))).toEqual({
      ok: true,
      value: {
        subject: PERSON,
        tenant: PRODUCTION,
        labels: { person: 'Ana Ruiz', email: 'ana.ruiz@northwind.example', roles: [] },
      },
    });
  });

  it('is a refusal when the person is in other tenants only', () => {
    const others = included((one) => (one.id === 'b0000000-0000-4000-8000-000000000001' ? undefined : one));

    expect(exchanges.identify.read(answered(200, others))).toEqual({ ok: false, failure: { code: 'tenant_refused' } });
  });

  it('is a refusal when the person is in no tenant at all', () => {
    const { included: _, ...bare } = me;
    const nowhere = { ...bare, data: { ...me.data, relationships: { memberships: { data: [], meta: { count: 0 } } } } };

    expect(exchanges.identify.read(answered(200, nowhere))).toEqual({ ok: false, failure: { code: 'tenant_refused' } });
  });

  it('needs no name of anything', () => {
    const nameless = included(({ attributes: _, ...one }) => one);
    const attributes = { name: null, email: 7 };

    expect(exchanges.identify.read(answered(200, { ...nameless, data: { ...me.data, attributes } }))).toEqual({
      ok: true,
      value: { subject: PERSON, tenant: PRODUCTION, labels: { roles: [] } },
    });
  });

  it('takes an empty name for none', () => {
    const attributes = { name: '', email: '' };

    expect(exchanges.identify.read(answered(200, { ...me, data: { ...me.data, attributes } }))).toMatchObject({
      value: { labels: { tenant: 'Northwind Production', roles: ['admin'] } },
    });
  });

  it.each([
    ['no JSON', undefined, ''],
    ['no data', {}, 'data'],
    ['a list of people', { data: [me.data] }, 'data.id'],
    ['a numeric id', { data: { ...me.data, id: 7 } }, 'data.id'],
    ['no attributes', { data: { id: PERSON } }, 'data.attributes'],
    ['included that is no list', { ...me, included: {} }, 'included'],
    ['an included document without a type', { ...me, included: [{ id: 'x' }] }, 'included.0.type'],
    ['a second included document without an id', { ...me, included: [me.included[0], { type: 'x' }] }, 'included.1.id'],
  ])('with %s does not conform, and the field is named', (_, json, path) => {
    expect(exchanges.identify.read(answered(200, json))).toEqual({
      ok: false,
      failure: { code: 'response_not_conform', path },
    });
  });
});

describe('an API key', () => {
  const key = 'pk_canary00.gAAAAABkcanary-access-1_x==';
  const untold = { deployment, access: key };
  const identify = ask(prowler.identify, untold);
  const { meta: _, ...document } = me;
  const unmarked = (ids: readonly string[]) => {
    const memberships = { data: ids.map((id) => ({ type: 'memberships', id })) };
    const included = me.included.filter((one) => one.type !== 'memberships' || ids.includes(one.id));
    return { ...document, included, data: { ...me.data, relationships: { memberships } } };
  };
  const [first, second] = me.data.relationships.memberships.data.map(({ id }) => id);

  it('is shown by its own scheme in whatever is asked with it, and never as a bearer', () => {
    const placed = { ...bearing, access: key };
    const sent = [prowler.identify, prowler.tenants].map((one) => one.request(placed).headers['authorization']);

    expect(sent).toEqual([`Api-Key ${key}`, `Api-Key ${key}`]);
    expect(prowler.curl(placed)).toContain(`-H 'Authorization: Api-Key ${key}'`);
  });

  it('is for the tenant that the vendor marks as active', () => {
    expect(identify.read(answered(200, me))).toMatchObject({ ok: true, value: { tenant: PRODUCTION } });
  });

  it('is for the only tenant its person is in', () => {
    const only = unmarked([second ?? '']);

    expect(identify.read(answered(200, only))).toMatchObject({ ok: true, value: { tenant: STAGING } });
  });

  it('of a person in several tenants needs to be told which, where the vendor marks none', () => {
    const several = unmarked([first ?? '', second ?? '']);
    const told = ask(prowler.identify, { ...untold, tenant: STAGING });

    expect(identify.read(answered(200, several))).toEqual({
      ok: false,
      failure: { code: 'invalid_input', field: 'tenant_id', detail: 'missing' },
    });
    expect(told.read(answered(200, several))).toMatchObject({ ok: true, value: { tenant: STAGING } });
  });

  it('of a person in no tenant is refused', () => {
    expect(identify.read(answered(200, unmarked([])))).toEqual({ ok: false, failure: { code: 'tenant_refused' } });
  });

  it('is for the tenant the vendor marks, whatever was typed', () => {
    const told = ask(prowler.identify, { ...untold, tenant: STAGING });

    expect(told.read(answered(200, me))).toMatchObject({ ok: true, value: { tenant: PRODUCTION } });
  });

  it('is typed, and no way leads from there to a token of another kind: what the API makes of a key is not known', () => {
    expect(prowler.obtain.key.takes).toBe(prowler.obtain.key.fields[0]?.name);
    expect(prowler.renewal.filter((one) => (one.from as readonly string[]).includes('entered'))).toEqual([
      expect.objectContaining({ name: 'rotate' }),
    ]);
  });
});

describe('a console on hosts of its own', () => {
  const there = (console: string, api?: string) =>
    prowler.place.selfHosted(new URL(console), api === undefined ? undefined : new URL(api));

  it.each([
    ['https://prowler.example/scans', 'https://api.prowler.example/api/v1', 'https://api.prowler.example'],
    ['https://prowler.example', 'https://prowler.example/api/v1', 'https://prowler.example'],
    ['https://prowler.example', undefined, 'https://prowler.example:8080'],
    ['https://prowler.example', 'http://prowler-api:8080/api/v1', 'https://prowler.example:8080'],
    ['https://prowler.example:8443', 'http://api.prowler.svc.cluster.local/', 'https://prowler.example:8080'],
    ['https://prowler.example', 'http://host.docker.internal:8080', 'https://prowler.example:8080'],
    ['http://localhost:3000', 'http://prowler-api:8080/api/v1', 'http://localhost:8080'],
    ['http://127.0.0.1:3000', undefined, 'http://127.0.0.1:8080'],
    ['http://localhost:3000', 'http://localhost:8000/api/v1', 'http://localhost:8000'],
  ])('at %s that names %s has its API at %s', (console, api, at) => {
    expect(there(console, api)).toEqual({ console: new URL(console).origin, api: at });
  });

  it.each([
    ['http://prowler.example', undefined],
    ['https://prowler.example', 'http://api.prowler.example'],
    ['https://prowler.example', 'ftp://api.prowler.example'],
  ])('at %s that names %s is none: what is sent there could be read on the way', (console, api) => {
    expect(there(console, api)).toBeUndefined();
  });

  it("is not the vendor's own, whose API no page can name", () => {
    expect(there('https://cloud.prowler.com', 'https://thief.example')).toEqual(deployment);
  });
});

describe("Prowler's list of tenants", () => {
  it('is read with whether there is more', () => {
    expect(exchanges.tenants.read(answered(200, tenantsPage))).toEqual({
      ok: true,
      value: {
        items: [
          { id: PRODUCTION, name: 'Northwind Production' },
          { id: STAGING, name: 'Northwind Staging' },
        ],
        next: '2',
      },
    });
  });

  it.each([
    ['null', { ...tenantsPage, links: { ...tenantsPage.links, next: null } }],
    ['empty', { ...tenantsPage, links: { next: '' } }],
    ['absent', { ...tenantsPage, links: {} }],
    ['of another type', { ...tenantsPage, links: { next: 7 } }],
    ['in no links at all', { data: tenantsPage.data }],
    ['in links of another type', { ...tenantsPage, links: 'https://api.prowler.com/' }],
  ])('ends where the link to the next page is %s', (_, json) => {
    const result = exchanges.tenants.read(answered(200, json));

    expect(result).toMatchObject({ ok: true });
    expect(result).not.toHaveProperty('value.next');
  });

  it('asks the API itself for the next page, wherever the link points', () => {
    const elsewhere = { ...tenantsPage, links: { next: 'https://evil.example/api/v1/tenants' } };

    expect(exchanges.tenants.read(answered(200, elsewhere))).toMatchObject({ value: { next: '2' } });
  });

  it.each([
    ['no JSON', undefined, ''],
    ['no list', { data: {} }, 'data'],
    ['a tenant without an id', { data: [{ attributes: { name: 'x' } }] }, 'data.0.id'],
    ['a tenant without a name', { data: [tenantsPage.data[0], { id: 'x', attributes: {} }] }, 'data.1.attributes.name'],
    ['a tenant with a numeric name', { data: [{ id: 'x', attributes: { name: 7 } }] }, 'data.0.attributes.name'],
  ])('with %s does not conform, and the field is named', (_, json, path) => {
    expect(exchanges.tenants.read(answered(200, json))).toEqual({
      ok: false,
      failure: { code: 'response_not_conform', path },
    });
  });
});

describe('what a token says of itself', () => {
  it('is the person, the tenant and its life', () => {
    expect(prowler.claims(access)).toEqual({
      subject: PERSON,
      tenant: PRODUCTION,
      token: { issuedAt: STARTED, expiresAt: STARTED + 30 * MINUTE },
    });
  });

  const nothing: readonly [string, string][] = [
    ['a refresh token', refresh],
    ['a token without a person', unsigned(claims({ sub: undefined }))],
    ['a token without a tenant', unsigned(claims({ tenant_id: undefined }))],
    ['a token whose person is a number', unsigned(claims({ sub: 7 }))],
    ['an API key', 'pk_abcdefgh.gAAAAABk'],
    ['nothing', ''],
  ];
  it.each(nothing)('is nothing for %s', (_, token) => {
    expect(prowler.claims(token)).toBeUndefined();
  });

  it('begins no more than a whole life before its end, whatever it says after a rotation', () => {
    expect(prowler.claims(unsigned(claims({ iat: seconds(STARTED) - 86_400 })))?.token).toEqual({
      issuedAt: STARTED,
      expiresAt: STARTED + 30 * MINUTE,
    });
  });

  it('counts back from its end where its beginning is missing', () => {
    expect(prowler.claims(unsigned(claims({ iat: undefined })))?.token).toEqual({
      issuedAt: STARTED,
      expiresAt: STARTED + 30 * MINUTE,
    });
  });

  it('is no life at all where neither end is there', () => {
    expect(prowler.claims(unsigned(claims({ iat: undefined, exp: undefined })))?.token).toEqual({ issuedAt: 0 });
  });
});

describe('taking the console along', () => {
  const { follow } = prowler;

  it.each([
    [{ csrfToken: 'abc' }, 'abc'],
    [{ csrfToken: '' }, undefined],
    [{ csrfToken: 7 }, undefined],
    [null, undefined],
    [undefined, undefined],
    ['abc', undefined],
  ])('reads the token against forgery in %j', (json, token) => {
    expect(follow?.token.read(json)).toBe(token);
  });

  it('hands over both tokens: without the second the console would forget its own', () => {
    const body = follow?.session.body({ csrf: 'abc', access, refresh }) ?? '';

    expect(JSON.parse(body)).toEqual({ csrfToken: 'abc', data: { accessToken: access, refreshToken: refresh } });
  });

  it.each([
    [{ tenantId: STAGING, accessToken: 'x' }, true],
    [{ tenantId: PRODUCTION }, false],
    [{ tenantId: STAGING, error: 'TenantSwitchError' }, false],
    [{ error: 'RefreshAccessTokenError' }, false],
    [null, false],
    [undefined, false],
    [[], false],
  ])('takes %j as the answer that it was taken: %s', (json, took) => {
    expect(follow?.session.took(json, STAGING)).toBe(took);
  });
});

describe('the text for a terminal', () => {
  it('asks whose the token is', () => {
    expect(prowler.curl(bearing)).toBe(
      `curl 'https://api.prowler.com/api/v1/users/me' \\\n  -H 'Accept: application/vnd.api+json' \\\n  -H 'Authorization: Bearer ${access}'`,
    );
  });

  it('ends no quotation, for any token a page can make Fob believe in', () => {
    const forged = fc
      .tuple(fc.string({ unit: fc.constantFrom(...Array.from(`'"$(\`;|\\\n aZ0.-_~+/=`)) }), fc.string())
      .map(([head, tail]) => `${head}.${access.split('.')[1] ?? ''}.${tail}`);
    fc.assert(
      fc.property(forged, (token) => {
        fc.pre(prowler.claims(token) !== undefined);

        expect(prowler.curl({ ...bearing, access: token }).split("'")).toHaveLength(7);
      }),
    );
    expect(prowler.claims(`'; id #.${access.split('.')[1] ?? ''}.`)).toBeUndefined();
  });
});

describe('for any answer', () => {
  const documents = [me, tenantsPage, pair(), { errors: Object.values(errors).flat() }];

  it.each(all)('%s gives a value or a named failure, no time that is no time, and tells no secret', (name) => {
    fc.assert(
      fc.property(oddAnswers(documents), (answer) => {
        const result = exchanges[name].read(answer);

        expect(result.ok ? 'value' : result.failure.code).toMatch(/^[a-z_]+$/);
        expect(unholdable(result)).toEqual([]);
        const told = result.ok ? '' : JSON.stringify(result);
        expect([access, refresh, values['password'] ?? ''].filter((one) => told.includes(one))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('any token is read without a throw, into times from the epoch on', () => {
    fc.assert(
      fc.property(oddTokens(claims()), oddTokens(claims({ typ: 'refresh' })), (one, other) => {
        const said = prowler.claims(one);

        expect(unholdable(said)).toEqual([]);
        expect(Object.values(said?.token ?? {}).filter((at) => at < 0)).toEqual([]);
        expect(unholdable(exchanges.mint.read(answered(200, pair({ access: one, refresh: other }))))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('the console is read without a throw', () => {
    fc.assert(
      fc.property(oddAnswers(documents), fc.string(), ({ json }, tenant) => {
        const follow: Vendor['follow'] = prowler.follow;

        expect(typeof follow?.session.took(json, tenant)).toBe('boolean');
        expect(['string', 'undefined']).toContain(typeof follow?.token.read(json));
      }),
    );
  });
});

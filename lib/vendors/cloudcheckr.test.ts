import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, instant, MINUTE, SECOND } from '../core/time';
import type { Deployment, Exchange, Vendor } from '../core/vendor';
import { oddAnswers, oddTokens, unholdable, unsigned } from '../testing/odd-answers';
import { cloudcheckr } from './cloudcheckr';
import fixtures from './fixtures/cloudcheckr.json';
import { deploymentAt, vendorOf } from './index';

const STARTED = instant(Date.UTC(2026, 0, 15, 9));
const NOW = instant(STARTED + 800);
const ENDS = Date.UTC(2026, 0, 15, 10);
const TYPES = ['application/json', 'text/json', 'text/plain'];

const deployment: Deployment = { console: 'https://app-eu.cloudcheckr.com', api: 'https://api-eu.cloudcheckr.com' };
const bearing = { deployment, access: 'canary-access-0' };
const session = { ...bearing, subject: '88213', tenant: '4410' };
const client = { client_id: 'client-7f3a', client_secret: 'canary secret&1' };

const answered = (status: number, json?: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  json,
  headers,
  startedAt: STARTED,
});

/** One exchange with what it is asked: the request it builds, and what it reads in an answer. */
function ask<In>(exchange: Exchange<In, unknown> | undefined, input: In) {
  if (!exchange) throw new Error('the vendor does not offer it');
  return {
    request: (): HttpRequest => exchange.request(input),
    read: (answer: HttpResponse) => exchange.response(answer, input, NOW),
  };
}

const operations = {
  identify: ask(cloudcheckr.identify, bearing),
  tenantName: ask(cloudcheckr.tenantName, { ...bearing, tenant: '44/11' }),
  tenants: ask(cloudcheckr.tenants, session),
  move: ask(cloudcheckr.move.to, { ...bearing, tenant: '44/11' }),
  renew: ask(cloudcheckr.renewal[0]?.exchanges[0], { ...session, client }),
  obtain: ask(cloudcheckr.obtain.client.exchanges[0], { deployment, values: client }),
};
type Name = keyof typeof operations;
const all = Object.keys(operations) as Name[];
const signIns: readonly Name[] = ['renew', 'obtain'];

describe('where CloudCheckr is', () => {
  it.each(['us', 'eu', 'au', 'gov'])('its API in %s is the console’s own', (region) => {
    const found = deploymentAt(`https://app-${region}.cloudcheckr.com/customers/4410?x#y`);

    expect(found?.vendor.id).toBe('cloudcheckr');
    expect(found?.deployment).toEqual({
      console: `https://app-${region}.cloudcheckr.com`,
      api: `https://api-${region}.cloudcheckr.com`,
    });
    expect(cloudcheckr.place.choices).toContain(found?.deployment.console);
    expect(cloudcheckr.consoles).toContain(`${found?.deployment.console}/*`);
  });

  it.each([
    'https://app.cloudcheckr.com/',
    'https://eu.cloudcheckr.com/',
    'https://api-eu.cloudcheckr.com/',
    'https://app-ca.cloudcheckr.com/',
    'http://app-eu.cloudcheckr.com/',
    'https://app-eu.cloudcheckr.com:8443/',
    'https://app-eu.cloudcheckr.com.evil.example/',
    'https://evil.example/app-eu.cloudcheckr.com',
  ])('%s is no console of it', (address) => {
    expect(deploymentAt(address)).toBeUndefined();
  });
});

describe('what its console sends', () => {
  const heard = (authorization: string, to: string) => cloudcheckr.wire(authorization, new URL(to), deployment);

  it.each(['https://api-eu.cloudcheckr.com/customer/v1/customers', 'https://auth-eu.cloudcheckr.com/connect/userinfo'])(
    'to %s is its token',
    (to) => {
      expect(heard('Bearer canary-access-0', to)).toBe('canary-access-0');
    },
  );

  it.each([
    ['Bearer canary-access-0', 'https://api-us.cloudcheckr.com/'],
    ['Bearer canary-access-0', 'https://auth-us.cloudcheckr.com/'],
    ['Bearer canary-access-0', 'https://app-eu.cloudcheckr.com/'],
    ['Bearer canary-access-0', 'http://api-eu.cloudcheckr.com/'],
    ['Bearer canary-access-0', 'https://api-eu.cloudcheckr.com.evil.example/'],
    ['Basic canary-access-0', 'https://api-eu.cloudcheckr.com/'],
    ['Bearer two words', 'https://api-eu.cloudcheckr.com/'],
    ['Custom Bearer canaryKey0', 'https://api-eu.cloudcheckr.com/'],
    ["Bearer it's", 'https://api-eu.cloudcheckr.com/'],
    ['Bearer ', 'https://api-eu.cloudcheckr.com/'],
  ])('as %j to %s is not', (authorization, to) => {
    expect(heard(authorization, to)).toBeUndefined();
  });
});

describe('a request', () => {
  const bearer = { accept: 'application/json', authorization: 'Bearer canary-access-0' };
  const signIn = {
    method: 'POST',
    url: `${deployment.api}/auth/connect/token`,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials&client_id=client-7f3a&client_secret=canary+secret%261&scope=api',
    jsonTypes: TYPES,
  };

  it.each<[Name, object]>([
    ['identify', { method: 'GET', url: `${deployment.api}/auth/v1/token/info`, headers: bearer, jsonTypes: TYPES }],
    [
      'tenantName',
      { method: 'GET', url: `${deployment.api}/customer/v1/customers/44%2F11`, headers: bearer, jsonTypes: TYPES },
    ],
    [
      'tenants',
      {
        method: 'GET',
        url: `${deployment.api}/customer/v1/customers?%24pageSize=500`,
        headers: bearer,
        jsonTypes: TYPES,
      },
    ],
    [
      'move',
      { method: 'PUT', url: `${deployment.api}/auth/v1/token/exchange/44%2F11`, headers: bearer, jsonTypes: TYPES },
    ],
    ['renew', signIn],
    ['obtain', signIn],
  ])('to %s has what the contract names, and nothing else', (name, request) => {
    expect(operations[name].request()).toEqual(request);
  });

  it('for a later page carries the key as it was given', () => {
    const { url } = cloudcheckr.tenants.request({ ...session, cursor: 'cDoy+/=&' });

    expect(url).toBe(`${deployment.api}/customer/v1/customers?%24pageSize=500&%24paginationKey=cDoy%2B%2F%3D%26`);
  });

  it('can be built for any customer, and goes to the same API', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '..', '/', '?'), (id, odd) => {
        const { url } = cloudcheckr.move.to.request({ ...bearing, tenant: id + odd });

        expect(new URL(url).origin).toBe(deployment.api);
      }),
    );
  });

  it('as text for a terminal is that of token info', () => {
    expect(cloudcheckr.curl(session)).toBe(
      [
        `curl 'https://api-eu.cloudcheckr.com/auth/v1/token/info'`,
        `-H 'accept: application/json'`,
        `-H 'authorization: Bearer canary-access-0'`,
      ].join(' \\\n  '),
    );
  });
});

describe('a status', () => {
  const statuses: readonly [number, Failure, Partial<Record<Name, Failure>>?][] = [
    [400, { code: 'unexpected_status', status: 400 }],
    [
      401,
      { code: 'unauthorized' },
      { renew: { code: 'unexpected_status', status: 401 }, obtain: { code: 'unexpected_status', status: 401 } },
    ],
    [403, { code: 'forbidden' }, { move: { code: 'tenant_refused' } }],
    [404, { code: 'not_offered' }, { move: { code: 'tenant_refused' } }],
    [405, { code: 'not_offered' }],
    [409, { code: 'unexpected_status', status: 409 }],
    [429, { code: 'rate_limited', retryAt: instant(NOW + 7 * SECOND) }],
    [500, { code: 'vendor_down', status: 500, retryAt: instant(NOW + 7 * SECOND) }],
    [503, { code: 'vendor_down', status: 503, retryAt: instant(NOW + 7 * SECOND) }],
    [302, { code: 'unexpected_status', status: 302 }],
    [200, { code: 'response_not_conform', path: '' }],
    [204, { code: 'response_not_conform', path: '' }],
  ];
  const cases = statuses.flatMap(([status, failure, but = {}]) =>
    all.map((name) => [status, name, but[name] ?? failure] as const),
  );

  it.each(cases)('%i to %s, without a body, is %j', (status, name, failure) => {
    expect(operations[name].read(answered(status, undefined, { 'retry-after': '7' }))).toEqual({ ok: false, failure });
  });

  it.each(all)('429 to %s is waited for a minute where it names no time', (name) => {
    expect(operations[name].read(answered(429))).toMatchObject({ failure: { retryAt: NOW + MINUTE } });
  });

  it.each(all)('400 to %s with the error model names what was wrong', (name) => {
    expect(operations[name].read(answered(400, fixtures.errors.model))).toEqual({
      ok: false,
      failure: { code: 'invalid_input', field: '$pageSize' },
    });
  });

  it.each(all)('400 to %s with a model that names nothing is no verdict', (name) => {
    expect(operations[name].read(answered(400, fixtures.errors['model without a target']))).toMatchObject({
      failure: { code: 'unexpected_status' },
    });
  });

  it.each(
    signIns.flatMap((name) =>
      [400, 401].flatMap((status) =>
        (['client refused', 'client may not'] as const).map((why) => [name, status, why] as const),
      ),
    ),
  )('of a sign-in (%s) of %i with "%s" refuses the credentials', (name, status, why) => {
    expect(operations[name].read(answered(status, fixtures.errors[why]))).toEqual({
      ok: false,
      failure: { code: 'credentials_refused' },
    });
  });

  it.each(signIns)('of a sign-in (%s) of 400 for another reason refuses nobody', (name) => {
    expect(operations[name].read(answered(400, fixtures.errors['scope refused']))).toMatchObject({
      failure: { code: 'unexpected_status', status: 400 },
    });
  });
});

describe('token info', () => {
  const read = (json: unknown, access = bearing.access) =>
    ask(cloudcheckr.identify, { deployment, access }).read(answered(200, json));

  it('names a person by number, customer, roles and end, and gives no name', () => {
    expect(read(fixtures.info.person)).toEqual({
      ok: true,
      value: {
        subject: '88213',
        tenant: '4410',
        labels: { roles: ['PartnerSysAdmin', 'BasicUser'] },
        expiresAt: ENDS,
      },
    });
  });

  it('names an application by its id', () => {
    expect(read(fixtures.info.application)).toMatchObject({
      ok: true,
      value: { subject: 'client-7f3a', tenant: '4410', expiresAt: ENDS },
    });
  });

  it('may leave out all but who and where', () => {
    expect(read({ userId: '88213', customerId: '4410' })).toEqual({
      ok: true,
      value: { subject: '88213', tenant: '4410', labels: { roles: [] } },
    });
  });

  it('that leaves everything out is filled in from the token it is about', () => {
    const access = unsigned({ sub: '88213', client_id: 'cmx-web', authz_customer_id: '4410', exp: ENDS / 1000 });

    expect(read({}, access)).toEqual({
      ok: true,
      value: { subject: '88213', tenant: '4410', labels: { roles: [] }, expiresAt: ENDS },
    });
  });

  it('goes before what the token says', () => {
    const access = unsigned({ sub: 'other', client_id: 'other', authz_customer_id: 'other', exp: 5 });

    expect(read(fixtures.info.person, access)).toMatchObject({
      value: { subject: '88213', tenant: '4410', expiresAt: ENDS },
    });
  });

  it('never makes two people one by the console’s own client', () => {
    const { userId: _, ...info } = fixtures.info.person;

    expect(read(info, unsigned({ sub: '88213' }))).toMatchObject({ value: { subject: '88213' } });
  });

  it.each<[object | string | null, string]>([
    ['<html>', ''],
    [null, ''],
    [{ customerId: '4410' }, 'userId'],
    [{ userId: '', customerId: '4410' }, 'userId'],
    [{ userId: '88213' }, 'customerId'],
    [{ ...fixtures.info.person, userId: 88_213 }, 'userId'],
    [{ ...fixtures.info.person, clientId: [] }, 'clientId'],
    [{ ...fixtures.info.person, customerId: {} }, 'customerId'],
    [{ ...fixtures.info.person, expiration: 'soon' }, 'expiration'],
    [{ ...fixtures.info.person, expiration: true }, 'expiration'],
    [{ ...fixtures.info.person, roles: 'admin' }, 'roles'],
    [{ ...fixtures.info.person, roles: ['a', 7] }, 'roles.1'],
  ])('%j breaks the contract at %j', (json, path) => {
    expect(read(json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path } });
  });
});

describe('a customer', () => {
  const read = (json: unknown) => operations.tenantName.read(answered(200, json));

  it('has a name', () => {
    expect(read(fixtures.customers['first page'].items[1])).toEqual({ ok: true, value: 'Contoso Health' });
  });

  it.each([[{}], [{ name: null }], [{ name: '' }], [{ name: 7 }]])('%j breaks the contract', (json) => {
    expect(read(json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path: 'name' } });
  });
});

describe('the list of customers', () => {
  const read = (json: unknown) => operations.tenants.read(answered(200, json));

  it('has names, and a key to the next page', () => {
    expect(read(fixtures.customers['first page'])).toEqual({
      ok: true,
      value: {
        items: [
          { id: '4410', name: 'Northwind Cloud Partners' },
          { id: '4411', name: 'Contoso Health' },
        ],
        next: 'cDoy+/=&',
      },
    });
  });

  it.each([
    ['last page', [{ id: '4412', name: '4412' }]],
    ['only page', []],
  ] as const)('ends with its %s', (page, items) => {
    expect(read(fixtures.customers[page])).toEqual({ ok: true, value: { items } });
  });

  it('ends where the next key is empty', () => {
    expect(read({ items: [], pagination: { nextKey: '' } })).toEqual({ ok: true, value: { items: [] } });
  });

  it.each([
    [[], 'items'],
    [{ items: {} }, 'items'],
    [{ items: [{ id: '4410' }, { id: 4411 }] }, 'items.1.id'],
    [{ items: [{ id: '' }] }, 'items.0.id'],
    [{ items: [{ id: '4410', name: 7 }] }, 'items.0.name'],
    [{ items: [], pagination: 'p2' }, 'pagination'],
    [{ items: [], pagination: { nextKey: 2 } }, 'pagination.nextKey'],
  ])('%j breaks the contract at %j', (json, path) => {
    expect(read(json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path } });
  });
});

describe.each(['move', 'renew', 'obtain'] as const)('a token made by: %s', (name) => {
  const read = (json: unknown, status = 200) => operations[name].read(answered(status, json));

  it.each([200, 201])('lives from when it was asked for (%i)', (status) => {
    expect(read(fixtures.token, status)).toEqual({
      ok: true,
      value: { access: 'canary-access-1', token: { issuedAt: STARTED, expiresAt: STARTED + HOUR } },
    });
  });

  it.each([undefined, null, 0, -1, Infinity, 1e9, '3600', {}])(
    'lives five minutes until token info says more, where it is said to live for %j',
    (expires_in) => {
      expect(read({ access_token: 'canary-access-1', expires_in })).toEqual({
        ok: true,
        value: { access: 'canary-access-1', token: { issuedAt: STARTED, expiresAt: STARTED + 5 * MINUTE } },
      });
    },
  );

  it('lives as long as it says of itself where nothing else does', () => {
    const access_token = unsigned({ iat: 1_000, exp: 1_600 });

    expect(read({ access_token, expires_in: null })).toMatchObject({
      value: { token: { issuedAt: STARTED, expiresAt: STARTED + 600 * SECOND } },
    });
  });

  it.each<[unknown, string]>([
    [{}, 'access_token'],
    [{ access_token: null }, 'access_token'],
    [{ access_token: '' }, 'access_token'],
    [{ access_token: 'two words' }, 'access_token'],
    [{ access_token: "it's" }, 'access_token'],
    [{ access_token: 'a'.repeat(16 * 1024 + 1) }, 'access_token'],
  ])('as %j breaks the contract at %s', (json, path) => {
    expect(read(json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path } });
  });
});

it('renews only what began with an application’s credentials', () => {
  expect(cloudcheckr.renewal.map(({ name, from, spends }) => [name, from, spends])).toEqual([
    ['request', ['own'], false],
  ]);
  expect(cloudcheckr.obtain.client.keeps).toEqual(cloudcheckr.obtain.client.fields.map(({ name }) => name));
});

it('has no claims to rely on, and moves from the root', () => {
  const vendor: Vendor | undefined = vendorOf('cloudcheckr');

  expect(vendor?.claims).toBeUndefined();
  expect(vendor?.move).toMatchObject({ verb: 'exchange', from: 'root' });
});

describe('for any answer', () => {
  const documents = [...[fixtures.info, fixtures.customers, fixtures.errors].flatMap(Object.values), fixtures.token];

  it.each(all)('%s gives a value or a named failure, no time that is no time, and tells no secret', (name) => {
    fc.assert(
      fc.property(oddAnswers(documents), (answer) => {
        const result = operations[name].read(answer);

        expect(result.ok ? 'value' : result.failure.code).toMatch(/^[a-z_]+$/);
        expect(unholdable(result)).toEqual([]);
        expect(result.ok ? '' : JSON.stringify(result)).not.toContain('canary');
      }),
      { numRuns: 200 },
    );
  });

  it('any token in it, or asked about, is read without a throw', () => {
    const claims = { sub: '88213', client_id: 'cmx-web', authz_customer_id: '4410', iat: 1, exp: 2 };
    fc.assert(
      fc.property(oddTokens(claims), (access) => {
        const about = ask(cloudcheckr.identify, { deployment, access });

        expect(unholdable(about.read(answered(200, {})))).toEqual([]);
        expect(unholdable(operations.move.read(answered(200, { access_token: access })))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

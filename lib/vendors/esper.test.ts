import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, instant, MINUTE, SECOND } from '../core/time';
import type { Deployment, Exchange, Vendor } from '../core/vendor';
import { oddAnswers, unholdable } from '../testing/odd-answers';
import { esper } from './esper';
import fixtures from './fixtures/esper.json';
import { deploymentAt, vendorOf } from './index';

const STARTED = instant(Date.UTC(2026, 0, 15, 9));
const NOW = instant(STARTED + 800);
const ENTERPRISE = 'e0000000-0000-4000-8000-000000000001';
const OTHER = 'e0000000-0000-4000-8000-000000000002';
const APP = 'd0000000-0000-4000-8000-000000000001';

const deployment: Deployment = {
  console: 'https://northwind.esper.cloud',
  api: 'https://northwind-api.esper.cloud',
};
const bearing = { deployment, access: 'canaryKey0' };
const session = { ...bearing, subject: '4100', tenant: ENTERPRISE, ids: { application: APP, record: '570' } };

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

const renewKey = esper.renewal[0]?.exchanges[0];
const operations = { identify: ask(esper.identify, bearing), renew: ask(renewKey, session) };
type Name = keyof typeof operations;
const all = Object.keys(operations) as Name[];

describe('where Esper is', () => {
  it.each([
    ['https://northwind.esper.cloud/devices?x#y', 'northwind'],
    ['https://fabrikam-labs.esper.cloud/', 'fabrikam-labs'],
    ['https://api.esper.cloud/', 'api'],
    ['https://7.esper.cloud/', '7'],
  ])('%s is the console of %s, and has an API of its own', (address, tenant) => {
    expect(deploymentAt(address)).toMatchObject({
      vendor: { id: 'esper' },
      deployment: { console: `https://${tenant}.esper.cloud`, api: `https://${tenant}-api.esper.cloud` },
    });
  });

  it.each([
    ...[
      'id',
      'authn2',
      'mission-control-api',
      'onboarding',
      'downloads',
      'dpcdownloads',
      'ping',
      'mqtt',
      'ota',
      'statserv',
      'eea-services',
    ].map((host) => `https://${host}.esper.cloud/`),
    'https://northwind-api.esper.cloud/',
    'https://esper.cloud/',
    'https://deep.northwind.esper.cloud/',
    'https://-northwind.esper.cloud/',
    'https://northwind-.esper.cloud/',
    'http://northwind.esper.cloud/',
    'https://northwind.esper.cloud:8443/',
    'https://northwind.espercloud.com/',
    'https://northwind.esper.cloud.evil.example/',
    'https://evilesper.cloud/',
  ])('%s is no console of it', (address) => {
    expect(deploymentAt(address)).toBeUndefined();
  });

  it.each([
    'northwind',
    ' Northwind ',
    'northwind-api',
    'northwind.esper.cloud',
    'northwind-api.esper.cloud',
    'https://northwind.esper.cloud',
    'HTTPS://Northwind.Esper.Cloud/login?siteadmin=true',
    'http://northwind-api.esper.cloud/api/v1/',
  ])('may be typed as %j', (typed) => {
    expect(esper.place.read(typed)).toEqual(deployment);
  });

  it.each([
    '',
    'id',
    'authn2.esper.cloud',
    'north wind',
    'xn--',
    '-northwind',
    'northwind-api-api',
    'northwind.evil.example',
    'https://evil.example/northwind.esper.cloud',
    'https://northwind@evil.example',
    'https://northwind.esper.cloud@evil.example',
    'northwind.esper.cloud.evil.example',
    'a'.repeat(64),
  ])('is not read in %j', (typed) => {
    expect(esper.place.read(typed)).toBeUndefined();
  });

  it('is never anywhere but beneath esper.cloud, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain()), (typed) => {
        const { api = 'https://none.esper.cloud' } = esper.place.read(typed) ?? {};

        expect(new URL(api).hostname).toMatch(/\.esper\.cloud$/);
      }),
    );
  });
});

describe('what its console sends', () => {
  const heard = (authorization: string, to: string) => esper.wire(authorization, new URL(to), deployment);

  it('to the tenant’s API is its key', () => {
    expect(heard('Bearer canaryKey0', 'https://northwind-api.esper.cloud/api/v1/token-info/')).toBe('canaryKey0');
  });

  it.each([
    ['Bearer canaryKey0', 'https://contoso-api.esper.cloud/'],
    ['Bearer canaryKey0', 'https://northwind.esper.cloud/'],
    ['Bearer canaryKey0', 'https://mission-control-api.esper.cloud/'],
    ['Bearer canaryKey0', 'http://northwind-api.esper.cloud/'],
    ['Token canaryKey0', 'https://northwind-api.esper.cloud/'],
    ['Bearer two words', 'https://northwind-api.esper.cloud/'],
    ['Custom Bearer canaryKey0', 'https://northwind-api.esper.cloud/'],
  ])('as %j to %s is not', (authorization, to) => {
    expect(heard(authorization, to)).toBeUndefined();
  });
});

describe('a request', () => {
  const headers = { accept: 'application/json', authorization: 'Bearer canaryKey0' };

  it('for token info has its slash', () => {
    expect(operations.identify.request()).toEqual({
      method: 'GET',
      url: `${deployment.api}/api/v1/token-info/`,
      headers,
      jsonTypes: ['application/json'],
    });
  });

  it('to renew names enterprise and app, carries the key twice, and no body', () => {
    expect(operations.renew.request()).toEqual({
      method: 'POST',
      url: `${deployment.api}/api/v0/enterprise/${ENTERPRISE}/developerapp/${APP}/renew-token/?access_token=canaryKey0`,
      headers,
      jsonTypes: ['application/json'],
    });
  });

  it('to renew carries any key whole, and it leads nowhere else', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('+/=&#', '%2e', '?x'), (some, odd) => {
        const url = new URL(renewKey?.request({ ...session, access: some + odd }).url ?? '');

        expect([url.origin, url.searchParams.get('access_token')]).toEqual([deployment.api, some + odd]);
        expect(url.pathname).toMatch(/renew-token\/$/);
      }),
    );
  });

  it('as text for a terminal is that of token info', () => {
    expect(esper.curl(session)).toBe(
      [
        `curl 'https://northwind-api.esper.cloud/api/v1/token-info/'`,
        `-H 'accept: application/json'`,
        `-H 'authorization: Bearer canaryKey0'`,
      ].join(' \\\n  '),
    );
  });
});

describe('a status', () => {
  const statuses: readonly [number, Failure, Partial<Record<Name, Failure>>?][] = [
    [400, { code: 'unexpected_status', status: 400 }, { renew: { code: 'invalid_input' } }],
    [401, { code: 'unauthorized' }],
    [403, { code: 'forbidden' }],
    [404, { code: 'not_offered' }],
    [405, { code: 'not_offered' }],
    [409, { code: 'unexpected_status', status: 409 }],
    [429, { code: 'rate_limited', retryAt: instant(NOW + 7 * SECOND) }],
    [500, { code: 'vendor_down', status: 500, retryAt: instant(NOW + 7 * SECOND) }],
    [503, { code: 'vendor_down', status: 503, retryAt: instant(NOW + 7 * SECOND) }],
    [301, { code: 'unexpected_status', status: 301 }],
  ];
  const bodies = { nothing: undefined, ...fixtures.errors };
  const cases = statuses.flatMap(([status, failure, but = {}]) =>
    all.flatMap((name) =>
      Object.entries(bodies).map(([label, body]) => [status, name, label, but[name] ?? failure, body] as const),
    ),
  );

  it.each(cases)('%i to %s is decided by itself, with %s in the body: %j', (status, name, _label, failure, body) => {
    expect(operations[name].read(answered(status, body, { 'retry-after': '7' }))).toEqual({ ok: false, failure });
  });

  it.each(all.flatMap((name) => [200, 201, 204].map((status) => [status, name] as const)))(
    '%i to %s without what was asked for breaks the contract',
    (status, name) => {
      expect(operations[name].read(answered(status))).toEqual({
        ok: false,
        failure: { code: 'response_not_conform', path: '' },
      });
    },
  );

  it.each(all)('429 to %s is waited for a minute where it names no time', (name) => {
    expect(operations[name].read(answered(429))).toMatchObject({ failure: { retryAt: NOW + MINUTE } });
  });
});

describe('token info', () => {
  const info = fixtures['token info'];
  const read = (json: unknown) => operations.identify.read(answered(200, json));

  it('names user, enterprise, app, record, scope and both ends of the key’s life', () => {
    expect(read(info)).toEqual({
      ok: true,
      value: {
        subject: '4100',
        tenant: ENTERPRISE,
        labels: { roles: ['read', 'write', 'update'], tenant: 'northwind' },
        issuedAt: Date.UTC(2024, 1, 23, 15, 42, 16, 637),
        expiresAt: Date.UTC(2026, 10, 19, 15, 42, 16, 637),
        ids: { application: APP, record: '570' },
      },
    });
  });

  it('never gives the key it repeats, nor the refresh token nothing takes', () => {
    expect(JSON.stringify(read(info))).not.toContain('canary');
  });

  it('may leave out all but record and enterprise', () => {
    expect(read({ id: 570, enterprise: ENTERPRISE })).toEqual({
      ok: true,
      value: { subject: '570', tenant: ENTERPRISE, labels: { roles: [], tenant: 'northwind' }, ids: { record: '570' } },
    });
  });

  it('without a user names the app: it stays what it is when the key is renewed', () => {
    const { user: _, ...rest } = info;

    expect(read(rest)).toMatchObject({ value: { subject: APP } });
    expect(read({ ...rest, id: '571' })).toMatchObject({ value: { subject: APP } });
  });

  it.each(['2019-11-19T15:42:16Z', '2019-11-19T15:42:16.000203Z', '2019-11-19 15:42:16.000203+00:00'])(
    'tells the end as %s',
    (expires_on) => {
      expect(read({ ...info, expires_on })).toMatchObject({
        value: { expiresAt: Date.UTC(2019, 10, 19, 15, 42, 16) },
      });
    },
  );

  it.each([null, -1, '-1'])('says by %j that a key never ends', (expires_on) => {
    const said = read({ ...info, expires_on });

    expect(said).toMatchObject({ ok: true });
    expect(said).not.toHaveProperty('value.expiresAt');
  });

  it.each<[unknown, string]>([
    ['<html>', ''],
    [null, ''],
    [{ ...info, id: undefined }, 'id'],
    [{ ...info, id: '' }, 'id'],
    [{ ...info, id: {} }, 'id'],
    [{ ...info, enterprise: undefined }, 'enterprise'],
    [{ ...info, enterprise: 'Northwind' }, 'enterprise'],
    [{ ...info, enterprise: 7 }, 'enterprise'],
    [{ ...info, user: [] }, 'user'],
    [{ ...info, developer_app: 'none' }, 'developer_app'],
    [{ ...info, expires_on: 'never' }, 'expires_on'],
    [{ ...info, expires_on: {} }, 'expires_on'],
    [{ ...info, scope: 'read write' }, 'scope'],
    [{ ...info, scope: ['read', 7] }, 'scope.1'],
  ])('%j breaks the contract at %j', (json, path) => {
    expect(read(json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path } });
  });
});

describe('a renewal', () => {
  const { renewal } = fixtures;
  const server = renewal['as the server writes it'];
  const read = (json: unknown, status = 201) => operations.renew.read(answered(status, json));

  it.each(
    (['as the server writes it', 'as the specification has it'] as const).flatMap((form) =>
      [200, 201].map((status) => [form, status] as const),
    ),
  )('%s (%i) gives another key and its end, and none of its ids', (form, status) => {
    expect(read(renewal[form], status)).toEqual({
      ok: true,
      value: {
        access: 'canaryRenewed1',
        token: { issuedAt: STARTED, expiresAt: Date.UTC(2028, 9, 11, 9, 0, 0, 637) },
      },
    });
  });

  it('for another enterprise is refused, however it is written', () => {
    for (const enterprise of [OTHER, `Contoso Health [${OTHER}]`]) {
      expect(read({ ...server, enterprise })).toEqual({ ok: false, failure: { code: 'identity_changed' } });
    }
  });

  it.each([
    ['no enterprise', { enterprise: undefined }],
    ['an enterprise that is only a name', { enterprise: 'Northwind Retail' }],
    ['an enterprise of another type', { enterprise: { id: 7 } }],
    ['an app of another type', { developerapp: 7, developer_app: [] }],
    ['no end', { expires_at: undefined }],
    ['an end nobody can read', { expires_at: 'in 1000 days' }],
    ['an end of another type', { expires_at: {} }],
    ['a scope of another type', { scope: 7 }],
  ])('with %s still gives the key: token info says the rest', (_, over) => {
    expect(read({ ...server, ...over })).toMatchObject({ ok: true, value: { access: 'canaryRenewed1' } });
  });

  it.each<[unknown, string]>([
    ['<html>', ''],
    [{ ...server, token: undefined }, 'token'],
    [{ ...server, token: '' }, 'token'],
    [{ ...server, token: 7 }, 'token'],
    [{ ...server, token: 'abc***' }, 'token'],
  ])('%j breaks the contract at %j', (json, path) => {
    expect(read(json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path } });
  });
});

it('renews no key of a console’s, each key once, from 30 days before its end', () => {
  const [rung, ...others] = esper.renewal;

  expect(others).toEqual([]);
  expect(rung).toMatchObject({
    name: 'renew_key',
    from: ['own', 'entered'],
    spends: true,
    isOnce: true,
    leadMs: 30 * 24 * HOUR,
  });
});

it('has nothing that it cannot do', () => {
  const vendor: Vendor | undefined = vendorOf('esper');

  for (const absent of ['claims', 'move', 'tenants', 'revoke', 'create', 'list'] as const) {
    expect(vendor?.[absent], absent).toBeUndefined();
  }
});

it.each(all)(
  'to %s any answer gives a value or a named failure, no time that is no time, and tells no secret',
  (name) => {
    const documents = [fixtures['token info'], ...Object.values(fixtures.renewal), ...Object.values(fixtures.errors)];
    fc.assert(
      fc.property(oddAnswers(documents), (answer) => {
        const result = operations[name].read(answer);

        expect(result.ok ? 'value' : result.failure.code).toMatch(/^[a-z_]+$/);
        expect(unholdable(result)).toEqual([]);
        expect(result.ok ? '' : JSON.stringify(result)).not.toContain('canary');
      }),
      { numRuns: 300 },
    );
  },
);

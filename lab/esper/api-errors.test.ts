// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { send } from '../testing-client';
import { siblingHosts } from './tenants';
import { call, renew, tokenInfo } from './testing-api';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const nia = () => lab.esper.people.nia;

const dead: Record<string, () => string> = {
  'nobody made': () => 'abcdefghijABCDEFGHIJ0123456789',
  'past its time': () => lab.esper.issueKey(nia(), { lifeMs: -1 }),
  'that was revoked': () => {
    const key = lab.esper.issueKey(nia());
    lab.esper.revokeKey(key);
    return key;
  },
  'that was replaced': () => {
    const key = lab.esper.issueKey(nia());
    lab.esper.replaceKey(key);
    return key;
  },
  'of somebody deactivated': () => {
    lab.esper.deactivate(nia());
    return lab.esper.issueKey(nia());
  },
  'of somebody deleted': () => {
    const key = lab.esper.issueKey(nia());
    lab.esper.deleteUser(nia());
    return key;
  },
  'of the same person in another tenant': () => lab.esper.issueKey(lab.esper.people.niaAtContoso),
};

describe('a key', () => {
  it.each(Object.keys(dead))('%s is refused everywhere', async (kind) => {
    const live = lab.esper.issueKey(lab.esper.addUser({ ...nia(), email: 'ned@northwind.example' }));
    const key = dead[kind]?.() ?? '';

    const info = await tokenInfo(lab, key);
    const renewal = await renew(lab, live, { bearer: key });

    expect([info.status, renewal.status]).toEqual([401, 401]);
    expect(info.json()).toEqual({ errors: ['API key is invalid'], message: 'API key is invalid', status: 401 });
  });

  it('goes on under another value when it is replaced', async () => {
    const next = lab.esper.replaceKey(lab.esper.issueKey(nia()));

    expect((await tokenInfo(lab, next)).status).toBe(200);
  });

  it.each([undefined, 'Basic YTpi', 'Token abc'])('is missing from the header %s', async (authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };

    const reply = await call(lab, '/v1/token-info/', { headers });

    expect([reply.status, (reply.json() as { message: string }).message]).toEqual([
      401,
      'Authentication credentials were not provided.',
    ]);
  });
});

it.each([
  ['errors', { errors: ['API key is invalid'], message: 'API key is invalid', status: 401 }],
  ['detail', { detail: 'Invalid token.' }],
] as const)('writes errors by %s where that is set', async (errorForm, body) => {
  lab.settings.esper.errorForm = errorForm;

  const reply = await tokenInfo(lab, 'x');

  expect([reply.status, reply.headers['content-type'], reply.json()]).toEqual([401, 'application/json', body]);
});

it('writes errors as bare text where that is set', async () => {
  lab.settings.esper.errorForm = 'text';

  const reply = await tokenInfo(lab, 'x');

  expect([reply.status, reply.text]).toEqual([401, 'API key is invalid']);
});

it.each([400, 403, 404, 429, 500])('answers %i when that is ordered', async (status) => {
  lab.faults.add({
    host: 'northwind-api.esper.cloud',
    path: '/api/v1/token-info/',
    kind: 'status',
    status,
    retryAfter: 30,
  });

  const reply = await tokenInfo(lab, lab.esper.issueKey(nia()));

  expect([reply.status, reply.headers['retry-after']]).toEqual([status, '30']);
});

describe('a path', () => {
  it('needs its slash: a reader is sent on, a writer finds nothing', async () => {
    const key = lab.esper.issueKey(nia());
    const { enterprise, developerApp } = lab.esper.detailsOf(key);
    const bare = `/v0/enterprise/${enterprise}/developerapp/${developerApp}/renew-token`;

    const read = await call(lab, '/v1/token-info', { bearer: key });
    const written = await call(lab, `${bare}?access_token=${key}`, { method: 'POST', bearer: key });

    expect([read.status, read.headers.location, written.status]).toEqual([301, '/api/v1/token-info/', 404]);
  });

  it.each([
    ['POST', '/v1/token-info/', 405],
    ['GET', '/v1/nothing/', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    expect((await call(lab, path, { method, bearer: lab.esper.issueKey(nia()) })).status).toBe(status);
  });

  it('renews by POST alone: GET is of an older server', async () => {
    const key = lab.esper.issueKey(nia());
    const { enterprise, developerApp } = lab.esper.detailsOf(key);
    const path = `/v0/enterprise/${enterprise}/developerapp/${developerApp}/renew-token/?access_token=${key}`;

    const reply = await call(lab, path, { bearer: key });

    expect([reply.status, lab.esper.liveKeys(nia())]).toEqual([405, [key]]);
  });
});

describe('CORS', () => {
  const asked = (origin: string, method = 'GET') =>
    send(lab.port, 'https://northwind-api.esper.cloud/api/v1/token-info/', { method, headers: { Origin: origin } });

  it('lets the tenant’s own console call', async () => {
    const preflight = await asked('https://northwind.esper.cloud', 'OPTIONS');
    const reply = await asked('https://northwind.esper.cloud');

    expect(preflight.headers['access-control-allow-headers']).toContain('authorization');
    for (const { headers } of [preflight, reply]) {
      expect(headers['access-control-allow-origin']).toBe('https://northwind.esper.cloud');
    }
  });

  it.each(['https://contoso.esper.cloud', 'https://evil.example', 'chrome-extension://abc', 'moz-extension://abc'])(
    'gives %s no leave',
    async (origin) => {
      expect((await asked(origin, 'OPTIONS')).headers).not.toHaveProperty('access-control-allow-origin');
      expect((await asked(origin)).headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});

it.each(siblingHosts)('answers plainly at %s, which is no tenant', async (host) => {
  const page = await send(lab.port, `https://${host}/`);
  const api = await send(lab.port, `https://${host}/api/v1/token-info/`, {
    headers: { Authorization: `Bearer ${lab.esper.issueKey(nia())}` },
  });

  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(api.text).toBe(page.text);
});

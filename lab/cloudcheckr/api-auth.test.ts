// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { send } from '../testing-client';
import { hostsOf, legacyHosts } from './regions';
import { call, errorIn, exchange, info } from './testing-api';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const dana = () => lab.cloudcheckr.people.dana;

const refused: Record<string, () => string> = {
  'of nobody’s making': () => 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.x',
  'with a letter changed': () => `${lab.cloudcheckr.issueToken(dana()).slice(0, -1)}_`,
  'that has expired': () => lab.cloudcheckr.issueToken(dana(), { lifeMs: -1000 }),
  'that was revoked': () => {
    const token = lab.cloudcheckr.issueToken(dana());
    lab.cloudcheckr.revokeToken(token);
    return token;
  },
  'of somebody deactivated': () => {
    lab.cloudcheckr.deactivate(dana());
    return lab.cloudcheckr.issueToken(dana());
  },
  'of somebody deleted': () => {
    lab.cloudcheckr.deleteUser(dana());
    return lab.cloudcheckr.issueToken(dana());
  },
  'of another region': () => lab.cloudcheckr.issueToken(lab.cloudcheckr.people.freya),
};

describe.each(['/auth/v1/token/info', '/customer/v1/customers'])('%s', (path) => {
  it.each(Object.keys(refused))('refuses a token %s', async (kind) => {
    const reply = await call(lab, path, { bearer: refused[kind]?.() ?? '' });

    expect([reply.status, errorIn(reply).code]).toEqual([401, 'Unauthorized']);
    expect(reply.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it.each([undefined, 'Basic YTpi', 'Bearer', 'Bearer a b'])('refuses the header %s', async (authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };

    const reply = await call(lab, path, { headers });

    expect([reply.status, reply.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });
});

it('lets a token live to its last second, by the servers’ clock', async () => {
  const token = lab.cloudcheckr.issueToken(dana(), { lifeMs: 60_000 });
  lab.settings.clockOffsetMs += 58_000;
  const before = await info(lab, token);

  lab.settings.clockOffsetMs += 2_000;

  expect([before.status, (await info(lab, token)).status]).toEqual([200, 401]);
});

it('writes errors in the vendor’s model', async () => {
  const reply = await info(lab, 'x');

  expect(reply.json()).toEqual({
    error: {
      httpStatusCode: 401,
      code: 'Unauthorized',
      message: 'Authorization has been denied for this request.',
      target: null,
      details: [],
      innerError: {},
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      developerInfo: { exceptionType: null, exceptionMessage: null, exceptionFullStack: null },
    },
  });
});

it.each([
  ['none', ''],
  ['text', 'Authorization has been denied for this request.'],
] as const)('writes errors as %s where that is set', async (errorBody, text) => {
  lab.settings.cloudcheckr.errorBody = errorBody;

  const reply = await info(lab, 'x');

  expect([reply.status, reply.text]).toEqual([401, text]);
});

it.each([
  ['application/json', 'application/json; charset=utf-8'],
  ['text/json', 'text/json; charset=utf-8'],
  ['text/plain', 'text/plain; charset=utf-8'],
  ['text/plain, application/json, text/json', 'text/plain; charset=utf-8'],
  ['text/plain;q=0.5, application/json', 'application/json; charset=utf-8'],
  ['text/*', 'text/json; charset=utf-8'],
  ['*/*', 'application/json; charset=utf-8'],
  ['image/png', 'application/json; charset=utf-8'],
])('answers Accept: %s as %s, errors too', async (accept, type) => {
  const good = await info(lab, lab.cloudcheckr.issueToken(dana()), { accept });
  const bad = await exchange(lab, 'nothing', lab.cloudcheckr.issueToken(dana()), { accept });

  expect([good.headers['content-type'], bad.headers['content-type']]).toEqual([type, type]);
  expect(good.json()).toHaveProperty('customerId');
  expect(errorIn(bad).httpStatusCode).toBe(404);
});

describe('CORS', () => {
  const asked = (host: string, origin: string, method = 'GET') =>
    send(lab.port, `https://${host}/auth/v1/token/info`, { method, headers: { Origin: origin } });

  it.each([hostsOf('us').api, hostsOf('us').auth])('lets the region’s own console call %s', async (host) => {
    const preflight = await asked(host, 'https://app-us.cloudcheckr.com', 'OPTIONS');
    const reply = await asked(host, 'https://app-us.cloudcheckr.com');

    expect([preflight.status, reply.status]).toEqual([204, 401]);
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization');
    expect(preflight.headers['access-control-allow-methods']).toContain('PUT');
    for (const { headers } of [preflight, reply]) {
      expect(headers['access-control-allow-origin']).toBe('https://app-us.cloudcheckr.com');
    }
  });

  it.each(['https://app-eu.cloudcheckr.com', 'https://evil.example', 'chrome-extension://abc', 'moz-extension://abc'])(
    'gives %s no leave',
    async (origin) => {
      const preflight = await asked(hostsOf('us').api, origin, 'OPTIONS');
      const reply = await asked(hostsOf('us').api, origin);

      expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
      expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});

it('knows no path that is not there', async () => {
  const reply = await call(lab, '/auth/v1/token');

  expect([reply.status, errorIn(reply).code]).toEqual([404, 'NotFound']);
});

it.each(legacyHosts)('answers plainly at the older product’s %s', async (host) => {
  const reply = await send(lab.port, `https://${host}/`);

  expect([reply.status, reply.text]).toEqual([200, expect.stringContaining('CloudCheckr Classic')]);
});

// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { call, errorsIn, obtain, pairIn, post, refresh, switchTo } from './testing-api';
import { claimsOf } from './tokens';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const ana = () => lab.prowler.people.ana;
const credentials = () => ({ email: ana().email, password: ana().password });
const nobody = '00000000-0000-4000-8000-000000000000';

describe('POST /tokens', () => {
  it('answers 200 with both tokens and nothing else', async () => {
    const reply = await obtain(lab, credentials());

    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/vnd.api+json');
    expect(reply.json()).toEqual({
      data: { type: 'tokens', attributes: { access: expect.any(String), refresh: expect.any(String) } },
    });
  });

  it('starts in the tenant of the oldest membership', async () => {
    const { access } = pairIn(await obtain(lab, credentials()));

    expect(claimsOf(access).tenant_id).toBe(lab.prowler.tenants.northwind.id);
  });

  it('starts in the tenant asked for', async () => {
    const { id } = lab.prowler.tenants.fabrikam;

    const { access } = pairIn(await obtain(lab, { ...credentials(), tenant_id: id }));

    expect(claimsOf(access).tenant_id).toBe(id);
  });

  it('takes the address in any case and ignores attributes it does not know', async () => {
    const reply = await obtain(lab, { ...credentials(), email: ana().email.toUpperCase(), colour: 'green' });

    expect(reply.status).toBe(200);
  });

  it.each(['application/x-www-form-urlencoded', 'application/vnd.api+json; charset=utf-8'])(
    'takes a body of %s',
    async (type) => {
      const { email, password } = credentials();
      const form = new URLSearchParams({ email, password }).toString();
      const document = { data: { type: 'tokens', attributes: { email, password } } };

      const body = type.includes('form') ? form : document;
      const reply = await call(lab, '/tokens', { method: 'POST', body, headers: { 'Content-Type': type } });

      expect(reply.status).toBe(200);
    },
  );

  it('takes a multipart form', async () => {
    const { email, password } = credentials();
    const part = (name: string, value: string) =>
      `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

    const reply = await call(lab, '/tokens', {
      method: 'POST',
      body: `${part('email', email)}${part('password', password)}--edge--\r\n`,
      headers: { 'Content-Type': 'multipart/form-data; boundary=edge' },
    });

    expect(reply.status).toBe(200);
  });

  it.each([
    ['a wrong password', { email: 'ana.ruiz@northwind.example', password: 'no' }, 'Invalid credentials', '/data'],
    ['an unknown address', { email: 'no@northwind.example', password: 'no' }, 'Invalid credentials', '/data'],
    ['an address that is none', { email: 'no', password: 'no' }, 'Invalid credentials', '/data'],
  ])('refuses %s with 400', async (_, attributes, detail, pointer) => {
    const reply = await obtain(lab, attributes);

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)).toEqual([{ detail, status: '400', source: { pointer }, code: 'invalid' }]);
  });

  it.each([
    ['not a UUID', 'northwind', 'Must be a valid UUID.', '/data/attributes/tenant_id'],
    ['of no tenant', nobody, 'Tenant does not exist or user is not a member.', '/data'],
  ])('refuses a tenant that is %s with 400', async (_, tenant_id, detail, pointer) => {
    const reply = await obtain(lab, { ...credentials(), tenant_id });

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)).toEqual([{ detail, status: '400', source: { pointer }, code: 'invalid' }]);
  });

  it('refuses a tenant one is not in as if it did not exist', async () => {
    const reply = await obtain(lab, { ...credentials(), tenant_id: lab.prowler.tenants.longName.id });

    expect(errorsIn(reply)[0]?.detail).toBe('Tenant does not exist or user is not a member.');
  });

  it('refuses a tenant of null', async () => {
    const reply = await obtain(lab, { ...credentials(), tenant_id: null });

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)[0]).toMatchObject({ code: 'null', source: { pointer: '/data/attributes/tenant_id' } });
  });

  it('refuses somebody without any membership with 400', async () => {
    const { email, password } = lab.prowler.people.chloe;

    const reply = await obtain(lab, { email, password });

    expect(errorsIn(reply)).toEqual([
      { detail: 'User has no memberships.', status: '400', source: { pointer: '/data' }, code: 'invalid' },
    ]);
  });

  it('refuses somebody inactive as it refuses a wrong password', async () => {
    lab.prowler.deactivate(ana());

    const reply = await obtain(lab, credentials());

    expect(errorsIn(reply)[0]?.detail).toBe('Invalid credentials');
  });

  it('says that it cannot sign when its key is not set', async () => {
    lab.settings.signingKeyMissing = true;

    const reply = await obtain(lab, credentials());

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)[0]?.detail).toMatch(/^Token generation failed due to invalid key configuration\. /);
  });
});

const endpoints = [
  { path: '/tokens', type: 'tokens', fields: ['email', 'password'] },
  { path: '/tokens/refresh', type: 'tokens-refresh', fields: ['refresh'] },
  { path: '/tokens/switch', type: 'tokens-switch-tenant', fields: ['tenant_id'] },
] as const;

describe.each(endpoints)('POST $path, malformed', ({ path, type, fields }) => {
  const bearer = () => ({ Authorization: `Bearer ${lab.prowler.issuePair(ana()).access}` });
  const raw = (body: unknown, headers: Record<string, string> = {}) =>
    call(lab, path, { method: 'POST', body, headers: { ...bearer(), ...headers } });
  const required = fields.map((field) => ({
    detail: 'This field is required.',
    status: '400',
    source: { pointer: `/data/attributes/${field}` },
    code: 'required',
  }));

  it('names every missing field', async () => {
    const reply = await raw({ data: { type, attributes: {} } });

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)).toEqual(required);
  });

  it('says the same to an empty body, whatever its type', async () => {
    const replies = [await raw(undefined), await raw('', { 'Content-Type': 'application/json' })];

    for (const reply of replies) expect(errorsIn(reply)).toEqual(required);
  });

  it('tells blank from missing, but for an id', async () => {
    const reply = await raw({ data: { type, attributes: Object.fromEntries(fields.map((field) => [field, ' '])) } });

    const blank = type === 'tokens-switch-tenant' ? 'invalid' : 'blank';
    expect(errorsIn(reply).map(({ code }) => code)).toEqual(fields.map(() => blank));
  });

  it.each([
    ['broken JSON', '{', /^JSON parse error - /],
    ['no data member', { meta: {} }, /^Received document does not contain primary data$/],
    ['data that is no object', { data: [] }, /^Received data is not a valid JSON:API Resource Identifier Object$/],
  ])('answers 400 parse_error to %s', async (_, body, detail) => {
    const reply = await raw(body);

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)).toEqual([
      { detail: expect.stringMatching(detail), status: '400', source: { pointer: '/data' }, code: 'parse_error' },
    ]);
  });

  it.each([
    ['wrong', 'users', 'users'],
    ['missing', undefined, 'None'],
  ])('answers 409 to a type that is %s', async (_, given, shown) => {
    const reply = await raw({ data: { type: given, attributes: {} } });

    expect(reply.status).toBe(409);
    expect(errorsIn(reply)).toEqual([
      {
        detail: `The resource object's type (${shown}) is not the type that constitute the collection represented by the endpoint (${type}).`,
        status: '409',
        source: { pointer: '/data' },
        code: 'error',
      },
    ]);
  });

  it.each(['application/json', 'text/plain'])('answers 415 to %s', async (contentType) => {
    const reply = await raw({ data: { type, attributes: {} } }, { 'Content-Type': contentType });

    expect(reply.status).toBe(415);
    expect(errorsIn(reply)).toEqual([
      {
        detail: `Unsupported media type "${contentType}" in request.`,
        status: '415',
        source: { pointer: '/data' },
        code: 'unsupported_media_type',
      },
    ]);
  });

  it('answers 406 to an Accept it cannot satisfy, before it looks at anything else', async () => {
    const reply = await raw('{', {
      Accept: 'application/json',
      Authorization: 'Bearer stale',
      'Content-Type': 'text/plain',
    });

    expect(reply.status).toBe(406);
    expect(errorsIn(reply)).toEqual([
      {
        detail: 'Could not satisfy the request Accept header.',
        status: '406',
        source: { pointer: '/data' },
        code: 'not_acceptable',
      },
    ]);
  });

  it.each(['*/*', 'application/vnd.api+json', 'text/html, application/vnd.api+json;q=0.9'])(
    'is content with Accept: %s',
    async (accept) => {
      const reply = await raw(undefined, { Accept: accept });

      expect(reply.status).toBe(400);
    },
  );

  it('answers 405 to GET, and names what it allows', async () => {
    const reply = await call(lab, path, { headers: bearer() });

    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toBe('POST, OPTIONS');
    expect(errorsIn(reply)[0]).toMatchObject({ detail: 'Method "GET" not allowed.', code: 'method_not_allowed' });
  });

  it('answers a plain HTML 404 to a trailing slash', async () => {
    const reply = await call(lab, `${path}/`, { method: 'POST', body: {} });

    expect(reply.status).toBe(404);
    expect(reply.headers['content-type']).toMatch(/^text\/html/);
    expect(reply.text).toContain('The requested resource was not found on this server.');
  });

  it('gives back the transaction id it was sent, and makes one when it was sent none', async () => {
    const sent = '0123456789abcdef0123456789abcdef';

    const [given, made] = [await raw(undefined, { 'Transaction-ID': sent }), await raw(undefined)];

    expect(given.headers['transaction-id']).toBe(sent);
    expect(made.headers['transaction-id']).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('POST /tokens/refresh', () => {
  it('gives a new pair and spends the token', async () => {
    const first = lab.prowler.issuePair(ana());

    const reply = await refresh(lab, first.refresh);

    const next = pairIn(reply);
    expect(reply.json()).toEqual({ data: { type: 'tokens-refresh', attributes: next } });
    expect(lab.prowler.stateOfRefresh(first.refresh)).toBe('rotated');
    expect(lab.prowler.stateOfRefresh(next.refresh)).toBe('live');
    expect(lab.prowler.stateOfAccess(first.access)).toBe('live');
  });

  it.each([
    ['in its grace window', 60_000, 59_000, 200],
    ['after it', 60_000, 61_000, 400],
    ['for as long as it lives, where no token is ever spent', 24 * 3_600_000, 3_600_000, 200],
  ])('honours a spent token %s, if the lab is told to', async (_, lives, later, status) => {
    lab.settings.spentRefreshLivesMs = lives;
    const first = pairIn(await obtain(lab, credentials()));
    const next = pairIn(await refresh(lab, first.refresh));
    lab.settings.clockOffsetMs += later;

    const again = await refresh(lab, first.refresh);

    expect(again.status).toBe(status);
    expect(lab.prowler.stateOfRefresh(first.refresh)).toBe(status === 200 ? 'live' : 'rotated');
    expect(lab.prowler.stateOfRefresh(next.refresh)).toBe('live');
  });

  it('refuses a spent token and leaves its descendant alive', async () => {
    const first = lab.prowler.issuePair(ana());
    const next = pairIn(await refresh(lab, first.refresh));

    const again = await refresh(lab, first.refresh);

    expect(again.status).toBe(400);
    expect((await refresh(lab, next.refresh)).status).toBe(200);
  });

  const dead: Record<string, () => Promise<string> | string> = {
    garbage: () => 'not-a-token',
    'an access token': () => lab.prowler.issuePair(ana()).access,
    'an expired one': () => {
      const { refresh: token } = lab.prowler.issuePair(ana());
      lab.settings.clockOffsetMs += lab.settings.refreshLifeMs + 1000;
      return token;
    },
    'a rotated one': async () => {
      const { refresh: token } = lab.prowler.issuePair(ana());
      await refresh(lab, token);
      return token;
    },
    'one from before a change of password': () => {
      const { refresh: token } = lab.prowler.issuePair(ana());
      lab.prowler.changePassword(ana());
      return token;
    },
    'one of a deleted user': () => {
      const { refresh: token } = lab.prowler.issuePair(ana());
      lab.prowler.deleteUser(ana());
      return token;
    },
    'one recorded for a member since expelled': () => {
      const { refresh: token } = lab.prowler.issuePair(ana());
      lab.prowler.removeMember(ana(), lab.prowler.tenants.northwind);
      return token;
    },
  };

  it.each(Object.keys(dead))('answers %s with the one same 400', async (kind) => {
    const token = (await dead[kind]?.()) ?? '';

    const reply = await refresh(lab, token);

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)).toEqual([
      {
        detail: 'Invalid or expired token',
        status: '400',
        source: { pointer: '/data/attributes/refresh' },
        code: 'invalid',
      },
    ]);
  });

  it('asks neither whether one is still a member nor whether one is still active', async () => {
    const next = pairIn(await refresh(lab, lab.prowler.issuePair(ana()).refresh));
    lab.prowler.removeMember(ana(), lab.prowler.tenants.northwind);
    lab.prowler.deactivate(ana());

    const reply = await refresh(lab, next.refresh);

    expect(reply.status).toBe(200);
    expect(claimsOf(pairIn(reply).access).tenant_id).toBe(lab.prowler.tenants.northwind.id);
  });

  it.each(['/tokens', '/tokens/refresh'])('answers 401 on %s to a stale bearer, and spends nothing', async (path) => {
    const pair = lab.prowler.issuePair(ana());
    lab.settings.clockOffsetMs += lab.settings.accessLifeMs + 1000;
    const wanted =
      path === '/tokens'
        ? { type: 'tokens', attributes: credentials() }
        : { type: 'tokens-refresh', attributes: { refresh: pair.refresh } };

    const reply = await post(lab, path, { ...wanted, bearer: pair.access });

    expect(reply.status).toBe(401);
    expect(lab.prowler.stateOfRefresh(pair.refresh)).toBe('live');
  });

  it('does not mind a live bearer', async () => {
    const { access, refresh: token } = lab.prowler.issuePair(ana());

    const reply = await post(lab, '/tokens/refresh', {
      type: 'tokens-refresh',
      attributes: { refresh: token },
      bearer: access,
    });

    expect(reply.status).toBe(200);
  });
});

describe('POST /tokens/switch', () => {
  it('gives an independent pair for another tenant and leaves the old one alone', async () => {
    const first = lab.prowler.issuePair(ana());
    const { id } = lab.prowler.tenants.contoso;

    const reply = await switchTo(lab, id, first.access);

    const next = pairIn(reply);
    expect(reply.json()).toEqual({ data: { type: 'tokens-switch-tenant', attributes: next } });
    expect(claimsOf(next.refresh).tenant_id).toBe(id);
    expect(lab.prowler.stateOfRefresh(first.refresh)).toBe('live');
    expect((await refresh(lab, first.refresh)).status).toBe(200);
    expect((await refresh(lab, next.refresh)).status).toBe(200);
  });

  it('gives a new pair for the tenant one is already in', async () => {
    const first = lab.prowler.issuePair(ana());

    const next = pairIn(await switchTo(lab, lab.prowler.tenants.northwind.id, first.access));

    expect(claimsOf(next.refresh).jti).not.toBe(claimsOf(first.refresh).jti);
    expect(claimsOf(next.access).tenant_id).toBe(lab.prowler.tenants.northwind.id);
  });

  it.each([
    ['that is not a UUID', () => 'contoso', 'Must be a valid UUID.', '/data/attributes/tenant_id'],
    ['that does not exist', () => nobody, 'Tenant does not exist or user is not a member.', '/data'],
    ['one is not in', () => lab.prowler.tenants.longName.id, 'Tenant does not exist or user is not a member.', '/data'],
  ])('answers 400 for a tenant %s', async (_, id, detail, pointer) => {
    const reply = await switchTo(lab, id(), lab.prowler.issuePair(ana()).access);

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)).toEqual([{ detail, status: '400', source: { pointer }, code: 'invalid' }]);
  });

  it('answers 401 without credentials even to a method it does not know', async () => {
    const reply = await call(lab, '/tokens/switch');

    expect(reply.status).toBe(401);
  });

  it('takes an API key for its owner', async () => {
    const key = lab.prowler.addApiKey(ana(), lab.prowler.tenants.northwind);

    const reply = await call(lab, '/tokens/switch', {
      method: 'POST',
      body: { data: { type: 'tokens-switch-tenant', attributes: { tenant_id: lab.prowler.tenants.contoso.id } } },
      headers: { Authorization: `Api-Key ${key}` },
    });

    expect(claimsOf(pairIn(reply).access).tenant_id).toBe(lab.prowler.tenants.contoso.id);
  });
});

describe('the throttle of sign-in', () => {
  it('counts failures, says how long to wait, and lets in again after that', async () => {
    lab.settings.tokenObtainPerMinute = 2;
    await obtain(lab, { email: 'no', password: 'no' });
    await obtain(lab, credentials());

    const reply = await obtain(lab, credentials());

    const wait = Number(reply.headers['retry-after']);
    expect(reply.status).toBe(429);
    expect(wait).toBeGreaterThan(50);
    expect(errorsIn(reply)).toEqual([
      {
        detail: `Request was throttled. Expected available in ${wait} seconds.`,
        status: '429',
        source: { pointer: '/data' },
        code: 'throttled',
      },
    ]);
    lab.settings.clockOffsetMs += wait * 1000;
    expect((await obtain(lab, credentials())).status).toBe(200);
  });

  it('is 50 a minute, per forwarded address', async () => {
    const attempt = (from: string) =>
      call(lab, '/tokens', { method: 'POST', body: undefined, headers: { 'X-Forwarded-For': from } });
    for (let count = 0; count < 50; count += 1) await attempt('192.0.2.1');

    const [same, other] = [await attempt('192.0.2.1'), await attempt('192.0.2.2')];

    expect([same.status, other.status]).toEqual([429, 400]);
  });

  it('leaves refresh and switch alone', async () => {
    lab.settings.tokenObtainPerMinute = 0;
    const pair = lab.prowler.issuePair(ana());

    const replies = [
      await switchTo(lab, lab.prowler.tenants.contoso.id, pair.access),
      await refresh(lab, pair.refresh),
    ];

    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  });
});

// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { call, claimsOf, documentIn, post, read } from './testing-api';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const ana = () => lab.agilicus.people.ana;
const introspect = (token: unknown, introspect_options?: object) =>
  post(lab, '/v1/tokens/introspect', { token, introspect_options });

describe('POST /v1/tokens/introspect', () => {
  it('tells about a token without being told who asks', async () => {
    const token = lab.agilicus.issueToken(ana());
    const { jti, exp } = claimsOf(token);

    const reply = await introspect(token);

    const { northwind } = lab.agilicus.orgs;
    expect(reply.status).toBe(200);
    expect(reply.json()).toMatchObject({
      sub: ana().id,
      sub_email: ana().email,
      org: northwind.id,
      root_org: northwind.id,
      jti,
      exp: new Date(exp * 1000).toISOString(),
      aud: expect.arrayContaining(['urn:api:agilicus:users']) as unknown,
      roles: { 'urn:api:agilicus:users': ['owner'] },
      masquerading: false,
      last_mfa_time: expect.any(Number) as unknown,
    });
  });

  it.each([
    ['number', (exp: number) => exp],
    ['text', (exp: number) => String(exp)],
    ['iso', (exp: number) => new Date(exp * 1000).toISOString()],
  ] as const)('writes moments as %s', async (form, written) => {
    lab.settings.agilicus.tokenTimes = form;
    const token = lab.agilicus.issueToken(ana());

    expect(documentIn(await introspect(token)).exp).toBe(written(claimsOf(token).exp));
  });

  it('leaves out roles when asked to, and never says whether a token is revoked', async () => {
    const document = documentIn(await introspect(lab.agilicus.issueToken(ana()), { exclude_roles: true }));

    expect(document).not.toHaveProperty('roles');
    expect(document).not.toHaveProperty('revoked');
  });

  it('adds keys that no schema names, unless told not to', async () => {
    const token = lab.agilicus.issueToken(ana());
    const before = documentIn(await introspect(token));
    lab.settings.agilicus.unknownKeys = false;

    expect(before).toHaveProperty('x_shard');
    expect(documentIn(await introspect(token))).not.toHaveProperty('x_shard');
  });

  it('says less in the first release', async () => {
    lab.settings.agilicus.release = 'first';

    const document = documentIn(await introspect(lab.agilicus.issueToken(ana())));

    expect(Object.keys(document)).toEqual(['sub', 'org', 'roles', 'jti', 'iat', 'exp', 'hosts', 'aud', 'session']);
  });

  it('answers 410, and nothing more, for a revoked token', async () => {
    const token = lab.agilicus.issueToken(ana());
    lab.agilicus.revoke(token);

    const reply = await introspect(token);

    expect([reply.status, reply.text]).toEqual([410, '']);
  });

  it('answers for expired tokens and for garbage as the deployment does', async () => {
    const token = lab.agilicus.issueToken(ana(), undefined, { expInMs: 1000 });
    lab.settings.clockOffsetMs += 2000;
    const byDefault = [(await introspect(token)).status, (await introspect('x')).status];
    Object.assign(lab.settings.agilicus, { introspectExpiredStatus: 200, introspectGarbageStatus: 404 });

    const changed = [(await introspect(token)).status, (await introspect('x')).status];

    expect([byDefault, changed]).toEqual([
      [401, 400],
      [200, 404],
    ]);
  });

  it.each([undefined, '', 1, null])('refuses a token of %j', async (token) => {
    const reply = await introspect(token);

    expect(reply.status).toBe(400);
    expect(reply.json()).toEqual({
      error_code: 'invalid_request',
      error_message: "'token' is a required property",
    });
  });

  it('refuses what is no JSON object', async () => {
    const text = await call(lab, '/v1/tokens/introspect', { method: 'POST', body: 'token=x' });
    const broken = await post(lab, '/v1/tokens/introspect', '{');

    expect([text.status, broken.status]).toEqual([400, 400]);
  });

  it('leaves the token’s id in the ledger, and nothing of its body', async () => {
    const token = lab.agilicus.issueToken(ana());
    await introspect(token);

    const [entry] = lab.ledger.of({ host: 'api.agilicus.com' });

    expect(entry?.presented).toEqual({ access: [claimsOf(token).jti], refresh: [] });
    expect(JSON.stringify(lab.ledger.entries)).not.toContain(token);
  });
});

describe('POST /v1/tokens/introspect_all_sub_orgs', () => {
  it('tells about the token in each organisation below that its owner is in', async () => {
    const reply = await post(lab, '/v1/tokens/introspect_all_sub_orgs', { token: lab.agilicus.issueToken(ana()) });

    const { primary_token: primary, sub_org_results: below } = documentIn(reply) as {
      primary_token: { org: string };
      sub_org_results: { org: string }[];
    };
    const { northwind, logistics, longName } = lab.agilicus.orgs;
    expect(primary.org).toBe(northwind.id);
    expect(below.map(({ org }) => org)).toEqual([logistics.id, longName.id]);
  });
});

describe('GET /v1/tokens/introspect_self', () => {
  const self = (bearer: string) => read(lab, '/v1/tokens/introspect_self', bearer);
  const unsigned = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.e30`;

  it('tells about the bearer', async () => {
    const token = lab.agilicus.issueToken(ana());

    expect((await self(token)).json()).toMatchObject({ jti: claimsOf(token).jti });
    expect(documentIn(await read(lab, '/v1/tokens/introspect_self?exclude_roles=true', token))).not.toHaveProperty(
      'roles',
    );
  });

  it.each([
    ['one without an id', () => unsigned({ sub: 'x' }), 400, 'token missing jti'],
    ['no JWT', () => 'x', 400, 'token missing jti'],
    ['one it never made', () => unsigned({ jti: 'x' }), 404, 'token not found'],
  ])('refuses %s', async (_, token, status, message) => {
    const reply = await self(token());

    expect(reply.status).toBe(status);
    expect(reply.json()).toMatchObject({ error_message: message });
  });

  it('refuses one that is revoked, and nobody at all', async () => {
    const token = lab.agilicus.issueToken(ana());
    lab.agilicus.revoke(token);

    expect([(await self(token)).status, (await call(lab, '/v1/tokens/introspect_self')).status]).toEqual([401, 401]);
  });

  it('does not exist in the first release', async () => {
    lab.settings.agilicus.release = 'first';

    expect((await self(lab.agilicus.issueToken(ana()))).status).toBe(404);
  });
});

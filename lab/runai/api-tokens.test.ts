// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { runaiVersions } from './versions';
import { claimsOf, hostOf, tokensIn, type TestHost } from './testing-api';

let lab: Lab;
let northwind: TestHost;
beforeEach(async () => {
  lab = await startLab();
  northwind = hostOf(lab);
});
afterEach(() => lab.close());

const vendor = () => lab.runai;
const ana = () => vendor().people.ana;
const tenant = () => vendor().tenants.northwind;
const callback = 'https://northwind.run.ai/login/callback';
const refresh = (refreshToken: string, clientID = 'runai-admin-ui') =>
  northwind.grant({ grantType: 'refresh_token', refreshToken, clientID });
const legacyRefresh = (token: string) =>
  northwind.call(`/v1/k8s/auth/oauth/tokens/refresh?refresh_token=${encodeURIComponent(token)}`, { method: 'POST' });
const exchange = (code: string, redirectUri = callback) =>
  northwind.call(`/v1/k8s/auth/token/exchange?${new URLSearchParams({ redirect_uri: redirectUri, code }).toString()}`);

describe('POST /v1/k8s/auth/oauth/apptoken', () => {
  it('answers an application with two tokens in snake case, and nothing else', async () => {
    const { id, name, secret } = vendor().addServiceAccount(tenant(), 'pipeline');

    const reply = await northwind.post('/v1/k8s/auth/oauth/apptoken', { id, name, secret });

    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({ access_token: expect.any(String), id_token: expect.any(String) });
  });

  it.each(['id', 'name', 'secret'])('wants the %s', async (left) => {
    const { id, name, secret } = vendor().addServiceAccount(tenant(), 'pipeline');

    const reply = await northwind.post('/v1/k8s/auth/oauth/apptoken', { id, name, secret, [left]: undefined });

    expect(reply.status).toBe(400);
    expect(reply.json()).toEqual({ code: 400, message: 'Required parameter is missing', details: left });
  });

  it('refuses the secret from before it was made anew', async () => {
    const application = vendor().addServiceAccount(tenant(), 'pipeline');
    const { id, name, secret } = application;
    vendor().regenerateSecret(application);

    const reply = await northwind.post('/v1/k8s/auth/oauth/apptoken', { id, name, secret });

    expect(reply.json()).toMatchObject({ code: 400, message: 'unauthorized_client' });
  });
});

describe('GET /v1/k8s/auth/token/exchange', () => {
  beforeEach(() => void (lab.settings.runai.version = '2.18'));

  it('gives tokens in camel case for a code, without their lifetime', async () => {
    const reply = await exchange(vendor().issueCode(ana(), tenant(), callback));

    expect(reply.status).toBe(200);
    expect(Object.keys(tokensIn(reply))).toEqual(['accessToken', 'idToken', 'refreshToken']);
  });

  it('refuses a code already used', async () => {
    const code = vendor().issueCode(ana(), tenant(), callback);
    await exchange(code);

    const reply = await exchange(code);

    expect(reply.status).toBe(400);
    expect(reply.json()).toEqual({
      code: 400,
      message: 'invalid_grant',
      details: 'Code not valid: code already used',
    });
  });

  it('refuses a code for another address, another tenant, or a minute later', async () => {
    const elsewhere = await exchange(vendor().issueCode(ana(), tenant(), callback), 'https://northwind.run.ai/other');
    const foreign = await exchange(vendor().issueCode(ana(), vendor().tenants.contoso, callback));
    const old = vendor().issueCode(ana(), tenant(), callback);
    lab.settings.clockOffsetMs += 61_000;
    const late = await exchange(old);

    expect([elsewhere.status, foreign.status, late.status]).toEqual([400, 400, 400]);
  });

  it.each(['redirect_uri', 'code'])('wants %s', async (left) => {
    const query = new URLSearchParams({ redirect_uri: callback, code: 'x' });
    query.delete(left);

    const reply = await northwind.call(`/v1/k8s/auth/token/exchange?${query.toString()}`);

    expect(reply.json()).toMatchObject({ code: 400, details: left });
  });
});

describe('POST /v1/k8s/auth/oauth/tokens/refresh', () => {
  beforeEach(() => void (lab.settings.runai.version = '2.18'));

  it('takes the token from the query, whatever client it was made for', async () => {
    const { refresh: token } = vendor().issueTokens(ana(), tenant(), 'runai-cli');

    const reply = await legacyRefresh(token);

    expect(reply.status).toBe(200);
    expect(claimsOf(tokensIn(reply).accessToken)).toMatchObject({ azp: 'runai-cli' });
  });

  it('wants the token there', async () => {
    const reply = await northwind.post('/v1/k8s/auth/oauth/tokens/refresh', { refresh_token: 'x' });

    expect(reply.json()).toMatchObject({ code: 400, details: 'refresh_token' });
  });

  it('leaves nothing of the query in the ledger but the token’s id', async () => {
    const { refresh: token } = vendor().issueTokens(ana(), tenant());

    await legacyRefresh(token);

    const [entry] = lab.ledger.of({ host: 'northwind.run.ai' });
    const known = JSON.stringify(lab.ledger.entries);
    expect(entry?.queryNames).toEqual(['refresh_token']);
    expect(entry?.presented).toEqual({ access: [], refresh: [claimsOf(token).jti] });
    expect([entry?.issued.access.length, entry?.issued.refresh.length]).toEqual([2, 1]);
    for (const secret of vendor().issuedTokens()) expect(known).not.toContain(secret);
  });
});

describe('POST /api/v1/token', () => {
  it('renews, with the lifetime in seconds', async () => {
    const before = vendor().issueTokens(ana(), tenant());

    const reply = await refresh(before.refresh);

    const tokens = tokensIn(reply);
    expect(reply.status).toBe(200);
    expect(Object.keys(tokens)).toEqual(['accessToken', 'idToken', 'refreshToken', 'expiresIn']);
    expect(tokens.expiresIn).toBe(3600);
    expect(tokens.refreshToken).not.toBe(before.refresh);
    expect(claimsOf(tokens.accessToken).session_state).toBe(claimsOf(before.access).session_state);
  });

  it('exchanges a code once', async () => {
    const body = { grantType: 'exchange_token', code: vendor().issueCode(ana(), tenant(), callback) };

    const first = await northwind.grant({ ...body, redirectUri: callback, clientID: 'runai-admin-ui' });
    const second = await northwind.grant({ ...body, redirectUri: callback, clientID: 'runai-admin-ui' });

    expect([first.status, second.status]).toEqual([200, 400]);
    expect(second.json()).toMatchObject({ details: 'Code not valid: code already used' });
  });

  it('signs in with a password, for a client it knows', async () => {
    const body = { grantType: 'password', username: ana().email.toUpperCase(), password: ana().password };

    const known = await northwind.grant({ ...body, clientID: 'cli' });
    const unknown = await northwind.grant({ ...body, clientID: 'nobody' });
    const wrong = await northwind.grant({ ...body, password: 'canary-pw-wrong' });

    expect([known.status, unknown.status, wrong.status]).toEqual([200, 400, 400]);
    expect(wrong.json()).toEqual({ code: 400, message: 'invalid_grant', details: 'Invalid user credentials' });
  });

  it.each([
    ['appID', 'appSecret', 'app_token'],
    ['AppId', 'AppSecret', 'app_token'],
    ['appId', 'appSecret', 'app_token'],
    ['clientID', 'clientSecret', 'client_credentials'],
    ['clientId', 'clientSecret', 'client_credentials'],
  ])('takes %s and %s for %s, and answers without a refresh token', async (idName, secretName, grantType) => {
    const { id, secret } = vendor().addServiceAccount(tenant(), 'pipeline');

    const reply = await northwind.grant({ grantType, [idName]: id, [secretName]: secret });

    expect(reply.status).toBe(200);
    expect(Object.keys(tokensIn(reply))).toEqual(['accessToken', 'idToken', 'expiresIn']);
  });

  it('lets a person’s access key act for the person, until it is revoked', async () => {
    const key = vendor().addAccessKey(ana(), tenant());
    const body = { grantType: 'client_credentials', clientID: key.id, clientSecret: key.secret };

    const before = await northwind.grant(body);
    vendor().revokeApplication(key);
    const after = await northwind.grant(body);

    expect(claimsOf(tokensIn(before).accessToken)).toMatchObject({ email: ana().email, azp: key.id });
    expect(after.status).toBe(400);
  });

  it('exchanges a token of the identity provider', async () => {
    const externalToken = vendor().externalToken(ana(), tenant());

    const good = await northwind.grant({ grantType: 'external_token_exchange', externalToken });
    const bad = await northwind.grant({ grantType: 'external_token_exchange', externalToken: 'x' });

    expect([good.status, bad.status]).toEqual([200, 400]);
  });

  it.each([
    ['no grant', {}, 'grantType'],
    ['no refresh token', { grantType: 'refresh_token' }, 'refreshToken'],
    ['no code', { grantType: 'exchange_token', redirectUri: callback }, 'code'],
    ['no password', { grantType: 'password', username: 'a@b.example' }, 'password'],
    ['a secret that is no text', { grantType: 'app_token', appID: 'x', appSecret: 1 }, 'appSecret'],
  ])('refuses %s', async (_, body, details) => {
    const reply = await northwind.grant(body);

    expect(reply.status).toBe(400);
    expect(reply.json()).toEqual({ code: 400, message: 'Required parameter is missing', details });
  });

  it.each(['{', '[]', '"x"'])('refuses a body of %s', async (body) => {
    const reply = await northwind.grant(body);

    expect(reply.json()).toEqual({ code: 400, message: 'Invalid request body' });
  });

  it('knows the tokens of its own tenant only', async () => {
    const reply = await refresh(vendor().issueTokens(ana(), vendor().tenants.contoso).refresh);

    expect(reply.json()).toMatchObject({ code: 400, details: 'Invalid refresh token' });
  });

  it('answers for every shared tenant on the shared host', async () => {
    const shared = hostOf(lab, 'app.run.ai');
    const grant = (refreshToken: string) =>
      shared.grant({ grantType: 'refresh_token', refreshToken, clientID: 'runai-admin-ui' });

    const replies = [
      await grant(vendor().issueTokens(ana(), tenant()).refresh),
      await grant(vendor().issueTokens(ana(), vendor().tenants.contoso).refresh),
      await grant(vendor().issueTokens(ana(), vendor().tenants.fabrikam).refresh),
    ];

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 400]);
  });

  it('gives another origin no leave to read its answer', async () => {
    const reply = await northwind.call('/api/v1/token', {
      method: 'OPTIONS',
      headers: { Origin: 'https://a.example' },
    });

    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('a refresh token', () => {
  const spent = async () => {
    const { refresh: token } = vendor().issueTokens(ana(), tenant());
    const next = tokensIn(await refresh(token)).refreshToken;
    return { token, next };
  };

  it('stays good when the realm is static', async () => {
    const { token } = await spent();

    expect((await refresh(token)).status).toBe(200);
    expect(vendor().stateOf(token)).toBe('live');
  });

  it('dies by its use when the realm is strict, and takes its successor along when shown again', async () => {
    lab.settings.runai.rotation = 'strict';
    const { token, next } = await spent();

    const reuse = await refresh(token);
    const after = await refresh(next);

    expect(reuse.json()).toMatchObject({ details: 'Maximum allowed refresh token reuse exceeded' });
    expect(after.json()).toMatchObject({ details: "Session doesn't have required client" });
    expect(vendor().stateOf(next)).toBe('session_over');
  });

  it('leaves its successor alone when the realm only refuses', async () => {
    Object.assign(lab.settings.runai, { rotation: 'strict', reuseEndsSession: false });
    const { token, next } = await spent();

    const statuses = [(await refresh(token)).status, (await refresh(next)).status];

    expect(statuses).toEqual([400, 200]);
    expect(vendor().stateOf(token)).toBe('spent');
  });

  it('stays good for a while when the realm has a grace window', async () => {
    lab.settings.runai.rotation = 'grace';
    const { token } = await spent();

    const within = await refresh(token);
    lab.settings.clockOffsetMs += 61_000;
    const after = await refresh(token);

    expect([within.status, after.status]).toEqual([200, 400]);
  });

  it('is spent though its answer was lost on the way', async () => {
    lab.settings.runai.rotation = 'strict';
    const { refresh: token } = vendor().issueTokens(ana(), tenant());
    lab.faults.add({ host: 'northwind.run.ai', path: '/api/v1/token', kind: 'drop_after_commit', times: 1 });

    await expect(refresh(token)).rejects.toThrow();

    expect(vendor().stateOf(token)).toBe('spent');
    expect(lab.ledger.refreshTokensPresented().size).toBe(1);
  });

  it('has no successor where answers bring none', async () => {
    lab.settings.runai.refreshAnswersRefreshToken = false;
    const { refresh: token } = vendor().issueTokens(ana(), tenant());

    expect(tokensIn(await refresh(token))).not.toHaveProperty('refreshToken');
  });

  it('is for its own client only', async () => {
    const { refresh: token } = vendor().issueTokens(ana(), tenant(), 'runai-cli');

    const other = await refresh(token);
    const unnamed = await northwind.grant({ grantType: 'refresh_token', refreshToken: token });
    const own = await refresh(token, 'runai-cli');

    expect([other.status, unnamed.status, own.status]).toEqual([400, 400, 200]);
  });

  it('ends with its time, its session, and its owner', async () => {
    const [old, ended, left] = Array.from({ length: 3 }, () => vendor().issueTokens(ana(), tenant()).refresh);
    vendor().endSessions(ana(), tenant());
    const over = await refresh(ended ?? '');
    lab.settings.clockOffsetMs += 24 * 3_600_000;
    const late = await refresh(old ?? '');
    vendor().deactivate(ana(), tenant());
    const gone = await refresh(vendor().issueTokens(ana(), tenant()).refresh);

    expect([over, late, gone].map((reply) => (reply.json() as { details: string }).details)).toEqual([
      'Session not active',
      'Token is not active',
      'Session not active',
    ]);
    expect(vendor().stateOf(left ?? '')).toBe('expired');
  });

  it.each([400, 401, 403, 500] as const)('is refused with %i where the control plane says so', async (status) => {
    lab.settings.runai.deadRefreshStatus = status;

    const reply = await refresh('x');

    expect(reply.status).toBe(status);
    expect(reply.json()).toMatchObject({ code: status, message: 'invalid_grant' });
  });

  it('keeps a session from falling idle, where a refresh counts', async () => {
    lab.settings.runai.idleTimeoutMinutes = 60;
    const half = 40 * 60_000;
    const { refresh: token } = vendor().issueTokens(ana(), tenant());
    lab.settings.clockOffsetMs += half;
    const first = await refresh(token);
    lab.settings.clockOffsetMs += half;
    const second = await refresh(token);
    lab.settings.runai.refreshCountsAsActivity = false;
    lab.settings.clockOffsetMs += half;
    const third = await refresh(token);
    lab.settings.clockOffsetMs += half;
    const fourth = await refresh(token);

    expect([first, second, third, fourth].map(({ status }) => status)).toEqual([200, 200, 200, 400]);
  });
});

describe('POST /api/v2/token', () => {
  const credentials = () => {
    const { id, secret } = vendor().addServiceAccount(tenant(), 'pipeline');
    return { grant_type: 'client_credentials', client_id: id, client_secret: secret };
  };

  it('answers a form in snake case', async () => {
    const reply = await northwind.form('/api/v2/token', credentials());

    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      id_token: expect.any(String),
      scope: 'openid email profile',
    });
  });

  it('gives a person a refresh token, which it takes back', async () => {
    const { email, password } = ana();
    const signIn = { grant_type: 'password', username: email, password, client_id: 'cli' };

    const first = (await northwind.form('/api/v2/token', signIn)).json() as { refresh_token: string };
    const again = await northwind.form('/api/v2/token', {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token,
      client_id: 'cli',
    });

    expect(again.json()).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) as string });
  });

  it('exchanges a code', async () => {
    const code = vendor().issueCode(ana(), tenant(), callback);

    const reply = await northwind.form('/api/v2/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      client_id: 'runai-admin-ui',
    });

    expect(reply.status).toBe(200);
  });

  it.each([
    ['wrong credentials', { client_secret: 'canary-secret-x' }, 401, 'unauthorized_client'],
    ['a grant it does not know', { grant_type: 'device_code' }, 400, 'unsupported_grant_type'],
    ['a dead refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_grant'],
    ['a missing field', { grant_type: 'refresh_token' }, 400, 'invalid_request'],
    ['no grant', { grant_type: '' }, 400, 'invalid_request'],
  ])('refuses %s in the form of RFC 6749', async (_, wrong, status, error) => {
    const reply = await northwind.form('/api/v2/token', { ...credentials(), ...wrong });

    expect(reply.status).toBe(status);
    expect(reply.json()).toEqual({ error, error_description: expect.any(String) });
  });

  it('refuses JSON', async () => {
    const reply = await northwind.post('/api/v2/token', credentials());

    expect(reply.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('no longer renews in the newest version, unless told to', async () => {
    lab.settings.runai.version = '3.0';
    const renew = async () =>
      (
        await northwind.form('/api/v2/token', {
          grant_type: 'refresh_token',
          refresh_token: vendor().issueTokens(ana(), tenant()).refresh,
        })
      ).status;

    const listed = await renew();
    lab.settings.runai.v2KeepsRefresh = true;

    expect([listed, await renew()]).toEqual([400, 200]);
  });
});

describe('versions', () => {
  const shape = async () => {
    const { id, name, secret } = vendor().addServiceAccount(tenant(), 'pipeline');
    const statuses = [
      await northwind.post('/v1/k8s/auth/oauth/apptoken', { id, name, secret }),
      await exchange(vendor().issueCode(ana(), tenant(), callback)),
      await northwind.grant({ grantType: 'app_token', appID: id, appSecret: secret }),
      await northwind.grant({ grantType: 'client_credentials', clientID: id, clientSecret: secret }),
      await northwind.grant({
        grantType: 'external_token_exchange',
        externalToken: vendor().externalToken(ana(), tenant()),
      }),
      await legacyRefresh(vendor().issueTokens(ana(), tenant()).refresh),
      await northwind.form('/api/v2/token', {
        grant_type: 'client_credentials',
        client_id: id,
        client_secret: secret,
      }),
    ].map(({ status }) => status);
    const tokens = tokensIn(await refresh(vendor().issueTokens(ana(), tenant()).refresh));
    return [...statuses, 'externalToken' in tokens, 'expiresIn' in tokens];
  };

  it('have the endpoints, grants and fields of their time', async () => {
    lab.settings.runai.answersExternalToken = true;
    const found: Record<string, unknown[]> = {};

    for (const version of runaiVersions) {
      lab.settings.runai.version = version;
      found[version] = await shape();
    }

    expect(found).toEqual({
      '2.18': [200, 200, 200, 400, 400, 200, 404, true, false],
      '2.19': [200, 200, 200, 400, 400, 200, 404, true, false],
      '2.20': [200, 404, 200, 200, 400, 404, 404, true, false],
      '2.21': [200, 404, 200, 200, 400, 404, 404, true, false],
      '2.22': [200, 404, 200, 200, 200, 404, 404, true, false],
      '2.23': [200, 404, 200, 200, 200, 404, 404, false, false],
      '2.24': [200, 404, 200, 200, 200, 404, 200, false, true],
      '3.0': [404, 404, 400, 200, 200, 404, 200, false, true],
    });
  });

  it('may keep the old paths', async () => {
    lab.settings.runai.keepsLegacyPaths = true;

    const statuses = [
      (await exchange(vendor().issueCode(ana(), tenant(), callback))).status,
      (await legacyRefresh(vendor().issueTokens(ana(), tenant()).refresh)).status,
    ];

    expect(statuses).toEqual([200, 200]);
  });
});

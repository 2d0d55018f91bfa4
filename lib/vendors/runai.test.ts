import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../core/failure';
import type { HttpResponse } from '../core/http';
import { instant, MINUTE, SECOND } from '../core/time';
import type { Deployment, Exchange, Exchanges, Granted, Renewing, Values } from '../core/vendor';
import { oddAnswers, oddTokens, unholdable, unsigned } from '../testing/odd-answers';
import problems from './fixtures/runai-answers.json';
import { deploymentAt, vendorOf } from './index';
import { runai } from './runai';

const STARTED = instant(Date.UTC(2026, 0, 15, 9));
const NOW = instant(STARTED + 800);
const PERSON = '33333333-3333-4333-8333-333333333333';
const deployment: Deployment = { console: 'https://northwind.run.ai', api: 'https://northwind.run.ai' };
const claims = {
  iss: 'https://app.run.ai/auth/realms/northwind',
  sub: PERSON,
  azp: 'runai-admin-ui',
  typ: 'Bearer',
  iat: STARTED / 1000,
  exp: STARTED / 1000 + 3600,
  name: 'Ana Ruiz',
  email: 'ana.ruiz@northwind.example',
  preferred_username: 'ana.ruiz@northwind.example',
};
const access = unsigned(claims);
const refresh = 'canary-refresh-1';

const answered = (status: number, json?: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  json,
  headers,
  startedAt: STARTED,
});

const renewing: Renewing = {
  deployment,
  access,
  refresh,
  subject: PERSON,
  tenant: 'northwind',
  client: { client_id: 'pipeline-id', client_secret: 'canary-secret-1' },
};
const values: Values = {
  client_id: 'pipeline-id',
  client_secret: 'canary-secret-1',
  username: 'ana.ruiz@northwind.example',
  password: 'canary-pw-1',
  code: 'canary-code-1',
  redirect_uri: 'https://northwind.run.ai/login/callback?a=b&c',
  external_token: 'canary-external-1',
};
const secrets = [access, refresh, 'canary-secret-1', 'canary-pw-1', 'canary-code-1', 'canary-external-1'];

function nth<In>(exchanges: Exchanges<In, Granted> | undefined, place: number, input: In) {
  const exchange: Exchange<In, Granted> | undefined = exchanges?.[place];
  if (!exchange) throw new Error('the vendor does not offer it');
  return {
    request: () => exchange.request(input),
    read: (answer: HttpResponse) => exchange.response(answer, input, NOW),
  };
}
const rung = (name: 'rotate' | 'request') => runai.renewal.find((one) => one.name === name)?.exchanges;
const typed = { deployment, values };
const named = { deployment, values: { ...values, name: 'pipeline' } };
const { application, password, code, external } = runai.obtain;

const exchanges = {
  'v2 refresh': nth(rung('rotate'), 0, renewing),
  'v1 refresh': nth(rung('rotate'), 1, renewing),
  'legacy refresh': nth(rung('rotate'), 2, renewing),
  'v2 request': nth(rung('request'), 0, renewing),
  'v2 application': nth(application.exchanges, 0, typed),
  'v1 application': nth(application.exchanges, 1, typed),
  'named application': nth(application.exchanges, 1, named),
  'v1 app_token': nth(application.exchanges, 2, typed),
  'v2 password': nth(password.exchanges, 0, typed),
  'v1 password': nth(password.exchanges, 1, typed),
  'v2 code': nth(code.exchanges, 0, typed),
  'v1 code': nth(code.exchanges, 1, typed),
  'legacy code': nth(code.exchanges, 2, typed),
  'v2 external': nth(external.exchanges, 0, typed),
  'v1 external': nth(external.exchanges, 1, typed),
};
type Name = keyof typeof exchanges;
const all = Object.keys(exchanges) as Name[];
const some = (part: string): Name[] => all.filter((one) => one.includes(part));
const but = (...names: Name[]): Name[] => all.filter((one) => !names.includes(one));
const refreshes = some('refresh');
const codes = some('code');
const inAddress: Name[] = ['legacy refresh', 'legacy code'];
const credentials = but(...refreshes, ...codes);

describe("Run:ai's consoles", () => {
  it.each(['https://northwind.run.ai', 'https://acme.nv.run.ai', 'https://app.run.ai'])(
    '%s is its own API',
    (console) => {
      expect(deploymentAt(`${console}/projects?x`)?.deployment).toEqual({ console, api: console });
      expect(deploymentAt(console)?.vendor).toBe(vendorOf('runai'));
    },
  );

  it.each([
    'http://northwind.run.ai/',
    'https://northwind.run.ai:8443/',
    'https://run.ai/',
    'https://nv.run.ai/',
    'https://a.b.run.ai/',
    'https://northwind.run.ai.evil.example/',
    'https://northwind.run.ai@evil.example/',
    'https://evilrun.ai/',
    'about:blank',
  ])('are not at %s', (address) => {
    expect(deploymentAt(address)).toBeUndefined();
  });

  it.each([
    ['northwind', 'https://northwind.run.ai'],
    [' Northwind ', 'https://northwind.run.ai'],
    ['northwind.run.ai', 'https://northwind.run.ai'],
    ['acme.nv.run.ai', 'https://acme.nv.run.ai'],
    ['https://northwind.run.ai/projects', 'https://northwind.run.ai'],
    ['http://northwind.run.ai', undefined],
    ['runai.adventure-works.example', undefined],
    ['a b', undefined],
    ['-', undefined],
    ['', undefined],
  ])('are found by %j as %s', (text, console) => {
    expect(runai.place.read(text)?.console).toBe(console);
  });

  it.each([
    ['https://runai.adventure-works.example:8443/x', 'https://runai.adventure-works.example:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://runai.adventure-works.example', undefined],
  ])('may be on hosts of their own: %s', (address, origin) => {
    expect(runai.place.selfHosted(new URL(address))).toEqual(origin && { console: origin, api: origin });
  });
});

describe('a token on the wire', () => {
  const to = (address: string, header = `Bearer ${access}`) => runai.wire(header, new URL(address), deployment);

  it('is read on requests to the console itself', () => {
    expect(to('https://northwind.run.ai/v1/k8s/auth/me')).toBe(access);
    expect(to('https://northwind.run.ai/x', `bearer  ${access}`)).toBe(access);
  });

  it.each([
    ['https://app.run.ai/auth', undefined],
    ['https://contoso.run.ai/', undefined],
    ['https://northwind.run.ai/', 'Basic YTpi'],
    ['https://northwind.run.ai/', 'Bearer'],
    ['https://northwind.run.ai/', 'Bearer '],
    ['https://northwind.run.ai/', 'Bearer undefined undefined'],
    ['https://northwind.run.ai/', `Bearer a'; id #`],
  ])('is none at %s with %s', (address, header) => {
    expect(to(address, header)).toBeUndefined();
  });
});

describe('what a token says of itself', () => {
  const of = (over: object, at = deployment) => runai.claims(unsigned({ ...claims, ...over }), at);

  it('is the person, the realm, its life and its client', () => {
    expect(runai.claims(access, deployment)).toEqual({
      subject: PERSON,
      tenant: 'northwind',
      token: { issuedAt: STARTED, expiresAt: STARTED + 60 * MINUTE },
      labels: { person: 'Ana Ruiz', email: 'ana.ruiz@northwind.example', roles: [] },
      ids: { client: 'runai-admin-ui' },
    });
  });

  it('may be of the host of the deployment itself', () => {
    const own = { console: 'https://runai.example', api: 'https://runai.example' };

    expect(of({ iss: 'https://runai.example/auth/realms/runai' }, own)?.tenant).toBe('runai');
    expect(of({ iss: 'https://northwind.run.ai/auth/realms/other' })?.tenant).toBe('other');
    expect(of({}, own)).toBeUndefined();
  });

  it.each([
    'https://contoso.run.ai/auth/realms/northwind',
    'https://app.run.ai.evil.example/auth/realms/northwind',
    'http://app.run.ai/auth/realms/northwind',
    'https://app.run.ai/auth/realms/',
    'https://app.run.ai/auth/realms/a/b',
    'https://app.run.ai/auth/realms/a?b',
    'https://app.run.ai/realms/northwind',
    'https://auth.agilicus.cloud',
    7,
    undefined,
  ])('is nothing from %j', (iss) => {
    expect(of({ iss })).toBeUndefined();
  });

  it.each([{ sub: undefined }, { sub: 7 }, { typ: 'Refresh' }, { typ: 'Offline' }])('is nothing with %j', (over) => {
    expect(of(over)).toBeUndefined();
  });

  it('needs no more than an issuer, a subject and an end', () => {
    const bare = unsigned({ iss: claims.iss, sub: PERSON, exp: claims.exp });

    expect(runai.claims(bare, deployment)).toEqual({
      subject: PERSON,
      tenant: 'northwind',
      token: { issuedAt: STARTED + 60 * MINUTE, expiresAt: STARTED + 60 * MINUTE },
      labels: { roles: [] },
    });
  });

  it('of a program is its name, and no address', () => {
    const said = of({ name: undefined, email: undefined, preferred_username: 'service-account-pipeline' });

    expect(said?.labels).toEqual({ person: 'service-account-pipeline', roles: [] });
  });
});

describe('a request to Run:ai', () => {
  const client_id = 'pipeline-id';
  const asked: Record<Name, [method: string, path: string, body?: unknown]> = {
    'v2 refresh': [
      'POST',
      '/api/v2/token',
      { grant_type: 'refresh_token', refresh_token: refresh, client_id: 'runai-admin-ui' },
    ],
    'v1 refresh': [
      'POST',
      '/api/v1/token',
      { grantType: 'refresh_token', refreshToken: refresh, clientID: 'runai-admin-ui' },
    ],
    'legacy refresh': ['POST', `/v1/k8s/auth/oauth/tokens/refresh?refresh_token=${refresh}`],
    'v2 request': [
      'POST',
      '/api/v2/token',
      { grant_type: 'client_credentials', client_id, client_secret: 'canary-secret-1' },
    ],
    'v2 application': [
      'POST',
      '/api/v2/token',
      { grant_type: 'client_credentials', client_id, client_secret: 'canary-secret-1' },
    ],
    'v1 application': [
      'POST',
      '/api/v1/token',
      { grantType: 'client_credentials', clientID: client_id, clientSecret: 'canary-secret-1' },
    ],
    'named application': [
      'POST',
      '/v1/k8s/auth/oauth/apptoken',
      { id: client_id, name: 'pipeline', secret: 'canary-secret-1' },
    ],
    'v1 app_token': [
      'POST',
      '/api/v1/token',
      { grantType: 'app_token', appID: client_id, appSecret: 'canary-secret-1' },
    ],
    'v2 password': [
      'POST',
      '/api/v2/token',
      { grant_type: 'password', username: values['username'], password: 'canary-pw-1', client_id: 'cli' },
    ],
    'v1 password': [
      'POST',
      '/api/v1/token',
      { grantType: 'password', username: values['username'], password: 'canary-pw-1', clientID: 'cli' },
    ],
    'v2 code': [
      'POST',
      '/api/v2/token',
      { grant_type: 'authorization_code', code: 'canary-code-1', redirect_uri: values['redirect_uri'], client_id },
    ],
    'v1 code': [
      'POST',
      '/api/v1/token',
      {
        grantType: 'exchange_token',
        code: 'canary-code-1',
        redirectUri: values['redirect_uri'],
        clientID: client_id,
      },
    ],
    'legacy code': [
      'GET',
      '/v1/k8s/auth/token/exchange?redirect_uri=https%3A%2F%2Fnorthwind.run.ai%2Flogin%2Fcallback%3Fa%3Db%26c&code=canary-code-1',
    ],
    'v2 external': [
      'POST',
      '/api/v2/token',
      { grant_type: 'external_token_exchange', external_token: 'canary-external-1' },
    ],
    'v1 external': [
      'POST',
      '/api/v1/token',
      { grantType: 'external_token_exchange', externalToken: 'canary-external-1' },
    ],
  };

  it.each(all)('%s is the one of the contract', (name) => {
    const [method, path, body] = asked[name];
    const isForm = path === '/api/v2/token';
    const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';

    const { body: sent, ...request } = exchanges[name].request();

    expect(request).toEqual({
      method,
      url: `https://northwind.run.ai${path}`,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': type }) },
      jsonTypes: ['application/json'],
    });
    const fields: unknown =
      sent === undefined ? undefined : isForm ? Object.fromEntries(new URLSearchParams(sent)) : JSON.parse(sent);
    expect(fields).toEqual(body);
  });

  it.each(but(...inAddress))('%s has no secret in its address', (name) => {
    const { url } = exchanges[name].request();

    for (const secret of secrets) expect(url).not.toContain(secret);
  });

  it('to renew names the client the token was made for, as the vendor told it before, or none', () => {
    const sent = (over: Partial<Renewing>) => nth(rung('rotate'), 1, { ...renewing, ...over }).request().body;

    expect(sent({ ids: { client: 'runai-cli' } })).toContain('"clientID":"runai-cli"');
    expect(sent({ access: 'opaque' })).not.toContain('clientID');
  });

  it('for a code leaves the client out where none was typed', () => {
    const { client_id: _, ...rest } = values;
    const bare = { deployment, values: rest };

    expect(nth(code.exchanges, 0, bare).request().body).not.toContain('client_id');
    expect(nth(code.exchanges, 1, bare).request().body).not.toContain('clientID');
  });

  it('keeps what an application is asked for with again, and never a password', () => {
    expect(application.keeps).toEqual(['client_id', 'client_secret', 'name']);
    for (const way of [password, code, external]) expect(way).not.toHaveProperty('keeps');
  });
});

describe('a refusal of Run:ai', () => {
  type Row = [what: string, names: Name[], status: number, key: keyof typeof problems | undefined, failure: Failure];
  const code_: Failure = { code: 'code_used' };
  const dead: Failure = { code: 'grant_dead' };
  const refused: Failure = { code: 'credentials_refused' };
  const gone: Failure = { code: 'not_offered' };
  const odd = (status: number): Failure => ({ code: 'unexpected_status', status });
  const addressNext: Name[] = ['v1 refresh', 'v1 code'];
  const guess: Name[] = ['v1 application'];
  const table: Row[] = [
    ['a path that is not there', all, 404, undefined, gone],
    ['the wrong method', but(...addressNext), 405, undefined, gone],
    ['the wrong method, where an address would carry the secret next', addressNext, 405, undefined, odd(405)],
    ['a dead refresh token', refreshes, 400, 'dead', dead],
    ['a dead refresh token', refreshes, 400, 'dead in one text', dead],
    ['a dead refresh token', refreshes, 401, 'dead', dead],
    ['a dead refresh token', refreshes, 403, 'dead', dead],
    ['a dead refresh token', refreshes, 400, 'oauth grant', dead],
    ['a dead refresh token', refreshes, 401, 'unfamiliar', dead],
    ['words nobody knows: no verdict on a refresh token', refreshes, 400, 'other', odd(400)],
    ["somebody else's client", refreshes, 401, 'oauth client', dead],
    ["somebody else's client", refreshes, 400, 'bad client', dead],
    ['a used code', codes, 400, 'code used', code_],
    ['a used code', codes, 401, 'dead', code_],
    ['a used code', codes, 400, 'oauth grant', code_],
    ['a code for another client', codes, 401, 'oauth client', refused],
    ['a code refused for no reason', codes, 400, 'other', refused],
    ['wrong credentials', credentials, 400, 'dead', refused],
    ['wrong credentials', credentials, 401, 'dead', refused],
    ['wrong credentials', credentials, 400, 'oauth grant', refused],
    ['wrong credentials', credentials, 401, 'oauth client', refused],
    ['wrong credentials', credentials, 400, 'oauth may not', refused],
    ['wrong credentials', credentials, 400, 'bad client', refused],
    ['wrong credentials', credentials, 401, 'unfamiliar', refused],
    ['a grant that may not be known', guess, 400, 'other', gone],
    ['a grant that may not be known', guess, 400, undefined, gone],
    ['a grant that is not known', but(...addressNext), 400, 'oauth unsupported', gone],
    ['a grant that is not known', but(...addressNext), 400, 'unsupported', gone],
    [
      'a grant that is not known, where an address would carry the secret next',
      addressNext,
      400,
      'unsupported',
      odd(400),
    ],
    [
      'a grant that is not known, where an address would carry the secret next',
      addressNext,
      400,
      'oauth unsupported',
      odd(400),
    ],
    ['a missing field', all, 400, 'required', { code: 'invalid_input' }],
    ['a missing field', all, 400, 'oauth', { code: 'invalid_input' }],
    ['a scope', all, 400, 'oauth scope', odd(400)],
    ['no right', all, 403, 'forbidden', { code: 'forbidden' }],
    ['a busy server', all, 400, 'oauth server', { code: 'vendor_down', status: 400 }],
    ['a busy server', all, 400, 'oauth later', { code: 'vendor_down', status: 400 }],
    ['a 400 of somebody in between', but(...guess), 400, undefined, odd(400)],
    ['a 401 of somebody in between', all, 401, undefined, odd(401)],
    ['a 403 of somebody in between', all, 403, undefined, odd(403)],
    ['a 302', all, 302, undefined, odd(302)],
    ['throttling', all, 429, undefined, { code: 'rate_limited', retryAt: instant(NOW + MINUTE) }],
    ['a 500', all, 500, 'wrong', { code: 'vendor_down', status: 500 }],
    ['a 500 with a verdict: it may be the server', all, 500, 'dead', { code: 'vendor_down', status: 500 }],
    ['a 503', all, 503, 'down', { code: 'vendor_down', status: 503 }],
    ['a success without a body', all, 204, undefined, { code: 'response_not_conform', path: '' }],
  ];
  const cases = table.flatMap(([what, names, status, key, failure]) =>
    names.map((name) => ({ name, what, status, key, failure })),
  );

  it.each(cases)('to $name with $status, $what ($key), is $failure.code', ({ name, status, key, failure }) => {
    const json = key === undefined ? undefined : { ...problems[key], unknown: {} };

    expect(exchanges[name].read(answered(status, json))).toEqual({ ok: false, failure });
  });

  it('says when to come back, where the vendor says so', () => {
    expect(exchanges['v1 refresh'].read(answered(503, problems.down, { 'retry-after': '120' }))).toEqual({
      ok: false,
      failure: { code: 'vendor_down', status: 503, retryAt: NOW + 120 * SECOND },
    });
  });
});

describe('tokens of Run:ai', () => {
  const camel = { accessToken: access, idToken: unsigned({ ...claims, typ: 'ID' }), refreshToken: refresh };
  const snake = {
    access_token: access,
    token_type: 'Bearer',
    expires_in: 600,
    refresh_token: refresh,
    scope: 'openid',
  };
  const life = (json: object, headers = {}) => {
    const result = exchanges['v1 password'].read(answered(200, json, headers));
    if (!result.ok) throw new Error(result.failure.code);
    return result.value.token;
  };

  it.each(all)('are read by %s in either spelling, whichever version answered', (name) => {
    const value = {
      access,
      refresh,
      refreshLife: { issuedAt: STARTED },
      subject: PERSON,
      tenant: 'northwind',
      ids: { client: 'runai-admin-ui' },
    };

    expect(exchanges[name].read(answered(200, { ...camel, externalToken: 'x' }))).toEqual({
      ok: true,
      value: { ...value, token: { issuedAt: STARTED, expiresAt: STARTED + 60 * MINUTE } },
    });
    expect(exchanges[name].read(answered(200, snake))).toEqual({
      ok: true,
      value: { ...value, token: { issuedAt: STARTED, expiresAt: STARTED + 10 * MINUTE } },
    });
  });

  it.each([undefined, null, ''])('may come without a refresh token: %j', (refreshToken) => {
    const result = exchanges['v1 application'].read(answered(200, { ...camel, refreshToken }));

    expect(result).toMatchObject({ ok: true, value: { access } });
    expect(result).not.toHaveProperty('value.refresh');
    expect(result).not.toHaveProperty('value.refreshLife');
  });

  it('may be an ID token alone: the API takes it as well', () => {
    const { idToken } = camel;

    expect(exchanges['v1 code'].read(answered(200, { idToken }))).toMatchObject({ value: { access: idToken } });
  });

  it('live as long as the answer says, else as the token says, else five minutes', () => {
    const at = (over: object) => ({ accessToken: unsigned({ ...claims, ...over }) });

    expect(life({ ...camel, expiresIn: 60 }).expiresAt).toBe(STARTED + MINUTE);
    expect(life(camel).expiresAt).toBe(STARTED + 60 * MINUTE);
    expect(life({ ...camel, expiresIn: 0 }).expiresAt).toBe(STARTED + 60 * MINUTE);
    expect(life({ ...camel, expiresIn: 1e300 }).expiresAt).toBe(STARTED + 60 * MINUTE);
    expect(life({ ...camel, expiresIn: '60' }).expiresAt).toBe(STARTED + 60 * MINUTE);
    expect(life({ ...snake, expires_in: 'soon', expiresIn: 60 }).expiresAt).toBe(STARTED + MINUTE);
    for (const untold of [at({ iat: undefined }), at({ exp: undefined }), { accessToken: 'opaque' }]) {
      expect(life(untold)).toEqual({ issuedAt: STARTED, expiresAt: STARTED + 5 * MINUTE });
    }
  });

  it("that do not say when they were made are counted by the answer's own clock", () => {
    const accessToken = unsigned({ ...claims, iat: undefined });
    const date = new Date(STARTED + 20 * MINUTE).toUTCString();

    expect(life({ accessToken }, { date }).expiresAt).toBe(STARTED + 40 * MINUTE);
  });

  it('are for the client that was asked for, where they do not say', () => {
    const accessToken = unsigned({ ...claims, azp: undefined });
    const client = (name: Name) => exchanges[name].read(answered(200, { accessToken }));

    expect(client('v1 password')).toMatchObject({ value: { ids: { client: 'cli' } } });
    expect(client('v2 application')).toMatchObject({ value: { ids: { client: 'pipeline-id' } } });
    expect(client('v1 external')).not.toHaveProperty('value.ids');
  });

  it('of a realm that is not of this deployment name nobody', () => {
    const accessToken = unsigned({ ...claims, iss: 'https://contoso.run.ai/auth/realms/contoso' });
    const result = exchanges['v1 password'].read(answered(200, { accessToken }));

    expect(result).toMatchObject({ ok: true });
    expect(result).not.toHaveProperty('value.subject');
    expect(result).not.toHaveProperty('value.tenant');
  });

  const wrong: [string, unknown, string][] = [
    ['no JSON', undefined, ''],
    ['text', 'canary-access-1', ''],
    ['a number for a token', { ...camel, accessToken: 7 }, 'accessToken'],
    ['a list for a refresh token', { ...camel, refreshToken: [] }, 'refreshToken'],
    ['a refresh token no form can carry', { ...camel, refreshToken: 'a\nb' }, 'refreshToken'],
    ['a number for a token', { ...snake, access_token: 7 }, 'access_token'],
    ['an object for a refresh token', { ...snake, refresh_token: {} }, 'refresh_token'],
    ['a refresh token of 64 kB', { ...snake, refresh_token: 'a'.repeat(65_536) }, 'refresh_token'],
  ];
  it.each(wrong)('with %s do not conform, and the field is named', (_, json, path) => {
    for (const name of all) {
      expect(exchanges[name].read(answered(200, json))).toEqual({
        ok: false,
        failure: { code: 'response_not_conform', path },
      });
    }
  });

  it.each([
    ['an ID token of another type', { ...camel, idToken: 7 }],
    ['a life of another type', { ...camel, expiresIn: '3600' }],
    ['a life in a list', { ...snake, expires_in: [3600] }],
    ['a scope of another type', { ...snake, scope: 7 }],
  ])('are not lost for %s beside them: the refresh token they came for may be spent', (_, json) => {
    expect(exchanges['v2 refresh'].read(answered(200, json))).toMatchObject({ ok: true, value: { access, refresh } });
  });

  it.each([
    {},
    { idToken: 7 },
    { accessToken: '' },
    { accessToken: 'a'.repeat(16_385) },
    { access_token: 'a\r\nx: y' },
    { access_token: `'; id #` },
  ])('do not conform as %j', (json) => {
    expect(exchanges['v1 password'].read(answered(200, json))).toEqual({
      ok: false,
      failure: { code: 'response_not_conform', path: 'accessToken' },
    });
    expect(exchanges['v2 password'].read(answered(200, json))).toMatchObject({ failure: { path: 'access_token' } });
  });
});

describe('the text for a terminal', () => {
  it('asks whose the token is, and ends no quotation', () => {
    const text = runai.curl(renewing);

    expect(text).toContain(`curl 'https://northwind.run.ai/v1/k8s/auth/me'`);
    expect(text).toContain(`'Authorization: Bearer ${access}'`);
    expect(text.split("'")).toHaveLength(7);
  });
});

describe('for any answer', () => {
  const documents = [
    ...Object.values(problems),
    { accessToken: access, idToken: access, refreshToken: access, expiresIn: 60 },
    { access_token: access, token_type: 'Bearer', expires_in: 60, refresh_token: access },
  ];

  it.each(all)('%s gives a value or a named failure, no time that is no time, and tells no secret', (name) => {
    fc.assert(
      fc.property(oddAnswers(documents), (answer) => {
        const result = exchanges[name].read(answer);

        expect(result.ok ? 'value' : result.failure.code).toMatch(/^[a-z_]+$/);
        expect(unholdable(result)).toEqual([]);
        const told = result.ok ? '' : JSON.stringify(result);
        expect(secrets.filter((one) => told.includes(one))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('any token is read without a throw, into times from the epoch on', () => {
    fc.assert(
      fc.property(oddTokens(claims), (token) => {
        expect(unholdable(runai.claims(token, deployment))).toEqual([]);
        expect(() => exchanges['v1 password'].read(answered(200, { accessToken: token }))).not.toThrow();
        expect(['string', 'undefined']).toContain(
          typeof runai.wire(token, new URL('https://northwind.run.ai'), deployment),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('any place is read without a throw, and leads to hosts of the vendor only', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.domain()), (text) => {
        expect(runai.place.read(text)?.api ?? 'https://x.run.ai').toMatch(/^https:\/\/[a-z\d.-]+\.run\.ai$/);
      }),
    );
  });
});

// @vitest-environment node
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { send } from '../testing-client';
import { openBrowser, type TestBrowser } from './testing-browser';

let lab: Lab;
let browser: TestBrowser;
beforeEach(async () => {
  lab = await startLab();
  browser = openBrowser(lab);
});
afterEach(() => lab.close());

const ana = () => lab.agilicus.people.ana;
const refresh = (refresh_token: string) => browser.grant({ grant_type: 'refresh_token', refresh_token });
const refreshed = async (token: string) => ((await refresh(token)).json() as { refresh_token: string }).refresh_token;

describe('signing in', () => {
  it('leads back to the console with a code', async () => {
    const back = await browser.signIn(ana());

    expect(back.origin + back.pathname).toBe('https://admin.northwind.agilicus.cloud/callback');
    expect([...back.searchParams.keys()]).toEqual(expect.arrayContaining(['code', 'state', 'iss']));
  });

  it('works at a customer’s own domain, for its own people', async () => {
    const own = openBrowser(lab, lab.agilicus.domains.contoso);

    const stranger = await own.signIn(ana());
    const back = await own.signIn(lab.agilicus.people.chloe);

    expect(stranger.pathname).toMatch(/^\/interaction\//);
    expect(back.host).toBe('admin.cloud.contoso.example');
  });

  it('stays at the form for a wrong password', async () => {
    const url = await browser.signIn(ana(), 'canary-pw-wrong');

    expect(url.pathname).toMatch(/^\/interaction\//);
  });

  it('is asked for once per browser', async () => {
    await browser.signIn(ana());

    const { url } = await browser.authorize({
      client_id: 'profile',
      redirect_uri: 'https://profile.northwind.agilicus.cloud/callback',
    });

    expect(url.host).toBe('profile.northwind.agilicus.cloud');
    expect(url.searchParams.has('code')).toBe(true);
  });

  it.each([
    ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['for a client it does not know', { client_id: 'fob' }],
    ['for somebody else’s address', { redirect_uri: 'https://thief.example/callback' }],
  ])('is refused %s', async (_, changes) => {
    const { url, reply } = await browser.authorize(changes);

    expect(url.searchParams.has('code')).toBe(false);
    expect(reply?.status ?? url.searchParams.get('error')).toSatisfy((one) => one === 400 || one === 'invalid_request');
  });
});

describe('tokens', () => {
  it('are ES256, in the person’s first organisation, and good at the API', async () => {
    const { access_token: token, expires_in } = await browser.tokens(ana());
    const keys = (await send(lab.port, 'https://api.agilicus.com/v1/tokens/jwsk')).json() as JSONWebKeySet;

    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys));

    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toMatchObject({ sub: ana().id, org: lab.agilicus.orgs.northwind.id });
    expect([lab.agilicus.stateOf(token), expires_in]).toEqual(['live', 3600]);
  });

  it('end by the servers’ clock', async () => {
    const { access_token: token, refresh_token } = await browser.tokens(ana());
    lab.settings.clockOffsetMs += 3_601_000;

    expect([lab.agilicus.stateOf(token), lab.agilicus.stateOfRefresh(refresh_token)]).toEqual(['expired', 'live']);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('come without a refresh token where offline consent is disabled', async () => {
    lab.settings.agilicus.offlineConsent = false;

    expect(await browser.tokens(ana())).not.toHaveProperty('refresh_token');
  });
});

describe('a refresh token', () => {
  it('is rotated, and a second use ends the successor too', async () => {
    const { refresh_token: first } = await browser.tokens(ana());
    const second = await refreshed(first);

    const reuse = await refresh(first);
    const after = await refresh(second);

    expect(second).not.toBe(first);
    expect([reuse, after].map(({ status, text }) => [status, text.includes('invalid_grant')])).toEqual([
      [400, true],
      [400, true],
    ]);
  });

  it('stays good for a while in a grace window', async () => {
    lab.settings.agilicus.rotation = 'grace';
    const { refresh_token: first } = await browser.tokens(ana());
    await refresh(first);

    const within = await refresh(first);
    lab.settings.clockOffsetMs += 61_000;

    expect([within.status, (await refresh(first)).status]).toEqual([200, 400]);
  });

  it('stays the same where it is static', async () => {
    lab.settings.agilicus.rotation = 'static';
    const { refresh_token: first } = await browser.tokens(ana());

    expect(await refreshed(first)).toBe(first);
  });

  it('ends with its time, and with everything its owner has', async () => {
    const { refresh_token: ended } = await browser.tokens(ana());
    lab.agilicus.revokeAllOf(ana());
    const gone = await refresh(ended);
    const { refresh_token: old } = await browser.tokens(ana());
    lab.settings.clockOffsetMs += 24 * 3_600_000 + 2000;

    const late = await refresh(old);

    expect([gone.status, late.status]).toEqual([400, 400]);
    expect(late.text).toContain('invalid_grant');
  });

  it('is in the ledger by an id that is not itself', async () => {
    const { refresh_token: token } = await browser.tokens(ana());
    await refresh(token);

    const presented = lab.ledger.refreshTokensPresented();
    const known = JSON.stringify(lab.ledger.entries);

    expect(presented.size).toBe(1);
    for (const secret of lab.agilicus.issuedTokens()) expect(known).not.toContain(secret);
    expect(lab.agilicus.issuedTokens()).toContain(token);
  });
});

describe('cookies', () => {
  it('end by the servers’ clock, as the answer’s own date does', async () => {
    lab.settings.clockOffsetMs += 7 * 24 * 3_600_000;
    const redirect_uri = 'https://profile.northwind.agilicus.cloud/callback';
    const query = new URLSearchParams({
      client_id: 'profile',
      redirect_uri,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });

    const reply = await send(lab.port, `https://auth.northwind.agilicus.cloud/auth?${query.toString()}`);

    const ends = reply.setCookies.map((line) => Date.parse(/expires=([^;]+)/i.exec(line)?.[1] ?? ''));
    expect(ends.length).toBeGreaterThan(0);
    for (const end of ends) expect(end).toBeGreaterThan(Date.parse(reply.headers.date ?? ''));
  });
});

describe('POST /v1/whoami', () => {
  const whoami = (id_token: string, origin = 'https://admin.northwind.agilicus.cloud') =>
    send(lab.port, 'https://auth.northwind.agilicus.cloud/v1/whoami', {
      method: 'POST',
      body: { id_token },
      headers: { 'Content-Type': 'application/json', Origin: origin },
    });

  it('gives a token of the API, and who one is, for an ID token', async () => {
    const { id_token: id } = await browser.tokens(ana());

    const reply = await whoami(id);

    const kept = reply.json() as { token: string };
    expect(kept).toMatchObject({ first_name: 'Ana', last_name: 'Ruiz', email: ana().email });
    expect(lab.agilicus.stateOf(kept.token)).toBe('live');
    expect(reply.headers['access-control-allow-origin']).toBe('https://admin.northwind.agilicus.cloud');
  });

  it('refuses anything else, and lets no other page read', async () => {
    const { access_token: token } = await browser.tokens(ana());
    const [, claims = ''] = token.split('.');

    const replies = [await whoami(token), await whoami(`e30.${claims}.e30`), await whoami('', 'https://a.example')];

    expect(replies.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(replies[2]?.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('other origins', () => {
  it('may exchange from a console’s page, and from no other', async () => {
    const { refresh_token: token } = await browser.tokens(ana());

    const own = await browser.grant({ grant_type: 'refresh_token', refresh_token: token });
    const other = await browser.grant({ grant_type: 'refresh_token', refresh_token: token }, 'https://a.example');

    expect(own.headers['access-control-allow-origin']).toBe('https://admin.northwind.agilicus.cloud');
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('find the endpoints by discovery', async () => {
    const reply = await send(lab.port, 'https://auth.cloud.contoso.example/.well-known/openid-configuration');

    expect(reply.json()).toMatchObject({
      issuer: 'https://auth.cloud.contoso.example',
      authorization_endpoint: 'https://auth.cloud.contoso.example/auth',
      token_endpoint: 'https://auth.cloud.contoso.example/token',
    });
  });
});

describe('consoles', () => {
  const page = async (host: string) => (await send(lab.port, `https://${host}/`)).text;

  it('know their issuer and client, and hold no token', async () => {
    const [admin, profile] = [
      await page('admin.northwind.agilicus.cloud'),
      await page('profile.cloud.contoso.example'),
    ];

    expect(admin).toContain('"client":"agilicus-builtin-portal","issuer":"https://auth.northwind.agilicus.cloud"');
    expect(profile).toContain('"client":"profile","issuer":"https://auth.cloud.contoso.example"');
  });

  it('keep their tokens where the settings say', async () => {
    const host = 'admin.northwind.agilicus.cloud';
    const before = await page(host);
    Object.assign(lab.settings.agilicus, { consoleTokens: 'rbac', consoleStorage: 'sessionStorage' });

    expect(before).toContain('"consoleTokens":"oidc-client","consoleStorage":"localStorage"');
    expect(await page(host)).toContain('"consoleTokens":"rbac","consoleStorage":"sessionStorage"');
  });
});

// @vitest-environment node
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { send } from '../testing-client';
import { claimsOf, hostOf } from './testing-api';
import { openBrowser, type TestBrowser } from './testing-browser';

let lab: Lab;
let browser: TestBrowser;
beforeEach(async () => {
  lab = await startLab();
  browser = openBrowser(lab, tenant());
});
afterEach(() => lab.close());

const tenant = () => lab.runai.tenants.northwind;
const ana = () => lab.runai.people.ana;
const callback = 'https://northwind.run.ai/login/callback';
const exchange = (code: string, more: object = {}) =>
  hostOf(lab).grant({ grantType: 'exchange_token', code, redirectUri: callback, clientID: 'runai-admin-ui', ...more });

describe('signing in', () => {
  it('leads back to the console with a code, the session and the issuer', async () => {
    const back = await browser.signIn(ana());

    expect(back.origin + back.pathname).toBe(callback);
    expect([...back.searchParams.keys()]).toEqual(['state', 'session_state', 'iss', 'code']);
    expect(back.searchParams.get('iss')).toBe('https://app.run.ai/auth/realms/northwind');
  });

  it('gives a code that only the holder of the verifier can exchange', async () => {
    const codeOf = async () => (await browser.signIn(ana())).searchParams.get('code') ?? '';

    const without = await exchange(await codeOf());
    const wrong = await exchange(await codeOf(), { codeVerifier: 'x' });
    const right = await exchange(await codeOf(), { codeVerifier: browser.verifier });

    expect([without.status, wrong.status, right.status]).toEqual([400, 400, 200]);
  });

  it('takes the verifier from whatever field the deployment has', async () => {
    lab.settings.runai.pkceVerifierField = 'code_verifier';

    const code = (await browser.signIn(ana())).searchParams.get('code') ?? '';

    expect((await exchange(code, { code_verifier: browser.verifier })).status).toBe(200);
  });

  it('is asked for once per realm and browser', async () => {
    await browser.signIn(ana());

    const again = await browser.get(browser.authorizationUrl());

    expect(again.status).toBe(302);
    expect(again.headers.location).toContain('&code=');
  });

  it('is asked for again when the session has ended', async () => {
    await browser.signIn(ana());
    lab.runai.endSessions(ana(), tenant());

    const [shown, silent] = [
      await browser.get(browser.authorizationUrl()),
      await browser.get(browser.authorizationUrl({ prompt: 'none' })),
    ];

    expect(shown.text).toContain('Sign in to Northwind Retail');
    expect(silent.headers.location).toBe(`${callback}?error=login_required&state=state-1`);
  });

  it('shows the form again for a wrong password, and lets nobody in from another tenant', async () => {
    const attempt = async (username: string, password: string) => {
      await browser.get(browser.authorizationUrl());
      return browser.post(`${tenant().issuer}/login-actions/authenticate`, { username, password });
    };

    const wrong = await attempt(ana().email, 'canary-pw-wrong');
    const { email, password } = lab.runai.people.chloe;
    const stranger = await attempt(email, password);

    for (const reply of [wrong, stranger]) expect(reply.text).toContain('Invalid username or password.');
    expect(lab.runai.issuedTokens()).toEqual([]);
  });

  it.each([
    ['a client it does not know', { client_id: 'fob' }],
    ['an address of somebody else', { redirect_uri: 'https://thief.example/login/callback' }],
    ['an address that only begins alike', { redirect_uri: 'https://northwind.run.ai.evil.example/' }],
    ['another kind of answer', { response_type: 'token' }],
    ['a challenge in clear', { code_challenge_method: 'plain' }],
  ])('refuses %s', async (_, changes) => {
    const reply = await browser.get(browser.authorizationUrl(changes));

    expect(reply.status).toBe(400);
  });

  it('ends with a sign-out', async () => {
    await browser.signIn(ana());
    const query = new URLSearchParams({ post_logout_redirect_uri: 'https://northwind.run.ai/login' });

    const out = await browser.get(`${tenant().issuer}/protocol/openid-connect/logout?${query.toString()}`);

    expect(out.headers.location).toBe('https://northwind.run.ai/login');
    expect((await browser.get(browser.authorizationUrl())).status).toBe(200);
  });
});

describe('the realm’s own token endpoint', () => {
  const refreshAt = (refresh: string, origin = 'https://northwind.run.ai', client = 'runai-cli') =>
    send(lab.port, `${tenant().issuer}/protocol/openid-connect/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: origin },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh, client_id: client }).toString(),
    });

  it('renews for the client that got the token', async () => {
    const { refresh } = lab.runai.issueTokens(ana(), tenant(), 'runai-cli');

    expect((await refreshAt(refresh)).json()).toMatchObject({ token_type: 'Bearer' });
    expect((await refreshAt(refresh, 'https://northwind.run.ai', 'runai')).status).toBe(400);
  });

  it('may be read by the console’s pages and by no others', async () => {
    const { refresh } = lab.runai.issueTokens(ana(), tenant(), 'runai-cli');

    const replies = [await refreshAt(refresh), await refreshAt(refresh, 'https://contoso.run.ai')];

    expect(replies.map(({ headers }) => headers['access-control-allow-origin'])).toEqual([
      'https://northwind.run.ai',
      undefined,
    ]);
  });
});

describe('tokens', () => {
  it('are signed with RS256 by the key that the realm publishes', async () => {
    const { access } = lab.runai.issueTokens(ana(), tenant());
    const keys = (await send(lab.port, `${tenant().issuer}/protocol/openid-connect/certs`)).json() as JSONWebKeySet;

    const { payload, protectedHeader } = await jwtVerify(access, createLocalJWKSet(keys));

    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: keys.keys[0]?.kid });
    expect(payload.iss).toBe('https://app.run.ai/auth/realms/northwind');
  });

  it('have the shape of Keycloak’s', () => {
    const { access, id, refresh } = lab.runai.issueTokens(ana(), tenant());

    expect(claimsOf(access)).toMatchObject({ typ: 'Bearer', azp: 'runai-admin-ui', email: ana().email });
    expect(claimsOf(id)).toMatchObject({ typ: 'ID', aud: 'runai-admin-ui', name: 'Ana Ruiz' });
    expect(claimsOf(refresh)).toMatchObject({ typ: 'Refresh', aud: tenant().issuer });
    expect(new Set([access, id, refresh].map((token) => claimsOf(token).session_state)).size).toBe(1);
  });

  it('may say hardly anything', () => {
    lab.settings.runai.bareClaims = true;

    const { access } = lab.runai.issueTokens(ana(), tenant());

    expect(Object.keys(claimsOf(access))).toEqual(['exp', 'iss', 'sub', 'email', 'jti']);
  });

  it('of a customer’s own deployment come from its own realm', () => {
    const { access } = lab.runai.issueTokens(lab.runai.people.ben, lab.runai.tenants.adventureWorks);

    expect(claimsOf(access).iss).toBe('https://runai.adventure-works.example/auth/realms/runai');
  });

  it('of every kind are known by their state', async () => {
    const { refresh } = lab.runai.issueTokens(ana(), tenant());
    await hostOf(lab).grant({ grantType: 'refresh_token', refreshToken: refresh });

    const states = lab.runai.outstanding().map(({ kind, state }) => `${kind} ${state}`);

    expect(states).toEqual(['access', 'id', 'refresh', 'access', 'id', 'refresh'].map((kind) => `${kind} live`));
    expect(lab.runai.stateOf('x')).toBe('not_ours');
  });
});

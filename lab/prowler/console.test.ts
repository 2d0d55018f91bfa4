// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { claimsOf } from './tokens';
import { openBrowser, type TestBrowser } from './testing-browser';

let lab: Lab;
let browser: TestBrowser;
beforeEach(async () => {
  lab = await startLab();
  browser = openBrowser(lab);
});
afterEach(() => lab.close());

const ana = () => lab.prowler.people.ana;
const sessionCookie = '__Secure-authjs.session-token';
const pass = (ms: number) => void (lab.settings.clockOffsetMs += ms);
const expireAccess = () => pass(lab.settings.accessLifeMs + 1000);
const renewals = () => lab.ledger.of({ host: 'api.prowler.com', path: '/api/v1/tokens/refresh' });

async function signedIn() {
  await browser.signIn(ana());
  const session = await browser.session();
  return { access: session?.accessToken ?? '', refresh: session?.refreshToken ?? '', expires: session?.expires ?? '' };
}

describe('signing in', () => {
  it('keeps the tokens in an encrypted cookie no script can read', async () => {
    const reply = await browser.signIn(ana());

    const line = reply.setCookies.find((one) => one.startsWith(sessionCookie)) ?? '';
    const header = JSON.parse(
      Buffer.from(line.slice(line.indexOf('=') + 1).split('.')[0] ?? '', 'base64url').toString(),
    ) as object;
    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe('/');
    expect(line).toMatch(/; Path=\/; Expires=.*; HttpOnly; Secure; SameSite=Lax$/);
    expect(header).toMatchObject({ alg: 'dir', enc: 'A256CBC-HS512' });
    for (const token of lab.prowler.issuedTokens()) expect(line).not.toContain(token);
  });

  it.each([
    ['a wrong password', { password: 'canary-pw-wrong-one' }],
    ['a password too short to be one', { password: 'x' }],
    ['an address that is none', { email: 'ana' }],
  ])('sends %s back to the form', async (_, wrong) => {
    const reply = await browser.signIn({ ...ana(), ...wrong });

    expect(reply.headers.location).toBe('/sign-in?error=CredentialsSignin&code=credentials');
    expect(await browser.session()).toBeNull();
  });

  it('needs the form’s own token', async () => {
    const { email, password } = ana();

    const reply = await browser.postForm('/api/auth/callback/credentials', { csrfToken: 'x', email, password });

    expect(reply.headers.location).toBe('/sign-in?csrf=true');
    expect(lab.prowler.issuedTokens()).toEqual([]);
  });

  it('leads back to where one wanted to go, on this site only', async () => {
    const csrfToken = await browser.csrf();
    const { email, password } = ana();
    const to = async (callbackUrl: string) =>
      (await browser.postForm('/api/auth/callback/credentials', { csrfToken, email, password, callbackUrl })).headers
        .location;

    expect([await to('/scans'), await to('https://thief.example/'), await to('//thief.example')]).toEqual([
      '/scans',
      '/',
      '/',
    ]);
  });
});

describe('GET /api/auth/session', () => {
  it('is null for nobody', async () => {
    const reply = await browser.get('/api/auth/session');

    expect([reply.status, reply.text]).toEqual([200, 'null']);
    expect(reply.headers['content-type']).toBe('application/json');
  });

  it('gives person, ids and both tokens in clear, kept by no cache', async () => {
    await browser.signIn(ana());

    const reply = await browser.get('/api/auth/session');

    const session = reply.json() as Record<string, unknown>;
    expect(reply.headers['cache-control']).toBe('private, no-cache, no-store');
    expect(Object.keys(session)).toEqual(['user', 'expires', 'userId', 'tenantId', 'accessToken', 'refreshToken']);
    expect(session).toMatchObject({
      userId: ana().id,
      tenantId: lab.prowler.tenants.northwind.id,
      user: { name: 'Ana Ruiz', email: ana().email, companyName: 'Northwind Retail' },
    });
    expect(Object.keys((session.user as { permissions: object }).permissions)).toEqual([
      'manage_users',
      'manage_account',
      'manage_providers',
      'manage_scans',
      'manage_integrations',
      'manage_billing',
      'manage_alerts',
      'manage_lighthouse_ai_configuration',
      'unlimited_visibility',
    ]);
  });

  it('gives no other origin leave to read it', async () => {
    await browser.signIn(ana());

    const reply = await browser.get('/api/auth/session');

    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('starts the cookie’s day anew each time, and never renews a live token', async () => {
    const first = await signedIn();
    pass(20 * 60_000);

    const again = await browser.get('/api/auth/session');

    const session = again.json() as { expires: string; accessToken: string };
    expect(session.accessToken).toBe(first.access);
    expect(Date.parse(session.expires) - Date.parse(first.expires)).toBeGreaterThanOrEqual(20 * 60_000);
    expect(again.setCookies.some((line) => line.startsWith(sessionCookie))).toBe(true);
    expect(renewals()).toEqual([]);
  });

  it('is null once the cookie was left alone for a day', async () => {
    await browser.signIn(ana());
    pass(lab.settings.sessionMaxAgeMs + 60_000);

    expect(await browser.session()).toBeNull();
  });

  it('renews an expired token by the server itself, which spends the refresh token', async () => {
    const first = await signedIn();
    expireAccess();

    const session = await browser.session();

    expect(lab.prowler.stateOfAccess(session?.accessToken ?? '')).toBe('live');
    expect(lab.prowler.stateOfRefresh(first.refresh)).toBe('rotated');
    expect(renewals().map(({ holder, presented }) => [holder, presented.refresh])).toEqual([
      ['console-server', [claimsOf(first.refresh).jti]],
    ]);
    expect((await browser.session())?.refreshToken).toBe(session?.refreshToken);
  });

  it('says only that it died when somebody else spent the refresh token', async () => {
    const first = await signedIn();
    lab.prowler.changePassword(ana());
    expireAccess();

    const session = await browser.session();

    expect(first.access).not.toBe('');
    expect(session).toEqual({ expires: expect.any(String) as string, error: 'RefreshAccessTokenError' });
  });

  it.each(['drop_before_body', 'drop_after_body', 'reset', 'html'] as const)(
    'keeps the old refresh token through an outage (%s) and heals',
    async (kind) => {
      await signedIn();
      expireAccess();
      lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/refresh', kind, times: 1 });

      const [during, after] = [await browser.session(), await browser.session()];

      expect(during?.error).toBe('RefreshAccessTokenError');
      expect(after?.error).toBeUndefined();
      expect(lab.prowler.stateOfRefresh(after?.refreshToken ?? '')).toBe('live');
    },
  );

  it('dies when the answer to its renewal is lost', async () => {
    await signedIn();
    expireAccess();
    lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/refresh', kind: 'drop_after_commit', times: 1 });

    const [during, after] = [await browser.session(), await browser.session()];

    expect([during?.error, after?.error]).toEqual(['RefreshAccessTokenError', 'RefreshAccessTokenError']);
  });

  it('keeps what it knew of the person when only they cannot be asked about', async () => {
    await signedIn();
    expireAccess();
    lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/users/me', kind: 'status', status: 503 });

    const session = await browser.session();

    expect(session?.user?.name).toBe('Ana Ruiz');
    expect(session?.error).toBeUndefined();
  });

  it('renews once for two requests at a time', async () => {
    await signedIn();
    expireAccess();
    lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/refresh', kind: 'delay', ms: 50 });

    const [one, other] = await Promise.all([browser.session(), browser.session()]);

    expect(one?.accessToken).toBe(other?.accessToken);
    expect(renewals()).toHaveLength(1);
  });

  it('spends the same token twice when two processes serve it', async () => {
    lab.settings.dedupeRefresh = false;
    await signedIn();
    expireAccess();
    lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/refresh', kind: 'delay', ms: 50 });

    await Promise.all([browser.session(), browser.session()]);

    expect(renewals().map(({ status }) => status)).toEqual([200, 400]);
  });
});

describe('POST /api/auth/session', () => {
  const contoso = () => lab.prowler.issuePair(ana(), lab.prowler.tenants.contoso);
  const update = async (data: object) =>
    browser.postJson('/api/auth/session', { csrfToken: await browser.csrf(), data });

  it.each([{}, { csrfToken: 'x' }, { csrfToken: null }])('answers 400 null to %j', async (body) => {
    await browser.signIn(ana());
    await browser.csrf();

    const reply = await browser.postJson('/api/auth/session', { ...body, data: {} });

    expect([reply.status, reply.text]).toEqual([400, 'null']);
  });

  it('takes over a pair after asking the API whose it is', async () => {
    await browser.signIn(ana());
    const pair = contoso();

    const reply = await update({ accessToken: pair.access, refreshToken: pair.refresh });

    expect(reply.status).toBe(200);
    expect(reply.json()).toMatchObject({
      tenantId: lab.prowler.tenants.contoso.id,
      accessToken: pair.access,
      refreshToken: pair.refresh,
      user: { permissions: { manage_users: false } },
    });
    expect(lab.ledger.of({ path: '/api/v1/users/me', holder: 'console-server' }).at(-1)?.presented.access).toEqual([
      claimsOf(pair.access).jti,
    ]);
  });

  it('tells a failed switch once and keeps the old tokens', async () => {
    const first = await signedIn();
    lab.prowler.removeRoles(ana(), lab.prowler.tenants.contoso);
    const pair = contoso();

    const reply = await update({ accessToken: pair.access, refreshToken: pair.refresh });

    const told = { error: 'TenantSwitchError', accessToken: first.access, refreshToken: first.refresh };
    expect(reply.json()).toMatchObject(told);
    expect(await browser.session()).toMatchObject({ accessToken: first.access, refreshToken: first.refresh });
    expect(await browser.session()).not.toHaveProperty('error');
  });

  it('tells a failed switch for a token that is none', async () => {
    await browser.signIn(ana());

    expect((await update({ accessToken: 'garbage' })).json()).toMatchObject({ error: 'TenantSwitchError' });
  });

  it('erases the refresh token when it is left out, which ends the session at the next expiry', async () => {
    await browser.signIn(ana());

    const reply = await update({ accessToken: contoso().access });
    expireAccess();

    expect(reply.json()).not.toHaveProperty('refreshToken');
    expect(await browser.session()).toEqual({ expires: expect.any(String) as string, error: 'MissingRefreshToken' });
  });

  it('is null for nobody', async () => {
    expect((await update({ accessToken: contoso().access })).text).toBe('null');
  });
});

describe('signing out', () => {
  it('drops the cookie and revokes nothing', async () => {
    const first = await signedIn();

    const reply = await browser.postForm('/api/auth/signout', { csrfToken: await browser.csrf() });

    expect(reply.status).toBe(302);
    expect(browser.cookies.has(sessionCookie)).toBe(false);
    expect(lab.prowler.stateOfRefresh(first.refresh)).toBe('live');
  });
});

describe('the cookie', () => {
  it('is split when it grows too long, and leaves no piece behind', async () => {
    const lena = lab.prowler.addUser({ name: 'L'.repeat(1500), email: 'lena@northwind.example' });
    lab.prowler.addMember(lena, lab.prowler.tenants.northwind);
    await browser.signIn(lena);

    const pieces = [...browser.cookies.keys()].filter((name) => name.startsWith(sessionCookie));

    expect(pieces).toEqual([`${sessionCookie}.0`, `${sessionCookie}.1`]);
    expect((await browser.session())?.userId).toBe(lena.id);
    lena.name = 'Lena';
    expireAccess();
    await browser.session();
    expect([...browser.cookies.keys()].filter((name) => name.startsWith(sessionCookie))).toEqual([sessionCookie]);
  });
});

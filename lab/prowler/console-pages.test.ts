// @vitest-environment node
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { claimsOf, type Pair } from './tokens';
import { openBrowser, type TestBrowser } from './testing-browser';

let lab: Lab;
let browser: TestBrowser;
beforeEach(async () => {
  lab = await startLab();
  browser = openBrowser(lab);
});
afterEach(() => lab.close());

const pages = ['/', '/findings', '/scans', '/profile'];

it.each(pages)('sends nobody from %s to sign in, and remembers where they were going', async (path) => {
  const reply = await browser.get(path);

  expect(reply.status).toBe(307);
  expect(reply.headers.location).toBe(`/sign-in?callbackUrl=${encodeURIComponent(path)}`);
});

it.each(pages)('shows person and tenant on %s, and no token', async (path) => {
  await browser.signIn(lab.prowler.people.ana);

  const reply = await browser.get(path);

  expect(reply.status).toBe(200);
  expect(reply.text).toContain('Ana Ruiz');
  expect(reply.text).toContain('Northwind Retail');
  for (const token of lab.prowler.issuedTokens()) expect(reply.text).not.toContain(token);
});

it.each(['/sign-in', '/'])(
  'lets the script of %s talk to its own origin, and tells it where the API is',
  async (path) => {
    await browser.signIn(lab.prowler.people.ana);

    const reply = await browser.get(path);

    const island =
      /<head>.*<script id="__PROWLER_RUNTIME_CONFIG__" type="application\/json">(.*?)<\/script>.*<\/head>/s;
    const connect = /connect-src ([^;]*)/.exec(reply.headers['content-security-policy'] ?? '')?.[1];
    expect(connect).toMatch(/^'self'/);
    expect(connect).not.toContain('prowler');
    expect(JSON.parse(island.exec(reply.text)?.[1] ?? '')).toMatchObject({
      apiBaseUrl: 'https://api.prowler.com/api/v1',
      cloudEnabled: true,
    });
  },
);

it('tells no script where the API is on an older console', async () => {
  lab.settings.runtimeConfigIsland = false;

  expect((await browser.get('/sign-in')).text).not.toContain('__PROWLER_RUNTIME_CONFIG__');
});

it('renews while making a page, and keeps what came of it', async () => {
  await browser.signIn(lab.prowler.people.ana);
  lab.settings.clockOffsetMs += lab.settings.accessLifeMs + 1000;

  const reply = await browser.get('/scans');

  const session = await browser.session();
  expect(reply.status).toBe(200);
  expect(lab.prowler.stateOfRefresh(session?.refreshToken ?? '')).toBe('live');
  expect(lab.ledger.of({ path: '/api/v1/tokens/refresh' })).toHaveLength(1);
});

it('throws out somebody whose session died, and says so', async () => {
  await browser.signIn(lab.prowler.people.ana);
  lab.prowler.changePassword(lab.prowler.people.ana);
  lab.settings.clockOffsetMs += lab.settings.accessLifeMs + 1000;

  const reply = await browser.get('/scans');

  const to = reply.headers.location ?? '';
  expect(to).toBe('/sign-in?error=RefreshAccessTokenError&callbackUrl=%2Fscans');
  expect((await browser.get(to)).text).toContain('Your session has expired.');
});

it('shows a page when the API cannot be asked', async () => {
  await browser.signIn(lab.prowler.people.ana);
  lab.faults.add({ host: 'api.prowler.com', kind: 'reset' });

  const reply = await browser.get('/profile');

  expect(reply.text).toContain('Some data could not be loaded.');
});

it('shows names as text', async () => {
  const mark = lab.prowler.addUser({ name: '<b>Mark</b>', email: 'mark@northwind.example' });
  lab.prowler.addMember(mark, lab.prowler.addTenant('</script><script>alert(1)</script>'));
  await browser.signIn(mark);

  const { text } = await browser.get('/profile');

  expect(text).not.toContain('<b>Mark');
  expect(text).not.toContain('<script>alert(1)');
});

const switchAction = (tenantId: string, headers: Record<string, string> = { 'Next-Action': '1' }) =>
  browser.postForm('/profile', { tenantId }, headers);

it('switches tenant by a server action, whose stream holds the pair', async () => {
  await browser.signIn(lab.prowler.people.ana);
  const { id } = lab.prowler.tenants.contoso;

  const reply = await switchAction(id);

  const line = reply.text.split('\n').find((one) => one.startsWith('1:')) ?? '';
  const pair = JSON.parse(line.slice(2)) as { success: boolean; accessToken: string } & Pair;
  expect(reply.headers['content-type']).toBe('text/x-component');
  expect(pair.success).toBe(true);
  expect(claimsOf(pair.accessToken).tenant_id).toBe(id);
  expect((await browser.session())?.tenantId).toBe(lab.prowler.tenants.northwind.id);
});

it('tells when a switch was refused', async () => {
  await browser.signIn(lab.prowler.people.ana);

  expect((await switchAction(lab.prowler.tenants.longName.id)).text).toContain('"success":false');
});

it.each([
  ['from another origin', { 'Next-Action': '1', Origin: 'https://evil.example' }],
  ['without the header that makes it one', {}],
])('runs no server action %s', async (_, headers) => {
  await browser.signIn(lab.prowler.people.ana);

  const reply = await switchAction(lab.prowler.tenants.contoso.id, headers);

  expect(reply.status).toBe(500);
  expect(lab.ledger.of({ path: '/api/v1/tokens/switch' })).toEqual([]);
});

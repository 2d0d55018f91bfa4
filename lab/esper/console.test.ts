// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTab, type Tab } from '../cloudcheckr/testing-tab';
import { startLab, type Lab } from '../index';
import { send } from '../testing-client';
import { consoleHostOf } from './tenants';
import type { User } from './world';

let lab: Lab;
let tab: Tab;
beforeEach(async () => {
  lab = await startLab();
  tab = openTab(lab);
});
afterEach(() => lab.close());

const home = 'https://northwind.esper.cloud';
const nia = () => lab.esper.people.nia;
const key = () => lab.esper.liveKeys(nia()).at(-1) ?? 'none';
const apiCalls = () =>
  lab.ledger.of({ host: 'northwind-api.esper.cloud' }).filter(({ method }) => method !== 'OPTIONS');

async function signIn({ email, password, tenant }: User = nia()): Promise<void> {
  await tab.open(`https://${consoleHostOf(tenant)}/`);
  await tab.waitFor('Password');
  await tab.submit({ email, password });
}

describe('signing in', () => {
  it('leads to the devices, asked for with the key at the tenant’s API', async () => {
    await signIn();
    await tab.waitFor('NOR-0001');

    expect(tab.text).toContain('Nia Adeyemi');
    expect(tab.text).toContain('Northwind Retail');
    expect(apiCalls().every(({ scheme, origin }) => scheme === 'Bearer' && origin === home)).toBe(true);
    expect(apiCalls()[0]?.path).toBe('/api/v1/token-info/');
  });

  it.each(['niaAtContoso', 'omar', 'priya'] as const)('works for %s, in their tenant', async (name) => {
    await signIn(lab.esper.people[name]);

    await tab.waitFor(lab.esper.people[name].tenant.name);
    await tab.waitFor('Log out');
  });

  it('refuses a wrong password, and somebody of another tenant', async () => {
    await signIn({ ...nia(), password: 'canary-wrong' });
    await tab.waitFor('Invalid email or password.');

    await tab.submit({ email: lab.esper.people.omar.email, password: lab.esper.people.omar.password });

    await tab.waitFor('Invalid email or password.');
    expect(lab.esper.issuedTokens()).toEqual([]);
  });

  it('takes a key instead, at the vendor’s own entrance', async () => {
    const given = lab.esper.issueKey(nia());
    await tab.open(`${home}/login?siteadmin=true`);
    await tab.waitFor('API Token');

    await tab.submit({ key: 'x'.repeat(30) });
    await tab.waitFor('Invalid API token.');
    await tab.submit({ key: given });
    await tab.waitFor('NOR-0001');

    expect(lab.ledger.entries.at(-1)?.presented.access).toEqual([lab.esper.idOf(given)]);
  });
});

describe('the key', () => {
  it.each(['xhr', 'fetch'] as const)('stays in memory, and goes out in the header of each %s', async (consoleCalls) => {
    lab.settings.esper.consoleCalls = consoleCalls;
    await signIn();
    await tab.waitFor('NOR-0001');

    expect(JSON.stringify(tab.stored)).not.toContain(key());
    expect(new Set(apiCalls().flatMap(({ presented }) => presented.access))).toEqual(new Set([lab.esper.idOf(key())]));
  });

  it.each(['local', 'session'] as const)('is kept in the %s storage where that is set', async (consoleKeeps) => {
    Object.assign(lab.settings.esper, { consoleKeeps, consoleKey: 'esper.token' });
    await signIn();
    await tab.waitFor('NOR-0001');

    expect(tab.stored[consoleKeeps]).toEqual({ 'esper.token': key() });
  });

  it.each(['local', 'session'] as const)('is kept as an OIDC client does, in the %s storage', async (place) => {
    lab.settings.esper.consoleKeeps = `oidc_${place}`;
    await signIn();
    await tab.waitFor('NOR-0001');

    const entry = tab.stored[place]['oidc.user:https://id.esper.cloud:esper-console'] ?? '{}';
    expect(JSON.parse(entry)).toMatchObject({ access_token: key(), token_type: 'Bearer' });
  });

  it.each(['memory', 'local', 'oidc_session'] as const)(
    'is the same after a reload, kept in %s',
    async (consoleKeeps) => {
      lab.settings.esper.consoleKeeps = consoleKeeps;
      await signIn();
      await tab.waitFor('NOR-0001');

      await tab.open(`${home}/`);
      await tab.waitFor('NOR-0001');

      expect(lab.esper.liveKeys(nia())).toHaveLength(1);
    },
  );

  it('belongs to an app, or to none where that is set', async () => {
    await signIn();
    await tab.waitFor('NOR-0001');
    const usual = lab.esper.detailsOf(key());
    lab.settings.esper.consoleKeyHasApp = false;

    tab.click('#sign-out');
    await tab.waitFor('Password');
    await tab.submit({ email: nia().email, password: nia().password });
    await tab.waitFor('NOR-0001');

    expect([typeof usual.developerApp, lab.esper.detailsOf(key()).developerApp]).toEqual(['string', undefined]);
  });

  it('is handed out again to the console’s own page only', async () => {
    await signIn();
    await tab.waitFor('NOR-0001');

    const reply = await send(lab.port, `${home}/login/session`, { method: 'POST', headers: { Origin: home } });

    expect([reply.status, reply.text.includes(key())]).toEqual([401, false]);
  });
});

it('says that the session has ended when the key has', async () => {
  await signIn();
  await tab.waitFor('NOR-0001');
  lab.settings.clockOffsetMs += lab.settings.esper.consoleKeyLifeMs + 1000;

  tab.click('nav a[href="/company"]');

  await tab.waitFor('Your session has ended.');
});

it('shows the enterprise’s id among the company’s settings', async () => {
  await signIn();
  await tab.waitFor('NOR-0001');

  tab.click('nav a[href="/company"]');

  await tab.waitFor(lab.esper.tenants.northwind.enterpriseId);
});

it('tells what signing in issued from what a reload disclosed', async () => {
  await signIn();
  await tab.waitFor('NOR-0001');
  await tab.open(`${home}/`);
  await tab.waitFor('NOR-0001');

  const [signedIn] = lab.ledger.of({ path: '/login', method: 'POST' });
  const again = lab.ledger.of({ path: '/login/session' }).at(-1);

  expect([signedIn?.issued.access, again?.disclosed.access]).toEqual([
    [lab.esper.idOf(key())],
    [lab.esper.idOf(key())],
  ]);
});

it('lets its script talk to its own tenant only', async () => {
  const { headers } = await send(lab.port, `${home}/`);

  const connect = /connect-src ([^;]*)/.exec(headers['content-security-policy'] ?? '')?.[1];
  expect(connect).toBe("'self' https://northwind-api.esper.cloud");
});

it('leaves no password and no key in the ledger', async () => {
  await signIn();
  await tab.waitFor('NOR-0001');

  const everything = JSON.stringify(lab.ledger.entries);

  for (const secret of ['canary-', ...lab.esper.issuedTokens()]) expect(everything).not.toContain(secret);
});

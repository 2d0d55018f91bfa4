// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { send } from '../testing-client';
import { openTab, type Tab } from './testing-tab';
import { claimsOf } from './tokens';
import type { User } from './world';

let lab: Lab;
let tab: Tab;
beforeEach(async () => {
  lab = await startLab();
  tab = openTab(lab);
});
afterEach(() => lab.close());

const home = 'https://app-us.cloudcheckr.com';
const dana = () => lab.cloudcheckr.people.dana;
const all = () => lab.cloudcheckr.customers;
const apiCalls = () => lab.ledger.of({ host: 'api-us.cloudcheckr.com' }).filter(({ method }) => method !== 'OPTIONS');

async function signIn(person: User = dana(), path = '/'): Promise<void> {
  await tab.open(home.replace('us', person.region) + path);
  await tab.waitFor('Password');
  await tab.submit({ Username: person.email, Password: person.password });
}

describe('signing in', () => {
  it('leads by the region’s sign-in host to one’s own customer', async () => {
    await signIn();
    await tab.waitFor('Northwind Cloud Partners production');

    expect(tab.address).toBe(`${home}/customers/${dana().customerId}`);
    expect(tab.text).toContain('Dana Whitlock');
    expect(apiCalls().every(({ scheme, origin }) => scheme === 'Bearer' && origin === home)).toBe(true);
  });

  it.each(['eli', 'freya', 'george', 'hana'] as const)('works for %s, wherever that is', async (name) => {
    await signIn(lab.cloudcheckr.people[name]);

    await tab.waitFor('Accounts');

    expect(new URL(tab.address).hostname).toBe(`app-${lab.cloudcheckr.people[name].region}.cloudcheckr.com`);
  });

  it('leads back to where one wanted to go', async () => {
    await signIn(dana(), `/customers/${all().contoso.id}`);

    await tab.waitFor('Contoso Health production');

    expect(tab.address).toBe(`${home}/customers/${all().contoso.id}`);
  });

  it('refuses a wrong password, and somebody of another region', async () => {
    await signIn({ ...dana(), password: 'canary-wrong' });
    await tab.waitFor('Invalid username or password.');

    await tab.submit({ Username: lab.cloudcheckr.people.freya.email, Password: lab.cloudcheckr.people.freya.password });

    await tab.waitFor('Invalid username or password.');
    expect(lab.cloudcheckr.issuedTokens()).toEqual([]);
  });

  it('gives a code once, and to who asked for it', async () => {
    await signIn();
    await tab.waitFor('Accounts');
    const asked = { client_id: 'cmx-web', redirect_uri: `${home}/auth/callback`, response_type: 'code' };
    const authorize = (more: Record<string, string>) =>
      send(
        lab.port,
        `https://auth-us.cloudcheckr.com/auth/connect/authorize?${new URLSearchParams({ ...asked, ...more })}`,
      );

    const elsewhere = await authorize({ redirect_uri: 'https://thief.example/', code_challenge: 'x' });
    const unbound = await authorize({});
    const silent = await authorize({ code_challenge: 'x', prompt: 'none', state: 's' });

    expect([elsewhere.status, unbound.status]).toEqual([400, 400]);
    expect(silent.headers.location).toBe(`${home}/auth/callback?error=login_required&state=s`);
  });
});

describe('another customer', () => {
  it('is shown with a token exchanged for it, and named in the address', async () => {
    await signIn();
    await tab.waitFor('Contoso Health');

    tab.click(`a[href="/customers/${all().contoso.id}"]`);
    await tab.waitFor('Contoso Health production');

    const [exchanged] = lab.ledger.of({ method: 'PUT' });
    const shown = apiCalls().filter(({ path }) => path.endsWith(`${all().contoso.id}/accounts`));
    expect(tab.address).toBe(`${home}/customers/${all().contoso.id}`);
    expect(shown.map(({ presented }) => presented.access)).toEqual([exchanged?.issued.access]);
  });

  it('is shown with the token one came with where that is set', async () => {
    lab.settings.cloudcheckr.consoleExchanges = false;
    await signIn(dana(), `/customers/${all().contoso.id}`);

    await tab.waitFor('Contoso Health production');

    expect(lab.ledger.of({ method: 'PUT' })).toEqual([]);
  });

  it('that is not allowed is not shown', async () => {
    await signIn(lab.cloudcheckr.people.eli, `/customers/${all().outsider.id}`);

    await tab.waitFor('The service answered 403.');
  });
});

describe('the token', () => {
  const stored = () => JSON.stringify(tab.stored);
  const root = () => lab.cloudcheckr.issuedTokens()[0] ?? 'none';

  it.each(['xhr', 'fetch'] as const)('stays in memory, and goes out in the header of each %s', async (consoleCalls) => {
    lab.settings.cloudcheckr.consoleCalls = consoleCalls;
    await signIn();
    await tab.waitFor('Accounts');

    expect(stored()).not.toContain(root());
    expect(new Set(apiCalls().flatMap(({ presented }) => presented.access))).toEqual(new Set([claimsOf(root()).jti]));
  });

  it.each(['local', 'session'] as const)('is kept in the %s storage where that is set', async (consoleKeeps) => {
    Object.assign(lab.settings.cloudcheckr, { consoleKeeps, consoleKey: 'cmx.token' });
    await signIn();
    await tab.waitFor('Accounts');

    expect(tab.stored[consoleKeeps]).toMatchObject({ 'cmx.token': root() });
  });

  it.each(['local', 'session'] as const)('is kept as an OIDC client does, in the %s storage', async (place) => {
    lab.settings.cloudcheckr.consoleKeeps = `oidc_${place}`;
    await signIn();
    await tab.waitFor('Accounts');

    const entry = tab.stored[place]['oidc.user:https://auth-us.cloudcheckr.com:cmx-web'] ?? '{}';
    expect(JSON.parse(entry)).toMatchObject({
      access_token: root(),
      token_type: 'Bearer',
      expires_at: claimsOf(root()).exp,
    });
  });

  it.each([
    ['memory', 2],
    ['local', 1],
    ['oidc_session', 1],
  ] as const)('kept in %s, a reload needs %i', async (consoleKeeps, tokens) => {
    lab.settings.cloudcheckr.consoleKeeps = consoleKeeps;
    await signIn();
    await tab.waitFor('Accounts');

    await tab.open(tab.address);
    await tab.waitFor('Accounts');

    expect(lab.cloudcheckr.issuedTokens()).toHaveLength(tokens);
  });

  it('is replaced by itself when it is refused, and not again and again', async () => {
    await signIn();
    await tab.waitFor('Accounts');
    lab.cloudcheckr.revokeToken(root());

    tab.click(`a[href="/customers/${all().contoso.id}"]`);
    await tab.waitFor('Contoso Health production');
    for (const token of lab.cloudcheckr.issuedTokens()) lab.cloudcheckr.revokeToken(token);
    tab.click(`a[href="/customers/${all().fabrikam.id}"]`);

    await tab.waitFor('Your session has ended.');
  });

  it('is nowhere in a page', async () => {
    await signIn();
    await tab.waitFor('Accounts');

    const pages = await Promise.all(['/', '/assets/console.js'].map((path) => send(lab.port, home + path)));

    for (const { text } of pages) expect(text).not.toContain(root());
  });
});

it('signs out on both hosts', async () => {
  lab.settings.cloudcheckr.consoleKeeps = 'local';
  await signIn();
  await tab.waitFor('Sign out');

  tab.click('#sign-out');
  await tab.waitFor('Password');

  await tab.open(home);
  await tab.waitFor('Password');
  expect(lab.cloudcheckr.issuedTokens()).toHaveLength(1);
});

it('asks for the password again when the sign-in host has forgotten', async () => {
  await signIn();
  await tab.waitFor('Accounts');
  lab.settings.clockOffsetMs += lab.settings.cloudcheckr.sessionLifeMs + 1000;

  await tab.open(home);

  await tab.waitFor('Password');
});

it('shows names as text', async () => {
  const { partner } = all();
  lab.cloudcheckr.addCustomer({ name: '</script><b>Mark</b>', parent: partner });
  await signIn();

  await tab.waitFor('</script><b>Mark</b>');

  expect(tab.text).toContain('<b>Mark</b>');
});

it('lets its script talk to its own region only', async () => {
  const { headers } = await send(lab.port, `${home}/`);

  const connect = /connect-src ([^;]*)/.exec(headers['content-security-policy'] ?? '')?.[1];
  expect(connect).toBe("'self' https://api-us.cloudcheckr.com https://auth-us.cloudcheckr.com");
});

it('leaves no code, password or token in the ledger', async () => {
  await signIn();
  await tab.waitFor('Accounts');

  const everything = JSON.stringify(lab.ledger.entries);

  for (const secret of ['canary-', ...lab.cloudcheckr.issuedTokens()]) expect(everything).not.toContain(secret);
});

// @vitest-environment node
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { claimsOf } from './testing-api';
import { openTab, type Tab } from './testing-tab';

let lab: Lab;
let tab: Tab;
beforeEach(async () => {
  lab = await startLab();
  tab = openTab(lab);
});
afterEach(() => lab.close());

const home = 'https://northwind.run.ai/';
const expired = 'Your session has expired. Please sign in again.';
const api = (path: string) => lab.ledger.of({ host: 'northwind.run.ai', path });
const expireBearers = () => void (lab.settings.clockOffsetMs += lab.settings.runai.accessLifeMs + 1000);

async function signIn(address = home) {
  const { email, password } = lab.runai.people.ana;
  await tab.open(address);
  await tab.waitFor('Password');
  await tab.submit({ username: email, password });
  await tab.waitFor('Clusters');
}

it('leads to the realm, exchanges the code, and asks the API with the ID token', async () => {
  await signIn();

  const [{ presented } = { presented: { access: [] as readonly string[] } }] = api('/api/v1/clusters');
  const ids = lab.runai.outstanding().filter(({ kind }) => kind === 'id');
  expect([tab.address, tab.textOf('#person'), tab.textOf('#tenant')]).toEqual([home, 'Ana Ruiz', 'Northwind Retail']);
  expect(presented.access).toEqual(ids.map(({ jti }) => jti));
  expect(api('/api/v1/token')[0]?.holder).toBe('page');
});

it('keeps its tokens nowhere, and signs in again without a word on the next visit', async () => {
  await signIn();
  await tab.open(home);
  await tab.waitFor('Clusters');

  expect([tab.stored('localStorage'), tab.stored('sessionStorage')]).toEqual([{}, {}]);
  expect(api('/api/v1/token')).toHaveLength(2);
});

it.each(['localStorage', 'sessionStorage'] as const)('keeps its tokens in %s where it does', async (place) => {
  Object.assign(lab.settings.runai, { consoleTokens: place, consoleTokensKey: 'auth', consoleSends: 'accessToken' });
  await signIn();
  await tab.open(home);
  await tab.waitFor('Clusters');

  const kept = JSON.parse(tab.stored(place).auth ?? '{}') as { accessToken: string };
  expect(claimsOf(kept.accessToken)).toMatchObject({ typ: 'Bearer' });
  expect(api('/api/v1/token')).toHaveLength(1);
});

it('renews when its bearer has expired, and shows the sign-in when that fails', async () => {
  await signIn();
  expireBearers();
  tab.click('#reload');
  await expect.poll(() => api('/api/v1/token').length).toBe(2);
  await tab.waitFor('Clusters');
  lab.runai.endSessions(lab.runai.people.ana, lab.runai.tenants.northwind);
  expireBearers();

  tab.click('#reload');

  await tab.waitFor(expired);
  expect(tab.address).toBe(`${home}login`);
});

it('does not renew where it does not', async () => {
  lab.settings.runai.consoleRenews = false;
  await signIn();
  expireBearers();

  tab.click('#reload');

  await tab.waitFor(expired);
  expect(api('/api/v1/token')).toHaveLength(1);
});

it('signs out at the realm too', async () => {
  await signIn();
  tab.click('#sign-out');
  await tab.waitFor('Continue with SSO');

  tab.click('#sign-in');

  await tab.waitFor('Password');
});

it('works at every tenant, without PKCE too', async () => {
  lab.settings.runai.pkceVerifierField = null;

  await signIn('https://fabrikam.nv.run.ai/');

  expect(tab.textOf('#tenant')).toBe('Fabrikam Labs');
});

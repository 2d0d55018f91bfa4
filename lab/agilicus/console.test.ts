// @vitest-environment node
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { openTab, type Tab } from '../runai/testing-tab';
import type { Person } from './world';

let lab: Lab;
let tab: Tab;
beforeEach(async () => {
  lab = await startLab();
  tab = openTab(lab);
});
afterEach(() => lab.close());

const home = 'https://admin.northwind.agilicus.cloud/';
const expired = 'Your session has expired. Please sign in again.';
const api = (path: string | RegExp, method: string) => lab.ledger.of({ host: 'api.agilicus.com', path, method });
const expireBearers = () => void (lab.settings.clockOffsetMs += lab.settings.agilicus.accessLifeMs + 1000);

async function signIn(address = home, { email, password }: Person = lab.agilicus.people.ana) {
  await tab.open(address);
  await tab.waitFor('Sign in');
  tab.click('#sign-in');
  await tab.waitFor('Password');
  await tab.submit({ email, password });
  await tab.waitFor('Organisations');
}

it('leads to the issuer, exchanges the code, and asks the API as a page of another origin', async () => {
  await signIn();

  const [asked] = api(/^\/users\/\w+\/orgs$/, 'GET');
  expect([tab.textOf('#person'), tab.textOf('#organisation')]).toEqual(['Ana Ruiz', 'Northwind Retail']);
  expect(asked).toMatchObject({ holder: 'page', scheme: 'Bearer', origin: home.slice(0, -1), status: 200 });
  expect(asked?.presented.access).toHaveLength(1);
});

it('works on a customer’s own name, for everybody’s own console', async () => {
  lab.settings.agilicus.orgsOfUser = 'array';

  await signIn('https://profile.cloud.contoso.example/', lab.agilicus.people.chloe);

  expect([tab.textOf('#person'), tab.textOf('#organisation')]).toEqual(['Chloe Martin', 'Contoso Health']);
});

it.each([
  ['oidc-client', ['oidc.user:https://auth.northwind.agilicus.cloud:agilicus-builtin-portal']],
  [
    'angular-oauth2-oidc',
    [
      'access_token',
      'id_token',
      'expires_at',
      'access_token_stored_at',
      'granted_scopes',
      'id_token_claims_obj',
      'id_token_expires_at',
      'id_token_stored_at',
      'refresh_token',
    ],
  ],
  ['rbac', ['rbac']],
  ['memory', []],
] as const)('keeps its tokens as %s does', async (consoleTokens, names) => {
  Object.assign(lab.settings.agilicus, { consoleTokens, consoleStorage: 'sessionStorage' });
  await signIn();

  expect(Object.keys(tab.stored('sessionStorage'))).toEqual([...names]);
  expect(tab.stored('localStorage')).toEqual({});
});

it('writes what oidc-client writes', async () => {
  await signIn();

  const user = JSON.parse(Object.values(tab.stored('localStorage'))[0] ?? '{}') as Record<string, unknown>;

  expect(user).toMatchObject({ token_type: 'Bearer', profile: { name: 'Ana Ruiz' } });
  expect(user.expires_at).toSatisfy((at: number) => Math.abs(at - Date.now() / 1000 - 3600) < 60);
  expect(lab.agilicus.stateOf(user.access_token as string)).toBe('live');
  expect(lab.agilicus.stateOfRefresh(user.refresh_token as string)).toBe('live');
});

it('opens another organisation with a token made from the first, which it keeps', async () => {
  await signIn();
  const before = tab.stored('localStorage');

  tab.click('#orgs button');

  await expect.poll(() => tab.textOf('#organisation')).toBe('Northwind Logistics');
  expect(api('/v1/tokens/reissue', 'POST')[0]?.issued.access).toHaveLength(1);
  expect(tab.stored('localStorage')).toEqual(before);
});

it('renews when its bearer has expired, and shows the sign-in when that fails', async () => {
  await signIn();
  const before = tab.stored('localStorage');
  expireBearers();
  tab.click('#reload');
  await expect.poll(() => tab.stored('localStorage')).not.toEqual(before);
  lab.agilicus.revokeAllOf(lab.agilicus.people.ana);

  tab.click('#reload');

  await tab.waitFor(expired);
  expect(tab.stored('localStorage')).toEqual({});
});

it('signs out at the issuer too', async () => {
  await signIn();
  tab.click('#sign-out');
  await tab.waitFor('Signing out');
  await tab.submit({ logout: 'yes' });
  await tab.waitFor('Sign in');

  tab.click('#sign-in');

  await tab.waitFor('Password');
  expect(tab.stored('localStorage')).toEqual({});
});

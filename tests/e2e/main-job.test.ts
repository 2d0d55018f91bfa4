import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { agree, ask, leaksIn, search, seen, sharedRefreshTokens, signIn, twicePresented } from './person';

/** Long enough for a browser, short enough to be outlived within a test (ms). */
const ACCESS_LIFE = 120_000;

let lab: Lab;
let browser: Browser;
let console: Page;

beforeAll(async () => {
  lab = await startLab({ accessLifeMs: ACCESS_LIFE });
  browser = await launch({ network: lab });
});

afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

it('looks at nothing before the first-run page is accepted', async () => {
  const page = await signIn(browser, lab.prowler.people.ana);

  const popup = await browser.popup(page);
  await popup.waitFor(/agree|start/i);
  await popup.close();

  expect(lab.ledger.of({ holder: 'extension' })).toEqual([]);
  // Stored is that Fob is installed, and no more.
  const { fob: note, ...more } = (await browser.storage()).local;
  expect(more).toEqual({});
  expect(note).toMatch(/^\d+:[0-9a-f]{8}:\{"revision":\d+,"installedAt":\d+,"policies":\{\},"sessions":\{\}\}$/);
  await page.close();
});

it('names person, tenant and time left on icon, popup and panel', async () => {
  await agree(browser);
  console = await browser.open('https://cloud.prowler.com/');

  await seen(browser, 'the session', (view) => view.sessions.some((one) => one.confirmedAt !== undefined));

  expect((await browser.icon(console)).title).toMatch(/Northwind Retail.*Ana Ruiz/);
  const panel = browser.panel(console);
  await panel.waitFor('Northwind Retail');
  await panel.waitFor('Ana Ruiz');
  const popup = await browser.popup(console);
  await popup.waitFor('Northwind Retail');
  await popup.waitFor('ana.ruiz@northwind.example');
  await popup.waitFor(/\d+ min/);
  await popup.close();
});

it('keeps the session when the person says so, with a token of its own', async () => {
  const panel = browser.panel(console);
  await panel.button('Keep it alive').click();

  await seen(browser, 'a token of its own', (view) => view.sessions.some((one) => one.provenance === 'own'));

  await panel.waitUntilGone('Keep this sign-in alive?');
  expect((await browser.icon(console)).title).toContain('Kept alive');
  expect(lab.ledger.of({ holder: 'extension', path: '/api/v1/tokens/refresh' })).toEqual([]);
});

it('keeps it past the end of its access token, worker ended or not, and the console stays signed in', async () => {
  const before = await seen(browser, 'the end', (view) => view.sessions[0]?.token.expiresAt);
  await browser.killWorker();

  const renewed = await seen(
    browser,
    'a later end',
    (view) => view.sessions.find((one) => (one.token.expiresAt ?? 0) > before + 30_000),
    ACCESS_LIFE + 20_000,
  );
  while (Date.now() < before + 1000) await new Promise((later) => setTimeout(later, 500));

  expect(renewed.keeping).toBe('kept');
  expect(lab.ledger.of({ holder: 'extension', path: '/api/v1/tokens/refresh' }).map(({ status }) => status)).toContain(
    200,
  );
  await console.reload();
  await console.waitFor('Overview');
  expect(await console.url()).toBe('https://cloud.prowler.com/');
  const popup = await browser.popup(console);
  await popup.waitFor('Kept alive');
  await popup.close();
}, 200_000);

it('switches the tenant from the popup, and the console comes along', async () => {
  const popup = await browser.popup(console);
  await popup.waitFor('Kept alive');
  await search(popup, 'Fabrikam Labs', 'contoso', 'Fabrikam Labs');
  await popup.press('Enter');

  await popup.waitFor(/Switched to .*Contoso Health/);
  await console.waitFor('Contoso Health');
  await popup.close();
  expect(await leaksIn(browser, lab)).toEqual([]);
  expect(sharedRefreshTokens(lab)).toEqual([]);
});

it('switches the tenant from the panel, and the console comes along', async () => {
  await console.bringToFront();
  const panel = browser.panel(console);
  await panel.waitFor(/\d+ min/);
  await panel.button(/Contoso Health/).click();
  await panel.button('Switch tenant').click();
  await panel.waitFor('Fabrikam Labs');
  await panel.button(/^F?\s*Fabrikam Labs/).click();

  await console.waitFor('Fabrikam Labs', { timeoutMs: 15_000 });
  await seen(browser, 'the session there', (view) => view.sessions.some((one) => one.tenant.name === 'Fabrikam Labs'));
  expect(sharedRefreshTokens(lab)).toEqual([]);
});

it('stops renewing when the console signs out, and says so', async () => {
  await console.bringToFront();
  await console.button('Sign out').click();
  await console.waitFor('Sign in');

  await seen(browser, 'the stop', (view) => view.sessions.every((one) => one.keeping === 'stopped_signed_out'));
  const popup = await browser.popup(console);
  await popup.waitFor(/signed out/i);
  await popup.close();
  const calls = lab.ledger.of({ holder: 'extension' }).length;
  await browser.killWorker();
  await ask(browser, 'look', {});
  expect(lab.ledger.of({ holder: 'extension' })).toHaveLength(calls);
});

it('forgets every record, but for a number', async () => {
  const sessions = await seen(browser, 'the sessions', (view) => view.sessions);
  for (const { id } of sessions) await ask(browser, 'forget', { session: id });

  const { local, session } = await browser.storage();
  const left = [...Object.keys(local), ...Object.keys(session)].filter((name) =>
    /^(head|sealed|tenants|journal):/.test(name),
  );
  expect(left).toEqual([]);
  expect(JSON.stringify([local, session])).not.toMatch(/Ana|Northwind|Contoso|Fabrikam/);
  expect(sharedRefreshTokens(lab)).toEqual([]);
  expect(twicePresented(lab)).toEqual([]);
});

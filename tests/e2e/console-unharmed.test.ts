import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { agree, seen, sharedRefreshTokens, signIn, twicePresented } from './person';
import { until } from './driver/until';

let lab: Lab;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  lab = await startLab();
  browser = await launch({ network: lab });
  await agree(browser);
  page = await signIn(browser, lab.prowler.people.ana);
  await seen(browser, 'the session', (view) => view.sessions.some((one) => one.confirmedAt !== undefined));
});

beforeEach(() => lab.ledger.clear());

afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

it('reads an expired sign-in only after the page has, so that a console of two processes spends its token once', async () => {
  lab.settings.dedupeRefresh = false;
  lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/refresh', kind: 'delay', ms: 400 });

  for (let time = 0; time < 6; time += 1) {
    lab.settings.clockOffsetMs += 31 * 60_000;
    await page.reload();
    await page.waitFor('Overview');
    const reads = time * 2 + 2;
    await until('both reads', async () => (sessionReads() >= reads ? true : undefined));
  }

  expect(await page.url()).toBe('https://cloud.prowler.com/');
  expect(await page.has('Ana Ruiz')).toBe(true);
  expect(twicePresented(lab)).toEqual([]);
  expect(sharedRefreshTokens(lab)).toEqual([]);
  lab.faults.clear();
});

it('reads nothing by itself while the page does not', async () => {
  lab.settings.clockOffsetMs += 31 * 60_000;
  const before = sessionReads();

  const popup = await browser.popup(page);
  await popup.waitFor('Northwind Retail');
  await new Promise((later) => setTimeout(later, 2000));
  await popup.close();

  expect(sessionReads() - before).toBeLessThanOrEqual(1);
  expect(lab.ledger.of({ holder: 'extension', path: '/api/v1/tokens/refresh' })).toEqual([]);
});

it('covers a console that was open before Fob was asked to look', async () => {
  lab.settings.dedupeRefresh = true;
  const other = await browser.open('https://cloud.prowler.com/scans');
  await other.close();
  await page.reload();
  await page.waitFor('Overview');

  const tab = await seen(browser, 'the tab', (view) => Object.values(view.tabs).find((one) => one.shows === 'session'));

  expect(tab.console).toBe('https://cloud.prowler.com');
});

function sessionReads(): number {
  return lab.ledger.of({ host: 'cloud.prowler.com', method: 'GET', path: '/api/auth/session' }).length;
}

import { setTimeout as sleep } from 'node:timers/promises';
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
  const other = await browser.open('https://cloud.prowler.com/scans');
  await quiet();

  for (let time = 0; time < 3; time += 1) {
    // The page's own question is the one that finds the sign-in expired, and is answered late.
    lab.settings.clockOffsetMs += 31 * 60_000;
    const reads = sessionReads();
    await page.bringToFront();
    await until('both reads', async () => (sessionReads() >= reads + 2 ? true : undefined));
    await quiet();
    await other.bringToFront();
    await quiet();
  }
  await other.close();
  await quiet();
  for (let time = 0; time < 3; time += 1) {
    lab.settings.clockOffsetMs += 31 * 60_000;
    await page.reload();
    await page.waitFor('Overview');
    await quiet();
  }

  expect(await page.url()).toBe('https://cloud.prowler.com/');
  expect(await page.has('Ana Ruiz')).toBe(true);
  expect(lab.ledger.of({ holder: 'console-server', path: '/api/v1/tokens/refresh' }).length).toBeGreaterThanOrEqual(6);
  expect(twicePresented(lab)).toEqual([]);
  expect(sharedRefreshTokens(lab)).toEqual([]);
  lab.faults.clear();
});

it('reads nothing by itself while the page does not', async () => {
  lab.settings.clockOffsetMs += 31 * 60_000;
  const before = sessionReads();

  const popup = await browser.popup(page);
  await popup.waitFor('Northwind Retail');
  await sleep(2000);
  await popup.close();

  expect(sessionReads() - before).toBeLessThanOrEqual(1);
  expect(lab.ledger.of({ holder: 'extension', path: '/api/v1/tokens/refresh' })).toEqual([]);
});

/** Waits until the lab has answered everything, and a while nobody has asked anything. */
async function quiet(): Promise<void> {
  // What was just done may not have reached the lab yet.
  await sleep(500);
  await until(
    'the lab to be left alone',
    async () => {
      const { entries } = lab.ledger;
      const isIdle =
        Date.now() - (entries.at(-1)?.at ?? 0) > 800 && // One without a status was given up by who asked.
        entries.every(({ at, status }) => status !== undefined || Date.now() - at > 3000);
      return isIdle ? true : undefined;
    },
    { timeoutMs: 20_000 },
  );
}

function sessionReads(): number {
  return lab.ledger.of({ host: 'cloud.prowler.com', method: 'GET', path: '/api/auth/session' }).length;
}

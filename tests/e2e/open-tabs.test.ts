import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser } from './driver/driver';
import { launch } from './driver/launch';
import { agree, seen, signIn } from './person';

let lab: Lab;
let browser: Browser;

beforeAll(async () => {
  lab = await startLab();
  browser = await launch({ network: lab });
});

afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

it('finds the session of a console that was signed in to before the first-run page was accepted', async () => {
  const page = await signIn(browser, lab.prowler.people.ana);
  await agree(browser);

  await page.bringToFront();

  await seen(browser, 'the session', (view) => view.sessions.some((one) => one.person.name === 'Ana Ruiz'));
  expect(await page.has('Overview')).toBe(true);
});

it('goes on with an open console after Fob itself was started anew, without the console being loaded again', async () => {
  const [page] = (await Promise.all((await browser.pages()).map(async (one) => ({ one, url: await one.url() }))))
    .filter(({ url }) => url === 'https://cloud.prowler.com/')
    .map(({ one }) => one);
  if (!page) throw new Error('the console is still open');
  const marked = await page.evaluate(() => ((globalThis as { unloaded?: boolean }).unloaded = false));
  await browser.reloadExtension();

  const other = await browser.open('https://cloud.prowler.com/scans');
  await other.close();
  await page.bringToFront();

  await seen(browser, 'the tab', (view) => Object.keys(view.tabs).length > 0 && view.sessions.length > 0);
  await browser.panel(page).waitFor('Northwind Retail');
  expect(await page.evaluate(() => (globalThis as { unloaded?: boolean }).unloaded)).toBe(marked);
});

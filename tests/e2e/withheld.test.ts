import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, ask, seen, signIn } from './person';

const API = 'https://api.prowler.com';

let lab: Lab;
let fob: Browser;
let page: Page;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  await agree(fob);
  page = await signIn(fob, lab.prowler.people.ana);
  const session = await seen(fob, 'the session', ({ sessions }) => sessions.find((one) => one.confirmedAt));
  await ask(fob, 'keep', { session: session.id });
  await fob.grantHosts([]);
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

const calls = () => lab.ledger.of({ holder: 'extension' }).length;
const hostsPage = () =>
  until('the page of hosts', async () => {
    for (const one of await fob.pages()) if ((await one.url()).endsWith('options.html#hosts')) return one;
    return undefined;
  });
/** Allows the API again where the popup leads to: at Fob's own button, or on the browser's page where nobody answers that. */
async function allowAgain(hosts: Page): Promise<void> {
  await hosts.waitFor('Not allowed');
  // One browser answers Fob's button with yes; in the other it is the browser's own page where a required host is given back.
  await fob.grantHosts([API]);
  if (fob.name === 'firefox') await hosts.button('Allow access to api.prowler.com').click();
  await hosts.waitUntilGone('Not allowed');
  await hosts.close();
}

it('says in the popup that a host is withheld as soon as the browser reports it, and leads to where it is allowed', async () => {
  const before = calls();
  const kept = await fob.popup(page);
  await kept.waitFor('Kept alive');
  await kept.close();

  await fob.withholdHosts([API]);

  await seen(fob, 'that it is withheld', ({ sessions }) => sessions[0]?.isWithheld);
  expect((await fob.icon(page)).title).toContain('Paused');
  const popup = await fob.popup(page);
  await popup.waitFor('Paused');
  await popup.waitFor('Fob may not reach api.prowler.com. Until you allow it, nothing is renewed.');
  await popup.screenshot('test-output/withheld.png');
  expect(calls()).toBe(before);
  await popup.button('Allow access').click();
  const hosts = await hostsPage();
  // Not every browser has closed it with the click.
  if (!(await popup.isClosed())) await popup.close();
  await allowAgain(hosts);

  const again = await fob.popup(page);
  await again.waitFor('Kept alive');
  expect(await again.has('Fob may not reach')).toBe(false);
  await again.close();
  expect((await fob.icon(page)).title).toContain('Kept alive');
});

it('says it of a session of no tab, and leads there from its details', async () => {
  const popup = await fob.extensionPage('popup.html');
  await popup.waitFor('1 kept alive');

  await fob.withholdHosts([API]);

  await popup.bringToFront();
  await popup.waitFor('Fob may not reach api.prowler.com');
  await popup.button('Northwind Retail').click();
  await popup.button('Allow access').click();
  await allowAgain(await hostsPage());

  // It made room for that page, where the browser lets a tab do so.
  if (!(await popup.isClosed())) await popup.close();
  const again = await fob.extensionPage('popup.html');
  await again.waitFor('1 kept alive');
  expect(await again.has('Fob may not reach')).toBe(false);
  await again.close();
});

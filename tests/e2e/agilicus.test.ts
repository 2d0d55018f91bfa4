import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import * as agilicus from './consoles/agilicus';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, seen, viewOf } from './person';

const API = 'https://api.agilicus.com';
const ADMIN = agilicus.consoleOf('northwind.agilicus.cloud');

let lab: Lab;
let fob: Browser;
let admin: Page;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  await agree(fob);
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

beforeEach(() => lab.faults.clear());

const borrowedAt = (console: string) =>
  seen(fob, `the session of ${console}`, ({ sessions }) =>
    sessions.find((one) => one.console === console && one.provenance === 'borrowed' && one.confirmedAt !== undefined),
  );

/** The page of Fob's own that the popup opened. */
const hostsPage = (): Promise<Page> =>
  until('the page of hosts', async () => {
    for (const one of await fob.pages()) if ((await one.url()).includes('options.html#hosts')) return one;
    return undefined;
  });

it('offers a console on a host that is not allowed, and reads it once the person has allowed it, without a reload', async () => {
  admin = await agilicus.signIn(fob, ADMIN, lab.agilicus.people.ana);
  await fob.grantHosts([ADMIN, API]);
  await admin.bringToFront();
  const popup = await fob.popup(admin);
  await popup.waitFor('Fob may not look at admin.northwind.agilicus.cloud');
  await popup.screenshot('test-output/agilicus-offer.png');
  expect((await viewOf(fob))?.sessions).toEqual([]);
  expect(lab.ledger.of({ holder: 'extension' })).toEqual([]);

  await popup.button(/Allow on this host: Agilicus/).click();
  const page = await hostsPage();
  await page.waitFor('Is admin.northwind.agilicus.cloud a console of Agilicus?');
  await page.screenshot('test-output/agilicus-proposal.png');
  await page.button('Allow on this host').click();
  await page.waitFor('Fob may look at admin.northwind.agilicus.cloud now');
  await page.close();

  expect(await borrowedAt(ADMIN)).toMatchObject({
    vendor: { id: 'agilicus' },
    keeps: 'follows',
    tenant: { name: 'Northwind Retail' },
    person: { name: 'Ana Ruiz', email: 'ana.ruiz@northwind.example' },
  });
});

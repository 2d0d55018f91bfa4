import { existsSync } from 'node:fs';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { startLab, type Lab } from '../../lab';
import type { Browser } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';

let lab: Lab;
let fob: Browser;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

it('opens a page at the vendor’s real address', async () => {
  const page = await fob.open('https://cloud.prowler.com/');

  const { host, isSecure } = await page.evaluate(() => ({ host: location.host, isSecure: isSecureContext }));

  expect(host).toBe('cloud.prowler.com');
  expect(isSecure).toBe(true);
  await page.close();
});

it('leads no other name anywhere', async () => {
  const page = await fob.open('https://cloud.prowler.com/');

  await expect(page.goto('https://elsewhere.example/')).rejects.toThrow();
  await page.close();
});

it('opens the popup over the active tab', async () => {
  const page = await fob.open('https://cloud.prowler.com/');

  const popup = await fob.popup(page);

  await popup.waitFor('Fob');
  expect(await popup.url()).toBe(`${fob.extensionOrigin}/popup.html`);
  expect((await popup.screenshot()).length).toBeGreaterThan(500);
  await popup.close();
  await page.close();
});

it('opens an extension page in a tab, and finds nothing wrong with an empty one', async () => {
  const page = await fob.extensionPage('popup.html');

  await page.waitFor('Fob');

  expect(await page.axe()).toBeInstanceOf(Array);
  await page.close();
});

it('reads the toolbar icon of a tab', async () => {
  const page = await fob.open('https://cloud.prowler.com/');

  expect(await fob.icon(page)).toMatchObject({ title: expect.stringContaining('Fob') });
  await page.close();
});

const formOf = () => {
  document.body.innerHTML = `<main>
    <label>E-mail <input id="mail" value="old"></label><label for="all">All of them</label><input type="checkbox" id="all">
    <button id="copy">Copy <b>all</b></button><button disabled>Never</button><p style="display:none">hidden</p>
  </main>`;
  document.getElementById('copy')!.addEventListener('click', (event) => {
    const active = navigator.userActivation?.isActive;
    void navigator.clipboard
      .writeText('copied')
      .then(() => document.querySelector('main')!.append(` copied ${event.isTrusted} ${active}`));
  });
};

it('works a page by roles and names, as a person does', async () => {
  const page = await fob.open('https://cloud.prowler.com/');
  await page.evaluate(formOf);

  await page.field('E-mail').fill('ada@example.com');
  await page.role('checkbox', 'All of them').click();
  await page.button(/^Copy/).click();

  await page.waitFor('copied true true');
  expect(await page.field('E-mail').value()).toBe('ada@example.com');
  expect(await page.evaluate(() => (document.getElementById('all') as HTMLInputElement).checked)).toBe(true);
  expect(await page.button('Never').isEnabled()).toBe(false);
  expect(await page.has('hidden')).toBe(false);
  await page.field('E-mail').click();
  await page.press('Tab');
  expect(await page.focused()).toBe('checkbox "All of them"');
  await page.press('Shift+Tab');
  await page.press('End');
  await page.type('!');
  expect(await page.field('E-mail').value()).toBe('ada@example.com!');
  await page.close();
});

it('sees a page in other lights and sizes', async () => {
  const page = await fob.open('https://cloud.prowler.com/');
  const seen = () =>
    page.evaluate(() => ({
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      forced: matchMedia('(forced-colors: active)').matches,
      still: matchMedia('(prefers-reduced-motion: reduce)').matches,
      width: innerWidth,
    }));
  const before = await seen();

  await page.setMedia({ colorScheme: 'dark', forcedColors: 'active', reducedMotion: 'reduce' });
  await page.setZoom(2);

  await until('the zoom', async () => ((await seen()).width < before.width ? true : undefined));
  expect(await seen()).toMatchObject({ dark: true, forced: true, still: true });
  await page.close();
});

const panelOf = () => {
  const root = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'closed' });
  root.innerHTML = '<label>Why <input></label><button>Keep alive</button><img src="data:,">';
  root.querySelector('button')!.addEventListener('click', (event) => {
    root.append(Object.assign(document.createElement('p'), { textContent: `kept ${event.isTrusted}` }));
  });
};

it('works the panel behind a closed shadow root', async () => {
  const page = await fob.open('https://cloud.prowler.com/');
  const panel = fob.panel(page);
  expect(await panel.isOpen()).toBe(false);
  await page.evaluate(panelOf);

  await panel.field('Why').fill('because');
  await panel.button('Keep alive').click();

  await panel.waitFor('kept true');
  expect(await panel.isOpen()).toBe(true);
  expect(await panel.field('Why').value()).toBe('because');
  expect((await panel.axe()).map(({ id }) => id)).toContain('image-alt');
  await page.close();
});

it('kills the worker, which a message brings back', async () => {
  await fob.inExtension(() => browser.alarms.create('wake', { delayInMinutes: 60 }));
  await fob.killWorker();
  expect(await fob.workerAlive()).toBe(false);

  await fob.inExtension(() => browser.alarms.create('wake', { delayInMinutes: 1 / 60 }));

  await until('the worker', async () => ((await fob.workerAlive()) ? true : undefined));
});

it('keeps storage over a restart, and ends without a trace', async () => {
  await fob.inExtension(() => browser.storage.local.set({ kept: 'yes' }));
  await fob.inExtension(() => browser.storage.session.set({ kept: 'no longer' }));
  const pid = fob.pid();

  await fob.restart();

  expect(() => process.kill(pid, 0)).toThrow();
  const { local, session } = await fob.storage();
  expect(local).toMatchObject({ kept: 'yes' });
  expect(session).not.toHaveProperty('kept');
  const again = fob.pid();
  await fob.close();
  expect(() => process.kill(again, 0)).toThrow();
  expect(existsSync(fob.profileFolder)).toBe(false);
});

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Media, Page } from './driver/driver';
import { launch } from './driver/launch';
import { agree, ask, firstRun, seen, signIn } from './person';

/** Pictures of every surface, for people to look at. */
const pictures = resolve('test-output/pictures');

let lab: Lab;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  lab = await startLab();
  browser = await launch({ network: lab });
  mkdirSync(join(pictures, browser.name), { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

const lights: readonly (readonly [string, Media])[] = [
  // Still: a picture in the middle of a change of colours shows neither.
  ['light', { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' }],
  ['dark', { colorScheme: 'dark', forcedColors: 'none', reducedMotion: 'reduce' }],
  ['forced', { colorScheme: 'dark', forcedColors: 'active', reducedMotion: 'reduce' }],
];

/** Looks at one state in every light: what axe finds wrong, by rule and place. */
async function wrongWith(surface: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const [light, media] of lights) {
    await surface.setMedia(media);
    await surface.screenshot(join(pictures, browser.name, `${name}.${light}.png`));
    for (const { id, nodes } of await surface.axe()) found.push(`${light}: ${id} at ${nodes.join(', ')}`);
  }
  return found;
}

/** The popup's own document in a tab: the same page, which stays open while it is looked at. */
async function popupInTab(): Promise<Page> {
  const surface = await browser.extensionPage('popup.html');
  await surface.bringToFront();
  return surface;
}

it('has nothing wrong on the first-run page', async () => {
  const surface = await firstRun(browser);

  expect(await wrongWith(surface, 'first-run')).toEqual([]);
});

describe('the popup', () => {
  it('has nothing wrong before the first-run page is accepted', async () => {
    const surface = await popupInTab();
    await surface.waitFor(/Fob/);

    expect(await wrongWith(surface, 'popup-not-agreed')).toEqual([]);
    await surface.close();
  });

  it('has nothing wrong when there is no session', async () => {
    await agree(browser);
    const surface = await popupInTab();
    await surface.waitFor(/console/i);

    expect(await wrongWith(surface, 'popup-empty')).toEqual([]);
    await surface.close();
  });

  it.each([['ana'], ['ben']] as const)(
    'has nothing wrong with the session of %s, offered and kept, and its tenants',
    async (who) => {
      page = await signIn(browser, lab.prowler.people[who]);
      const session = await seen(browser, 'the session', (view) =>
        view.sessions.find(
          (one) => one.confirmedAt !== undefined && one.person.email === lab.prowler.people[who].email,
        ),
      );
      const offered = await browser.popup(page);
      await offered.waitFor('Keep it alive');
      expect(await wrongWith(offered, `popup-offered-${who}`)).toEqual([]);

      await ask(browser, 'keep', { session: session.id });
      await offered.waitFor('Kept alive');
      expect(await wrongWith(offered, `popup-kept-${who}`)).toEqual([]);

      await offered.press('s');
      await offered.waitFor(/You are here/);
      expect(await wrongWith(offered, `switcher-${who}`)).toEqual([]);

      await offered.press('Escape');
      await offered.waitFor('Kept alive');
      await offered.press('d');
      await offered.waitFor(/Forget/);
      expect(await wrongWith(offered, `detail-${who}`)).toEqual([]);
      await offered.close();
      await page.button('Sign out').click();
      await page.waitFor('Sign in');
      await page.close();
    },
  );
});

it('has nothing wrong on the settings page', async () => {
  const surface = await browser.extensionPage('options.html#settings');
  await surface.waitFor('Prowler');

  expect(await wrongWith(surface, 'settings')).toEqual([]);
  await surface.close();
});

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Media, Page } from './driver/driver';
import { launch } from './driver/launch';
import { agree, leaksIn } from './person';

/** Pictures of every view, for people to look at. */
const pictures = resolve('test-output/pictures');

let lab: Lab;
let browser: Browser;

beforeAll(async () => {
  lab = await startLab();
  browser = await launch({ network: lab });
  mkdirSync(join(pictures, browser.name), { recursive: true });
  await agree(browser);
});

afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

const looks: readonly (readonly [string, number, Media])[] = [
  ['light', 1, { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' }],
  ['dark', 1, { colorScheme: 'dark', forcedColors: 'none', reducedMotion: 'reduce' }],
  ['forced', 1, { colorScheme: 'dark', forcedColors: 'active', reducedMotion: 'reduce' }],
  ['large', 2, { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' }],
  ['huge', 4, { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' }],
];

/** Looks at one state in every light and size: what axe finds wrong, and whether it has to be scrolled sideways. */
async function wrongWith(surface: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const [look, zoom, media] of looks) {
    await surface.setMedia(media);
    await surface.setZoom(1);
    await surface.setZoom(zoom);
    await surface.screenshot(join(pictures, browser.name, `options-${name}.${look}.png`));
    for (const { id, nodes } of await surface.axe()) found.push(`${look}: ${id} at ${nodes.join(', ')}`);
    const isWide = await surface.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    if (isWide) found.push(`${look}: has to be scrolled sideways`);
  }
  await surface.setZoom(1);
  return found;
}

it('has nothing wrong where one signs in, and takes a token for what its vendor says it is', async () => {
  const token = lab.agilicus.issueToken(lab.agilicus.people.ana);
  const surface = await browser.extensionPage('options.html#sign-ins');
  await surface.role('radio', 'Prowler').click();
  expect(await wrongWith(surface, 'sign-ins')).toEqual([]);
  await surface.button('Sign in').click();
  await surface.waitFor('This is needed here.');
  expect(await wrongWith(surface, 'sign-ins-fault')).toEqual([]);

  await surface.role('radio', 'Agilicus').click();
  await surface.field('Where').fill('admin.northwind.agilicus.cloud');
  await surface.field('Token').fill(token);
  await surface.button('Ask Agilicus whose it is').click();

  await surface.waitFor(/Signed in as .*Ana Ruiz/);
  expect(await surface.field('Token').value()).toBe('');
  expect(await wrongWith(surface, 'sign-ins-done')).toEqual([]);
  expect(await leaksIn(browser, lab)).toEqual([]);
  expect(JSON.stringify(await browser.storage())).not.toContain(token);
  await surface.close();
});

it('has nothing wrong where tokens are listed, and makes one', async () => {
  const surface = await browser.extensionPage('options.html#tokens');
  await surface.button('Get the list').click();
  await surface.waitFor(/\d tokens?\./);
  await surface.css('summary').click();
  expect(await wrongWith(surface, 'tokens')).toEqual([]);

  await surface.field('Audiences').fill('urn:api:agilicus:gateway');
  await surface.button('Check with Agilicus').click();
  await surface.waitFor('Agilicus would allow this');
  expect(await wrongWith(surface, 'tokens-allowed')).toEqual([]);
  await surface.button('Make the token').click();
  await surface.waitFor('A token was made');

  await surface.button('Get the list again').click();
  await surface.button(/^End this session of/).click();
  await surface.waitFor('What stops:');
  expect(await wrongWith(surface, 'tokens-end')).toEqual([]);
  await surface.button('Keep it').click();
  await surface.close();
});

it('has nothing wrong where hosts are allowed', async () => {
  const console = encodeURIComponent('https://prowler.corp.example');
  const surface = await browser.extensionPage(`options.html#hosts?console=${console}&vendor=prowler`);
  await surface.waitFor('Is prowler.corp.example a console of Prowler?');
  await surface.css('summary').click();

  expect(await wrongWith(surface, 'hosts')).toEqual([]);
  await surface.button('Not here').click();
  await surface.waitFor('Fob leaves prowler.corp.example alone');
  await surface.close();
});

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import type { Browser, Media, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, ask, leaksIn, seen, signIn, viewOf } from './person';

const pictures = resolve('test-output/pictures');

let lab: Lab;
let fob: Browser;
let page: Page;
/** A token of Agilicus that Fob may end. */
let token: string;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  mkdirSync(join(pictures, fob.name), { recursive: true });
  await agree(fob);
  page = await signIn(fob, lab.prowler.people.ana);
  const session = await seen(fob, 'the session', ({ sessions }) =>
    sessions.find((one) => one.confirmedAt !== undefined),
  );
  await ask(fob, 'keep', { session: session.id });
  token = lab.agilicus.issueToken(lab.agilicus.people.ana, lab.agilicus.orgs.longName);
  const place = 'https://profile.northwind.agilicus.cloud';
  const typed = { vendor: 'agilicus', place, way: 'token', values: { token } };
  const entered = await ask<Outcome<unknown>>(fob, 'obtain', typed);
  if (!entered.ok) throw new Error(entered.failure.code);
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

const looks: readonly (readonly [string, number, Media])[] = [
  ['light', 1, { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' }],
  ['dark', 1, { colorScheme: 'dark', forcedColors: 'none', reducedMotion: 'reduce' }],
  ['forced', 1, { colorScheme: 'dark', forcedColors: 'active', reducedMotion: 'reduce' }],
  ['large', 2, { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' }],
];

/** What is wrong with one state in every light and size, by axe and by eye of the page itself. */
async function wrongWith(surface: Page, name: string, isPopup = false): Promise<string[]> {
  const found: string[] = [];
  for (const [look, zoom, media] of looks) {
    // A popup is as large as the browser makes it.
    if (isPopup && zoom !== 1) continue;
    await surface.setMedia(media);
    if (!isPopup) await surface.setZoom(zoom);
    await surface.screenshot(join(pictures, fob.name, `hands-${name}.${look}.png`));
    for (const { id, nodes } of await surface.axe()) found.push(`${look}: ${id} at ${nodes.join(', ')}`);
    const isWide = await surface.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    if (isWide) found.push(`${look}: has to be scrolled sideways`);
  }
  if (!isPopup) await surface.setZoom(1);
  return found;
}

const names = ['Northwind', 'Ana Ruiz', 'ana.ruiz', 'Wide World'];
const namedIn = async (shown: Promise<string>): Promise<string[]> => {
  const text = await shown;
  return names.filter((name) => text.includes(name));
};

describe('presenter mode', () => {
  it('masks names in the popup, on the panel and on the toolbar at one key, and stays on', async () => {
    await page.bringToFront();
    const first = await fob.popup(page);
    await first.waitFor('Kept alive');
    expect(await namedIn(first.text())).not.toEqual([]);

    await first.press('m');
    await first.waitFor('N•••');
    expect(await namedIn(first.text())).toEqual([]);
    expect(await wrongWith(first, 'popup-masked', true)).toEqual([]);
    await first.close();

    const again = await fob.popup(page);
    await again.waitFor('N•••');
    expect(await namedIn(again.text())).toEqual([]);
    expect((await fob.icon(page)).title).toMatch(/^N•••, A•••/);
    await again.close();
    await page.bringToFront();
    await fob.panel(page).waitFor(/•••/);
    expect(await namedIn(fob.panel(page).text())).toEqual([]);
  });

  it('is on in the settings as well, after the worker has died, and ends there', async () => {
    await fob.killWorker();
    const settings = await fob.extensionPage('options.html#security');
    await settings.waitFor(/•••/);
    expect(await namedIn(settings.text())).toEqual([]);
    expect(await wrongWith(settings, 'security-masked')).toEqual([]);

    await settings.role('switch', /^Mask names and numbers/).click();
    await settings.waitFor('Wide World');
    expect(await wrongWith(settings, 'security')).toEqual([]);
    await settings.close();
  });
});

it('shows a token only as long as the button is held', async () => {
  const popup = await fob.popup(page);
  await popup.press('d');
  await popup.waitFor('Show the token');
  const has = (): Promise<boolean> => popup.has(/eyJ[\w-]+\./);
  const press = (type: string): Promise<void> =>
    popup.evaluate((what: string) => {
      const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Hold to show');
      button?.dispatchEvent(new PointerEvent(what, { bubbles: true }));
    }, type);
  expect(await has()).toBe(false);

  await press('pointerdown');
  await popup.waitFor(/eyJ[\w-]+\./);
  await popup.evaluate(() => {
    for (const button of document.querySelectorAll('button'))
      if (button.textContent === 'Hold to show') button.scrollIntoView();
  });
  await popup.screenshot(join(pictures, fob.name, 'hands-held.png'));
  await press('pointerup');

  await popup.waitUntilGone(/eyJ[\w-]+\./);
  await popup.close();
});

describe('the settings', () => {
  let saved: string;
  const choose = (surface: Page, text: string): Promise<void> =>
    surface.evaluate((content: string) => {
      const input = document.querySelector<HTMLInputElement>('input[type=file]');
      const held = new DataTransfer();
      held.items.add(new File([content], 'settings.json', { type: 'application/json' }));
      if (!input) throw new Error('there is nothing to choose a file with');
      input.files = held.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, text);

  it('are saved to a file without any token in it', async () => {
    const settings = await fob.extensionPage('options.html#security');
    await settings.evaluate(() => {
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob: Blob) => {
        void blob.text().then((text) => (document.documentElement.dataset['saved'] = text));
        return make(blob);
      };
    });
    // Once more where a press came while the page still grew.
    saved = await until('the file', async () => {
      await settings.button('Save to a file').click();
      await new Promise((later) => setTimeout(later, 500));
      return settings.evaluate(() => document.documentElement.dataset['saved']).then((text) => text ?? undefined);
    });

    const { tenants, consoles } = JSON.parse(saved) as { tenants: { name: string }[]; consoles: unknown[] };
    expect(tenants.map(({ name }) => name).join()).toContain('Northwind Retail');
    expect(consoles).toContainEqual({ console: 'https://cloud.prowler.com', keep: 'ask', panelHidden: false });
    const issued = [lab.prowler, lab.agilicus].flatMap((vendor) => vendor.issuedTokens());
    expect(issued.filter((one) => saved.includes(one))).toEqual([]);
    expect(saved).not.toMatch(/eyJ|ana\.ruiz|Ana Ruiz/);
    await settings.close();
  });

  it('are taken in from a file after a look at what changes, and from no other', async () => {
    const before = await viewOf(fob);
    const settings = await fob.extensionPage('options.html#security');
    await settings.button('Take in a file…').waitFor();
    await choose(settings, '{"fob":"settings","version":1,"tokens":["canary-access-1"]}');
    await settings.waitFor('The file has something that does not belong there, at tokens');
    await choose(settings, 'canary-access-1');
    await settings.waitFor('That is no file of Fob’s settings');
    expect(await settings.has('canary')).toBe(false);
    await settings.screenshot(join(pictures, fob.name, 'hands-file-refused.png'));

    await choose(settings, saved.replace('"keep": "ask"', '"keep": "always"'));
    await settings.waitFor('Take these settings in?');
    expect(await wrongWith(settings, 'file-preview')).toEqual([]);
    await settings.button('Take them in').click();
    await settings.waitFor('Taken in');
    await settings.close();

    expect(await ask(fob, 'policies', {})).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ keep: 'always' })]),
    });
    expect((await viewOf(fob))?.sessions.map(({ id }) => id)).toEqual(before?.sessions.map(({ id }) => id));
  });
});

it('lists every host and permission with its reason and how it is taken back', async () => {
  const hosts = await fob.extensionPage('options.html#hosts');
  await hosts.waitFor('What the browser lets Fob do');
  await hosts.button(fob.name === 'firefox' ? 'Withdraw cloud.prowler.com' : 'Stop using cloud.prowler.com').waitFor();
  expect(await wrongWith(hosts, 'hosts')).toEqual([]);
  await hosts.close();
});

it('locks everything down at one press after the list, and tells what became of each', async () => {
  const popup = await fob.popup(page);
  await popup.link('Lock everything down').waitFor();
  await popup.close();
  const list = await fob.extensionPage('options.html#lockdown');
  await list.waitFor('Ended at the vendor, now');
  await list.waitFor('Forgotten here, alive there until');
  expect(await wrongWith(list, 'lockdown')).toEqual([]);
  expect(lab.ledger.of({ holder: 'extension', path: '/v1/tokens/revoke' })).toEqual([]);

  await list.button('Lock it all down').click();
  await list.waitFor('This became of each');
  await list.waitFor('ended at Agilicus, and forgotten here');
  await list.waitFor('Fob is not locked: there is no passphrase.');
  expect(await wrongWith(list, 'lockdown-done')).toEqual([]);
  await list.close();

  expect(lab.ledger.of({ holder: 'extension', path: '/v1/tokens/revoke' }).map(({ status }) => status)).toEqual([204]);
  const left = (await viewOf(fob))?.sessions ?? [];
  // What is there is what its console, still signed in, has shown anew: seen, and not stored.
  expect(left.filter(({ provenance }) => provenance !== 'borrowed')).toEqual([]);
  expect(await leaksIn(fob, lab, [token])).toEqual([]);
});

describe('the clipboard', () => {
  let folder: string | undefined;
  let own: Browser | undefined;
  afterAll(async () => {
    await own?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** Chromium asks a person in a window of its own, which nobody is there to answer: here it has been allowed. */
  function allowed(): string | undefined {
    if (fob.name === 'firefox') return undefined;
    folder = mkdtempSync(join(tmpdir(), 'fob-'));
    cpSync('dist/chrome-mv3', folder, { recursive: true });
    const file = join(folder, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
      permissions: string[];
      optional_permissions: string[];
    };
    manifest.permissions.push(...manifest.optional_permissions);
    writeFileSync(file, JSON.stringify(manifest));
    return folder;
  }

  it('is cleared 30 seconds after a copy where that is switched on, and left alone where something else is in it', async () => {
    const extension = allowed();
    own = await launch({ network: lab, ...(extension === undefined ? {} : { extension }) });
    await agree(own);
    const console = await signIn(own, lab.prowler.people.ben);
    const session = await seen(own, 'the session', ({ sessions }) =>
      sessions.find((one) => one.confirmedAt !== undefined),
    );
    await ask(own, 'keep', { session: session.id });
    const settings = await own.extensionPage('options.html#security');
    await settings.role('switch', /^Clear the clipboard/).click();
    await seen(own, 'the choice', ({ preferences }) => preferences?.clearsClipboard);

    const holds = (): Promise<string> => settings.evaluate(() => navigator.clipboard.readText());
    for (const other of [undefined, 'something else']) {
      const popup = await own.popup(console);
      await popup.button('Copy token').click();
      await popup.waitFor('It leaves the clipboard in 30 s.');
      await popup.close();
      await settings.bringToFront();
      expect(await holds()).toMatch(/^eyJ/);
      if (other !== undefined) await settings.evaluate((text: string) => navigator.clipboard.writeText(text), other);
      await until(
        'the look at the clipboard',
        async () => ((await own?.storage())?.session['clipboard'] === undefined ? true : undefined),
        { timeoutMs: 60_000, everyMs: 500 },
      );
      await until('what is left in it', async () => ((await holds()).trim() === (other ?? '') ? true : undefined));
    }
  });
});

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Media, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, ask, leaksIn, seen, signIn } from './person';

/** Pictures of every view, for people to look at. */
const pictures = resolve('test-output/pictures');

let lab: Lab;
let fob: Browser;
let session: string;
let tenant: string;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  mkdirSync(join(pictures, fob.name), { recursive: true });
  await agree(fob);
  const page = await signIn(fob, lab.prowler.people.ana);
  const found = await seen(fob, 'the session', (view) => view.sessions.find((one) => one.confirmedAt));
  session = found.id;
  tenant = found.tenant.name ?? found.tenant.id;
  await ask(fob, 'keep', { session });
  await seen(fob, 'a token of its own', (view) => view.sessions.find(({ provenance }) => provenance === 'own'));
  await page.close();
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

/** Looks at one state in every light and size: what axe finds wrong, and whether it has to be scrolled sideways. */
async function wrongWith(surface: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const [look, zoom, media] of looks) {
    await surface.setMedia(media);
    await surface.setZoom(1);
    await surface.setZoom(zoom);
    await surface.screenshot(join(pictures, fob.name, `${name}.${look}.png`));
    for (const { id, nodes } of await surface.axe()) found.push(`${look}: ${id} at ${nodes.join(', ')}`);
    const isWide = await surface.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    if (isWide) found.push(`${look}: has to be scrolled sideways`);
  }
  await surface.setZoom(1);
  return found;
}

/** Writes into the history of the session what a long one holds. */
async function fillHistory(): Promise<void> {
  await fob.inExtension((id: string) => {
    const minute = 60_000;
    const start = Date.now() - 20 * 60 * minute;
    const lines: object[] = [];
    const renewed = (at: number, over: object = {}) =>
      lines.push(
        { at, type: 'renewal_started', rung: 'rotate', ...over },
        { at: at + 900, type: 'renewed', rung: 'rotate' },
      );
    lines.push({ at: start, type: 'captured' }, { at: start + minute, type: 'keeping_set' });
    for (const hour of [1, 2, 3, 4]) renewed(start + hour * 60 * minute);
    const woke = start + 9 * 60 * minute;
    lines.push({ at: woke, type: 'renewal_started', rung: 'rotate', dueAt: woke - 272 * minute });
    lines.push({ at: woke + 500, type: 'renewal_failed', code: 'unauthorized' });
    lines.push(
      { at: woke + 600, type: 'renewal_started', rung: 'mint' },
      { at: woke + 3000, type: 'renewed', rung: 'mint' },
    );
    lines.push({ at: woke + 60 * minute, type: 'renewal_started', rung: 'rotate' });
    lines.push({ at: woke + 61 * minute, type: 'renewal_failed', code: 'unanswered' });
    lines.push({ at: woke + 62 * minute, type: 'renewal_started', rung: 'mint' });
    lines.push({ at: woke + 62 * minute, type: 'renewed', rung: 'mint' });
    lines.push({ at: woke + 70 * minute, type: 'signed_out' }, { at: woke + 80 * minute, type: 'keeping_set' });
    lines.push({ at: woke + 90 * minute, type: 'made_by_a_later_fob' });
    lines.push({ at: woke + 100 * minute, type: 'renewal_failed', code: 'grant_dead' });
    lines.push({ at: woke + 100 * minute, type: 'renewal_failed', code: 'sign_in_needed' });
    lines.push({ at: woke + 110 * minute, type: 'adopted' });
    renewed(Date.now() - 2 * minute);
    return browser.storage.local.set(
      Object.fromEntries(Array.from({ length: 40 }, (_, place) => [`journal:${id}:${place}`, lines[place] ?? null])),
    );
  }, session);
}

it('has nothing wrong with the history of a session, and tells it', async () => {
  await fillHistory();
  const surface = await fob.extensionPage('popup.html');
  await surface.bringToFront();
  await surface.button(tenant).click();
  await surface.waitFor('What happened');
  await surface.waitFor(/Renewed, until/);
  await surface.css('summary').click();
  await surface.waitFor(/No wake between/);
  await surface.evaluate(() => document.querySelector('details')?.scrollIntoView({ block: 'end' }));

  expect(await wrongWith(surface, 'history')).toEqual([]);
  await surface.close();
});

it('has nothing wrong when all is well, and gives a report without a name or a token', async () => {
  const surface = await fob.extensionPage('options.html#diagnostics');
  await surface.bringToFront();
  await surface.waitFor('All is well');
  await surface.css('summary').click();

  const report = await surface.css('pre').text();

  expect(await wrongWith(surface, 'self-test')).toEqual([]);
  expect(report).toMatch(/^Fob \d+\.\d+\.\d+, (Chrome|Firefox) \d+ at /);
  expect(report).toMatch(/session 1: Prowler, own, kept/);
  expect(report).toMatch(/Z renewed rotate/);
  const one = await seen(fob, 'the session', (view) => view.sessions[0]);
  const named = [one.person.name, one.person.email, tenant, one.tenant.id, session, ...lab.prowler.issuedTokens()];
  expect(named.filter((name) => name !== undefined && report.includes(name))).toEqual([]);
  expect(report).not.toMatch(/canary|eyJ|https?:|@/);
  expect(await leaksIn(fob, lab)).toEqual([]);
  await surface.close();
});

it('finds the wake missing, and plans it again at one click', async () => {
  const surface = await fob.extensionPage('options.html#diagnostics');
  await surface.bringToFront();
  await surface.waitFor('All is well');
  await fob.inExtension(() => browser.alarms.clear('wake'));
  await surface.button('Check again').click();
  await surface.waitFor(/1 of \d+ needs a hand/);
  expect(await wrongWith(surface, 'self-test-wrong')).toEqual([]);

  await surface.button(/^Plan it again/).click();

  await surface.waitFor('All is well');
  await until('the alarm', () => fob.inExtension(() => browser.alarms.get('wake')));
  await surface.close();
});

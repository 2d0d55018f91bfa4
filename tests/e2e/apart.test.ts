import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { SessionView } from '../../lib/core/view';
import * as runai from './consoles/runai';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, ask, leaksIn, seen, viewOf } from './person';

/** One that ends while everything else is looked at (ms). */
const SHORT = 45_000;
const HOUR = 3_600_000;
const AGILICUS = 'https://admin.northwind.agilicus.cloud';
const AGILICUS_API = 'https://api.agilicus.com';
const NORTHWIND = 'northwind.run.ai';
const FABRIKAM = 'fabrikam.nv.run.ai';

let lab: Lab;
let fob: Browser;
/** A page of Fob's own that hears what its parts say to each other. */
let ear: Page;
const pages: { agilicus?: Page; northwind?: Page; fabrikam?: Page } = {};

beforeAll(async () => {
  lab = await startLab();
  // Where a refresh token can be reached by whoever looks.
  lab.settings.runai.consoleTokens = 'localStorage';
  fob = await launch({ network: lab });
  await agree(fob);
  ear = await fob.extensionPage('options.html#settings');
  await ear.evaluate(() => {
    const scope = globalThis as unknown as { chrome: typeof browser; heard: string[] };
    scope.heard = [];
    scope.chrome.runtime.onMessage.addListener((message: unknown) => void scope.heard.push(JSON.stringify(message)));
  });
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

const heardWords = async (): Promise<string> =>
  (await ear.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).join('\n');
const calls = () => lab.ledger.of({ holder: 'extension' });
const at = (console: string) =>
  seen(fob, `the session of ${console}`, ({ sessions }) =>
    sessions.find((one) => one.console === console && one.confirmedAt !== undefined),
  );
const all = async (): Promise<readonly SessionView[]> => (await viewOf(fob))?.sessions ?? [];
/** What the console keeps in its page, as text. */
const keptIn = (page: Page | undefined): Promise<string> =>
  page!.evaluate(() => JSON.stringify(Object.fromEntries(Object.entries(localStorage))));
const refreshIn = (kept: string): string => /refresh_?token\\*":\\*"([\w.-]+)/i.exec(kept)?.[1] ?? '';

/** A tab in a window of its own. */
async function newWindow(): Promise<Page> {
  // Firefox's first tab has that address, too.
  const before = process.env.FOB_E2E_BROWSER === 'firefox' ? await fob.pages() : [];
  await fob.inExtension(() => browser.windows.create({ url: 'about:blank' }).then(() => undefined));
  return until('the other window', async () => {
    for (const one of await fob.pages()) {
      if (!before.includes(one) && (await one.url()) === 'about:blank') return one;
    }
    return undefined;
  });
}

it('finds one person in three tenants of two vendors, in two windows, and names each by its own', async () => {
  const { ana } = lab.agilicus.people;
  pages.northwind = await runai.signIn(fob, NORTHWIND, lab.runai.people.ana);
  await at(`https://${NORTHWIND}`);
  lab.settings.runai.accessLifeMs = SHORT;
  pages.fabrikam = await runai.signIn(fob, FABRIKAM, lab.runai.people.ana);
  await at(`https://${FABRIKAM}`);
  lab.settings.runai.accessLifeMs = HOUR;

  pages.agilicus = await newWindow();
  await pages.agilicus.goto(`${AGILICUS}/`);
  await pages.agilicus.button('Sign in').click();
  await pages.agilicus.field(/mail/i).fill(ana.email);
  await pages.agilicus.field(/password/i).fill(ana.password);
  await pages.agilicus.button('Sign in').click();
  await pages.agilicus.button('Sign out').waitFor();
  await fob.grantHosts([AGILICUS, AGILICUS_API]);
  await pages.agilicus.bringToFront();
  const popup = await fob.popup(pages.agilicus);
  await popup.button(/Allow on this host: Agilicus/).click();
  const hosts = await until('the page of hosts', async () => {
    for (const one of await fob.pages()) if ((await one.url()).includes('options.html#hosts')) return one;
    return undefined;
  });
  await hosts.button('Allow on this host').click();
  await hosts.waitFor(/Fob may look at admin\.northwind\.agilicus\.cloud now/);
  await hosts.close();
  await pages.agilicus.bringToFront();

  const asked = await seen(fob, 'the name of its organisation', ({ sessions }) =>
    sessions.find(({ console, tenant }) => console === AGILICUS && tenant.name !== undefined),
  );
  expect(asked).toMatchObject({
    vendor: { id: 'agilicus' },
    apiHost: 'api.agilicus.com',
    tenant: { id: lab.agilicus.orgs.northwind.id, name: 'Northwind Retail' },
    subject: ana.id,
    saidBy: 'vendor',
  });
  for (const [host, realm] of [
    [NORTHWIND, 'northwind'],
    [FABRIKAM, 'fabrikam'],
  ] as const) {
    const made = lab.runai.outstanding().find(({ tenant }) => tenant === host);
    expect(await at(`https://${host}`)).toMatchObject({
      vendor: { id: 'runai' },
      apiHost: host,
      tenant: { id: realm },
      subject: made?.sub,
      saidBy: 'token',
    });
  }
  const found = await all();
  expect(found).toHaveLength(3);
  for (const one of found) {
    expect(one).toMatchObject({ provenance: 'borrowed', keeping: 'offered', person: { email: ana.email } });
  }
  for (const [page, tenant] of [
    [pages.northwind, 'northwind'],
    [pages.agilicus, 'Northwind Retail'],
    [pages.fabrikam, 'fabrikam'],
  ] as const) {
    await page.bringToFront();
    if (page !== pages.fabrikam) await fob.panel(page).waitFor(tenant);
    expect((await fob.icon(page)).title).toMatch(new RegExp(`^${tenant}, Ana Ruiz, `));
  }
  const three = await fob.popup(pages.fabrikam);
  await three.waitFor('Northwind Retail');
  await three.screenshot('test-output/apart-popup.png');
  await pages.fabrikam.screenshot('test-output/apart-fabrikam.png');
  await three.close();
});

it('never takes a token to another place than its own', () => {
  const ofAgilicus = new Set(lab.agilicus.outstanding().map(({ jti }) => jti));
  const shown = calls().flatMap(({ host, presented }) => presented.access.map((jti) => ({ host, jti })));
  expect(shown.length).toBeGreaterThan(0);
  for (const { host, jti } of shown) {
    const tenant = lab.runai.outstanding().find((one) => one.jti === jti)?.tenant;
    expect(host).toBe(ofAgilicus.has(jti) ? 'api.agilicus.com' : tenant);
  }
});

it('leaves every refresh token in its page', async () => {
  for (const page of [pages.agilicus, pages.northwind, pages.fabrikam]) {
    const refresh = refreshIn(await keptIn(page));
    expect(refresh).not.toBe('');
    expect(await heardWords()).not.toContain(refresh);
    expect(JSON.stringify(await fob.storage())).not.toContain(refresh);
  }
  // It hears: a token for Fob passes by there.
  const passed = lab.agilicus.issuedTokens().filter((token) => token.startsWith('eyJ'));
  const words = await heardWords();
  expect(passed.some((token) => words.includes(token))).toBe(true);
  expect(calls().flatMap(({ presented }) => presented.refresh)).toEqual([]);
  expect(await leaksIn(fob, lab)).toEqual([]);
});

it.each([
  ['under its library’s name', 'oidc'],
  ['as an access token', 'access_token'],
  ['among what it knows of roles', 'rbac'],
  ['under a name of its own', 'session'],
] as const)('believes no token of another vendor in an Agilicus console, %s', async (_, where) => {
  const page = pages.agilicus!;
  const before = calls().length;
  const aliens = [
    lab.prowler.issuePair(lab.prowler.people.ana).access,
    lab.runai.issueTokens(lab.runai.people.ana, lab.runai.tenants.northwind).id,
  ];
  const kept = await keptIn(page);
  for (const alien of aliens) {
    await page.evaluate(
      (place: string, token: string) => {
        const name = Object.keys(localStorage).find((one) => one.startsWith('oidc.user:')) ?? 'oidc.user:';
        const user = localStorage.getItem(name);
        localStorage.clear();
        const document = JSON.stringify({ ...JSON.parse(user ?? '{}'), access_token: token });
        if (place === 'oidc') localStorage.setItem(name, document);
        else localStorage.setItem(place, place === 'rbac' ? JSON.stringify({ token }) : token);
      },
      where,
      alien,
    );
    await page.bringToFront();
    // Longer than between two looks at a page.
    await new Promise((later) => setTimeout(later, 2500));
    expect(await heardWords()).not.toContain(alien);
  }
  expect(calls().slice(before)).toEqual([]);
  await page.evaluate((text: string) => {
    localStorage.clear();
    for (const [name, value] of Object.entries(JSON.parse(text))) localStorage.setItem(name, String(value));
  }, kept);
  expect((await all()).length).toBeLessThanOrEqual(3);
});

it('believes no token on a Run:ai console that is not of its own realm, and none to renew with', async () => {
  const page = pages.northwind!;
  const ofRunai = async () =>
    (await all())
      .filter(({ vendor }) => vendor.id === 'runai')
      .map(({ id, token }) => `${id} ${token.issuedAt}`)
      .toSorted();
  const before = await ofRunai();
  const asked = lab.ledger.of({ holder: 'extension', host: NORTHWIND }).length;
  const { ana } = lab.runai.people;
  // The first answers everybody, whatever they show.
  for (const [path, alien] of [
    ['/v1/k8s/config', lab.agilicus.issueToken(lab.agilicus.people.ben)],
    ['/v1/k8s/config', lab.prowler.issuePair(lab.prowler.people.ana).access],
    ['/v1/k8s/config', lab.runai.issueTokens(ana, lab.runai.tenants.northwind).refresh],
    ['/v1/k8s/config', lab.runai.issueTokens(ana, lab.runai.tenants.fabrikam).id],
    ['/v1/k8s/auth/me', lab.runai.issueTokens(ana, lab.runai.tenants.contoso).id],
  ] as const) {
    await page.evaluate(
      (to: string, token: string) => fetch(to, { headers: { authorization: `Bearer ${token}` } }).then(() => undefined),
      path,
      alien,
    );
  }
  await new Promise((later) => setTimeout(later, 500));

  expect(await ofRunai()).toEqual(before);
  expect(lab.ledger.of({ holder: 'extension', host: NORTHWIND })).toHaveLength(asked);
  expect((await all()).map(({ console }) => console)).not.toContain('https://contoso.run.ai');
});

it('follows one console through its own renewal, and leaves the others as they are', async () => {
  const before = await at(`https://${FABRIKAM}`);
  expect(await ask(fob, 'keep', { session: before.id })).toEqual({ ok: true });
  while (Date.now() < (before.token.expiresAt ?? 0) + 500) await new Promise((later) => setTimeout(later, 250));
  const page = pages.fabrikam!;
  await page.bringToFront();
  await page.button('Reload').click();

  const after = await seen(fob, 'the newer token', ({ sessions }) =>
    sessions.find(
      ({ console, token }) => console === before.console && (token.expiresAt ?? 0) > (before.token.expiresAt ?? 0),
    ),
  );
  expect(after).toMatchObject({ id: before.id, keeping: 'kept', keeps: 'follows', provenance: 'borrowed' });
  expect(calls().flatMap(({ presented }) => presented.refresh)).toEqual([]);
  expect((await at(`https://${NORTHWIND}`)).keeping).toBe('offered');
  const popup = await fob.popup(page);
  await popup.waitFor('Follows the console');
  await popup.screenshot('test-output/apart-follows.png');
  await popup.close();
});

it('forgets one and knows the others still, and then forgets them all', async () => {
  const { id } = await at(`https://${FABRIKAM}`);
  await ask(fob, 'forget', { session: id });
  expect((await all()).map(({ console }) => console)).toContain(`https://${NORTHWIND}`);
  for (const page of Object.values(pages)) await page.close();
  for (const one of await all()) await ask(fob, 'forget', { session: one.id });

  const { local, session } = await fob.storage();
  const left = [...Object.keys(local), ...Object.keys(session)].filter((name) =>
    /^(head|sealed|tenants|journal):/.test(name),
  );
  expect(left).toEqual([]);
  expect(JSON.stringify([local, session])).not.toMatch(/Ana|Northwind/);
});

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from '../../lab';
import type { SessionView } from '../../lib/core/view';
import * as agilicus from './consoles/agilicus';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, ask, leaksIn, pick, seen, viewOf } from './person';

const API = 'api.agilicus.com';
const HOST = 'admin.northwind.agilicus.cloud';
const CONSOLE = `https://${HOST}`;
const INTROSPECT = '/v1/tokens/introspect';
const REISSUE = '/v1/tokens/reissue';
const REVOKE = '/v1/tokens/revoke';
const BULK = '/v1/tokens/bulk_revoke';
const CREATE = '/v1/tokens';
const VALIDATE = '/v1/tokens/validations';

let lab: Lab;
let fob: Browser;
let page: Page;

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

const asked = (path: string, method = 'POST') => lab.ledger.of({ host: API, holder: 'extension', path, method });
const spoil = (fault: Omit<FaultOrder, 'host' | 'holder'>): void => {
  lab.faults.add({ host: API, holder: 'extension', ...fault } as FaultOrder);
};
const sessionIn = (org: { readonly id: string }, look: (one: SessionView) => boolean = () => true) =>
  seen(fob, 'the session', ({ sessions }) => sessions.find((one) => one.tenant.id === org.id && look(one)));
const pageAt = (address: RegExp) =>
  until('the page', async () => {
    for (const one of await fob.pages()) if (address.test(await one.url())) return one;
    return undefined;
  });

it('offers a host it has not been allowed, remembers a no, and goes on by itself once it is allowed', async () => {
  page = await agilicus.signIn(fob, HOST, lab.agilicus.people.ana);
  await page.waitFor('Northwind Retail');
  const other = await fob.open('https://profile.northwind.agilicus.cloud/');
  const refusing = await fob.popup(other);
  await refusing.button('Not here').click();
  await refusing.waitUntilGone('Not here');
  await refusing.close();
  const again = await fob.popup(other);
  await again.waitFor('No console in this tab.').catch(() => undefined);
  expect(await again.has('Allow on this host')).toBe(false);
  await again.close();
  await other.close();
  expect((await viewOf(fob))?.sessions).toEqual([]);

  await fob.grantHosts([CONSOLE]);
  await page.bringToFront();
  const popup = await fob.popup(page);
  await popup.screenshot('test-output/agilicus-offer.png');
  await popup.button(/Allow on this host: Agilicus/).click();
  const hosts = await pageAt(/options\.html#hosts/);
  await hosts.button(/Allow/).click();
  await hosts.waitFor(`Fob may look at ${HOST} now`);
  await hosts.close();
  await page.bringToFront();

  const session = await sessionIn(lab.agilicus.orgs.northwind);
  expect(session).toMatchObject({ provenance: 'borrowed', keeps: 'follows', console: CONSOLE });
  expect(session.person.email).toBe(lab.agilicus.people.ana.email);
  // Asked once who it is, with the token in the body alone.
  expect(asked(INTROSPECT).map(({ status }) => status)).toEqual([200]);
});

it('names person and organisation on icon, panel and popup, and follows the console (introspect)', async () => {
  expect((await fob.icon(page)).title).toContain('Northwind Retail');
  await fob.panel(page).waitFor('Follow this sign-in?');
  const popup = await fob.popup(page);
  await popup.waitFor('Northwind Retail');
  await popup.button('Follow the console').click();
  await popup.waitFor('Follows the console');
  await popup.screenshot('test-output/agilicus-follows.png');
  await popup.close();
  const { id } = await sessionIn(lab.agilicus.orgs.northwind);
  expect(await ask(fob, 'renew', { session: id })).toMatchObject({ failure: { code: 'not_renewable' } });
});

it.each([
  [
    'is refused',
    { kind: 'status', status: 400, body: '{"error_code":"X"}', contentType: 'application/json' },
    /you are not a member of/,
  ],
  ['meets trouble', { kind: 'status', status: 503 }, /Agilicus has trouble of its own \(503\)/],
  ['is answered with a page', { kind: 'html' }, /Agilicus answered in a way Fob does not know/],
  ['is cut off', { kind: 'truncate' }, /Agilicus was asked and nothing came back/],
] as const)('says what happened when a reissue %s, and leaves everything as it was', async (_, fault, words) => {
  spoil({ path: REISSUE, ...fault } as never);
  const popup = await fob.popup(page);
  await pick(popup, 'Logistics', 'Northwind Logistics', 'Northwind Stores');

  await popup.waitFor(words);
  await popup.close();
  expect((await viewOf(fob))?.sessions).toHaveLength(1);
});

it('moves by reissue, always from the token one signed in with, and calls it a move (reissue)', async () => {
  const { logistics, longName, northwind } = lab.agilicus.orgs;
  const root = asked(INTROSPECT)[0]?.presented.access[0];
  const popup = await fob.popup(page);
  await pick(popup, 'Logistics', 'Northwind Logistics', 'Northwind Stores');
  await popup.waitFor('Same end: a move, not a renewal.');
  await popup.waitFor(/You have a token for/);
  await popup.screenshot('test-output/agilicus-moved.png');
  await popup.close();
  const second = await sessionIn(logistics);

  const third = await ask<{ ok: boolean; value: { before: number; after: number } }>(fob, 'move', {
    session: second.id,
    tenant: longName.id,
    console: false,
  });
  expect(third.value.after).toBe(third.value.before);
  const back = await ask(fob, 'move', { session: second.id, tenant: northwind.id, console: false });
  expect(back).toMatchObject({ ok: true });

  const done = asked(REISSUE).filter(({ status }) => status === 200);
  expect(done.slice(-2).flatMap(({ presented }) => presented.access)).toEqual([root, root]);
  expect(second).toMatchObject({ provenance: 'own', keeps: 'nothing' });
});

it('revokes what it holds itself, after saying what follows (revoke)', async () => {
  const { logistics, longName } = lab.agilicus.orgs;
  const { id } = await sessionIn(logistics);
  spoil({ path: REVOKE, kind: 'status', status: 503, times: 1 } as never);
  expect(await ask(fob, 'revoke', { session: id, allSessions: false })).toMatchObject({
    failure: { code: 'vendor_down' },
  });
  spoil({ path: REVOKE, kind: 'status', status: 403, times: 1 } as never);
  expect(await ask(fob, 'revoke', { session: id, allSessions: false })).toMatchObject({
    failure: { code: 'forbidden' },
  });
  expect(await sessionIn(logistics)).not.toHaveProperty('trouble');

  const popup = await fob.popup(page);
  await popup.role('button', 'Northwind Logistics').click();
  await popup.button('Revoke…').click();
  await popup.waitFor('Agilicus accepts this token nowhere any more');
  await popup.screenshot('test-output/agilicus-revoke.png');
  await popup.button('Revoke').click();
  await popup.waitFor('Ended at Agilicus');
  await popup.close();
  expect(asked(REVOKE).at(-1)?.status).toBe(204);

  const other = await sessionIn(longName);
  const all = await fob.popup(page);
  await all.role('button', /^Wide World Importers/).click();
  await all.button('Revoke all…').click();
  await all.waitFor(/End every sign-in tied to this token/);
  await all.screenshot('test-output/agilicus-revoke-all.png');
  expect(await all.button('Revoke all').isEnabled()).toBe(false);
  await all.button('Leave it').click();
  await all.close();
  expect(await sessionIn(longName)).toMatchObject({ id: other.id });
  expect(asked(REVOKE)).toHaveLength(3);
});

it('makes a token only after the vendor would allow it, and says its no at the form (create, validate)', async () => {
  const { ana } = lab.agilicus.people;
  const { northwind } = lab.agilicus.orgs;
  const surface = await fob.extensionPage('options.html#tokens');
  await surface.field('Person, by user id').waitFor();
  const form = surface.css('form').count();
  expect(await form).toBeGreaterThan(0);
  const { id } = await sessionIn(northwind);
  const wanted = {
    subject: ana.id,
    tenant: northwind.id,
    audiences: ['urn:api:agilicus:users'],
    durationS: 600,
  };
  spoil({
    path: VALIDATE,
    kind: 'status',
    status: 403,
    times: 1,
    body: '{"error_code":"NOT_ALLOWED","error_message":"no"}',
    contentType: 'application/json',
  } as never);
  expect(await ask(fob, 'create', { session: id, wanted })).toMatchObject({ failure: { code: 'forbidden' } });
  expect(asked(CREATE)).toEqual([]);
  spoil({ path: CREATE, kind: 'status', status: 429, retryAfter: 30, times: 1 } as never);
  expect(await ask(fob, 'create', { session: id, wanted })).toMatchObject({ failure: { code: 'rate_limited' } });

  const made = await ask<{ ok: boolean; value: { session: string } }>(fob, 'create', { session: id, wanted });
  expect(made).toMatchObject({ ok: true });
  expect(asked(VALIDATE).map(({ status }) => status)).toEqual([403, 200, 200]);
  await seen(fob, 'it', ({ sessions }) =>
    sessions.some((one) => one.id === made.value.session && one.confirmedAt !== undefined),
  );
  await surface.close();
});

it('lists tokens with a filter, and says what went wrong when it cannot (list)', async () => {
  const surface = await fob.extensionPage('options.html#tokens');
  spoil({ path: CREATE, method: 'GET', kind: 'status', status: 403, times: 1 } as never);
  await surface.button(/Get the list/).click();
  await surface.waitFor(/may not do that/);
  lab.faults.clear();
  spoil({ path: CREATE, method: 'GET', kind: 'html', times: 1 } as never);
  await surface.button(/Get the list|Try again/).click();
  await surface.waitFor(/answered in a way Fob does not know/);
  lab.faults.clear();

  await surface.button(/Get the list|Try again/).click();
  await surface.role('table').waitFor();
  await surface.waitFor('Ana Ruiz').catch(() => undefined);
  await surface.screenshot('test-output/agilicus-tokens.png');
  expect(asked(CREATE, 'GET').map(({ status }) => status)).toEqual([403, 200, 200]);
  await surface.close();
});

it("ends the user's session where the token is the console's, and names all three first (end session)", async () => {
  await page.bringToFront();
  const { northwind } = lab.agilicus.orgs;
  const { ana } = lab.agilicus.people;
  const { ids } = await sessionIn(northwind, (one) => one.provenance === 'borrowed');
  spoil({ path: BULK, kind: 'status', status: 403, times: 1 } as never);
  const popup = await fob.popup(page);
  await popup.button('Details').click();
  await popup.button('End session…').click();
  await popup.waitFor(ana.id);
  await popup.waitFor(northwind.id);
  await popup.waitFor(ids?.['session'] ?? 'a session');
  await popup.screenshot('test-output/agilicus-end-session.png');
  await popup.button('End session').click();
  await popup.waitFor(/may not do that/);
  await popup.button('End session…').click();
  await popup.button('End session').click();
  await popup.waitFor('Agilicus has ended that session.');
  await popup.close();

  expect(asked(BULK).map(({ status }) => status)).toEqual([403, 200]);
});

it('says that a token was revoked there, when it was (introspect)', async () => {
  const token = lab.agilicus.issueToken(lab.agilicus.people.ben);
  const taken = await ask<{ value: { session: string } }>(fob, 'obtain', {
    vendor: 'agilicus',
    place: CONSOLE,
    way: 'token',
    values: { token },
  });
  expect(taken).toMatchObject({ ok: true });
  lab.agilicus.revoke(token);
  expect(
    await ask(fob, 'obtain', { vendor: 'agilicus', place: CONSOLE, way: 'token', values: { token } }),
  ).toMatchObject({ failure: { code: 'revoked' } });
  expect(
    await ask(fob, 'obtain', { vendor: 'agilicus', place: CONSOLE, way: 'token', values: { token: 'canary-garbage' } }),
  ).toMatchObject({ failure: { code: 'unauthorized' } });
});

it('never lets a refresh token or another vendor’s token leave the page', async () => {
  const pair = lab.prowler.issuePair(lab.prowler.people.ana);
  await page.goto(`${CONSOLE}/`);
  await page.evaluate((alien: string) => {
    localStorage.setItem(
      'oidc.user:https://auth.northwind.agilicus.cloud:agilicus-builtin-portal',
      JSON.stringify({ access_token: alien }),
    );
    localStorage.setItem('something', alien);
  }, pair.access);
  const before = lab.ledger.of({ holder: 'extension' }).length;
  await page.reload();
  await new Promise((later) => setTimeout(later, 2500));

  const sent = lab.ledger.of({ holder: 'extension' }).slice(before);
  expect(sent.filter(({ host }) => host !== API)).toEqual([]);
  expect(lab.ledger.of({ holder: 'extension' }).flatMap(({ presented }) => presented.refresh)).toEqual([]);
  expect(await leaksIn(fob, lab)).toEqual([]);
  expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
});

it('notices that a host is no longer allowed, and forgets every record when told to', async () => {
  await fob.withholdHosts([CONSOLE]);
  const surface = await fob.extensionPage('options.html#hosts');
  await surface.waitFor('Not allowed');
  await surface.close();
  for (const { id } of (await viewOf(fob))?.sessions ?? []) await ask(fob, 'forget', { session: id });

  const { local, session } = await fob.storage();
  const left = [...Object.keys(local), ...Object.keys(session)].filter((name) =>
    /^(head|sealed|tenants|journal):/.test(name),
  );
  expect(left).toEqual([]);
});

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import type { MoveResult, SessionView } from '../../lib/core/view';
import * as cloudcheckr from './consoles/cloudcheckr';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, ask, leaksIn, openSession, pick, seen, viewOf } from './person';
import { signInBy } from './sign-in-form';

/** Long enough for a browser, short enough to be outlived beside the other tests (ms). */
const LIFE = 120_000;
const HOUR = 3_600_000;
const API = 'api-us.cloudcheckr.com';

let lab: Lab;
let fob: Browser;
let page: Page;
/** Dana's own token, as the console got it, by its id in the ledger. */
let root: string;

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

const asked = (path: string | RegExp) => lab.ledger.of({ holder: 'extension', path });
const INFO = '/auth/v1/token/info';
const EXCHANGE = /^\/auth\/v1\/token\/exchange\//;
const TOKEN = '/auth/connect/token';

const spoil = (fault: Omit<FaultOrder, 'host' | 'holder'>, host = API): void => {
  lab.faults.add({ host, holder: 'extension', ...fault } as FaultOrder);
};

const sessionIn = (customer: { readonly id: string }, provenance?: SessionView['provenance']) =>
  seen(fob, 'the session', ({ sessions }) =>
    sessions.find((one) => one.tenant.id === customer.id && (!provenance || one.provenance === provenance)),
  );

/** Signs an application in, on the page of sign-ins. */
const signInAs = (id: string, secret: string): Promise<Page> =>
  signInBy(fob, {
    vendor: 'CloudCheckr',
    way: 'Application (client ID and secret)',
    choice: 'app-eu.cloudcheckr.com',
    values: { 'Client ID': id, 'Client secret': secret },
  });

/** Hands a token over on the page of sign-ins. */
const handOver = (token: string): Promise<Page> =>
  signInBy(fob, {
    vendor: 'CloudCheckr',
    way: 'A token you have',
    choice: 'app-us.cloudcheckr.com',
    values: { Token: token },
  });

// An application signs in first: its token ends while everything else is looked at.
let machine: { readonly id: string; readonly endsAt: number; readonly secret: string };

it('signs an application in, and keeps what it signs in with', async () => {
  const { adventure } = lab.cloudcheckr.customers;
  const client = lab.cloudcheckr.addClient(adventure);
  const secret = lab.cloudcheckr.addAccessKey(client);
  let form = await signInAs(client.id, 'canary-wrong-key');
  await form.waitFor('CloudCheckr does not know these credentials');
  await form.screenshot('test-output/cloudcheckr-form-refused.png');
  await form.close();
  expect((await viewOf(fob))?.sessions).toEqual([]);

  lab.settings.cloudcheckr.tokenLifeMs = LIFE;
  form = await signInAs(client.id, secret);
  await form.waitFor(/You have a token for .*Adventure Works/);
  await form.waitFor('Fob keeps it alive.');
  await form.screenshot('test-output/cloudcheckr-form.png');
  await form.close();
  lab.settings.cloudcheckr.tokenLifeMs = HOUR;

  expect(asked(TOKEN).map(({ host, status }) => [host, status])).toEqual([
    ['api-eu.cloudcheckr.com', expect.any(Number)],
    ['api-eu.cloudcheckr.com', 200],
  ]);
  const session = await sessionIn(adventure);
  expect(session).toMatchObject({ keeping: 'kept', keeps: 'renews', provenance: 'own', subject: client.id });
  expect(session.tenant.name).toBe('Adventure Works');
  machine = { id: session.id, endsAt: session.token.expiresAt ?? 0, secret };
});

it('hears a token on the console’s wire, asks whose it is, once, and says so', async () => {
  page = await cloudcheckr.signIn(fob, 'us', lab.cloudcheckr.people.dana);
  const { partner } = lab.cloudcheckr.customers;
  const session = await sessionIn(partner);

  const infos = asked(INFO).filter(({ host }) => host === API);
  expect(infos).toHaveLength(1);
  root = infos[0]?.presented.access[0] ?? '';
  expect(lab.cloudcheckr.issuedTokens().map((token) => lab.cloudcheckr.idOf(token))).toContain(root);
  expect(session).toMatchObject({ provenance: 'borrowed', keeps: 'follows', roles: ['PartnerSysAdmin'] });
  expect((await fob.icon(page)).title).toContain('Northwind Cloud Partners');
  await fob.panel(page).waitFor('Northwind Cloud Partners');
  const popup = await fob.popup(page);
  await popup.waitFor('Northwind Cloud Partners');
  await popup.waitFor(/\d+ min/);
  await popup.close();
});

it('follows the console where nothing of Fob’s renews, and takes the newer token', async () => {
  const { partner } = lab.cloudcheckr.customers;
  const popup = await fob.popup(page);
  await popup.waitFor(/gives Fob no token of its own/);
  await popup.button('Follow the console').click();
  await popup.waitFor('Follows the console');
  await popup.waitFor(/Whenever the console renews, Fob takes the newer token\. Close the console and this ends/);
  await popup.screenshot('test-output/cloudcheckr-follows.png');
  await popup.close();
  expect((await fob.icon(page)).title).toMatch(/Follows the console/);
  const { id, token } = await sessionIn(partner);
  expect(await ask(fob, 'renew', { session: id })).toMatchObject({ failure: { code: 'not_renewable' } });
  expect(lab.ledger.of({ host: API, holder: 'extension' }).map(({ path }) => path)).not.toContain(TOKEN);

  // Its end is written in whole seconds.
  await new Promise((later) => setTimeout(later, 1100));
  await page.reload();
  await page.waitFor('Accounts');

  const newer = await seen(fob, 'the newer token', ({ sessions }) =>
    sessions.find((one) => one.id === id && (one.token.expiresAt ?? 0) > (token.expiresAt ?? 0)),
  );
  expect(newer).toMatchObject({ provenance: 'borrowed', keeping: 'kept', keeps: 'follows' });
  root = asked(INFO).at(-1)?.presented.access[0] ?? '';
});

it.each([
  ['does not know it', { kind: 'status', status: 404 }, /you are not a member of/, 'You are still in'],
  [
    'has trouble of its own',
    { kind: 'status', status: 503 },
    /CloudCheckr has trouble of its own \(503\)/,
    'Try again',
  ],
  ['asks for a pause', { kind: 'status', status: 429, retryAfter: 70 }, /CloudCheckr asked Fob to wait until/, ''],
  ['answers with a page', { kind: 'html' }, /CloudCheckr answered in a way Fob does not know/, 'Try again'],
  ['stops in the middle', { kind: 'truncate' }, /CloudCheckr was asked and nothing came back/, 'Try again'],
  ['points elsewhere', { kind: 'redirect' }, /CloudCheckr pointed to another host/, ''],
  // Last: Firefox takes half of a refusal for the whole, and holds only a success to its length.
  ['refuses it with 403', undefined, /you are not a member of .*שירותי.*, or it no longer exists/, 'You are still in'],
] as const)('says what happened when an exchange for a customer %s', async (_, fault, title, then) => {
  const { rightToLeft, partner } = lab.cloudcheckr.customers;
  if (fault) spoil({ path: EXCHANGE, ...fault } as never);
  else lab.cloudcheckr.disableCustomer(rightToLeft);
  const before = asked(EXCHANGE).length;
  const popup = await fob.popup(page);
  await popup.waitFor('Follows the console');
  await pick(popup, 'שירותי', rightToLeft.name, 'Contoso Health');

  await popup.waitFor(title);
  if (then) await popup.waitFor(then);
  if (!fault) await popup.screenshot('test-output/cloudcheckr-refused.png');
  await popup.close();
  expect(asked(EXCHANGE)).toHaveLength(before + 1);
  expect(await sessionIn(partner)).toMatchObject({ keeping: 'kept', provenance: 'borrowed' });
  expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
});

it('exchanges for a customer that was searched for, and calls it a move where the end stays', async () => {
  const { contoso, partner } = lab.cloudcheckr.customers;
  const before = asked(EXCHANGE).length;
  const popup = await fob.popup(page);
  await popup.waitFor('Follows the console');
  await popup.press('s');
  await popup.waitFor(/List from/);
  await popup.screenshot('test-output/cloudcheckr-customers.png');
  await popup.press('Escape');
  await popup.waitFor('Follows the console');
  await pick(popup, 'contoso', 'Contoso Health', 'Fabrikam Labs');

  await popup.waitFor(/You have a token for .*Contoso Health/);
  await popup.waitFor('Same end as before, as token info says.');
  await popup.screenshot('test-output/cloudcheckr-moved.png');
  await popup.close();
  const moved = await sessionIn(contoso);
  expect(moved).toMatchObject({ provenance: 'own', keeps: 'nothing', tenant: { name: 'Contoso Health' } });
  expect(moved.token.expiresAt).toBe((await sessionIn(partner)).token.expiresAt);
  expect(asked(EXCHANGE)).toHaveLength(before + 1);
});

it('goes on from there with the token one signed in with, and back to it without a call', async () => {
  const { fabrikamWest, partner } = lab.cloudcheckr.customers;
  const popup = await openSession(fob, page, 'Contoso Health');
  await pick(popup, 'labs west', fabrikamWest.name, 'Contoso Health');
  await popup.waitFor(/You have a token for .*West/);
  await popup.close();
  const exchanges = asked(EXCHANGE);
  expect(new Set(exchanges.flatMap(({ presented }) => presented.access))).toEqual(new Set([root]));

  const { id: from } = await sessionIn(fabrikamWest);
  const back = await ask<Outcome<MoveResult>>(fob, 'move', { session: from, tenant: partner.id, console: false });
  expect(back).toMatchObject({ value: { session: (await sessionIn(partner)).id } });
  expect(asked(EXCHANGE)).toHaveLength(exchanges.length);
});

it('calls an end later only where token info says so', async () => {
  lab.settings.cloudcheckr.exchangeExtends = true;
  lab.settings.cloudcheckr.tokenLifeMs = 2 * HOUR;
  const popup = await fob.popup(page);
  await popup.waitFor('Follows the console');
  await pick(popup, 'fabrikam labs', 'Fabrikam Labs', 'Contoso Health');

  await popup.waitFor(/You have a token for .*Fabrikam Labs/);
  await popup.waitFor('Later end, confirmed by CloudCheckr.');
  await popup.screenshot('test-output/cloudcheckr-later.png');
  await popup.close();
});

it.each([
  ['refuses it', undefined, 'CloudCheckr no longer accepts this token'],
  ['has trouble of its own', { kind: 'status', status: 503 }, 'CloudCheckr has trouble of its own (503)'],
  ['asks for a pause', { kind: 'status', status: 429, retryAfter: 70 }, /CloudCheckr asked Fob to wait until/],
  ['answers with a page', { kind: 'html' }, 'CloudCheckr answered in a way Fob does not know'],
  ['stops in the middle', { kind: 'truncate' }, 'CloudCheckr was asked and nothing came back'],
] as const)(
  'says what happened, and stores no token that was handed over, when token info %s',
  async (_, fault, words) => {
    const { people } = lab.cloudcheckr;
    const token = lab.cloudcheckr.issueToken(people.eli);
    if (fault) spoil({ path: INFO, ...fault } as never);
    else lab.cloudcheckr.revokeToken(token);
    const before = asked(INFO).length;

    const form = await handOver(token);

    await form.waitFor(words);
    expect(await form.field('Token').value()).toBe('');
    await form.close();
    expect(
      asked(INFO)
        .slice(before)
        .map(({ presented }) => presented.access),
    ).toEqual([[lab.cloudcheckr.idOf(token)]]);
    expect((await viewOf(fob))?.sessions.map(({ subject }) => subject)).not.toContain(people.eli.id);
  },
);

it('takes a token that was handed over for what token info says of it', async () => {
  const { people, customers } = lab.cloudcheckr;
  const form = await handOver(lab.cloudcheckr.issueToken(people.eli));

  await form.waitFor(/You have a token for .*Contoso Health/);
  await form.screenshot('test-output/cloudcheckr-form-token.png');
  await form.close();
  const session = await seen(fob, 'his session', ({ sessions }) =>
    sessions.find((one) => one.subject === people.eli.id),
  );
  expect(session).toMatchObject({ provenance: 'entered', keeps: 'nothing', tenant: { id: customers.contoso.id } });
});

it('keeps an application past the end of its token, and the words say so only then', async () => {
  const later = await seen(
    fob,
    'a later end',
    ({ sessions }) => sessions.find((one) => one.id === machine.id && (one.token.expiresAt ?? 0) > machine.endsAt),
    LIFE + 10_000,
  );
  expect(later).toMatchObject({ keeping: 'kept', keeps: 'renews', provenance: 'own' });
  await until('the end of the first token', async () => (Date.now() > machine.endsAt ? true : undefined), {
    timeoutMs: LIFE,
  });
  expect(await ask(fob, 'tenants', { session: machine.id, again: true })).toMatchObject({ ok: true });
  const words = async () => {
    const popup = await fob.popup(page);
    await popup.waitFor('Elsewhere');
    const text = await popup.text();
    await popup.screenshot('test-output/cloudcheckr-list.png');
    await popup.close();
    return text;
  };
  expect(await words()).toContain('1 kept alive');
}, 260_000);

it('leaves no secret where it does not belong, and sends a console’s token to its own API alone', async () => {
  expect(await leaksIn(fob, lab, [machine.secret])).toEqual([]);
  const hosts = lab.ledger.entries
    .filter(({ holder, presented }) => holder === 'extension' && presented.access.includes(root))
    .map(({ host }) => host);
  expect(new Set(hosts)).toEqual(new Set([API]));
  expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
});

it('forgets everything it is told to', async () => {
  const popup = await fob.popup(page);
  await popup.waitFor('Follows the console');
  await popup.press('d');
  await popup.button('Forget').click();
  await popup.waitFor(/Forget .*Northwind Cloud Partners/);
  await popup.screenshot('test-output/cloudcheckr-forget.png');
  await popup.css('dialog button:last-of-type').click();
  await seen(fob, 'that it is gone', ({ sessions }) => sessions.every((one) => one.provenance !== 'borrowed'));
  await popup.close();
  await page.close();
  for (const { id } of (await viewOf(fob))?.sessions ?? []) await ask(fob, 'forget', { session: id });

  const { local, session } = await fob.storage();
  const left = [...Object.keys(local), ...Object.keys(session)].filter((name) =>
    /^(head|sealed|tenants|journal):/.test(name),
  );
  expect(left).toEqual([]);
  expect(JSON.stringify([local, session])).not.toMatch(/Northwind|Contoso|Fabrikam|Adventure/);
});

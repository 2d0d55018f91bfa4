import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import type { MoveResult, SessionView, TenantList, TenantView } from '../../lib/core/view';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { agree, ask, openSession, search, seen, sharedRefreshTokens, signIn, twicePresented } from './person';

let lab: Lab;
let browser: Browser;
let page: Page;
let home: SessionView;
let places: TenantView[];

beforeAll(async () => {
  lab = await startLab();
  lab.prowler.addTenants(lab.prowler.people.ana, 12);
  browser = await launch({ network: lab });
  await agree(browser);
  page = await signIn(browser, lab.prowler.people.ana);
  home = await seen(browser, 'the session', (view) => view.sessions.find((one) => one.confirmedAt !== undefined));
  await ask(browser, 'keep', { session: home.id });
  const list = await ask<{ value: TenantList }>(browser, 'tenants', { session: home.id });
  places = list.value.items.filter(({ current }) => !current);
});

beforeEach(() => {
  lab.faults.clear();
  lab.ledger.clear();
});

afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

/** A session that was never renewed, so that it may be at once, by its id and its tenant's name. */
async function freshSession(): Promise<{ readonly id: string; readonly name: string }> {
  const place = places.pop();
  const moved = await ask<Outcome<MoveResult>>(browser, 'move', {
    session: home.id,
    tenant: place?.id,
    console: false,
  });
  if (!moved.ok || !place) throw new Error(moved.ok ? 'no place is left' : moved.failure.code);
  return { id: moved.value.session, name: place.name };
}

const spoil = (fault: Omit<FaultOrder, 'host'>): void => {
  lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/*', ...fault } as FaultOrder);
};

const calls = () => lab.ledger.of({ holder: 'extension', path: /^\/api\/v1\/tokens\/(refresh|switch)$/ });

const troubled: string[] = [];

it.each([
  ['503', { kind: 'status', status: 503 }, 'Prowler has trouble of its own (503)'],
  ['429 with seconds', { kind: 'status', status: 429, retryAfter: 70 }, /Prowler asked Fob to wait until/],
  ['a page of HTML', { kind: 'html' }, 'Prowler answered in a way Fob does not know'],
  ['half an answer', { kind: 'truncate' }, 'Prowler was asked and nothing came back'],
  ['a reset', { kind: 'reset' }, 'Prowler was asked and nothing came back'],
  ['nothing after the server acted', { kind: 'drop_after_commit' }, 'Prowler was asked and nothing came back'],
  ['another host', { kind: 'redirect' }, 'Prowler pointed to another host'],
] as const)(
  'says %s when told to renew, keeps the session and asks nothing more for a minute',
  async (_, fault, words) => {
    const { id, name } = await freshSession();
    spoil(fault);
    lab.ledger.clear();

    const popup = await openSession(browser, page, name);
    await popup.button('Renew now').click();
    await popup.waitFor(words);
    await popup.close();

    expect(calls()[0]?.path).toBe('/api/v1/tokens/refresh');
    const view = await seen(browser, 'the trouble', ({ sessions }) =>
      sessions.find((one) => one.id === id && one.trouble),
    );
    expect((view.trouble?.retryAt ?? 0) - Date.now()).toBeGreaterThan(50_000);
    lab.ledger.clear();
    expect(await ask(browser, 'renew', { session: id })).toMatchObject({ ok: false });
    expect(lab.ledger.of({ holder: 'extension' })).toEqual([]);
    expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
    expect(sharedRefreshTokens(lab)).toEqual([]);
    troubled.push(id);
  },
);

it('renews when told to, and makes good for a lost rotation with a mint: nobody notices', async () => {
  const { name } = await freshSession();
  lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/refresh', kind: 'drop_after_commit', times: 1 });
  lab.ledger.clear();

  const popup = await openSession(browser, page, name);
  await popup.button('Renew now').click();
  await popup.waitFor(/Renewed, until/);
  await popup.close();

  // A browser may have sent the first of them twice by itself, on a connection that had ended.
  expect(calls()[0]?.path).toBe('/api/v1/tokens/refresh');
  expect(calls().at(-1)).toMatchObject({ path: '/api/v1/tokens/switch', status: 200 });
});

it('shows a tenant made a moment ago: no answer of the vendor comes from a cache', async () => {
  const before = await ask<{ value: TenantList }>(browser, 'tenants', { session: home.id, again: true });
  lab.prowler.addMember(lab.prowler.people.ana, lab.prowler.addTenant('Made just now'));

  const after = await ask<{ value: TenantList }>(browser, 'tenants', { session: home.id, again: true });

  expect(after.value.items).toHaveLength(before.value.items.length + 1);
});

it('tells a person what is wrong and what comes next, where it happened', async () => {
  await seen(browser, 'the tab', (view) => Object.values(view.tabs).some((tab) => tab.session === home.id));
  lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/switch', kind: 'status', status: 503 });
  const popup = await browser.popup(page);
  await popup.waitFor('Kept alive');
  await search(popup, 'Contoso Health', 'contoso', 'Fabrikam Labs');
  await popup.press('Enter');

  await popup.waitFor(/Prowler has trouble of its own/);
  await popup.close();
  expect(calls().map(({ path, status }) => [path, status])).toEqual([['/api/v1/tokens/switch', 503]]);
});

it('says where one is still when a tenant refuses', async () => {
  const gone = lab.prowler.addTenant('Left yesterday');
  lab.prowler.addMember(lab.prowler.people.ana, gone);
  await ask(browser, 'tenants', { session: home.id, again: true });
  lab.prowler.removeMember(lab.prowler.people.ana, gone);

  const popup = await browser.popup(page);
  await popup.waitFor('Kept alive');
  await search(popup, 'Left yesterday', 'left yes', 'Fabrikam Labs');
  await popup.press('Enter');

  await popup.waitFor(/not a member|no longer exists/i);
  await popup.close();
  expect(calls().map(({ path, issued }) => [path, issued.access])).toEqual([['/api/v1/tokens/switch', []]]);
  expect(
    (await seen(browser, 'the session', ({ sessions }) => sessions.find((one) => one.id === home.id))).keeping,
  ).toBe('kept');
});

it('goes on by itself with every one of them when the vendor is well again', async () => {
  expect(troubled).toHaveLength(7);

  await seen(
    browser,
    'every session renewed',
    ({ sessions }) =>
      sessions
        .filter((one) => troubled.includes(one.id))
        .every((one) => !one.trouble && one.lastRenewedAt !== undefined),
    110_000,
  );

  expect(twicePresented(lab)).toEqual([]);
}, 130_000);

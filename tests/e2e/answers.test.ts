import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import type { MoveResult, SessionView, TenantList } from '../../lib/core/view';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { agree, ask, search, seen, sharedRefreshTokens, signIn, twicePresented } from './person';

let lab: Lab;
let browser: Browser;
let page: Page;
let home: SessionView;
let places: string[];

beforeAll(async () => {
  lab = await startLab();
  lab.prowler.addTenants(lab.prowler.people.ana, 12);
  browser = await launch({ network: lab });
  await agree(browser);
  page = await signIn(browser, lab.prowler.people.ana);
  home = await seen(browser, 'the session', (view) => view.sessions.find((one) => one.confirmedAt !== undefined));
  await ask(browser, 'keep', { session: home.id });
  const list = await ask<{ value: TenantList }>(browser, 'tenants', { session: home.id });
  places = list.value.items.filter(({ current }) => !current).map(({ id }) => id);
});

beforeEach(() => {
  lab.faults.clear();
  lab.ledger.clear();
});

afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

/** A session that was never renewed, so that it may be at once. */
async function freshSession(): Promise<string> {
  const moved = await ask<Outcome<MoveResult>>(browser, 'move', {
    session: home.id,
    tenant: places.pop(),
    console: false,
  });
  if (!moved.ok) throw new Error(moved.failure.code);
  return moved.value.session;
}

const spoil = (fault: Omit<FaultOrder, 'host'>): void => {
  lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/*', ...fault } as FaultOrder);
};

const renew = (session: string): Promise<Outcome<unknown>> => ask(browser, 'renew', { session });

const troubled: string[] = [];

it.each([
  ['503', { kind: 'status', status: 503 }, { code: 'vendor_down', status: 503 }],
  ['429 with seconds', { kind: 'status', status: 429, retryAfter: 70 }, { code: 'rate_limited' }],
  ['a page of HTML', { kind: 'html' }, { code: 'response_not_conform' }],
  ['half an answer', { kind: 'truncate' }, { code: 'unanswered' }],
  ['a reset', { kind: 'reset' }, { code: 'unanswered' }],
  ['nothing after the server acted', { kind: 'drop_after_commit' }, { code: 'unanswered' }],
  ['another host', { kind: 'redirect' }, { code: 'redirected' }],
] as const)('names %s, keeps the session and asks nothing more for a minute', async (_, fault, failure) => {
  const session = await freshSession();
  spoil(fault);

  const answer = await renew(session);

  expect(answer).toMatchObject({ ok: false, failure });
  const view = await seen(browser, 'the trouble', ({ sessions }) =>
    sessions.find((one) => one.id === session && one.trouble),
  );
  expect((view.trouble?.retryAt ?? 0) - Date.now()).toBeGreaterThan(50_000);
  lab.ledger.clear();
  expect(await renew(session)).toMatchObject({ ok: false });
  expect(lab.ledger.of({ holder: 'extension' })).toEqual([]);
  expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
  expect(sharedRefreshTokens(lab)).toEqual([]);
  troubled.push(session);
});

it('makes good for a lost rotation with a mint, and nobody notices', async () => {
  const session = await freshSession();
  lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/refresh', kind: 'drop_after_commit', times: 1 });

  expect(await renew(session)).toMatchObject({ ok: true });
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

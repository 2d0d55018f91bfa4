import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { TokenIds } from '../../lab/ledger';
import type { Outcome } from '../../lib/core/failure';
import type { Browser } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { ask, leaksIn, seen, sharedRefreshTokens, twicePresented } from './person';
import { beginRenewal, REFRESH, sessionIn, settle, wakes, type Home } from './sessions';

/** Longer than Chromium lets a worker live that calls nothing (ms). The longest loops use twice that. */
const DRIP = process.env.FOB_E2E_FULL === '1' || process.env.FOB_SOAK === '1' ? 70_000 : 35_000;
const API = 'https://api.prowler.com';

let lab: Lab;
let fob: Browser;
let home: Home;
let places: string[];

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  home = await settle(fob, lab, 12);
  places = [...home.tenants];
});

beforeEach(() => {
  lab.faults.clear();
  lab.ledger.clear();
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

/** The tokens the session came with: others that had trouble are asked for again meanwhile, by themselves. */
let came: TokenIds = { access: [], refresh: [] };

/** A session that may be renewed at once, and nothing of how it came in the ledger. */
async function fresh(): Promise<string> {
  const session = await sessionIn(fob, home, places.pop());
  came = lab.ledger.of(MINT).at(-1)?.issued ?? came;
  lab.ledger.clear();
  return session;
}
const renew = (session: string): Promise<Outcome<unknown>> => ask(fob, 'renew', { session });
const viewed = (id: string) => seen(fob, 'the session', ({ sessions }) => sessions.find((one) => one.id === id));
const MINT = { host: 'api.prowler.com', path: '/api/v1/tokens/switch' };
const refreshed = () =>
  lab.ledger.of(REFRESH).filter(({ presented }) => presented.refresh.some((one) => came.refresh.includes(one)));
const minted = () =>
  lab.ledger.of(MINT).filter(({ presented }) => presented.access.some((one) => came.access.includes(one)));

type Answers = readonly { readonly ok: boolean }[];
type Asking = { browser?: typeof browser; chrome: typeof browser; heard: Promise<Answers> };

/** Runs in a view of Fob's own, and waits for no answer. */
function askSeven(session: string): void {
  const scope = globalThis as unknown as Asking;
  const { runtime } = scope.browser ?? scope.chrome;
  const call = () => runtime.sendMessage({ fob: 'renew', input: { session } });
  scope.heard = Promise.all(Array.from({ length: 7 }, call)) as Promise<Answers>;
}
const heard = (): Promise<Answers> => (globalThis as unknown as Asking).heard;

/** Has Fob's own script in the console's page ask six times. */
async function askFromTab(session: string): Promise<Answers> {
  const [tab] = await browser.tabs.query({ url: 'https://cloud.prowler.com/*' });
  const [done] = await browser.scripting.executeScript({
    target: { tabId: tab!.id! },
    args: [session],
    func: (one: string) => {
      const scope = globalThis as unknown as Asking;
      const call = () => (scope.browser ?? scope.chrome).runtime.sendMessage({ fob: 'renew', input: { session: one } });
      return Promise.all(Array.from({ length: 6 }, call));
    },
  });
  return done!.result as Answers;
}

it('makes one call of twenty requests that come at once from popup, options and a page', async () => {
  const session = await fresh();
  // The popup last: it goes when another tab comes to the front.
  const options = await fob.extensionPage('options.html#settings');
  const popup = await fob.popup(home.page);
  lab.faults.add({ ...REFRESH, kind: 'delay', ms: 3000 });

  // One after the other: Firefox's remote control runs one function at a time. The first call is out until all have asked.
  for (const view of [popup, options]) await view.evaluate(askSeven, session);
  const fromPage = await fob.inExtension(askFromTab, session);
  const answers = [...(await popup.evaluate(heard)), ...(await options.evaluate(heard)), ...fromPage];

  expect(answers).toHaveLength(20);
  expect(answers).toContainEqual(expect.objectContaining({ ok: true }));
  expect(refreshed().map(({ status }) => status)).toEqual([200]);
  expect(minted()).toEqual([]);
  const view = await viewed(session);
  expect(view.trouble).toBeUndefined();
  expect(view.lastRenewedAt).toBeDefined();
  await popup.close();
  await options.close();
});

it.each([301, 302, 303, 307, 308] as const)('takes nothing along to where a %i leads', async (status) => {
  const session = await fresh();
  const { host } = new URL(API);
  lab.faults.add({ host, path: '/api/v1/*', holder: 'extension', kind: 'redirect', status });

  expect(await renew(session)).toMatchObject({ ok: false, failure: { code: 'redirected' } });

  expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
  expect(refreshed().map(({ status: answered }) => answered)).toEqual([status]);
  expect((await viewed(session)).keeping).toBe('kept');
});

it('survives that the browser sends a POST twice by itself, and says nothing false', async () => {
  const session = await fresh();
  // On the connection that the move has just used: the answer is lost, and the browser asks once more with the same token.
  lab.faults.add({ ...REFRESH, kind: 'drop_after_commit', times: 1 });

  const answer = await renew(session);

  const [first, second] = refreshed().map(({ presented }) => presented.refresh);
  expect(first).toHaveLength(1);
  expect(second).toEqual(first);
  expect(answer).toMatchObject({ ok: true });
  const view = await viewed(session);
  expect(view).toMatchObject({ keeping: 'kept', provenance: 'own' });
  expect(view.trouble).toBeUndefined();
  expect(view.unansweredSince).toBeUndefined();
  expect(view.token.expiresAt).toBeGreaterThan(Date.now() + 20 * 60_000);
  expect(view.signIn.expiresAt).toBeGreaterThan(Date.now() + 60 * 60_000);
});

it('waits for an answer that takes longer than an idle worker lives', async () => {
  const session = await fresh();
  lab.faults.add({ ...REFRESH, kind: 'drip', ms: DRIP, pieces: 20 });
  const startedAt = Date.now();

  await beginRenewal(fob, lab, session);

  const view = await seen(
    fob,
    'the renewal',
    ({ sessions }) => sessions.find((one) => one.id === session && one.lastRenewedAt !== undefined),
    DRIP + 20_000,
  );
  expect(Date.now() - startedAt).toBeGreaterThan(DRIP - 1000);
  expect(view.trouble).toBeUndefined();
  expect(refreshed().map(({ status }) => status)).toEqual([200]);
  expect(minted()).toEqual([]);
}, 120_000);

it('is well again after it was started anew while an answer was held back', async () => {
  const session = await fresh();
  lab.faults.add({ ...REFRESH, kind: 'delay', ms: 4000, when: 'after', times: 1 });
  await beginRenewal(fob, lab, session);
  await until('the server to have acted', async () => (refreshed()[0]?.issued.refresh.length === 1 ? true : undefined));

  await fob.reloadExtension();

  const view = await seen(fob, 'the session, well', ({ sessions }) =>
    sessions.find(
      (one) => one.id === session && one.askingSince === undefined && !one.trouble && one.lastRenewedAt !== undefined,
    ),
  );
  expect(view).toMatchObject({ keeping: 'kept', provenance: 'own' });
  expect(view.nextRenewalAt).toBeGreaterThan(Date.now());
  const planned = await until('the alarm', async () => {
    const times = await wakes(fob);
    return times.length > 0 ? times : undefined;
  });
  expect(planned).toHaveLength(1);
  expect(planned[0]).toBeLessThan(Date.now() + 16 * 60_000);
  expect(twicePresented(lab)).toEqual([]);
  // The answer that was held back is of no use to anybody any more.
  expect(refreshed()).toHaveLength(1);
  expect(minted()).toHaveLength(1);
});

it('spends nothing while the browser withholds the host, and says what is missing', async () => {
  const session = await fresh();
  await fob.grantHosts([]);
  await fob.withholdHosts([API]);
  lab.ledger.clear();

  const answer = await renew(session);

  expect(answer).toMatchObject({ ok: false, failure: { code: 'permission_missing', host: 'api.prowler.com' } });
  expect(lab.ledger.of({ holder: 'extension' })).toEqual([]);
  await seen(fob, 'what is missing', ({ sessions }) => sessions.some((one) => one.id === session && one.isWithheld));
  expect(sharedRefreshTokens(lab)).toEqual([]);
  expect(await leaksIn(fob, lab)).toEqual([]);
});

import type { Lab } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import type { MoveResult, SessionView, TenantList } from '../../lib/core/view';
import type { Browser, Page } from './driver/driver';
import { until } from './driver/until';
import { agree, ask, seen, signIn } from './person';

/** Where Prowler spends a refresh token. */
export const REFRESH = { host: 'api.prowler.com', path: '/api/v1/tokens/refresh' } as const;

/** What a person starts with who keeps one session: the console's tab, that session, and the tenants she could go to. */
export type Home = { readonly page: Page; readonly session: SessionView; readonly tenants: readonly string[] };

/** Signs Ana in, lets her keep that session, and puts her in so many more tenants. */
export async function settle(on: Browser, lab: Lab, tenants: number): Promise<Home> {
  lab.prowler.addTenants(lab.prowler.people.ana, tenants);
  await agree(on);
  const page = await signIn(on, lab.prowler.people.ana);
  const session = await seen(on, 'the session', ({ sessions }) =>
    sessions.find((one) => one.confirmedAt !== undefined),
  );
  await ask(on, 'keep', { session: session.id });
  const list = await ask<{ value: TenantList }>(on, 'tenants', { session: session.id });
  const numbered = list.value.items.filter(({ name }) => /^Tenant \d+$/.test(name));
  return { page, session, tenants: numbered.map(({ id }) => id) };
}

/** A session in that tenant, kept, and never renewed: so it may be at once. */
export async function sessionIn(on: Browser, { session }: Home, tenant: string | undefined): Promise<string> {
  const moved = await ask<Outcome<MoveResult>>(on, 'move', { session: session.id, tenant, console: false });
  if (!moved.ok) throw new Error(moved.failure.code);
  return moved.value.session;
}

/** Has a session renewed, and leaves once the lab has the request: no page of the extension keeps its worker alive. */
export async function beginRenewal(on: Browser, lab: Lab, session: string): Promise<void> {
  const before = lab.ledger.of(REFRESH).length;
  const page = await on.extensionPage('options.html#settings');
  await page.evaluate((one: string) => {
    const scope = globalThis as unknown as { browser?: typeof browser; chrome: typeof browser };
    void (scope.browser ?? scope.chrome).runtime.sendMessage({ fob: 'renew', input: { session: one } }).catch(() => {});
  }, session);
  await until('the request', async () => (lab.ledger.of(REFRESH).length > before ? true : undefined));
  await page.close();
}

/** When the browser wakes the extension next, by its own word. */
export const wakes = (on: Browser) =>
  on.inExtension(async () => (await browser.alarms.getAll()).map(({ scheduledTime }) => scheduledTime));

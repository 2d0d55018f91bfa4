import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import { isAlive } from '../core/ladder';
import { headOf } from '../core/reduce';
import type { Head, State } from '../core/state';
import { HOUR, type Instant } from '../core/time';
import type { Tenant, TenantPage, Vendor } from '../core/vendor';
import type { TenantList, TenantView } from '../core/view';
import { vendorOf } from '../vendors/index';
import type { TenantsDocument } from '../vault/records';
import { withReason } from './confirm';
import { ask, type Fob, openSession, operation, placed } from './fob';

/** A list this old is fetched again before it is shown as current (ms). */
const FRESH = HOUR;
/** More than this is not asked for: nobody picks from a longer list, and a vendor's loop must end. */
const MOST_PAGES = 100;
const MOST_TENANTS = 10_000;

/** Where else this session could be: the vendor's list, kept for an hour, fetched anew when asked. */
export const tenants = operation({
  from: ['extension', 'console'],
  input: v.object({ session: v.string(), again: v.exactOptional(v.boolean()) }),
  async run(fob, input, caller): Promise<Outcome<TenantList>> {
    const session = await openSession(fob, input.session, caller);
    if (!session.ok) return session;
    const { head, vendor, secrets } = session.value;
    const kept = await fob.vault.tenants(head);
    if (kept && !input.again && fob.now() - kept.fetchedAt < FRESH) return ok(await listFor(fob, head, kept));
    // Made for one tenant, a moved token may see that one alone: the list is its root's to give.
    const root = vendor.move?.from === 'root' ? headOf(await fob.vault.state(), head.root ?? head.id) : head;
    const opened = root && root.id !== head.id ? await fob.vault.open(root) : undefined;
    const fetched =
      root && opened?.ok
        ? await fetchAll(fob, root, vendor, opened.value.secrets.access)
        : await fetchAll(fob, head, vendor, secrets.access);
    if (!fetched.ok && kept && !input.again) return ok(await listFor(fob, head, kept));
    if (!fetched.ok) return vendor.move?.from === 'root' ? withReason(fob, (root ?? head).id, fetched) : fetched;
    const list = { items: fetched.value, fetchedAt: fob.now() };
    // Not kept, it is fetched again next time; shown it is all the same.
    await fob.vault.keepTenants(head, list).catch(() => undefined);
    return ok(await listFor(fob, head, list));
  },
});

async function fetchAll(fob: Fob, head: Head, vendor: Vendor, access: string): Promise<Outcome<Tenant[]>> {
  const { tenants: list } = vendor;
  if (!list) return failed({ code: 'not_offered' });
  const byId = new Map<string, Tenant>();
  let cursor: string | undefined;
  for (let page = 1; page <= MOST_PAGES && byId.size < MOST_TENANTS; page += 1) {
    const read: Outcome<TenantPage> = await ask(
      fob,
      [list],
      { ...placed(head, access), ...(cursor === undefined ? {} : { cursor }) },
      { spends: false },
    );
    if (!read.ok) return read;
    // A list that changed between two pages may name one twice.
    for (const tenant of read.value.items) byId.set(tenant.id, tenant);
    // A vendor that gives the same cursor again would be asked for ever.
    if (read.value.next === undefined || read.value.next === cursor) break;
    cursor = read.value.next;
  }
  return ok([...byId.values()]);
}

async function listFor(fob: Fob, head: Head, list: TenantsDocument): Promise<TenantList> {
  const state = await fob.vault.state();
  const isRooted = vendorOf(head.vendor)?.move?.from === 'root';
  return {
    fetchedAt: list.fetchedAt,
    items: list.items.map((one) => tenantView(state, head, one, fob.now(), isRooted)),
  };
}

/** A tenant as the switcher shows it: whether one is there, and whether a live token is already held. */
export function tenantView(state: State, head: Head, tenant: Tenant, now: Instant, isRooted: boolean): TenantView {
  const held = Object.values(state.heads).find(
    (one) =>
      one.id !== head.id &&
      !one.isApart &&
      one.tenant === tenant.id &&
      one.subject === head.subject &&
      one.console === head.console &&
      one.container === head.container &&
      // Back to the sign-in everything was made from needs no other token.
      (one.provenance !== 'borrowed' || isRooted) &&
      isAlive(one, now),
  );
  return {
    id: tenant.id,
    name: tenant.name,
    current: tenant.id === head.tenant,
    ...(held
      ? {
          ready: {
            session: held.id,
            ...(held.token.expiresAt === undefined ? {} : { expiresAt: held.token.expiresAt }),
          },
        }
      : {}),
  };
}

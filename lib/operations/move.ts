import * as v from 'valibot';
import type { SessionEvent } from '../core/event';
import { failed, ok, type Outcome } from '../core/failure';
import { isAlive } from '../core/ladder';
import { headOf } from '../core/reduce';
import type { Head, State } from '../core/state';
import { after as later, type Instant } from '../core/time';
import type { Granted, Vendor } from '../core/vendor';
import type { MoveResult } from '../core/view';
import type { Decision } from '../vault/vault';
import { confirm, withReason } from './confirm';
import { ask, drawFraction, type Fob, KEPT_FOR, openSession, operation, placed } from './fob';
import { climb } from './renew';
import { noteUse } from './use';

/**
 * Goes to another tenant: with a token Fob already holds there, or with one the vendor makes for it now. The token one came
 * with stays as good as it was. The console goes along where it is asked to and can, with a pair of its own.
 */
export const move = operation({
  from: ['extension', 'console'],
  input: v.object({
    session: v.string(),
    tenant: v.pipe(v.string(), v.nonEmpty(), v.maxLength(128)),
    console: v.boolean(),
    /** The console's tab. A console can only name itself. */
    tabId: v.exactOptional(v.pipe(v.number(), v.integer())),
  }),
  async run(fob, input, caller): Promise<Outcome<MoveResult>> {
    const from = await openSession(fob, input.session, caller);
    if (!from.ok) return from;
    await noteUse(fob, input.session);
    const target = await holdThere(fob, from.value.head, from.value.vendor, input.tenant);
    if (!target.ok) {
      await fob.publish();
      return target;
    }
    const tab = caller.kind === 'console' ? caller.tab : input.tabId;
    const follows = input.console ? await takeConsole(fob, target.value, tab) : undefined;
    await fob.publish();
    const [before, after] = [from.value.head.token.expiresAt, target.value.token.expiresAt];
    const result: MoveResult = {
      session: target.value.id,
      from: from.value.head.id,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
    if (follows === undefined) return ok(result);
    return ok({ ...result, console: follows.ok ? 'followed' : { failed: follows.failure.code } });
  },
});

/** The session of the tenant, with a live token: the one Fob holds, or a new one. */
async function holdThere(fob: Fob, from: Head, vendor: Vendor, tenant: string): Promise<Outcome<Head>> {
  if (!vendor.move) return failed({ code: 'not_offered' });
  const isRooted = vendor.move.from === 'root';
  const state = await fob.vault.state();
  const root = isRooted ? headOf(state, from.root ?? from.id) : from;
  // Back to the sign-in everything was made from needs no other token.
  const held = isRooted && root?.tenant === tenant ? root : heldIn(state, from, tenant);
  if (held && (held.provenance !== 'borrowed' || isRooted) && isAlive(held, fob.now())) return ok(held);

  if (root === undefined) return failed({ code: 'sign_in_needed' });
  const source = await withLiveToken(fob, root);
  if (!source.ok) return source;
  const asked = await askFor(fob, source.value, vendor.move, tenant);
  if (!asked.ok) return isRooted ? withReason(fob, root.id, asked) : asked;
  if (asked.value.subject !== undefined && asked.value.subject !== from.subject)
    return failed({ code: 'identity_changed' });

  const drawn = { id: fob.newId(), fraction: drawFraction(fob) };
  const moved = await fob.vault.transact((latest, now) =>
    arrive(latest, from, tenant, asked.value, { ...drawn, ...(isRooted ? { root: root.id } : {}) }, now),
  );
  // Names and roles are the vendor's to say, and differ from tenant to tenant. Unanswered, the session is there all the same.
  const confirmed = await confirm(fob, moved.id);
  const head = (await fob.vault.state()).heads[moved.id];
  if (head) return ok(head);
  return confirmed.ok ? failed({ code: 'superseded' }) : confirmed;
}

function heldIn(state: State, from: Head, tenant: string): Head | undefined {
  return Object.values(state.heads).find(
    (head) =>
      head.vendor === from.vendor &&
      head.console === from.console &&
      head.api === from.api &&
      !head.isApart &&
      head.container === from.container &&
      head.subject === from.subject &&
      head.tenant === tenant,
  );
}

async function withLiveToken(fob: Fob, head: Head): Promise<Outcome<Head>> {
  if (isAlive(head, fob.now())) return ok(head);
  const renewed = await climb(fob, head.id);
  return renewed.ok || renewed.failure.code !== 'not_renewable' ? renewed : failed({ code: 'sign_in_needed' });
}

async function askFor(
  fob: Fob,
  head: Head,
  how: NonNullable<Vendor['move']>,
  tenant: string,
): Promise<Outcome<Granted>> {
  const opened = await fob.vault.open(head);
  if (!opened.ok) return opened;
  return ask(fob, [how.to], { ...placed(head, opened.value.secrets.access), tenant }, { spends: false });
}

function arrive(
  state: State,
  from: Head,
  tenant: string,
  granted: Granted,
  drawn: { id: string; fraction: number; root?: string },
  now: Instant,
): Decision<Head> {
  const held = heldIn(state, from, tenant);
  const keeping = state.heads[from.id]?.keeping === 'kept' ? 'kept' : (held?.keeping ?? 'offered');
  const { refresh: _, ...borrowed } = { ...from, ...held };
  const head: Head = {
    id: held?.id ?? drawn.id,
    vendor: borrowed.vendor,
    console: borrowed.console,
    api: borrowed.api,
    tenant,
    subject: borrowed.subject,
    ...(borrowed.container === undefined ? {} : { container: borrowed.container }),
    provenance: 'own',
    // Above whatever was there: an answer still on its way to the earlier grant finds nobody.
    generation: (held?.generation ?? 0) + 1,
    token: granted.token,
    ...(held?.fingerprint === undefined ? {} : { fingerprint: held.fingerprint }),
    ...(granted.refreshLife ? { refresh: granted.refreshLife } : {}),
    renewAtFraction: drawn.fraction,
    keeping,
    ...(keeping === 'kept' ? { keptUntil: later(now, KEPT_FOR) } : {}),
    usedAt: now,
    ...(held?.seen ? { seen: held.seen } : {}),
    ...(held?.id === from.id ? {} : { parent: from.id }),
    ...(drawn.root === undefined || drawn.root === held?.id ? {} : { root: drawn.root }),
    ...(from.clockAheadMs === undefined ? {} : { clockAheadMs: from.clockAheadMs }),
    ...(granted.ids === undefined ? {} : { ids: granted.ids }),
  };
  const event: SessionEvent = { type: 'moved_in', id: head.id, at: now, head };
  const secrets = { access: granted.access, ...(granted.refresh ? { refresh: granted.refresh } : {}) };
  return { events: [event], sealed: { [head.id]: { labels: { roles: [] }, secrets } }, result: head };
}

/**
 * Takes the console along with a pair made for it alone: Fob never keeps that pair, so one refresh token is never held by
 * both. Only in the tab that was clicked, only where it is the session's own console, only in the same container.
 */
async function takeConsole(fob: Fob, target: Head, tab: number | undefined): Promise<Outcome<void>> {
  const vendor = await openSession(fob, target.id, { kind: 'extension' });
  if (!vendor.ok) return vendor;
  const { move: how, follow } = vendor.value.vendor;
  if (!how || !follow) return failed({ code: 'not_offered' });
  const seen = tab === undefined ? undefined : (await fob.tabs.all())[tab];
  if (tab === undefined || seen?.console !== target.console)
    return failed({ code: 'console_not_followed', why: 'no_tab' });
  if (seen.container !== target.container) return failed({ code: 'console_not_followed', why: 'container' });
  const shown = (await fob.vault.state()).heads[seen.session ?? ''];
  // Signed out, or in as somebody else: nobody's sign-in is replaced by another's.
  if (seen.shows === 'signed_out' || shown?.subject !== target.subject)
    return failed({ code: 'console_not_followed', why: 'signed_out' });

  const pair = await askFor(fob, target, how, target.tenant);
  if (!pair.ok) return pair;
  const { access, refresh } = pair.value;
  if (refresh === undefined) return failed({ code: 'response_not_conform', path: 'refresh' });
  const followed = await fob.follow(tab, target.console, follow, { access, refresh, tenant: target.tenant });
  if (followed !== 'followed') return failed({ code: 'console_not_followed', why: followed });
  await fob.tabs.reload(tab);
  return ok(undefined);
}

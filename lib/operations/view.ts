import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import { rungsOf } from '../core/ladder';
import { nextRenewal } from '../core/plan';
import type { Head, Labels, State } from '../core/state';
import { byUrgency, type LockView, type PanelView, type SessionView, type View } from '../core/view';
import type { Vendor } from '../core/vendor';
import { vendorOf } from '../vendors/index';
import { nextTryAt } from '../vault/lock';
import { type Fob, lockedAs, operation } from './fob';
import { tenantView } from './tenants';

/** How many places the panel offers without a search. */
const PANEL_PLACES = 3;

/** The read model of everything Fob knows now. */
export async function viewOf(fob: Fob): Promise<View> {
  const state = await fob.vault.state();
  const heads = Object.values(state.heads);
  const lock = await lockView(fob, heads);
  const consent = state.consent ? 'given' : 'missing';
  if (lock && lock.is !== 'open') return { consent, sessions: [], tabs: {}, lock };
  const withheld = await withheldOf(fob, heads);
  const sessions = await Promise.all(heads.map((head) => sessionView(fob, state, head, withheld)));
  return {
    consent,
    ...(lock ? { lock } : {}),
    ...(state.damage?.lost.length ? { lost: state.damage.lost } : {}),
    ...some('preferences', state.preferences),
    sessions: sessions.filter((one) => one !== undefined).toSorted(byUrgency(fob.now())),
    tabs: await fob.tabs.all(),
  };
}

/** What there is to say of the passphrase; of the sessions behind it numbers and times, no name. */
async function lockView(fob: Fob, heads: readonly Head[]): Promise<LockView | undefined> {
  const settings = await fob.lock.ring.settings();
  if (!settings) return undefined;
  const [is, since, tries] = await Promise.all([lockedAs(fob), fob.lock.since(), fob.lock.tries()]);
  const waits = tries && nextTryAt(tries, fob.now());
  return {
    is,
    settings,
    ...some('since', since),
    ...some('nextTryAt', waits !== undefined && waits > fob.now() ? waits : undefined),
    ...(is === 'lock'
      ? {
          count: heads.length,
          ends: heads.flatMap((head) => {
            const vendor = vendorOf(head.vendor);
            const { expiresAt } = head.token;
            const isRenewed = vendor && head.keeping === 'kept' && keepsOf(head, vendor) === 'renews';
            return isRenewed && expiresAt !== undefined && expiresAt > fob.now() ? [expiresAt] : [];
          }),
        }
      : {}),
  };
}

/** What the panel of a console tab shows; nothing where it was told to stay away or there is nothing to show. */
export const panel = operation({
  from: ['console'],
  whileLocked: true,
  input: v.object({}),
  async run(fob, _, caller): Promise<Outcome<PanelView | 'locked' | undefined>> {
    if (caller.kind !== 'console') return failed({ code: 'origin_refused' });
    const state = await fob.vault.state();
    const policy = state.policies[caller.deployment.console];
    const tab = (await fob.tabs.all())[caller.tab];
    if (!state.consent || !tab || policy?.panelHidden || policy?.keep === 'never') return ok(undefined);
    if ((await lockedAs(fob)) !== 'open') return ok('locked');
    const head =
      tab.shows === 'signed_out'
        ? stoppedHere(state, caller.deployment.console, caller.container)
        : state.heads[tab.session ?? ''];
    const session = head && (await sessionView(fob, state, head, await withheldOf(fob, [head])));
    if (!head || !session) return ok(undefined);
    const list = await fob.vault.tenants(head);
    const isRooted = caller.vendor.move?.from === 'root';
    const places = (list?.items ?? []).map((one) => tenantView(state, head, one, fob.now(), isRooted));
    return ok({
      session,
      ...some('isMasked', state.preferences?.isMasked),
      policy: policy?.keep ?? 'ask',
      shows: tab.shows === 'signed_out' ? 'signed_out' : session.keeping === 'offered' ? 'offer' : 'card',
      ready: places.filter((one) => one.ready && !one.current).slice(0, PANEL_PLACES),
    });
  },
});

function stoppedHere(state: State, console: string, container: string | undefined): Head | undefined {
  return Object.values(state.heads)
    .filter((head) => head.console === console && head.container === container && head.keeping === 'stopped_signed_out')
    .toSorted((a, b) => b.usedAt - a.usedAt)[0];
}

/** The API origins that the browser does not let Fob reach: each is asked about once, however many sessions are there. */
async function withheldOf(fob: Fob, heads: readonly Head[]): Promise<readonly string[]> {
  const apis = [...new Set(heads.map(({ api }) => api))];
  const allowed = await Promise.all(apis.map(fob.mayReach));
  return apis.filter((_, index) => !allowed[index]);
}

async function sessionView(
  fob: Fob,
  state: State,
  head: Head,
  withheld: readonly string[],
): Promise<SessionView | undefined> {
  const vendor = vendorOf(head.vendor);
  if (!vendor) return undefined;
  const opened = await fob.vault.open(head);
  // Unreadable: the session is still shown, nameless, so that it can be forgotten or signed in to again.
  const labels: Labels = opened.ok ? opened.value.labels : { roles: [] };
  // Nothing can be asked in its name, whatever is planned.
  const trouble: Head['trouble'] | SessionView['trouble'] = opened.ok
    ? head.trouble
    : { code: opened.failure.code, at: head.trouble?.at ?? fob.now() };
  const nextRenewalAt = opened.ok ? nextRenewal(head, vendor.renewal) : undefined;
  const signInEnds = head.provenance === 'borrowed' ? head.seen?.expiresAt : head.refresh?.expiresAt;
  return {
    id: head.id,
    vendor: { id: vendor.id, name: vendor.name },
    console: head.console,
    apiHost: new URL(head.api).host,
    person: { ...some('name', labels.person), ...some('email', labels.email) },
    tenant: { id: head.tenant, ...some('name', labels.tenant) },
    subject: head.subject,
    ...some('container', head.container),
    roles: labels.roles,
    provenance: head.provenance,
    keeping: head.keeping,
    token: head.token,
    signIn: {
      whose: head.provenance === 'borrowed' ? 'console' : 'fob',
      ...some('expiresAt', signInEnds),
      extendedByRenewal: head.provenance !== 'borrowed' && head.refresh !== undefined,
    },
    ...some('keptUntil', head.keptUntil),
    ...some('confirmedAt', head.confirmedAt),
    ...some('askingSince', head.lease?.at),
    ...some('unansweredSince', head.unansweredSince),
    ...some('nextRenewalAt', nextRenewalAt),
    ...some('lastRenewedAt', head.renewedAt),
    ...(withheld.includes(head.api) ? { isWithheld: true } : {}),
    // Of a permission it is told what is so now, not what was when Fob last asked.
    ...(trouble && trouble.code !== 'permission_missing'
      ? { trouble: { code: trouble.code, at: trouble.at, ...some('retryAt', trouble.retryAt) } }
      : {}),
    ...(vendor.move ? { move: { verb: vendor.move.verb, follows: vendor.follow !== undefined } } : {}),
    keeps: keepsOf(head, vendor),
    saidBy: vendor.identify ? 'vendor' : 'token',
    offers: [
      ...(vendor.revoke ? (['revoke'] as const) : []),
      ...(vendor.endSession ? (['end_session'] as const) : []),
      ...(vendor.create ? (['create'] as const) : []),
      ...(vendor.list ? (['list'] as const) : []),
    ],
    ...some('ids', head.ids),
    ...some('parent', state.heads[head.parent ?? ''] ? head.parent : undefined),
  };
}

function keepsOf(head: Head, vendor: Vendor): SessionView['keeps'] {
  const [first] = rungsOf(head, vendor.renewal);
  if (first) return first.leadMs === undefined ? 'renews' : 'key';
  return head.provenance === 'borrowed' ? 'follows' : 'nothing';
}

function some<K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: T });
}

import * as v from 'valibot';
import type { SessionEvent } from '../core/event';
import { failed, ok, type Outcome } from '../core/failure';
import { isAlive, rungFor } from '../core/ladder';
import type { Head, Ids, Labels, SessionId, State } from '../core/state';
import { after, type Instant, instant, SECOND } from '../core/time';
import type { Claims } from '../core/vendor';
import type { Decision } from '../vault/vault';
import { clockAhead, confirm, inLocalTime, later, withTenantName } from './confirm';
import { belongsTo, type Caller, drawFraction, type Fob, KEPT_FOR, lockedAs, operation } from './fob';
import { startKeeping } from './keep';
import { passes } from './pace';
import { signOuts } from './sign-out';
import { USE_NOTED } from './use';
import { wake } from './wake';

/**
 * A console shows a session. What it says is a claim: the deployment is the sender's own, the token is bound to it, and the
 * vendor is asked whose it is before anything else is done with it.
 */
export const capture = operation({
  from: ['console'],
  whileLocked: true,
  input: v.object({
    access: v.pipe(v.string(), v.nonEmpty(), v.maxLength(8192)),
    /** When the console's sign-in ends, as it says (ISO 8601). */
    expiresAt: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
  }),
  async run(fob, { access, expiresAt }, caller): Promise<Outcome<{ expiresAt?: Instant }>> {
    if (caller.kind !== 'console') return failed({ code: 'origin_refused' });
    return received(fob, { access, ...(expiresAt === undefined ? {} : { signInEnds: expiresAt }) }, caller);
  },
});

/** What was found on a console, by whichever way. */
export type Found = {
  readonly access: string;
  /** When the console's sign-in ends, as it says (ISO 8601). */
  readonly signInEnds?: string;
  /** The vendor took a request of the console's own with this token. */
  readonly isAccepted?: boolean;
};

/** Tokens not seen before that a console may show: all its tabs at once, and a sign-in or a switch now and then. */
const NEW_TOKENS = { burst: 100, perSecond: 1 };

/** Makes a session of a token found on a console, or notes it at the session it belongs to. */
export async function received(fob: Fob, found: Found, caller: Console): Promise<Outcome<{ expiresAt?: Instant }>> {
  const { access } = found;
  const before = signOuts(fob, caller);
  const state = await fob.vault.state();
  if (!state.consent) return failed({ code: 'consent_missing' });
  // Nothing could be sealed. The console has it, and tells of it again once Fob is open.
  if ((await lockedAs(fob)) === 'lock') return failed({ code: 'vault_locked' });
  if (state.policies[caller.deployment.console]?.keep === 'never') return ok({});
  const fingerprint = await fob.vault.fingerprint(access);
  // The vendor is asked about each, and each is written down: not as often as a page likes.
  const isNew = !Object.values(state.heads).some((one) => one.fingerprint === fingerprint);
  if (isNew && !passes(fob, caller.deployment.console, NEW_TOKENS))
    return failed({ code: 'rate_limited', retryAt: after(fob.now(), SECOND) });
  return take(fob, state, { ...found, fingerprint }, caller, () => signOuts(fob, caller) === before);
}

/** Makes a session of a token, or notes it at the session it belongs to. */
async function take(
  fob: Fob,
  state: State,
  found: Found & { readonly fingerprint: string },
  caller: Console,
  isSignedIn: () => boolean,
): Promise<Outcome<{ expiresAt?: Instant }>> {
  const { access, fingerprint, signInEnds: expiresAt } = found;
  const policy = state.policies[caller.deployment.console]?.keep ?? 'ask';
  const recognised = await recognise(fob, state, found, caller);
  if (!recognised.ok) {
    await noteConsole(fob, caller);
    return recognised;
  }
  const claims = recognised.value;
  const seenUntil = Date.parse(expiresAt ?? '');
  const clockAheadMs =
    claims.clockAheadMs ?? Object.values(state.heads).find((one) => belongsTo(one, caller))?.clockAheadMs;
  const shown = {
    ...claims,
    token: inLocalTime(claims.token, clockAheadMs ?? 0, fob.now()),
    ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
    access,
    fingerprint,
    fraction: drawFraction(fob),
    newId: fob.newId(),
    // A time no record can hold would make the whole session unreadable.
    ...(seenUntil >= 0 ? { signInEnds: instant(seenUntil) } : {}),
  };
  const labels = claims.labels ?? (await heldLabels(fob, state, shown, caller)) ?? { roles: [] };
  // Signed out while the vendor was asked whose it is: what was seen is over. Who is signed in again is seen again.
  if (!isSignedIn()) return failed({ code: 'superseded' });
  const id = await fob.vault.transact((latest, now) => receive(latest, { ...shown, labels }, caller, now));
  await fob.tabs.set(caller.tab, {
    vendor: caller.vendor.id,
    console: caller.deployment.console,
    shows: 'session',
    session: id,
    ...(caller.container === undefined ? {} : { container: caller.container }),
  });

  const head = (await fob.vault.state()).heads[id];
  if (head && head.confirmedAt === undefined) {
    const confirmed = await confirmOnce(fob, id);
    if (!confirmed.ok) {
      await fob.publish();
      return confirmed;
    }
  }
  // "Always" is for sign-ins nobody has decided about: one that was paused or left alone stays so.
  if (policy === 'always' && head?.keeping !== 'paused' && head?.keeping !== 'watched') await startKeeping(fob, id);
  await wake(fob);
  await fob.publish();
  if (!(await fob.vault.state()).policies[caller.deployment.console]?.panelHidden) await fob.tabs.showPanel(caller.tab);
  // The page's side learns only when it may look again.
  const { clockAheadMs: learned = clockAheadMs } = (await fob.vault.state()).heads[id] ?? {};
  const { expiresAt: endsAt } = inLocalTime(claims.token, learned ?? 0, fob.now());
  return ok(endsAt === undefined ? {} : { expiresAt: endsAt });
}

/** Confirmations under way, by session. */
const confirming = new WeakMap<Fob, Map<SessionId, ReturnType<typeof confirm>>>();

/** All tabs of a console come back at once when the browser starts: the vendor is asked once. */
function confirmOnce(fob: Fob, id: SessionId): ReturnType<typeof confirm> {
  const all = confirming.get(fob) ?? new Map<SessionId, ReturnType<typeof confirm>>();
  confirming.set(fob, all);
  const mine = all.get(id) ?? confirm(fob, id).finally(() => all.delete(id));
  all.set(id, mine);
  return mine;
}

/** There is a console in this tab, even while nobody says whose token it has. */
async function noteConsole(fob: Fob, { tab, vendor, deployment, container }: Console): Promise<void> {
  if ((await fob.tabs.all())[tab]?.session !== undefined) return;
  const at = { vendor: vendor.id, console: deployment.console, ...(container === undefined ? {} : { container }) };
  await fob.tabs.set(tab, { ...at, shows: 'nothing_yet' });
  await fob.publish();
}

type Recognised = Claims & {
  /** The vendor itself has said so, or has taken it where it cannot be asked. */
  readonly isVouched: boolean;
  readonly clockAheadMs?: number;
};

async function heldLabels(fob: Fob, state: State, whose: Whose, caller: Console): Promise<Labels | undefined> {
  const known = sameSession(state, whose, caller);
  const opened = known && (await fob.vault.open(known));
  return opened?.ok ? opened.value.labels : undefined;
}

/** Whose token it is: by what it says of itself where that may be relied on, otherwise by what the vendor says. */
async function recognise(
  fob: Fob,
  state: State,
  { access, fingerprint, isAccepted }: Found & { fingerprint: string },
  caller: Console,
): Promise<Outcome<Recognised>> {
  const { vendor, deployment } = caller;
  if (vendor.claims) {
    const claims = vendor.claims(access, deployment);
    if (claims === undefined) return failed({ code: 'response_not_conform', path: 'access' });
    const { labels, ...rest } = claims;
    const isVouched = vendor.identify === undefined && isAccepted === true;
    return ok({ ...rest, isVouched, ...(isVouched && labels ? { labels } : {}) });
  }
  const now = fob.now();
  const known = Object.values(state.heads).find(
    (one) =>
      belongsTo(one, caller) &&
      one.fingerprint === fingerprint &&
      // Of what is not the console's, the record's life is not this token's.
      (one.provenance === 'borrowed' || !isStuck(one, Infinity, caller, now)),
  );
  if (known) {
    const { subject, tenant, ids, clockAheadMs: ahead = 0 } = known;
    const token = later(known.token, ahead);
    return ok({ subject, tenant, token, isVouched: false, ...(ids === undefined ? {} : { ids }) });
  }
  return once(fob, `${deployment.console} ${fingerprint}`, () => askWhose(fob, access, caller));
}

type Said = Promise<Outcome<Recognised>>;
/** What vendors say, and are just being asked, of tokens that say nothing themselves. */
const said = new WeakMap<Fob, Map<string, { readonly answer: Said; failedAt?: Instant }>>();
/** A token whose question failed is not asked about again sooner (ms): its console may call every second. */
const ASK_AGAIN = 10 * SECOND;
/** Tokens whose answer is remembered at most; the oldest is let go. */
const REMEMBERED = 64;

/** The vendor's answer about a token: it is asked once while the background lives, however many requests, and tabs, send it. */
async function once(fob: Fob, token: string, askVendor: () => Said): Said {
  const all = said.get(fob) ?? new Map<string, { readonly answer: Said; failedAt?: Instant }>();
  said.set(fob, all);
  const earlier = all.get(token);
  if (earlier && (earlier.failedAt === undefined || fob.now() - earlier.failedAt < ASK_AGAIN)) return earlier.answer;
  const mine: { readonly answer: Said; failedAt?: Instant } = { answer: askVendor() };
  all.delete(token);
  all.set(token, mine);
  const [oldest] = all.keys();
  if (all.size > REMEMBERED && oldest !== undefined) all.delete(oldest);
  try {
    const answer = await mine.answer;
    if (!answer.ok) mine.failedAt = fob.now();
    return answer;
  } catch (bug) {
    all.delete(token);
    throw bug;
  }
}

async function askWhose(fob: Fob, access: string, caller: Console): Said {
  const { vendor, deployment } = caller;
  const { heads } = await fob.vault.state();
  const known = Object.values(heads).find((one) => belongsTo(one, caller))?.clockAheadMs;
  if (!vendor.identify) return failed({ code: 'response_not_conform', path: 'access' });
  const answer = await fob.send(deployment, vendor.identify.request({ deployment, access }), { spends: false });
  if (!answer.ok) return answer;
  const identity = vendor.identify.response(answer.value, { deployment, access }, fob.now());
  if (!identity.ok) return identity;
  const { issuedAt, expiresAt, ...whose } = identity.value;
  const clockAheadMs = clockAhead(answer.value.headers['date'], answer.value.startedAt, known);
  const held = await heldLabels(fob, await fob.vault.state(), whose, caller);
  return ok({
    ...whose,
    labels: await withTenantName(fob, vendor, { deployment, access, tenant: whose.tenant }, whose.labels, held),
    token: {
      issuedAt: issuedAt ?? after(answer.value.startedAt, clockAheadMs ?? 0),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
    isVouched: true,
    ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
  });
}

/** What a page showed, with what the decision draws from chance. */
type Shown = {
  readonly access: string;
  readonly subject: string;
  readonly tenant: string;
  readonly token: Head['token'];
  readonly fingerprint: string;
  readonly fraction: number;
  readonly newId: SessionId;
  readonly signInEnds?: Instant;
  /** Absent: no answer of this vendor has told yet, and the token's life is by the vendor's clock. */
  readonly clockAheadMs?: number;
  readonly ids?: Ids;
  readonly isVouched: boolean;
};

type Console = Extract<Caller, { kind: 'console' }>;

/** One person in one tenant of one deployment, in one container, is one session. */
function sameSession(state: State, shown: Whose, caller: Console): Head | undefined {
  return Object.values(state.heads).find(
    (head) => belongsTo(head, caller) && !head.isApart && isSameWhose(head, shown),
  );
}

type Whose = { readonly subject: string; readonly tenant: string; readonly ids?: Ids };

/** The same person in the same tenant; of several keys of one person, the same key. */
export function isSameWhose(one: Whose, other: Whose): boolean {
  const [key, otherKey] = [one.ids?.['application'], other.ids?.['application']];
  const isOtherKey = key !== undefined && otherKey !== undefined && key !== otherKey;
  return one.subject === other.subject && one.tenant === other.tenant && !isOtherKey;
}

function receive(state: State, shown: Shown & { labels: Labels }, caller: Console, now: Instant): Decision<SessionId> {
  const known = sameSession(state, shown, caller);
  if (known === undefined) {
    const head: Head = {
      id: shown.newId,
      vendor: caller.vendor.id,
      console: caller.deployment.console,
      api: caller.deployment.api,
      tenant: shown.tenant,
      subject: shown.subject,
      ...(caller.container === undefined ? {} : { container: caller.container }),
      provenance: 'borrowed',
      generation: 1,
      token: shown.token,
      ...(shown.clockAheadMs === undefined ? {} : { clockAheadMs: shown.clockAheadMs }),
      fingerprint: shown.fingerprint,
      renewAtFraction: shown.fraction,
      keeping: 'offered',
      usedAt: now,
      seen: seenNow(shown, now),
      ...(shown.ids === undefined ? {} : { ids: shown.ids }),
      ...(shown.isVouched ? { confirmedAt: now } : {}),
    };
    return {
      events: [{ type: 'captured', id: head.id, at: now, head }],
      sealed: { [head.id]: { labels: shown.labels, secrets: { access: shown.access } } },
      result: head.id,
    };
  }

  const { id } = known;
  const isAdopted = isWorthAdopting(known, shown, caller, now);
  // An older token of the console's, as another of its tabs may have, is not what it shows last.
  const isOlder = known.provenance === 'borrowed' && !isAdopted;
  const fingerprint = isOlder ? (known.fingerprint ?? shown.fingerprint) : shown.fingerprint;
  const events: SessionEvent[] = [];
  if (known.fingerprint !== fingerprint || now - known.usedAt >= USE_NOTED || known.seen === undefined) {
    events.push({
      type: 'sighted',
      id,
      at: now,
      fingerprint,
      ...(shown.signInEnds === undefined ? {} : { expiresAt: shown.signInEnds }),
      // What does not end by itself is not given an end.
      ...(known.keeping === 'kept' && known.keptUntil !== undefined ? { keptUntil: after(now, KEPT_FOR) } : {}),
    });
  }
  if (isAdopted) {
    events.push({
      type: 'adopted',
      id,
      at: now,
      grant: {
        provenance: 'borrowed',
        token: shown.token,
        renewAtFraction: shown.fraction,
        ...(shown.ids === undefined ? {} : { ids: shown.ids }),
      },
    });
  }
  // The page told of it before the vendor took it.
  const isLateWord = known.confirmedAt === undefined && isOlder && known.fingerprint === shown.fingerprint;
  const isConfirmed = shown.isVouched && (isAdopted || isLateWord);
  if (isConfirmed) events.push({ type: 'confirmed', id, at: now });
  const sealed = { [id]: { labels: shown.labels, secrets: { access: shown.access } } };
  return { events, ...(isAdopted || isConfirmed ? { sealed } : {}), result: id };
}

/** A newer borrowed token takes the place of an older one; a late report of an older one does not. */
function isWorthAdopting(known: Head, shown: Shown, caller: Console, now: Instant): boolean {
  const ends = shown.token.expiresAt ?? Infinity;
  if (known.provenance !== 'borrowed') return isStuck(known, ends, caller, now) && ends > now;
  return known.fingerprint !== shown.fingerprint && ends >= (known.token.expiresAt ?? 0);
}

/** Fob's own token is given up for a borrowed one, which ends at `ends`, only where there is no certain way on with it. */
function isStuck(head: Head, ends: number, caller: Console, now: Instant): boolean {
  const isOver = !isAlive(head, now);
  // What a person typed may be the only copy Fob was given: it stays as long as it is good.
  if (head.provenance === 'entered') return isOver;
  const waitsForPerson = head.trouble !== undefined && head.trouble.retryAt === undefined;
  const mayBeSpent = head.unansweredSince !== undefined && isOver;
  if (waitsForPerson || mayBeSpent) return true;
  const isLast = rungFor(head, caller.vendor.renewal, now) === undefined;
  return isLast && (isOver || ends > (head.token.expiresAt ?? Infinity));
}

function seenNow(shown: Shown, now: Instant): NonNullable<Head['seen']> {
  return { at: now, ...(shown.signInEnds === undefined ? {} : { expiresAt: shown.signInEnds }) };
}

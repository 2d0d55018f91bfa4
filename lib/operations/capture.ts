import * as v from 'valibot';
import type { SessionEvent } from '../core/event';
import { failed, ok, type Outcome } from '../core/failure';
import { isAlive, rungFor } from '../core/ladder';
import type { Head, Ids, Labels, SessionId, State } from '../core/state';
import { after, type Instant, instant, SECOND } from '../core/time';
import type { Claims } from '../core/vendor';
import type { Decision } from '../vault/vault';
import { clockAhead, confirm, inLocalTime, withTenantName } from './confirm';
import { belongsTo, type Caller, drawFraction, type Fob, KEPT_FOR, operation } from './fob';
import { startKeeping } from './keep';
import { USE_NOTED } from './use';
import { wake } from './wake';

/**
 * A console shows a session. What it says is a claim: the deployment is the sender's own, the token is bound to it, and the
 * vendor is asked whose it is before anything else is done with it.
 */
export const capture = operation({
  from: ['console'],
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

/** Makes a session of a token found on a console, or notes it at the session it belongs to. */
export async function received(fob: Fob, found: Found, caller: Console): Promise<Outcome<{ expiresAt?: Instant }>> {
  const { access } = found;
  const state = await fob.vault.state();
  if (!state.consent) return failed({ code: 'consent_missing' });
  if (state.policies[caller.deployment.console]?.keep === 'never') return ok({});
  const fingerprint = await fob.vault.fingerprint(access);
  // What such a token is, only the vendor can say: it is asked once, however many requests the console sends with it.
  return caller.vendor.claims
    ? take(fob, state, { ...found, fingerprint }, caller)
    : once(fob, fingerprint, async () => take(fob, await fob.vault.state(), { ...found, fingerprint }, caller));
}

/** Tokens being asked about, and those whose question just failed, by fingerprint. */
const asked = new WeakMap<Fob, Map<string, { readonly said: Taken; failedAt?: Instant }>>();
/** A token whose question failed is not asked about again sooner (ms): its console may call every second. */
const ASK_AGAIN = 10 * SECOND;

type Taken = Promise<Outcome<{ expiresAt?: Instant }>>;

/** Takes a token after whoever is taking the same one; what failed for that one has failed for this one too. */
async function once(fob: Fob, fingerprint: string, job: () => Taken): Taken {
  const all = asked.get(fob) ?? new Map<string, { readonly said: Taken; failedAt?: Instant }>();
  asked.set(fob, all);
  for (const [one, { failedAt }] of all) if (failedAt && fob.now() - failedAt >= ASK_AGAIN) all.delete(one);
  const earlier = all.get(fingerprint);
  if (earlier?.failedAt !== undefined) return earlier.said;
  // Known before anything is waited for: of several requests sent at once, each has to find the one before it.
  const mine: { readonly said: Taken; failedAt?: Instant } = {
    said: earlier ? earlier.said.then((said) => (said.ok ? job() : said)) : job(),
  };
  all.set(fingerprint, mine);
  try {
    const said = await mine.said;
    if (said.ok) all.delete(fingerprint);
    else mine.failedAt = fob.now();
    return said;
  } catch (bug) {
    all.delete(fingerprint);
    throw bug;
  }
}

/** Makes a session of a token, or notes it at the session it belongs to. */
async function take(
  fob: Fob,
  state: State,
  found: Found & { readonly fingerprint: string },
  caller: Console,
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
    token: inLocalTime(claims.token, clockAheadMs ?? 0),
    ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
    access,
    fingerprint,
    fraction: drawFraction(fob),
    newId: fob.newId(),
    // A time no record can hold would make the whole session unreadable.
    ...(seenUntil >= 0 ? { signInEnds: instant(seenUntil) } : {}),
  };
  const known = sameSession(state, shown, caller);
  const opened = known && (await fob.vault.open(known));
  const held = opened?.ok ? opened.value.labels : undefined;
  const { deployment, vendor } = caller;
  const labels = claims.labels
    ? await withTenantName(fob, vendor, { deployment, access, tenant: claims.tenant }, claims.labels, held)
    : (held ?? { roles: [] });
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
    const confirmed = await confirm(fob, id);
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
  const { expiresAt: endsAt } = inLocalTime(claims.token, learned ?? 0);
  return ok(endsAt === undefined ? {} : { expiresAt: endsAt });
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

/** Whose token it is: by what it says of itself where that may be relied on, otherwise by asking the vendor, once for each token. */
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
  const known = Object.values(state.heads).find((one) => belongsTo(one, caller) && one.fingerprint === fingerprint);
  // The life in the record is of the token held. One that was seen beside it, and now takes its place, has another.
  if (known && (known.provenance === 'borrowed' || !isStuck(known, caller, fob.now()))) {
    const { subject, tenant, clockAheadMs: ahead = 0 } = known;
    return ok({ subject, tenant, token: inLocalTime(known.token, -ahead), isVouched: false });
  }
  if (!vendor.identify) return failed({ code: 'response_not_conform', path: 'access' });
  const answer = await fob.send(deployment, vendor.identify.request({ deployment, access }), { spends: false });
  if (!answer.ok) return answer;
  const said = vendor.identify.response(answer.value, { deployment, access }, fob.now());
  if (!said.ok) return said;
  const { issuedAt, expiresAt, ...identity } = said.value;
  const clockAheadMs = clockAhead(answer.value.headers['date'], answer.value.startedAt);
  return ok({
    ...identity,
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
  return Object.values(state.heads).find((head) => belongsTo(head, caller) && isSameWhose(head, shown));
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
  const isNew = known.fingerprint !== shown.fingerprint;
  const events: SessionEvent[] = [];
  if (isNew || now - known.usedAt >= USE_NOTED || known.seen === undefined) {
    events.push({
      type: 'sighted',
      id,
      at: now,
      fingerprint: shown.fingerprint,
      ...(shown.signInEnds === undefined ? {} : { expiresAt: shown.signInEnds }),
      ...(known.keeping === 'kept' ? { keptUntil: after(now, KEPT_FOR) } : {}),
    });
  }
  if (!isWorthAdopting(known, shown, caller, now)) return { events, result: id };
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
  if (shown.isVouched) events.push({ type: 'confirmed', id, at: now });
  return { events, sealed: { [id]: { labels: shown.labels, secrets: { access: shown.access } } }, result: id };
}

/** A newer borrowed token takes the place of an older one; a late report of an older one does not. */
function isWorthAdopting(known: Head, shown: Shown, caller: Console, now: Instant): boolean {
  const ends = shown.token.expiresAt ?? Infinity;
  if (known.provenance !== 'borrowed') return isStuck(known, caller, now) && ends > now;
  return known.fingerprint !== shown.fingerprint && ends >= (known.token.expiresAt ?? 0);
}

/** Fob's own token is given up for a borrowed one only where there is no certain way on with it. */
function isStuck(head: Head, caller: Console, now: Instant): boolean {
  // What a person typed may be the only copy Fob was given: it stays as long as it is good.
  if (head.provenance === 'entered' && isAlive(head, now)) return false;
  const waitsForPerson = head.trouble !== undefined && head.trouble.retryAt === undefined;
  const mayBeSpent = head.unansweredSince !== undefined && !isAlive(head, now);
  return waitsForPerson || mayBeSpent || rungFor(head, caller.vendor.renewal, now) === undefined;
}

function seenNow(shown: Shown, now: Instant): NonNullable<Head['seen']> {
  return { at: now, ...(shown.signInEnds === undefined ? {} : { expiresAt: shown.signInEnds }) };
}

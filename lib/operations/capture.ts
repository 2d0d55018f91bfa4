import * as v from 'valibot';
import type { SessionEvent } from '../core/event';
import { failed, ok, type Outcome } from '../core/failure';
import { isAlive, rungFor } from '../core/ladder';
import type { Head, Labels, SessionId, State } from '../core/state';
import { after, type Instant, instant } from '../core/time';
import type { Decision } from '../vault/vault';
import { confirm, inLocalTime } from './confirm';
import { belongsTo, type Caller, drawFraction, KEPT_FOR, operation } from './fob';
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
    const state = await fob.vault.state();
    if (!state.consent) return failed({ code: 'consent_missing' });
    const policy = state.policies[caller.deployment.console]?.keep ?? 'ask';
    if (policy === 'never') return ok({});
    const claims = caller.vendor.claims(access);
    if (claims === undefined) return failed({ code: 'response_not_conform', path: 'access' });

    const fingerprint = await fob.vault.fingerprint(access);
    const seenUntil = Date.parse(expiresAt ?? '');
    const clockAheadMs = Object.values(state.heads).find((one) => belongsTo(one, caller))?.clockAheadMs;
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
    const labels = opened?.ok ? opened.value.labels : { roles: [] };
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
    if (!(await fob.vault.state()).policies[caller.deployment.console]?.panelHidden)
      await fob.tabs.showPanel(caller.tab);
    // The page's side learns only when it may look again.
    const { clockAheadMs: learned = clockAheadMs } = (await fob.vault.state()).heads[id] ?? {};
    const { expiresAt: endsAt } = inLocalTime(claims.token, learned ?? 0);
    return ok(endsAt === undefined ? {} : { expiresAt: endsAt });
  },
});

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
};

type Console = Extract<Caller, { kind: 'console' }>;

/** One person in one tenant of one deployment, in one container, is one session. */
function sameSession(state: State, shown: { subject: string; tenant: string }, caller: Console): Head | undefined {
  return Object.values(state.heads).find(
    (head) => belongsTo(head, caller) && head.tenant === shown.tenant && head.subject === shown.subject,
  );
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
    grant: { provenance: 'borrowed', token: shown.token, renewAtFraction: shown.fraction },
  });
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
  const waitsForPerson = head.trouble !== undefined && head.trouble.retryAt === undefined;
  const mayBeSpent = head.unansweredSince !== undefined && !isAlive(head, now);
  return waitsForPerson || mayBeSpent || rungFor(head, caller.vendor.renewal, now) === undefined;
}

function seenNow(shown: Shown, now: Instant): NonNullable<Head['seen']> {
  return { at: now, ...(shown.signInEnds === undefined ? {} : { expiresAt: shown.signInEnds }) };
}

import * as v from 'valibot';
import type { SessionEvent } from '../core/event';
import { type Failed, failed, type Failure, ok, type Outcome } from '../core/failure';
import {
  canMakeGood,
  isLately,
  isOfAnotherClock,
  LEAST_INTERVAL,
  replayTime,
  retryTime,
  rungFor,
  rungsOf,
} from '../core/ladder';
import { nextRenewal } from '../core/plan';
import { reduce } from '../core/reduce';
import type { Head, SessionId, State } from '../core/state';
import { after, type Instant, MINUTE, SECOND } from '../core/time';
import type { Granted, Rung } from '../core/vendor';
import { ladderOf } from '../vendors/index';
import type { Decision } from '../vault/vault';
import { confirm } from './confirm';
import { noteUse } from './use';
import { ask, drawFraction, type Fob, openSession, operation, placed } from './fob';

/** The longest a call is waited for (ms): the transport's own deadline and a little. After it the lease is nobody's. */
const LEASE = 125 * SECOND;
/** A renewal this much later than planned is told of (ms): nothing woke Fob in between. */
const LATE = 5 * MINUTE;
/** A host without permission is looked at again after this (ms); a grant is noticed at once. */
const PERMISSION_RETRY = 15 * MINUTE;

/** Renews one session now, if it is not too soon. */
export const renew = operation({
  from: ['extension', 'console'],
  input: v.object({ session: v.string() }),
  async run(fob, { session }, caller): Promise<Outcome<{ expiresAt?: Instant }>> {
    const opened = await openSession(fob, session, caller);
    if (!opened.ok) return opened;
    await noteUse(fob, session);
    const { head, vendor } = opened.value;
    // What became of the call before is asked first: this one would make another live key.
    if (head.unansweredSince !== undefined && rungsOf(head, vendor.renewal)[0]?.isOnce) {
      const asked = await confirm(fob, session);
      if (!asked.ok) return asked;
    }
    const result = await climb(fob, session);
    await fob.publish();
    if (!result.ok) return result;
    const { expiresAt } = result.value.token;
    return ok(expiresAt === undefined ? {} : { expiresAt });
  },
});

/**
 * Climbs a session's ladder until a rung holds, a wait is due, or only a person can help. A rotation whose answer was lost
 * and the mint that makes good for it are one renewal.
 */
export async function climb(fob: Fob, id: SessionId): Promise<Outcome<Head>> {
  for (;;) {
    const found = (await fob.vault.state()).heads[id];
    // The key before this one is still held: another would take its place. What became of this one is asked first.
    if (found?.previous) {
      const asked = await confirm(fob, id);
      return asked.ok ? ok((await fob.vault.state()).heads[id] ?? found) : asked;
    }
    const before = found?.trouble;
    const result = await renewOnce(fob, id);
    if (result.ok) {
      // A 200 proves the token. Whether the person still belongs there, only the vendor's identity call knows.
      // Where the vendor itself says when a token ends, its answer is waited for too.
      const { rung, head } = result.value;
      if (rung.spends || rung.name === 'request' || head.confirmedAt === undefined) await confirm(fob, id);
      return ok(result.value.head);
    }
    const head = (await fob.vault.state()).heads[id];
    const { trouble } = head ?? {};
    // Only what this round found out can be a reason for the next.
    const retryNow =
      trouble?.retryAt !== undefined && trouble !== before && trouble.retryAt <= fob.now() && !head?.lease;
    if (!retryNow) return result;
  }
}

/** One call: the lease is taken and journalled before it is sent, and the answer is fenced by it. */
async function renewOnce(fob: Fob, id: SessionId): Promise<Outcome<{ head: Head; rung: Rung }>> {
  const session = await openSession(fob, id, { kind: 'extension' });
  if (!session.ok) return session.failure.code === 'vault_unreadable' ? giveUp(fob, id, session) : session;
  const { head: opened, vendor, secrets } = session.value;
  const mayReach = await fob.mayReach(opened.api);
  const draw = fob.draw();

  const claim = await fob.vault.transact((state, now) =>
    claimRenewal(state, opened, vendor.renewal, { now, mayReach }),
  );
  if (!claim.ok) return claim;
  const { rung, lease } = claim.value;

  const input = {
    ...placed(opened, secrets.access),
    ...(secrets.refresh === undefined ? {} : { refresh: secrets.refresh }),
    ...(secrets.client === undefined ? {} : { client: secrets.client }),
  };
  const said = await ask(fob, rung.exchanges, input, { spends: rung.spends });
  const granted = said.ok && isForSomeoneElse(said.value, opened) ? failed({ code: 'identity_changed' }) : said;
  const fraction = drawFraction(fob);

  return fob.vault.transact((state, now): Decision<Outcome<{ head: Head; rung: Rung }>> => {
    const current = state.heads[id];
    // A later sign-in, a forget or another renewal came first: this answer belongs to nobody. A lease that has ended drops a
    // late failure, and no late success: this may be the only copy of a rotated refresh token.
    if (current?.generation !== opened.generation || (current.lease?.at !== lease && !granted.ok)) {
      return { events: [], result: failed({ code: 'superseded' }) };
    }
    if (!granted.ok) {
      const makesGood = canMakeGood(current, vendor.renewal, now);
      const event = renewalFailed(current, rung, granted.failure, { now, draw, makesGood });
      return { events: [event], result: granted };
    }
    const { access, refresh, token, refreshLife, ids } = granted.value;
    // RFC 6749 §6: a new refresh token may come; when none does, the old one stays good. Asked for anew, there is none.
    const keepsRefresh = refresh === undefined && rung.name !== 'request';
    const event: SessionEvent = {
      type: 'renewed',
      id,
      at: now,
      rung: rung.name,
      grant: {
        // A key stays the person's own, however often it is renewed.
        provenance: rung.name === 'renew_key' ? current.provenance : 'own',
        token,
        renewAtFraction: fraction,
        ...(ids === undefined ? {} : { ids }),
        ...(refreshLife
          ? { refresh: refreshLife }
          : keepsRefresh && current.refresh
            ? { refresh: current.refresh }
            : {}),
      },
    };
    const head = reduce(state, [event]).heads[id] ?? current;
    const keptRefresh = keepsRefresh ? secrets.refresh : refresh;
    return {
      events: [event],
      sealed: {
        // The vendor may have said the names while this call was out.
        [id]: {
          labels: fob.vault.labelsOf(current) ?? session.value.labels,
          secrets: {
            access,
            ...(keptRefresh ? { refresh: keptRefresh } : {}),
            ...(secrets.client ? { client: secrets.client } : {}),
            ...(rung.name === 'renew_key' ? { previous: secrets.access } : {}),
          },
        },
      },
      result: ok({ head, rung }),
    };
  });
}

/** What is behind the seal cannot be read any more: only a sign-in brings another token, and it is said. */
function giveUp(fob: Fob, id: SessionId, unreadable: Failed): Promise<Failed> {
  return fob.vault.transact((state, now) => ({
    events: state.heads[id]
      ? [{ type: 'renewal_failed', id, at: now, failure: unreadable.failure, unanswered: false }]
      : [],
    result: unreadable,
  }));
}

type Claim = Decision<Outcome<{ rung: Rung; lease: Instant }>>;

function claimRenewal(
  state: State,
  opened: Head,
  rungs: readonly Rung[],
  { now, mayReach }: { now: Instant; mayReach: boolean },
): Claim {
  const { id } = opened;
  const found = state.heads[id];
  if (found === undefined) return { events: [], result: failed({ code: 'unknown_session' }) };
  if (found.generation !== opened.generation) return { events: [], result: failed({ code: 'superseded' }) };
  if (found.lease && found.lease.until > now) return { events: [], result: failed({ code: 'busy' }) };

  // A lease past its end: its call was cut off without a word.
  const expired: SessionEvent[] = found.lease ? [interrupted(found, now)] : [];
  // Whether another is to be sent is a person's to say, once it is told what became of this one.
  if (found.lease?.rung === 'renew_key') return { events: expired, result: failed(LOST) };
  const head = reduce(state, expired).heads[id] ?? found;
  const refuse = (failure: Failure, retryAt?: Instant): Claim => ({
    events: [
      ...expired,
      {
        type: 'renewal_failed',
        id,
        at: now,
        failure,
        unanswered: false,
        ...(retryAt === undefined ? {} : { retryAt }),
      },
    ],
    result: failed(failure),
  });

  // A wait that was agreed on with a clock that has been put back since has no known end.
  const asked = head.trouble && !isOfAnotherClock(head.trouble.at, now) ? head.trouble.retryAt : undefined;
  const isWaiting = asked === undefined || asked > now;
  if (head.trouble?.code === 'rate_limited' && asked !== undefined && asked > now) {
    return { events: expired, result: failed({ code: 'rate_limited', retryAt: asked }) };
  }
  if (
    head.provenance !== 'borrowed' &&
    head.renewedAt !== undefined &&
    !head.trouble &&
    isLately(head.renewedAt, now)
  ) {
    return { events: expired, result: failed({ code: 'renewed_already', at: head.renewedAt }) };
  }
  if (rungsOf(head, rungs).length === 0) return { events: expired, result: failed({ code: 'not_renewable' }) };
  const rung = rungFor(head, rungs, now);
  if (rung !== undefined && head.trouble && isWaiting && askedLately(head, now)) {
    return { events: expired, result: failed({ code: 'renewed_already', at: head.attemptedAt ?? now }) };
  }
  if (rung === undefined) return refuse({ code: whyNone(head) });
  if (!mayReach) {
    return refuse({ code: 'permission_missing', host: new URL(head.api).host }, after(now, PERMISSION_RETRY));
  }
  const planned = found.keeping === 'kept' && !found.lease ? nextRenewal(found, rungs) : undefined;
  return {
    events: [
      ...expired,
      {
        type: 'renewal_started',
        id,
        at: now,
        rung: rung.name,
        spends: rung.spends,
        leaseUntil: after(now, LEASE),
        ...(planned !== undefined && now - planned > LATE ? { dueAt: planned } : {}),
      },
    ],
    result: ok({ rung, lease: now }),
  };
}

/** Why no rung is left: the vendor's word on the last thing Fob could ask with. */
function whyNone({ refused }: Head): 'credentials_refused' | 'grant_dead' | 'sign_in_needed' {
  if (refused?.client) return 'credentials_refused';
  return refused?.refresh ? 'grant_dead' : 'sign_in_needed';
}

/** Whether the vendor was asked less than the least interval ago. Without a network or a permission, it was not. */
function askedLately(head: Head, now: Instant): boolean {
  const wasStopped = head.trouble?.code === 'offline' || head.trouble?.code === 'permission_missing';
  return !wasStopped && isLately(head.attemptedAt, now);
}

/** The least interval after the call that is out, or now where that is over. */
function leastLater(head: Head, now: Instant): Instant {
  return Math.max(now, after(head.lease?.at ?? now, LEAST_INTERVAL)) as Instant;
}

const LOST: Failure = { code: 'unanswered', why: 'connection' };

/** A call whose answer will never be read: the worker that sent it is gone. */
export function interrupted(head: Head, now: Instant): SessionEvent {
  const spent = head.lease?.spends ?? false;
  if (head.lease?.rung === 'renew_key') {
    return { type: 'renewal_failed', id: head.id, at: now, failure: LOST, unanswered: true };
  }
  return {
    type: 'renewal_failed',
    id: head.id,
    at: now,
    failure: LOST,
    unanswered: spent,
    // A lost rotation is made good for at once, where that can be; any other call keeps its distance from the one before.
    retryAt: !spent
      ? leastLater(head, now)
      : canMakeGood(head, ladderOf(head.vendor), now)
        ? now
        : replayTime(head, now, leastLater(head, now)),
  };
}

/**
 * What a failure means for the session: which credential it ends, if any, and when to try again. `makesGood`: a rung can be
 * used now for one that spends and whose answer was lost.
 */
function renewalFailed(
  head: Head,
  rung: Rung,
  failure: Failure,
  { now, draw, makesGood }: { readonly now: Instant; readonly draw: number; readonly makesGood: boolean },
): SessionEvent {
  const base = { type: 'renewal_failed', id: head.id, at: now, failure, unanswered: false } as const;
  /** What went unanswered before this call still waits for the end of the token. */
  const again = (soonest: Instant): Instant =>
    rung.spends && !makesGood && head.unansweredSince !== undefined ? replayTime(head, now, soonest) : soonest;
  // Another call might make another live key: whether to send one is a person's to say.
  if (rung.isOnce && mayHaveActed(failure)) return { ...base, unanswered: true };
  // Refused, it would be refused again, and each call carries the key.
  if (rung.isOnce && !isMeanwhile(failure))
    return { ...base, ...(failure.code === 'unauthorized' ? { refused: 'access' } : {}) };
  switch (failure.code) {
    case 'grant_dead':
      return { ...base, refused: 'refresh', retryAt: now };
    case 'unauthorized':
    case 'tenant_refused':
      // What is left is a refresh token whose answer was lost: presenting it again keeps its distance from the call before.
      // Otherwise the next rung, if there is one, is tried at once; if there is none, that is found out and said.
      return {
        ...base,
        // What was refused is what was presented.
        refused: rung.name === 'rotate' ? 'refresh' : rung.name === 'request' ? 'client' : 'access',
        retryAt: head.unansweredSince === undefined ? now : leastLater(head, now),
      };
    case 'identity_changed':
      return base;
    case 'unanswered':
    case 'response_not_conform':
    case 'too_large':
      // The vendor may have spent what was presented. While the access token lives, minting makes good for it at once; where
      // nothing does, it is not presented again before that token's end.
      if (rung.spends) {
        const retryAt = makesGood ? now : replayTime(head, now, retryTime(head, now, draw));
        return { ...base, unanswered: true, retryAt };
      }
      return { ...base, retryAt: retryTime(head, now, draw) };
    case 'vendor_down': {
      const retryAt = retryTime(head, now, draw, failure.retryAt);
      // Its trouble may have come after it had done what it was asked.
      const isLate = rung.spends && !makesGood;
      return { ...base, unanswered: rung.spends, retryAt: isLate ? replayTime(head, now, retryAt) : retryAt };
    }
    case 'rate_limited':
      return { ...base, retryAt: again(retryTime(head, now, draw, failure.retryAt)) };
    case 'permission_missing':
      return { ...base, retryAt: after(now, PERMISSION_RETRY) };
    case 'credentials_refused':
      // What an application signs in with is refused: only a person has another.
      return { ...base, refused: 'client' };
    case 'revoked':
      return { ...base, refused: 'access' };
    default:
      // No verdict on the grant: kept, and tried again.
      return { ...base, retryAt: again(retryTime(head, now, draw)) };
  }
}

/** Whether nothing was decided: it was not sent, or asked to come later. */
function isMeanwhile({ code }: Failure): boolean {
  return code === 'offline' || code === 'permission_missing' || code === 'rate_limited';
}

/** Whether the vendor may have done what it was asked, for all that came back. */
function mayHaveActed({ code }: Failure): boolean {
  return code === 'unanswered' || code === 'vendor_down' || code === 'response_not_conform' || code === 'too_large';
}

/** What the new token says of itself is a hint, but one that names somebody else is reason enough to keep the two apart. */
function isForSomeoneElse(granted: Granted, head: Head): boolean {
  return (
    (granted.subject !== undefined && granted.subject !== head.subject) ||
    (granted.tenant !== undefined && granted.tenant !== head.tenant)
  );
}

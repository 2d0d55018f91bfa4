import { failed, ok, type Outcome } from '../core/failure';
import { LEAST_INTERVAL, retryTime } from '../core/ladder';
import type { Head, Lifetime, SessionId } from '../core/state';
import { after, type Instant, instant, SECOND } from '../core/time';
import type { Decision } from '../vault/vault';
import type { Labels } from '../core/state';
import type { Bearing, Vendor } from '../core/vendor';
import { ask, type Fob, openSession, placed } from './fob';

/** A difference of clocks worth correcting (ms): `Date` counts whole seconds and the answer took its time. */
const SKEW_WORTH = 5 * SECOND;

/**
 * Asks the vendor whose token a session holds. What a page said is a claim until this has answered; a renewal proves a
 * token, this proves the person's place in the tenant.
 */
export async function confirm(fob: Fob, id: SessionId): Promise<Outcome<void>> {
  const session = await openSession(fob, id, { kind: 'extension' });
  if (!session.ok) return session;
  const { head, vendor, secrets } = session.value;
  if (!vendor.identify) return ok(undefined);
  const asked = placed(head, secrets.access);
  const answer = await fob.send(asked.deployment, vendor.identify.request(asked), { spends: false });
  const said = answer.ok ? vendor.identify.response(answer.value, asked, fob.now()) : answer;
  const isSomeoneElse = said.ok && (said.value.subject !== head.subject || said.value.tenant !== head.tenant);
  const identity = isSomeoneElse ? failed({ code: 'identity_changed' }) : said;
  const labels = identity.ok
    ? await withTenantName(fob, vendor, asked, identity.value.labels, session.value.labels)
    : session.value.labels;
  const draw = fob.draw();

  return fob.vault.transact((state, now): Decision<Outcome<void>> => {
    const current = state.heads[id];
    if (current === undefined || current.generation !== head.generation) {
      return { events: [], result: failed({ code: 'superseded' }) };
    }
    if (identity.ok) {
      const clockAheadMs = answer.ok
        ? clockAhead(answer.value.headers['date'], answer.value.startedAt, current.clockAheadMs)
        : undefined;
      // The first time: until now its claims were all there was, and they are by the vendor's clock.
      const isUncorrected = current.provenance === 'borrowed' && current.clockAheadMs === undefined;
      const { expiresAt, ids } = identity.value;
      // What the vendor says of the end stands above what the token says, and above what was counted from its answer.
      const token =
        expiresAt === undefined
          ? isUncorrected && clockAheadMs !== undefined
            ? inLocalTime(current.token, clockAheadMs, now)
            : undefined
          : {
              ...inLocalTime({ ...current.token, expiresAt }, clockAheadMs ?? current.clockAheadMs ?? 0, now),
              issuedAt: current.token.issuedAt,
            };
      const { previous: _, ...kept } = secrets;
      return {
        events: [
          {
            type: 'confirmed',
            id,
            at: now,
            ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
            ...(token === undefined ? {} : { token }),
            ...(ids === undefined ? {} : { ids }),
          },
        ],
        sealed: { [id]: { labels, secrets: kept } },
        result: ok(undefined),
      };
    }
    const { failure } = identity;
    switch (failure.code) {
      case 'unauthorized':
      case 'revoked':
      case 'identity_changed':
      case 'tenant_refused': {
        // Never vouched for, and now refused: what the page showed was not a session. Nothing of it stays.
        if (current.confirmedAt === undefined)
          return { events: [{ type: 'forgotten', id, at: now }], result: identity };
        // A key is not let go before its successor is taken.
        if (current.previous !== undefined && secrets.previous !== undefined) {
          return {
            events: [{ type: 'key_reinstated', id, at: now, failure }],
            sealed: { [id]: { labels: session.value.labels, secrets: { access: secrets.previous } } },
            result: identity,
          };
        }
        // Not at once: the token it refuses may be one just made, and the next would be no better.
        const retryAt = after(current.attemptedAt ?? now, LEAST_INTERVAL);
        const refused =
          failure.code === 'unauthorized'
            ? { refused: 'access' as const, retryAt }
            : // Somebody else's token is not to be copied, or asked with, in this one's name.
              failure.code === 'revoked' || failure.code === 'identity_changed'
              ? { refused: 'access' as const }
              : {};
        return {
          events: [{ type: 'renewal_failed', id, at: now, failure, unanswered: false, ...refused }],
          result: identity,
        };
      }
      default:
        // No verdict: the claim stays a claim, and is shown as one. A key is asked about again while its predecessor is held for it.
        return {
          events:
            current.previous === undefined
              ? []
              : [
                  {
                    type: 'renewal_failed',
                    id,
                    at: now,
                    failure,
                    unanswered: false,
                    retryAt: retryTime(current, now, draw, 'retryAt' in failure ? failure.retryAt : undefined),
                  },
                ],
          result: identity,
        };
    }
  });
}

/**
 * What a call came to, where a refusal may be of the token itself: some vendors tell only who asks about a token that it was
 * ended, so this asks. What is known of the session is right afterwards.
 */
export async function withReason<T>(fob: Fob, id: SessionId, said: Outcome<T>): Promise<Outcome<T>> {
  if (said.ok || !['unauthorized', 'revoked', 'tenant_refused'].includes(said.failure.code)) return said;
  const asked = await confirm(fob, id);
  await fob.publish();
  return !asked.ok && asked.failure.code === 'revoked' ? asked : said;
}

/** Asks about the sessions that what was done at the vendor may have ended along with it. */
export async function confirmThose(fob: Fob, concerned: (head: Head) => boolean): Promise<void> {
  for (const head of Object.values((await fob.vault.state()).heads)) if (concerned(head)) await confirm(fob, head.id);
  await fob.publish();
}

/**
 * Whose a token is, with what the tenant is called where that has to be asked apart. A name that is known is not asked for again;
 * without an answer the id stands for it.
 */
export async function withTenantName(
  fob: Fob,
  { tenantName }: Vendor,
  bearing: Bearing & { readonly tenant: string },
  labels: Labels,
  known: Labels | undefined,
): Promise<Labels> {
  if (labels.tenant !== undefined || !tenantName) return labels;
  if (known?.tenant !== undefined) return { ...labels, tenant: known.tenant };
  const said = await ask(fob, [tenantName], bearing, { spends: false });
  return said.ok ? { ...labels, tenant: said.value } : labels;
}

/**
 * How far the vendor's clock is ahead, by an answer's `Date`; small differences, from none and from what is known, are that header's whole
 * seconds and the way: the same end, told twice, is the same.
 */
export function clockAhead(date: string | undefined, askedAt: Instant, known = 0): number | undefined {
  const ahead = Date.parse(date ?? '') - askedAt;
  if (!Number.isFinite(ahead)) return undefined;
  return [known, 0].find((one) => Math.abs(ahead - one) <= SKEW_WORTH) ?? ahead;
}

/** A life by a clock that is so far behind this one (ms). */
export function later({ issuedAt, expiresAt }: Lifetime, byMs: number): Lifetime {
  return {
    issuedAt: instant(Math.max(0, issuedAt + byMs)),
    ...(expiresAt === undefined ? {} : { expiresAt: instant(Math.max(0, expiresAt + byMs)) }),
  };
}

/**
 * A life that was told by the vendor's clock, in this computer's time. A `Date` can be wrong as well as a clock: of the two ends the sooner
 * is believed, unless it is past, for what the vendor has just taken has not ended.
 */
export function inLocalTime(told: Lifetime, clockAheadMs: number, now: Instant): Lifetime {
  const corrected = later(told, -clockAheadMs);
  const [end, other] = [corrected.expiresAt ?? Infinity, told.expiresAt ?? Infinity];
  return end <= other === Math.min(end, other) > now ? corrected : told;
}

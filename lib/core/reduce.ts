import type { Event, NewGrant, SessionEvent } from './event';
import type { Head, SessionId, State } from './state';

/** The state before anything happened. */
export const emptyState: State = { deployments: {}, policies: {}, heads: {} };

/** The head of that id. An id is text from outside: what every object inherits is no session. */
export function headOf(state: State, id: SessionId): Head | undefined {
  return Object.hasOwn(state.heads, id) ? state.heads[id] : undefined;
}

/** The state after `events`. Pure: the same events give the same state, in every worker that replays them. */
export function reduce(state: State, events: readonly Event[]): State {
  return events.reduce(step, state);
}

function step(state: State, event: Event): State {
  switch (event.type) {
    case 'consented':
      return { ...state, consent: event.consent };
    case 'policy_set':
      return { ...state, policies: { ...state.policies, [event.console]: event.policy } };
    case 'preferred':
      return { ...state, preferences: { ...state.preferences, ...event.preferences } };
    case 'deployment_added': {
      const { deployment } = event;
      return { ...state, deployments: { ...state.deployments, [deployment.console]: deployment } };
    }
    case 'deployment_removed': {
      const { [event.console]: _, ...deployments } = state.deployments;
      return { ...state, deployments };
    }
    case 'installed':
      return { ...state, installedAt: event.at };
    case 'everything_lost':
      return { ...state, installedAt: event.at, damage: { at: event.at, local: 1, copy: 1, lost: [''] } };
    case 'damage_seen': {
      const { damage: _, ...rest } = state;
      return rest;
    }
    default: {
      const head = apply(headOf(state, event.id), event);
      const { [event.id]: _, ...others } = state.heads;
      return { ...state, heads: head === undefined ? others : { ...others, [event.id]: head } };
    }
  }
}

function apply(head: Head | undefined, event: SessionEvent): Head | undefined {
  if (event.type === 'captured' || event.type === 'moved_in' || event.type === 'entered') {
    // A grant of an earlier generation is a late one.
    return head !== undefined && head.generation >= event.head.generation ? head : event.head;
  }
  // Forgotten meanwhile: a late event must not bring it back.
  if (head === undefined || event.type === 'forgotten') return undefined;
  switch (event.type) {
    case 'sighted':
      return {
        ...head,
        ...pick(event, 'keptUntil'),
        usedAt: event.at,
        fingerprint: event.fingerprint,
        seen: { at: event.at, ...pick(event, 'expiresAt') },
      };
    case 'adopted': {
      // Another's grant: when Fob last renewed its own says nothing about this one.
      const { renewedAt, attemptedAt, ...rest } = withGrant(head, event.grant);
      return { ...rest, usedAt: event.at };
    }
    case 'renewed':
      return {
        ...withGrant(head, event.grant),
        renewedAt: event.at,
        ...(event.rung === 'renew_key' ? { previous: head.token } : {}),
      };
    case 'confirmed': {
      // Whoever the vendor has confirmed takes the place of what was held for the case that it does not.
      const { previous, trouble, ...rest } = head;
      return {
        ...rest,
        // Until now it was all there was to mend.
        ...(previous || !trouble ? {} : { trouble }),
        ...pick(event, 'clockAheadMs'),
        ...pick(event, 'token'),
        ...(event.ids ? { ids: { ...head.ids, ...event.ids } } : {}),
        confirmedAt: event.at,
      };
    }
    case 'key_reinstated': {
      const { previous, ...rest } = head;
      if (previous === undefined) return head;
      return {
        ...rest,
        generation: head.generation + 1,
        token: previous,
        trouble: { code: event.failure.code, at: event.at, times: 1 },
      };
    }
    case 'revoked': {
      const { refresh, lease, keptUntil, ...rest } = head;
      return {
        ...rest,
        keeping: head.keeping === 'kept' ? 'paused' : head.keeping,
        refused: { access: 'revoked' },
        trouble: { code: 'revoked', at: event.at, times: 1 },
      };
    }
    case 'keeping_set': {
      const { keptUntil: _, ...rest } = head;
      return { ...rest, keeping: event.keeping, ...pick(event, 'keptUntil') };
    }
    case 'signed_out': {
      const { seen, keptUntil, ...rest } = head;
      if (head.keeping === 'kept') return { ...rest, keeping: 'stopped_signed_out' };
      return keptUntil === undefined ? rest : { ...rest, keptUntil };
    }
    case 'used':
      return { ...head, ...pick(event, 'keptUntil'), usedAt: event.at };
    case 'renewal_started':
      return {
        ...head,
        attemptedAt: event.at,
        lease: { rung: event.rung, spends: event.spends, at: event.at, until: event.leaseUntil },
      };
    case 'renewal_failed': {
      const { lease, ...rest } = head;
      const times = (head.trouble?.times ?? 0) + 1;
      return {
        ...rest,
        ...(event.unanswered ? { unansweredSince: head.unansweredSince ?? lease?.at ?? event.at } : {}),
        ...(event.refused ? { refused: { ...head.refused, [event.refused]: event.failure.code } } : {}),
        trouble: {
          ...pick(event, 'retryAt'),
          code: event.failure.code,
          at: event.at,
          times,
        },
      };
    }
  }
}

/** A new grant clears whatever was wrong with the one before: it belongs to that generation. */
function withGrant(head: Head, grant: NewGrant): Head {
  const { lease, unansweredSince, refused, trouble, refresh, ...rest } = head;
  return {
    ...rest,
    generation: head.generation + 1,
    provenance: grant.provenance,
    token: grant.token,
    renewAtFraction: grant.renewAtFraction,
    ...pick(grant, 'refresh'),
    ...(grant.ids ? { ids: { ...head.ids, ...grant.ids } } : {}),
  };
}

/** One member, where it is there: an absent one stays absent and never becomes `undefined`. */
function pick<T extends object, K extends keyof T>(from: T, name: K): Pick<T, K> | Record<never, never> {
  return from[name] === undefined ? {} : ({ [name]: from[name] } as unknown as Pick<T, K>);
}

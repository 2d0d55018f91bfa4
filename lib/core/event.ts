import type { Failure } from './failure';
import type { Consent, ConsolePolicy, Head, Ids, Lifetime, OwnDeployment, Preferences, SessionId } from './state';
import type { Instant } from './time';
import type { Keeping } from './view';

/** A new grant for a session: its lives, and the part of its life after which it is renewed. */
export type NewGrant = {
  readonly provenance: Head['provenance'];
  readonly token: Lifetime;
  readonly refresh?: Lifetime;
  readonly renewAtFraction: number;
  readonly ids?: Ids;
};

/** What happened to one session, in the past tense. The reducer knows what each means; the journal keeps its name. */
export type SessionEvent = { readonly id: SessionId; readonly at: Instant } & (
  | { readonly type: 'captured'; readonly head: Head }
  | { readonly type: 'moved_in'; readonly head: Head }
  /** The person signed in through Fob, or entered a token. */
  | { readonly type: 'entered'; readonly head: Head }
  /** The console shows it; `expiresAt` is the end of the token shown there. */
  | {
      readonly type: 'sighted';
      readonly fingerprint: string;
      readonly expiresAt?: Instant;
      readonly keptUntil?: Instant;
    }
  /** The console's newer token took the place of the one Fob had. */
  | { readonly type: 'adopted'; readonly grant: NewGrant }
  /** The vendor said whose token it is; `token`: its life in this computer's time. */
  | { readonly type: 'confirmed'; readonly clockAheadMs?: number; readonly token?: Lifetime; readonly ids?: Ids }
  /** The vendor does not take the new key: the one before it is back in its place. */
  | { readonly type: 'key_reinstated'; readonly failure: Failure }
  /** The vendor has ended the token because Fob asked for it. */
  | { readonly type: 'revoked' }
  | { readonly type: 'keeping_set'; readonly keeping: Keeping; readonly keptUntil?: Instant }
  /** The console showed that nobody is signed in any more. */
  | { readonly type: 'signed_out' }
  | { readonly type: 'used'; readonly keptUntil?: Instant }
  | {
      readonly type: 'renewal_started';
      readonly rung: string;
      readonly spends: boolean;
      readonly leaseUntil: Instant;
      /** It was due then, and nothing woke Fob before. */
      readonly dueAt?: Instant;
    }
  | { readonly type: 'renewed'; readonly rung: string; readonly grant: NewGrant }
  | {
      readonly type: 'renewal_failed';
      readonly failure: Failure;
      /** What the vendor's verdict ends; nothing when it was no verdict. */
      readonly refused?: 'access' | 'refresh' | 'client';
      /** The refresh token may have been spent by a call whose answer was lost. */
      readonly unanswered: boolean;
      readonly retryAt?: Instant;
    }
  | { readonly type: 'forgotten' }
);

/** What was decided for Fob as a whole. */
export type SettingEvent =
  | { readonly type: 'consented'; readonly consent: Consent }
  | { readonly type: 'policy_set'; readonly console: string; readonly policy: ConsolePolicy }
  | { readonly type: 'preferred'; readonly preferences: Preferences }
  | { readonly type: 'deployment_added'; readonly deployment: OwnDeployment }
  | { readonly type: 'deployment_removed'; readonly console: string }
  | { readonly type: 'installed'; readonly at: Instant }
  /** Nothing is stored any more that was. */
  | { readonly type: 'everything_lost'; readonly at: Instant }
  /** The person was told what a disk had changed by itself. */
  | { readonly type: 'damage_seen' };

/** Everything that changes the state. */
export type Event = SessionEvent | SettingEvent;

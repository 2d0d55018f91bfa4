import type { Instant } from './time';

/**
 * Everything that can be expected to go wrong, as a closed union: the planner branches on `code`, people read the words
 * kept for it (`components/words.ts`), the journal keeps the code. Never carries a token, a body or a query.
 */
export type Failure =
  /** Told for certain that nothing left this computer: no connection, no name, no certificate. */
  | { readonly code: 'offline' }
  /** Sent, and no whole answer came back: the vendor may or may not have acted. */
  | { readonly code: 'unanswered'; readonly why: 'connection' | 'timeout' | 'cut_short' }
  | { readonly code: 'rate_limited'; readonly retryAt: Instant }
  | { readonly code: 'vendor_down'; readonly status: number; readonly retryAt?: Instant }
  /** The access token was not accepted. */
  | { readonly code: 'unauthorized' }
  /** The refresh token was not accepted (RFC 6749 §5.2 `invalid_grant`, or the vendor's own word for it). */
  | { readonly code: 'grant_dead' }
  /** The vendor says that somebody ended this token. */
  | { readonly code: 'revoked' }
  /** The authorization code was used before, or has ended (RFC 6749 §4.1.2): a new one is needed. */
  | { readonly code: 'code_used' }
  | { readonly code: 'limit_reached' }
  /** Nothing renews this token: there is no call for it, or it is the console's alone. */
  | { readonly code: 'not_renewable' }
  | { readonly code: 'forbidden' }
  | { readonly code: 'tenant_refused' }
  | { readonly code: 'credentials_refused' }
  /** The vendor says the request itself is wrong; `field` is the one it names. */
  | {
      readonly code: 'invalid_input';
      readonly field?: string;
      readonly detail?: 'not_whole_id' | 'missing' | 'blank' | 'too_long';
    }
  /** This deployment does not know the endpoint. */
  | { readonly code: 'not_offered' }
  /** The server cannot make tokens: its own keys are not set up. */
  | { readonly code: 'misconfigured' }
  /** A 4xx the contract does not name: kept, tried again, never a verdict. */
  | { readonly code: 'unexpected_status'; readonly status: number }
  /** The answer breaks the vendor's contract; `path` names the field, never its value. */
  | { readonly code: 'response_not_conform'; readonly path: string }
  | { readonly code: 'too_large' }
  | { readonly code: 'redirected' }
  /** The session has no business with that origin. */
  | { readonly code: 'origin_refused' }
  | { readonly code: 'permission_missing'; readonly host: string }
  /** The answer was for another person or tenant. */
  | { readonly code: 'identity_changed' }
  /** No live token is left to ask with: only a sign-in helps. */
  | { readonly code: 'sign_in_needed' }
  /** Asked for less than the least interval ago. */
  | { readonly code: 'renewed_already'; readonly at: Instant }
  | { readonly code: 'busy' }
  /** A later sign-in or a forget came first: the late answer was dropped. */
  | { readonly code: 'superseded' }
  | { readonly code: 'unknown_session' }
  | { readonly code: 'consent_missing' }
  /** The console did not take the pair made for it. */
  | { readonly code: 'console_not_followed'; readonly why: 'refused' | 'no_tab' | 'container' | 'signed_out' }
  | { readonly code: 'vault_unreadable' }
  | { readonly code: 'vault_locked' }
  /** `retryAt`: when the next one is taken. */
  | { readonly code: 'passphrase_wrong'; readonly retryAt?: Instant }
  /** What was asked for needs a passphrase, and none is set. */
  | { readonly code: 'passphrase_missing' }
  | { readonly code: 'vault_newer' }
  | { readonly code: 'vault_full' }
  /** The background did not answer at all. */
  | { readonly code: 'not_answering' }
  | { readonly code: 'clipboard_refused' }
  | { readonly code: 'bug' };

/** The code of a failure: stable, safe to log and to journal. */
export type FailureCode = Failure['code'];

/** A value, or the reason there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Failed;

/** A reason there is no value. */
export type Failed = { readonly ok: false; readonly failure: Failure };

/** Wraps a value. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** Wraps a failure. */
export const failed = (failure: Failure): Failed => ({ ok: false, failure });

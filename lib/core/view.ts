import type { FailureCode } from './failure';
import type { Instant } from './time';

/**
 * The read model: what the popup, the panel and the icon show. Holds names and times, never a token. The background writes
 * it to storage.session after every change, so that a popup paints before the background is awake.
 */
export type View = {
  readonly consent: 'missing' | 'given';
  /** Most urgent first. */
  readonly sessions: readonly SessionView[];
  /** What each open console tab shows, by tab id. */
  readonly tabs: Readonly<Record<string, TabView>>;
};

/** What one console tab shows, as last seen there. */
export type TabView = {
  readonly vendor: string;
  /** Origin of the console. */
  readonly console: string;
  readonly shows: 'session' | 'signed_out' | 'nothing_yet';
  /** The session of the person and tenant the tab shows. */
  readonly session?: string;
};

/** One session as people see it: facts only; what they mean at a moment is `stateAt`. */
export type SessionView = {
  readonly id: string;
  readonly vendor: { readonly id: string; readonly name: string };
  /** Origin of the console, where signing in happens. */
  readonly console: string;
  readonly apiHost: string;
  readonly person: { readonly name?: string; readonly email?: string };
  readonly tenant: { readonly id: string; readonly name?: string };
  readonly roles: readonly string[];
  /** borrowed: the console's own token. own: made for Fob. entered: typed by the person. */
  readonly provenance: 'borrowed' | 'own' | 'entered';
  readonly keeping: Keeping;
  /** The token Fob holds. `expiresAt` absent: the end is not known. */
  readonly token: { readonly issuedAt?: Instant; readonly expiresAt?: Instant };
  /** The sign-in behind the token: Fob's own refresh token, or the console's sign-in, which Fob does not touch. */
  readonly signIn: { readonly whose: 'fob' | 'console'; readonly expiresAt?: Instant; readonly extendedByRenewal: boolean };
  /** Keeping ends here unless the console or Fob is used again. Only while kept. */
  readonly keptUntil?: Instant;
  /** When the vendor last said whose token this is. */
  readonly confirmedAt?: Instant;
  /** A renewal is being asked for since then. */
  readonly askingSince?: Instant;
  /** A renewal was sent then and no answer came. */
  readonly unansweredSince?: Instant;
  readonly nextRenewalAt?: Instant;
  /** The last thing that went wrong and is not mended since. */
  readonly trouble?: { readonly code: FailureCode; readonly at: Instant; readonly retryAt?: Instant };
  readonly lastRenewedAt?: Instant;
  /** What the vendor calls going to another tenant, when it offers it; `follows`: the console can be taken along. */
  readonly move?: { readonly verb: 'switch' | 'exchange' | 'reissue'; readonly follows: boolean };
  /** The session this one was moved from. */
  readonly parent?: string;
};

/**
 * What was decided about keeping. offered: nothing yet. watched: the person said to leave it. kept: renewed. paused: by the person.
 * stopped_*: keeping ended by itself and the person can start it again.
 */
export type Keeping = 'offered' | 'watched' | 'kept' | 'paused' | 'stopped_signed_out' | 'stopped_unused';

/** One of the states a person reads, with what its sentence needs. */
export type StateView =
  | { readonly kind: 'kept'; readonly nextAt: Instant | undefined }
  | { readonly kind: 'renewing'; readonly since: Instant }
  | { readonly kind: 'offered'; readonly endsAt: Instant | undefined }
  | { readonly kind: 'watched'; readonly endsAt: Instant | undefined }
  | { readonly kind: 'unconfirmed' }
  | { readonly kind: 'unanswered'; readonly askedAt: Instant; readonly nextAt: Instant | undefined; readonly ended: boolean }
  | { readonly kind: 'waiting'; readonly until: Instant; readonly code: FailureCode }
  | { readonly kind: 'offline' }
  | { readonly kind: 'permission_missing' }
  | { readonly kind: 'paused'; readonly by: 'person' | 'signed_out' | 'unused'; readonly endsAt: Instant | undefined }
  /** The token ended and nobody asked Fob to keep it. */
  | { readonly kind: 'ended'; readonly at: Instant | undefined }
  | { readonly kind: 'needs_sign_in'; readonly code: FailureCode; readonly at: Instant };

/** Which of the five roles of colour, icon and toolbar picture a state has. */
export type StateRole = 'ok' | 'soon' | 'bad' | 'unsure' | 'off' | 'info';

/** A tenant a session could move to. */
export type TenantView = {
  readonly id: string;
  readonly name: string;
  /** The session Fob already holds there, if its token is alive. */
  readonly ready?: { readonly session: string; readonly expiresAt?: Instant };
  readonly current: boolean;
};

/** The list behind the tenant switcher. */
export type TenantList = {
  readonly items: readonly TenantView[];
  readonly fetchedAt: Instant;
};

/** What a move did: before and after, as the vendor confirmed it. */
export type MoveResult = {
  readonly session: string;
  readonly from: string;
  /** Whether the console tab was taken along; absent when it was not asked for. */
  readonly console?: 'followed' | { readonly failed: FailureCode };
};

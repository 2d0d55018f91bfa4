import type { FailureCode } from './failure';
import type { Instant } from './time';
import type { Keeping, KeepingPolicy } from './view';

/** Random, means nothing outside this vault. */
export type SessionId = string;

/** Whose credential it is. borrowed: seen on a console, which goes on using it. own: made for Fob. entered: typed by the person. */
export type Provenance = 'borrowed' | 'own' | 'entered';

/** Further ids a vendor has named, which its own later calls need: never a name, never a secret. `application`: which of a person's keys it is. */
export type Ids = Readonly<Record<string, string>>;

/** When a token was made and when it ends, by this computer's clock; `expiresAt` absent: not known. */
export type Lifetime = { readonly issuedAt: Instant; readonly expiresAt?: Instant };

/**
 * The clear half of a session's record: ids and times, never a name or a secret, so that planning reads nothing else.
 * A session is one person in one tenant of one deployment.
 */
export type Head = {
  readonly id: SessionId;
  readonly vendor: string;
  /** Origin of the console this session belongs to. */
  readonly console: string;
  /** The only origin its tokens may be sent to. */
  readonly api: string;
  /** The vendor's id of the tenant. */
  readonly tenant: string;
  /** The vendor's id of the person (RFC 7519 `sub`). */
  readonly subject: string;
  /** Firefox container the console was seen in; absent where there are none. */
  readonly container?: string;
  readonly provenance: Provenance;
  /** Counts the grants this session has had: a late answer to an earlier one touches nothing. */
  readonly generation: number;
  readonly token: Lifetime;
  /** Keyed digest of the token the console was last seen with: the same one reported again changes nothing. */
  readonly fingerprint?: string;
  /** Fob's own refresh token; absent while the credential is borrowed: that one never leaves the page. */
  readonly refresh?: Lifetime;
  /** Which part of the token's life passes before it is renewed (0 to 1). Drawn once per grant: drawn at each plan, a renewal could be put off for ever. */
  readonly renewAtFraction: number;
  readonly keeping: Keeping;
  /** Keeping ends here unless the console or Fob is used again. */
  readonly keptUntil?: Instant;
  /** When the console or Fob last used this session. */
  readonly usedAt: Instant;
  /** The console's own sign-in, as last seen there. */
  readonly seen?: { readonly at: Instant; readonly expiresAt?: Instant };
  readonly confirmedAt?: Instant;
  /** How far the vendor's clock is ahead of this computer's (ms), as its answers' `Date` told. */
  readonly clockAheadMs?: number;
  /** The right to renew, taken before a call is sent and given back by its answer. */
  readonly lease?: { readonly rung: string; readonly spends: boolean; readonly at: Instant; readonly until: Instant };
  /** A call that may have spent the refresh token was sent then and no answer came: it may be dead. */
  readonly unansweredSince?: Instant;
  /** What the vendor has refused of this generation. */
  readonly refused?: { readonly access?: FailureCode; readonly refresh?: FailureCode; readonly client?: FailureCode };
  readonly trouble?: Trouble;
  readonly renewedAt?: Instant;
  /** When the last renewal was started. */
  readonly attemptedAt?: Instant;
  /** The session this one was moved from. */
  readonly parent?: SessionId;
  /** The session whose sign-in this one comes from, where the vendor moves from that one only. */
  readonly root?: SessionId;
  readonly ids?: Ids;
  /** Made on purpose beside whatever else there is of that person and tenant: no other token takes its place. */
  readonly isApart?: true;
  /** An application's credentials are sealed with the secrets, so that its token can be asked for again. */
  readonly hasClient?: true;
  /** The life of the key before this one, held until the vendor has confirmed this one. */
  readonly previous?: Lifetime;
};

/** What went wrong last, and when Fob tries again; without `retryAt` only a person can help. */
export type Trouble = {
  readonly code: FailureCode;
  readonly at: Instant;
  readonly retryAt?: Instant;
  /** How often in a row; never a reason to give up, only to wait longer. */
  readonly times: number;
};

/** The person's acceptance of the first-run page. Nothing is captured before it. */
export type Consent = { readonly version: number; readonly at: Instant };

/** What was decided for a console as a whole. */
export type ConsolePolicy = {
  readonly keep: KeepingPolicy;
  readonly panelHidden?: boolean;
  /** The person said that this host is no console for Fob: it is not offered again. */
  readonly isRefused?: boolean;
};

/** A console on somebody's own hosts, as the person named and allowed it. */
export type OwnDeployment = { readonly vendor: string; readonly console: string; readonly api: string };

/** What the person has chosen for Fob as a whole. */
export type Preferences = {
  /** Presenter mode: names and numbers are masked wherever Fob shows any. */
  readonly isMasked?: boolean;
  /** A copied token leaves the clipboard again by itself. */
  readonly clearsClipboard?: boolean;
};

/** What a disk has changed by itself: how many records each store has lost and got back from the other, and the consoles of the sessions no store had any more. */
export type Damage = {
  readonly at: Instant;
  readonly local: number;
  readonly copy: number;
  readonly lost: readonly string[];
};

/** Everything the background knows without opening a seal. */
export type State = {
  /** Noted when the browser said so: without it, nothing that was stored is there any more. */
  readonly installedAt?: Instant;
  /** Until the person has seen it. */
  readonly damage?: Damage;
  readonly consent?: Consent;
  readonly preferences?: Preferences;
  /** By console origin. */
  readonly deployments: Readonly<Record<string, OwnDeployment>>;
  /** By console origin. */
  readonly policies: Readonly<Record<string, ConsolePolicy>>;
  readonly heads: Readonly<Record<SessionId, Head>>;
};

/** What a person's session is called and may do: sealed, because names are personal. */
export type Labels = {
  readonly person?: string;
  readonly email?: string;
  readonly tenant?: string;
  readonly roles: readonly string[];
};

/** The sealed half of a record. */
export type Secrets = {
  readonly access: string;
  readonly refresh?: string;
  /** What a person typed to sign an application in, where it may be presented again. */
  readonly client?: Readonly<Record<string, string>>;
  /** The key before this one, until the vendor has confirmed this one. */
  readonly previous?: string;
};

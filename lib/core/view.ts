import type { SessionEvent } from './event';
import type { FailureCode } from './failure';
import type { Preferences } from './state';
import { HOUR, type Instant, MINUTE } from './time';

/**
 * The read model: what the popup, the panel and the icon show. Holds names and times, never a token. The background writes
 * it to storage.session after every change, so that a popup paints before the background is awake.
 */
export type View = {
  /** Consoles of sessions that neither store has any more, until somebody has seen it; '' where not even that is known. */
  readonly lost?: readonly string[];
  readonly consent: 'missing' | 'given';
  readonly preferences?: Preferences;
  /** Most urgent first. */
  readonly sessions: readonly SessionView[];
  /** What each open console tab shows, by tab id. */
  readonly tabs: Readonly<Record<string, TabView>>;
  /** Absent without a passphrase. While it is not open, nothing else here says anything. */
  readonly lock?: LockView;
};

/** What a lock means. lock: the data key is gone, nothing renews. screen: renewal goes on, nothing is shown. */
export type LockMode = 'lock' | 'screen';

/** What is decided about locking. `awayMin`: locked after so many minutes without anybody, and when the screen locks. */
export type LockSettings = { readonly mode: LockMode; readonly awayMin?: number };

/** That it is locked, since when and by whom: the person, nobody being there, the computer's screen. */
export type Locked = { readonly mode: LockMode; readonly at: Instant; readonly why: 'person' | 'away' | 'screen' };

/** The vault behind its passphrase. */
export type LockView = {
  readonly is: 'open' | LockMode;
  readonly settings: LockSettings;
  /** Absent: open, or locked since the browser began. */
  readonly since?: Locked;
  /** Too many wrong passphrases: the next one is taken then. */
  readonly nextTryAt?: Instant;
  /** While nothing renews: how many sessions there are, and when the tokens of those end that Fob renews. */
  readonly count?: number;
  readonly ends?: readonly Instant[];
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
  /** The vendor's id of the person: two sessions of one person have the same. */
  readonly subject: string;
  /** Firefox container the console was seen in. */
  readonly container?: string;
  readonly roles: readonly string[];
  /** borrowed: the console's own token. own: made for Fob. entered: typed by the person. */
  readonly provenance: 'borrowed' | 'own' | 'entered';
  readonly keeping: Keeping;
  /** The token Fob holds. `expiresAt` absent: the end is not known. */
  readonly token: { readonly issuedAt?: Instant; readonly expiresAt?: Instant };
  /** The sign-in behind the token: Fob's own refresh token, or the console's sign-in, which Fob does not touch. */
  readonly signIn: {
    readonly whose: 'fob' | 'console';
    readonly expiresAt?: Instant;
    readonly extendedByRenewal: boolean;
  };
  /** Keeping ends here unless the console or Fob is used again. Only while kept. */
  readonly keptUntil?: Instant;
  /** When the vendor last said whose token this is. */
  readonly confirmedAt?: Instant;
  /** A renewal is being asked for since then. */
  readonly askingSince?: Instant;
  /** A renewal was sent then and no answer came. */
  readonly unansweredSince?: Instant;
  readonly nextRenewalAt?: Instant;
  /** The browser lets Fob reach the vendor's API no more: nothing can be asked until the person allows it. */
  readonly isWithheld?: true;
  /** The last thing that went wrong and is not mended since; never `permission_missing`, which `isWithheld` says as it is now. */
  readonly trouble?: { readonly code: FailureCode; readonly at: Instant; readonly retryAt?: Instant };
  readonly lastRenewedAt?: Instant;
  /** What the vendor calls going to another tenant, when it offers it; `follows`: the console can be taken along. */
  readonly move?: { readonly verb: 'switch' | 'exchange' | 'reissue'; readonly follows: boolean };
  /** The session this one was moved from. */
  readonly parent?: string;
  /**
   * What keeping this session means. renews: Fob renews a token of its own. follows: it takes the console's newer token
   * whenever the console renews. key: it has the key replaced in time, once the person has armed it. nothing: its end is its end.
   */
  readonly keeps: 'renews' | 'follows' | 'key' | 'nothing';
  /** Who says whose token it is: the vendor, or the token itself where the vendor cannot be asked. */
  readonly saidBy: 'vendor' | 'token';
  /** What else the vendor lets one do with this session's token. */
  readonly offers: readonly ('revoke' | 'end_session' | 'create' | 'list')[];
  readonly ids?: Readonly<Record<string, string>>;
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
  | {
      readonly kind: 'unanswered';
      readonly askedAt: Instant;
      readonly nextAt: Instant | undefined;
      readonly ended: boolean;
    }
  /** Kept as far as the console keeps it: whenever it renews, Fob takes the newer token. */
  | { readonly kind: 'follows'; readonly endsAt: Instant | undefined }
  /** Nothing renews it, and nobody asked for less than that. */
  | { readonly kind: 'ends'; readonly endsAt: Instant | undefined; readonly why: 'moved' | 'no_refresh' }
  /** A long-lived key. `renewAt`: when Fob renews it, armed, or asks the person to. */
  | {
      readonly kind: 'key';
      readonly endsAt: Instant | undefined;
      readonly isArmed: boolean;
      readonly renewAt: Instant | undefined;
    }
  | { readonly kind: 'waiting'; readonly until: Instant; readonly code: FailureCode }
  | { readonly kind: 'offline' }
  | { readonly kind: 'permission_missing' }
  | { readonly kind: 'paused'; readonly by: 'person' | 'signed_out' | 'unused'; readonly endsAt: Instant | undefined }
  /** The token ended and nobody asked Fob to keep it. */
  | { readonly kind: 'ended'; readonly at: Instant | undefined }
  | { readonly kind: 'needs_sign_in'; readonly code: PersonCode | 'doubtful'; readonly at: Instant };

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
  /** When the token one came from ends, and when the one one has now does. The same end: a move, not a renewal. */
  readonly before?: Instant;
  readonly after?: Instant;
  /** Whether the console tab was taken along; absent when it was not asked for. */
  readonly console?: 'followed' | { readonly failed: FailureCode };
};

/** One thing that happened to a session, as its journal keeps it: no name, no secret. */
export type TimelineEntry = {
  readonly at: Instant;
  readonly what: SessionEvent['type'];
  readonly code?: FailureCode;
  readonly rung?: string;
  /** What was decided about keeping. */
  readonly keeping?: Keeping;
  /** It was due then, and nothing woke Fob before `at`. */
  readonly dueAt?: Instant;
};

/** How one of the vault's two stores is; `mended` and `lost` count records. */
export type StoreHealth = {
  readonly state: 'well' | 'mended' | 'unreadable' | 'not_answering';
  readonly mended: number;
  readonly lost: number;
};

/** Both stores: the browser's own, and its copy. */
export type StoresHealth = { readonly local: StoreHealth; readonly copy: StoreHealth };

/** Whether everything is in place for Fob to keep its word. Facts only: a page says them in words. */
export type Diagnosis = {
  readonly consentAt?: Instant;
  /** When the browser is to wake Fob, as the browser says. */
  readonly alarmAt?: Instant;
  /** When Fob is to be woken, as its plan says; absent: there is nothing to wake for. */
  readonly wakeAt?: Instant;
  /** The last time an alarm woke Fob since the browser started, and when that was due. */
  readonly woke?: { readonly at: Instant; readonly dueAt: Instant };
  readonly stores: StoresHealth;
  /** Why nothing of the vault could be read: then there are no sessions here, whatever is stored. */
  readonly unread?: FailureCode;
  readonly sessions: readonly {
    readonly session: SessionView;
    /** Whether what is behind its seal can be read. */
    readonly isReadable: boolean;
    /** How far the vendor's clock is ahead of this computer's (ms); absent: as good as not. */
    readonly clockAheadMs?: number;
    /** Oldest first. */
    readonly timeline: readonly TimelineEntry[];
  }[];
};

/** What the in-page panel of one console tab shows while Fob is open. */
export type PanelView = {
  readonly session: SessionView;
  readonly policy: KeepingPolicy;
  readonly shows: 'offer' | 'card' | 'signed_out';
  /** Names and numbers are masked. */
  readonly isMasked?: boolean;
  /** Where else this session can be, without asking the vendor: up to three. */
  readonly ready: readonly TenantView[];
};

/** What the person decided for a console as a whole. */
export type KeepingPolicy = 'ask' | 'always' | 'never';

/** Failures after which only a person can help: the vendor's own verdict on the last thing Fob could ask with. */
export const needsPerson = [
  'sign_in_needed',
  'grant_dead',
  'unauthorized',
  'tenant_refused',
  'identity_changed',
  'vault_unreadable',
  'revoked',
  'credentials_refused',
] as const satisfies readonly FailureCode[];

/** Why a session needs a sign-in. */
export type PersonCode = (typeof needsPerson)[number];

/** Whether only a person can help with it. */
export const isForPerson = (code: FailureCode): code is PersonCode =>
  (needsPerson as readonly FailureCode[]).includes(code);

/** Answers that are nobody's word on a token, and that no waiting has ever explained. */
const noVerdicts: readonly FailureCode[] = [
  'unexpected_status',
  'not_offered',
  'forbidden',
  'misconfigured',
  'redirected',
  'response_not_conform',
  'too_large',
];

/** Such an answer this long after the token's end (ms) makes it a fair question whether a sign-in would be quicker. */
const DOUBT = 24 * HOUR;

/** A token this close to its end, with nothing planned for it, is shown as ending soon (ms). */
const SOON = 15 * MINUTE;

/** What a session means at `now`: the one place where facts become a state. */
export function stateAt(session: SessionView, now: Instant): StateView {
  const endsAt = session.token.expiresAt;
  const ended = (endsAt ?? Infinity) <= now;
  const { keeping, trouble } = session;

  if (keeping === 'kept') {
    // With a time to try again it is not yet a person's: another rung is still to be tried.
    if (trouble && trouble.retryAt === undefined && isForPerson(trouble.code))
      return { kind: 'needs_sign_in', code: trouble.code, at: trouble.at };
    // Whatever else went wrong or is under way, nothing of it goes on before this is mended.
    if (session.isWithheld) return { kind: 'permission_missing' };
    if (trouble && endsAt !== undefined && trouble.at >= endsAt + DOUBT && noVerdicts.includes(trouble.code))
      return { kind: 'needs_sign_in', code: 'doubtful', at: endsAt };
    if (session.askingSince !== undefined) return { kind: 'renewing', since: session.askingSince };
    if (session.unansweredSince !== undefined) {
      return { kind: 'unanswered', askedAt: session.unansweredSince, nextAt: session.nextRenewalAt, ended };
    }
    if (trouble?.code === 'offline') return { kind: 'offline' };
    if (session.keeps === 'key') return ended ? { kind: 'ended', at: endsAt } : keyAt(session);
    if (trouble) return { kind: 'waiting', until: trouble.retryAt ?? session.nextRenewalAt ?? now, code: trouble.code };
    if (session.keeps !== 'renews') {
      if (ended) return { kind: 'ended', at: endsAt };
      if (session.confirmedAt === undefined) return { kind: 'unconfirmed' };
      return session.keeps === 'follows' ? { kind: 'follows', endsAt } : endsOf(session);
    }
    // Woken late (a sleeping machine): the token ended before Fob could ask. It asks as soon as it is awake.
    if (ended) return { kind: 'renewing', since: now };
    // Kept is said only of a grant that the vendor made for Fob and confirmed; until then it is being asked for.
    if (session.provenance === 'borrowed') return { kind: 'renewing', since: now };
    if (session.confirmedAt === undefined) return { kind: 'unconfirmed' };
    return { kind: 'kept', nextAt: session.nextRenewalAt };
  }
  if (ended) return { kind: 'ended', at: endsAt };
  if (trouble?.code === 'revoked' || trouble?.code === 'vault_unreadable')
    return { kind: 'needs_sign_in', code: trouble.code, at: trouble.at };
  // What a person has decided to leave is left; what is offered could be neither confirmed nor kept.
  if (session.isWithheld && keeping === 'offered') return { kind: 'permission_missing' };
  if (session.confirmedAt === undefined) return { kind: 'unconfirmed' };
  if (session.keeps === 'key') return keyAt(session);
  if (session.keeps === 'nothing') return endsOf(session);
  switch (keeping) {
    case 'offered':
    case 'watched':
      return { kind: keeping, endsAt };
    case 'paused':
      return { kind: 'paused', by: 'person', endsAt };
    case 'stopped_signed_out':
      return { kind: 'paused', by: 'signed_out', endsAt };
    case 'stopped_unused':
      return { kind: 'paused', by: 'unused', endsAt };
  }
}

/** A key is asked about, or renewed where it is armed, this long before its end (ms). */
const KEY_LEAD = 30 * 24 * HOUR;
/** A key this close to its end is shown as ending soon, and as a matter of days (ms). */
const KEY_SOON = { soon: 60 * 24 * HOUR, bad: 7 * 24 * HOUR };

function keyAt(session: SessionView): StateView {
  const endsAt = session.token.expiresAt;
  const isArmed = session.keeping === 'kept';
  const renewAt = (isArmed ? session.nextRenewalAt : undefined) ?? (endsAt && ((endsAt - KEY_LEAD) as Instant));
  return { kind: 'key', endsAt, isArmed, renewAt };
}

function endsOf(session: SessionView): StateView {
  return { kind: 'ends', endsAt: session.token.expiresAt, why: session.parent === undefined ? 'no_refresh' : 'moved' };
}

/** The role of a state; a token that ends within 15 minutes and will not be renewed is `soon`. */
export function roleOf(state: StateView, now: Instant): StateRole {
  switch (state.kind) {
    case 'kept':
    case 'renewing':
      return 'ok';
    case 'unanswered':
      return 'unsure';
    case 'needs_sign_in':
      return 'bad';
    case 'offered':
    case 'follows':
      return endsSoon(state.endsAt, now) ? 'soon' : 'info';
    case 'key': {
      const left = (state.endsAt ?? Infinity) - now;
      return left > KEY_SOON.soon ? 'off' : left > KEY_SOON.bad ? 'soon' : 'bad';
    }
    case 'watched':
    case 'paused':
    case 'ends':
      return endsSoon(state.endsAt, now) ? 'soon' : 'off';
    case 'unconfirmed':
    case 'waiting':
    case 'offline':
    case 'permission_missing':
    case 'ended':
      return 'off';
  }
}

function endsSoon(endsAt: Instant | undefined, now: Instant): boolean {
  return (endsAt ?? Infinity) - now <= SOON;
}

const urgency: Readonly<Record<StateRole, number>> = { bad: 0, unsure: 1, soon: 2, info: 3, off: 4, ok: 5 };

/** Orders sessions by what needs a person first, then by what ends first. */
export function byUrgency(now: Instant): (a: SessionView, b: SessionView) => number {
  return (a, b) =>
    urgency[roleOf(stateAt(a, now), now)] - urgency[roleOf(stateAt(b, now), now)] ||
    (a.token.expiresAt ?? Infinity) - (b.token.expiresAt ?? Infinity) ||
    a.id.localeCompare(b.id);
}

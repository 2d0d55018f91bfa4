import type { Outcome } from './failure';
import type { HttpRequest, HttpResponse } from './http';
import type { Ids, Labels, Lifetime, Provenance } from './state';
import type { Instant } from './time';

/** Which API a console belongs to. Follows from the console's origin alone, never from what a page or a token says. */
export type Deployment = {
  /** Origin of the console. */
  readonly console: string;
  /** The only origin its tokens may be sent to. */
  readonly api: string;
};

/** What a request needs and what its answer means (sans-I/O: it never fetches). `now` is when the answer was whole. */
export type Exchange<In, Out> = {
  readonly request: (input: In) => HttpRequest;
  readonly response: (answer: HttpResponse, input: In, now: Instant) => Outcome<Out>;
};

/** The same thing asked in several ways, the newest first: the next is tried only when a deployment does not offer the one before (`not_offered`). */
export type Exchanges<In, Out> = readonly [Exchange<In, Out>, ...Exchange<In, Out>[]];

/** A token with where it may be used, and what else the vendor has said its calls need. */
export type Bearing = { readonly deployment: Deployment; readonly access: string; readonly ids?: Ids };

/** A token of a known session: whose it is, and where. */
export type Placed = Bearing & { readonly subject: string; readonly tenant: string };

/** Whose token this is, as the vendor itself says. */
export type Identity = {
  readonly subject: string;
  readonly tenant: string;
  readonly labels: Labels;
  /** When the token was made, by the vendor's clock. */
  readonly issuedAt?: Instant;
  /** When the token ends, by the vendor's clock; absent: the vendor does not say, and what the token says stands. */
  readonly expiresAt?: Instant;
  readonly ids?: Ids;
};

/** What a token says of itself: a hint to recognise it by, never a verdict. Times by the vendor's clock. */
export type Claims = {
  readonly subject: string;
  readonly tenant: string;
  readonly token: Lifetime;
  /** Names the token carries: shown only where the vendor has nothing better to ask. */
  readonly labels?: Labels;
  readonly ids?: Ids;
};

/** A place a person can be at this vendor. */
export type Tenant = { readonly id: string; readonly name: string };

/** Tokens a vendor has just made. */
export type Granted = {
  readonly access: string;
  readonly refresh?: string;
  readonly token: Lifetime;
  readonly refreshLife?: Lifetime;
  /** Whom the token names (a claim: a hint, checked against what was asked for). */
  readonly subject?: string;
  readonly tenant?: string;
  readonly ids?: Ids;
};

/** One way to a new token. Tried in order, least harmful first; one that cannot be used now is passed over. */
export type Rung = {
  /**
   * rotate: present Fob's own refresh token, which spends it. mint: ask for another token with the live access token, which
   * ends nothing. request: present an application's credentials again. renew_key: have a key replaced by one that lives longer.
   */
  readonly name: 'rotate' | 'mint' | 'request' | 'renew_key';
  readonly from: readonly Provenance[];
  /** Whether a lost answer may have used something up: journalled before it is sent. */
  readonly spends: boolean;
  /** Started this long before the token's end (ms), rather than after a drawn part of its life. */
  readonly leadMs?: number;
  /** Every call makes another live credential: one whose answer was lost is not sent again unless a person says so. */
  readonly isOnce?: true;
  readonly exchanges: Exchanges<Renewing, Granted>;
};

/** What a rung works with. */
export type Renewing = Placed & { readonly refresh?: string; readonly client?: Values };

/** One page of tenants; `next` asks for the one after it. */
export type TenantPage = { readonly items: readonly Tenant[]; readonly next?: string };

/** What a person typed into a form, by the field's name. */
export type Values = Readonly<Record<string, string>>;

/** One field of a form. Its words are the interface's; what may be in it is the vendor's. */
export type Field = {
  readonly name: string;
  /** secret: shown only while pressed, never kept in the page. */
  readonly kind: 'text' | 'email' | 'secret' | 'uuid' | 'url' | 'number' | 'lines';
  readonly isOptional?: true;
  /** Longest value the vendor takes (characters). */
  readonly longest?: number;
};

/** A way to a first token that a person can fill in. */
export type SignIn = {
  readonly fields: readonly Field[];
} & (
  | {
      readonly exchanges: Exchanges<{ readonly deployment: Deployment; readonly values: Values }, Granted>;
      /** Fields that stay sealed with the session, so that its token can be asked for again. What is not named is forgotten when it is sent. */
      readonly keeps?: readonly string[];
    }
  /** What is typed in this field is the token itself: nothing is asked for, the vendor says whose it is. */
  | { readonly takes: string }
);

/** Where a deployment is, as a person names it. */
export type Place = {
  /** Deployments to choose from, by console origin; empty: it is typed. */
  readonly choices: readonly string[];
  /** Reads what was typed: a tenant's name, a host or an address. */
  readonly read?: (typed: string) => Deployment | undefined;
  /** A deployment on somebody's own hosts. `api` only where it does not follow from the console. Both are the person's to name, and to allow. */
  readonly selfHosted?: (console: URL, api: URL | undefined) => Deployment | undefined;
};

/** A token as a person wants it made. Durations in seconds. */
export type TokenWanted = {
  readonly subject: string;
  readonly tenant: string;
  readonly audiences: readonly string[];
  readonly durationS: number;
  readonly roles?: Readonly<Record<string, string>>;
  readonly scopes?: readonly string[];
  readonly session?: string;
  readonly inheritSession?: boolean;
  readonly createRefreshToken?: boolean;
};

/** What to list. Times as text the vendor reads: ISO 8601. */
export type TokenFilter = {
  readonly limit?: number;
  readonly subject?: string;
  readonly tenant?: string;
  readonly jti?: string;
  readonly session?: string;
  readonly isRevoked?: boolean;
  readonly expFrom?: string;
  readonly expTo?: string;
  readonly iatFrom?: string;
  readonly iatTo?: string;
  readonly scopes?: readonly string[];
};

/** One token in the vendor's books. Never the token itself. */
export type TokenRecord = {
  readonly jti: string;
  readonly subject?: string;
  readonly email?: string;
  readonly tenant?: string;
  readonly session?: string;
  readonly issuedAt?: Instant;
  readonly expiresAt?: Instant;
  readonly isRevoked?: boolean;
  readonly isMasquerading?: boolean;
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
  readonly roles: Readonly<Record<string, readonly string[]>>;
};

/** One page of tokens. `limit`: how many the vendor gives at once. */
export type TokenPage = { readonly limit: number; readonly items: readonly TokenRecord[] };

/** How the console itself is taken to another tenant, by the console's own rules and with its cookies. */
export type ConsoleFollow = {
  /** The token against forged requests, which the console wants back. */
  readonly token: { readonly path: string; readonly read: (json: unknown) => string | undefined };
  readonly session: {
    readonly path: string;
    readonly body: (input: { csrf: string; access: string; refresh: string }) => string;
    /** Whether the console's answer shows that it took the pair. */
    readonly took: (json: unknown, tenant: string) => boolean;
  };
};

/**
 * A vendor, as one value. What it cannot do is a member that is not there, never a flag.
 */
export type Vendor = {
  readonly id: string;
  readonly name: string;
  /** Where its content script runs without asking: the content entrypoint names the same. Empty: each host is asked for. */
  readonly consoles: readonly string[];
  readonly deployment: (console: URL) => Deployment | undefined;
  readonly place: Place;
  /** Whether an address may be a console of this vendor that has to be allowed first: a hint to offer it by. */
  readonly mayBe?: (console: URL) => boolean;
  /** Reads a token from an `Authorization` header the console sent to `to`. Absent: its console sends none. */
  readonly wire?: (authorization: string, to: URL, deployment: Deployment) => string | undefined;
  /** Absent: its tokens say nothing of themselves that may be relied on. */
  readonly claims?: (access: string, deployment: Deployment) => Claims | undefined;
  /** Absent: the vendor cannot be asked; that it took the console's own request with the token is all there is. */
  readonly identify?: Exchange<Bearing & { readonly tenant?: string }, Identity>;
  /** What a tenant is called, where `identify` names its id alone. */
  readonly tenantName?: Exchange<Bearing & { readonly tenant: string }, string>;
  readonly tenants?: Exchange<Placed & { readonly cursor?: string }, TenantPage>;
  readonly move?: {
    readonly verb: 'switch' | 'exchange' | 'reissue';
    /** root: always made from the token one signed in with, never from one that was made from it. */
    readonly from: 'current' | 'root';
    readonly to: Exchange<Bearing & { readonly tenant: string }, Granted>;
  };
  readonly follow?: ConsoleFollow;
  /** Empty: its tokens cannot be renewed. */
  readonly renewal: readonly Rung[];
  readonly obtain: Readonly<Record<string, SignIn>>;
  readonly revoke?: Exchange<Bearing & { readonly allSessions: boolean }, void>;
  /** Ends one sign-in of one person, named by its ids, with a token of somebody who may. */
  readonly endSession?: Exchange<
    Bearing & { readonly of: { readonly subject: string; readonly tenant?: string; readonly session?: string } },
    void
  >;
  readonly create?: Exchange<Bearing & { readonly wanted: TokenWanted }, Granted>;
  /** Whether `create` would be allowed: asked first, so that a refusal costs nothing. */
  readonly validate?: Exchange<Bearing & { readonly wanted: TokenWanted }, void>;
  readonly list?: Exchange<Bearing & { readonly filter: TokenFilter }, TokenPage>;
  /** Text that runs one request of the API with the token, for a terminal. */
  readonly curl: (bearing: Placed) => string;
};

import type { Outcome } from './failure';
import type { HttpRequest, HttpResponse } from './http';
import type { Labels, Lifetime, Provenance } from './state';
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

/** A token with where it may be used. */
export type Bearing = { readonly deployment: Deployment; readonly access: string };

/** Whose token this is, as the vendor itself says. */
export type Identity = {
  readonly subject: string;
  readonly tenant: string;
  readonly labels: Labels;
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
};

/** One way to a new token. Tried in order, least harmful first; one that cannot be used now is passed over. */
export type Rung = {
  /** rotate: present Fob's own refresh token, which spends it. mint: ask for another token with the live access token, which ends nothing. */
  readonly name: 'rotate' | 'mint';
  readonly from: readonly Provenance[];
  /** Whether a lost answer may have used up what was presented: journalled before it is sent. */
  readonly spends: boolean;
  readonly exchange: Exchange<Renewing, Granted>;
};

/** What a rung works with. */
export type Renewing = Bearing & { readonly refresh?: string; readonly tenant: string };

/** What a person types to sign in. Never kept. */
export type Credentials = { readonly email: string; readonly password: string; readonly tenant?: string };

/** One page of tenants; `next` asks for the one after it. */
export type TenantPage = { readonly items: readonly Tenant[]; readonly next?: number };

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
  /** Where its content script runs: the content entrypoint names the same. */
  readonly consoles: readonly string[];
  readonly deployment: (console: URL) => Deployment | undefined;
  /** What a token says of itself: a hint to recognise it by, never a verdict. */
  readonly claims: (access: string) => { subject: string; tenant: string; token: Lifetime } | undefined;
  readonly identify: Exchange<Bearing & { readonly tenant: string }, Identity>;
  readonly tenants?: Exchange<Bearing & { readonly page: number }, TenantPage>;
  readonly move?: {
    readonly verb: 'switch' | 'exchange' | 'reissue';
    readonly to: Exchange<Bearing & { readonly tenant: string }, Granted>;
  };
  readonly follow?: ConsoleFollow;
  /** Empty: its tokens cannot be renewed. */
  readonly renewal: readonly Rung[];
  readonly obtain?: { readonly credentials?: Exchange<{ deployment: Deployment; credentials: Credentials }, Granted> };
  /** Text that runs one request of the API with the token, for a terminal. */
  readonly curl: (bearing: Bearing) => string;
};

import type { Instant } from './time';

/** What a vendor wants sent. Plain data: building one sends nothing. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** Absolute. Its origin must be one of the session's own API origins, or it is not sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Media types whose body may be read as JSON, without parameters, lower case. */
  readonly jsonTypes: readonly string[];
};

/** A whole answer. An answer that was cut short, too large or redirected is a failure of the transport and never gets here. */
export type HttpResponse = {
  readonly status: number;
  /** Lower-case names. Only what Fob reads: `retry-after`, `date`, `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed when the content type was one of `jsonTypes` and it parsed; otherwise undefined. */
  readonly json: unknown;
  /** When the request was started: a lifetime counts from here (the token cannot be younger). */
  readonly startedAt: Instant;
};

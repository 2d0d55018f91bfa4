import * as v from 'valibot';
import type { HttpResponse } from '../core/http';
import type { Lifetime } from '../core/state';
import { after, type Instant, MINUTE, SECOND } from '../core/time';
import { claimsOf, timeClaim } from './claims';

const errorDocument = v.object({
  error: v.pipe(v.string(), v.nonEmpty()),
  error_description: v.fallback(v.optional(v.string()), undefined),
});

/** Why a token endpoint refused. The description is for telling causes apart, never for showing: it may quote what was sent. */
export type TokenError = { readonly error: string; readonly description?: string };

/** The error of an OAuth token endpoint (RFC 6749 §5.2); undefined where the answer is of another form. */
export function tokenError(answer: HttpResponse): TokenError | undefined {
  const parsed = v.safeParse(errorDocument, answer.json);
  if (!parsed.success) return undefined;
  const { error, error_description: description } = parsed.output;
  return { error, ...(description === undefined ? {} : { description }) };
}

/** For a token that nobody says the end of (ms): renewed too early rather than never. */
const UNTOLD = 5 * MINUTE;

/**
 * The life of an access token just made, by this computer's clock: what the answer says (s), else what the token says, else five
 * minutes. `said`: whatever stands in the answer, the first that is a length counts. An odd one is no reason to lose a token.
 */
export function lifeOf(
  token: string,
  answer: HttpResponse,
  ...said: readonly unknown[]
): Lifetime & { expiresAt: Instant } {
  const seconds = said.find(isLength);
  const life = seconds === undefined ? (ownLength(token, answer) ?? UNTOLD) : seconds * SECOND;
  return { issuedAt: answer.startedAt, expiresAt: after(answer.startedAt, life) };
}

/** The life of a refresh token just made, by this computer's clock: only what it says itself. Nothing says that it ends. */
export function refreshLifeOf(token: string, answer: HttpResponse): Lifetime {
  const life = ownLength(token, answer);
  return { issuedAt: answer.startedAt, ...(life === undefined ? {} : { expiresAt: after(answer.startedAt, life) }) };
}

/**
 * How long a token lives by its own word (ms). Its end is by the vendor's clock, and so is what it is counted from: the answer's
 * `Date`, or when the token was made, whichever is later. A token made with the end of another (Agilicus) may be long past its
 * own beginning. But none has ended when it is made: a `Date` that says so is wrong.
 */
function ownLength(token: string, { headers }: HttpResponse): number | undefined {
  const claims = claimsOf(token);
  const endsAt = timeClaim(claims, 'exp') ?? 0;
  const madeAt = timeClaim(claims, 'iat') ?? 0;
  const from = [Math.max(madeAt, Date.parse(headers['date'] ?? '') || 0), madeAt].find((at) => at > 0 && at < endsAt);
  return from === undefined ? undefined : endsAt - from;
}

/** A second to a year: what is outside is a slip (s). */
const isLength = (seconds: unknown): seconds is number =>
  typeof seconds === 'number' && seconds >= 1 && seconds <= 31_536_000;

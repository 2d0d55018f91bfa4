import * as v from 'valibot';
import type { HttpResponse } from '../core/http';
import type { Lifetime } from '../core/state';
import { after, SECOND } from '../core/time';
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

/**
 * The life of a token just made, by this computer's clock: what the answer says (s), else what the token says. Its end is by
 * the vendor's clock, and so is what it is counted from: the answer's `Date`, or when the token was made, whichever is later.
 * A token made with the end of another (Agilicus) may be long past its own beginning.
 */
export function lifeOf(token: string, { startedAt, headers }: HttpResponse, expiresInS?: number | null): Lifetime {
  const claims = claimsOf(token);
  const endsAt = timeClaim(claims, 'exp');
  const madeAt = Math.max(timeClaim(claims, 'iat') ?? 0, Date.parse(headers['date'] ?? '') || 0);
  const counted = endsAt !== undefined && madeAt > 0 ? endsAt - madeAt : 0;
  const life = isLength(expiresInS) ? expiresInS * SECOND : counted;
  return { issuedAt: startedAt, ...(life > 0 ? { expiresAt: after(startedAt, life) } : {}) };
}

/** Above none, and below what no calendar holds (s). */
const isLength = (seconds: number | null | undefined): seconds is number =>
  typeof seconds === 'number' && seconds > 0 && seconds < 1e10;

import * as v from 'valibot';
import { type Failed, failed, ok, type Outcome } from '../core/failure';
import type { HttpResponse } from '../core/http';
import { retryAfter } from '../core/retry-after';
import { after, type Instant, MINUTE } from '../core/time';
import { BEARER, LONGEST } from './claims';

/** An access token in an answer: what a header can carry. */
export const token = v.pipe(v.string(), v.maxLength(LONGEST), v.regex(BEARER));
/** A refresh token in an answer (RFC 6749 appendix A.17), where one comes; some servers write an empty text for none. */
export const refreshToken = v.nullish(v.pipe(v.string(), v.maxLength(LONGEST), v.regex(/^[ -~]*$/)));

/** Reads an answer by its schema; what does not fit is named by its path, never by its value. */
export function conform<Schema extends v.GenericSchema>(schema: Schema, json: unknown): Outcome<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  return parsed.success ? ok(parsed.output) : notConform(v.getDotPath(parsed.issues[0]) ?? '');
}

/** The failure of an answer that breaks the contract at `path`. */
export const notConform = (path: string): Failed => failed({ code: 'response_not_conform', path });

/** What a status that is no success means at any vendor; a vendor with its own word for one reads that first. */
export function refusal({ status, headers }: HttpResponse, now: Instant): Failed {
  const retryAt = retryAfter(headers, now);
  if (status === 429) return failed({ code: 'rate_limited', retryAt: retryAt ?? after(now, MINUTE) });
  if (status >= 500) return failed({ code: 'vendor_down', status, ...(retryAt === undefined ? {} : { retryAt }) });
  if (status >= 200 && status < 300) return notConform('');
  if (status === 401) return failed({ code: 'unauthorized' });
  if (status === 403) return failed({ code: 'forbidden' });
  if (status === 404 || status === 405 || status === 410) return failed({ code: 'not_offered' });
  return failed({ code: 'unexpected_status', status });
}

/** What a plain call is answered: its document after a success, whichever 2xx it is; otherwise what the status means. */
export const reading = <Schema extends v.GenericSchema>(
  schema: Schema,
  answer: HttpResponse,
  now: Instant,
): Outcome<v.InferOutput<Schema>> =>
  answer.status >= 200 && answer.status < 300 ? conform(schema, answer.json) : refusal(answer, now);

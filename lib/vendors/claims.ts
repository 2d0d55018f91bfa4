import { payloadOf } from '../core/jwt';

/** A token longer than this is none (characters): no server takes a header of that size, and 64 kB of claims are no name. */
export const LONGEST = 16 * 1024;
/** RFC 6750 §2.1 b64token: what a header can carry, and what ends no quotation in a terminal. */
export const BEARER = /^[\w.~+/-]+=*$/;

/** What a JWT says of itself (RFC 7519), or undefined for anything else. Not checked: a hint, never a verdict. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  return token.length > LONGEST || !BEARER.test(token) ? undefined : payloadOf(token);
}

/** A claim that is text of a sensible length. */
export function textClaim(claims: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = claims?.[name];
  return typeof value === 'string' && value !== '' && value.length <= 256 ? value : undefined;
}

/** A NumericDate claim, as epoch ms; undefined for what no calendar holds. */
export function timeClaim(claims: Readonly<Record<string, unknown>> | undefined, name: string): number | undefined {
  const value = claims?.[name];
  return typeof value === 'number' && value > 0 && value < 253_402_300_800 ? Math.round(value * 1000) : undefined;
}

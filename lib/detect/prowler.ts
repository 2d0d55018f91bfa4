import type { Found, SessionReader } from './session';

/** Longest text taken from a page (characters). */
const LONGEST = 8 * 1024;

/**
 * Prowler's console (Auth.js) answers its own page with the session in clear JSON, `null` when signed out, and an `error`
 * member when the session is dead. The refresh token in that answer is the console's own: it is not looked at.
 */
export const prowlerSession: SessionReader = {
  path: '/api/auth/session',
  read(json): Found {
    if (json === null) return { kind: 'signed_out' };
    if (typeof json !== 'object') return { kind: 'unreadable' };
    const { accessToken, expires } = json as { accessToken?: unknown; expires?: unknown };
    // A failed tenant switch carries an `error` beside a live session: the token decides, not the error.
    if (typeof accessToken !== 'string' || accessToken === '' || accessToken.length > LONGEST)
      return { kind: 'unreadable' };
    return {
      kind: 'session',
      access: accessToken,
      ...(typeof expires === 'string' && expires.length < 64 ? { expiresAt: expires } : {}),
    };
  },
};

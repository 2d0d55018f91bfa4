import { createHash, randomBytes } from 'node:crypto';

/** The cookie that holds one half of a double submit. */
const csrfCookie = '__Host-authjs.csrf-token';

/** A token for forms, and the `Set-Cookie` line that goes with it when it is new. */
export type Csrf = { readonly token: string; readonly setCookie?: string };

/** The token the cookie stands for, when the cookie is ours, or a new one. */
export function csrfFor(cookies: ReadonlyMap<string, string>, secret: string): Csrf {
  const kept = verified(cookies, secret);
  if (kept !== undefined) return { token: kept };
  const token = randomBytes(32).toString('hex');
  const value = encodeURIComponent(`${token}|${hash(token, secret)}`);
  return { token, setCookie: `${csrfCookie}=${value}; Path=/; HttpOnly; Secure; SameSite=Lax` };
}

/** Whether what was submitted is the other half of the cookie. */
export function csrfHolds(cookies: ReadonlyMap<string, string>, submitted: unknown, secret: string): boolean {
  const token = verified(cookies, secret);
  return token !== undefined && token === submitted;
}

function verified(cookies: ReadonlyMap<string, string>, secret: string): string | undefined {
  const [token = '', stamp] = decodeURIComponent(cookies.get(csrfCookie) ?? '').split('|');
  return stamp === hash(token, secret) ? token : undefined;
}

const hash = (token: string, secret: string): string => createHash('sha256').update(`${token}${secret}`).digest('hex');

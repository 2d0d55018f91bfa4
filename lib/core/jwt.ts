import { jwtDecode } from 'jwt-decode';

/**
 * The second part of a JWT (RFC 7519 §3), or undefined for anything else. Bytes that are no UTF-8 are nobody's name: the library
 * takes them for another alphabet's letters, and would make one up.
 */
export function payloadOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const base64 = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const claims: unknown = jwtDecode(token);
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? { ...claims } : undefined;
  } catch {
    // Words with dots between them. Opaque tokens are allowed to be (RFC 6749 §1.4).
    return undefined;
  }
}

/**
 * The second part of a JWT (RFC 7519 §3), or undefined for anything else. Bytes that are no UTF-8 are nobody's name: a reader
 * that takes them for another alphabet's letters would make one up.
 */
export function payloadOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const base64 = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? { ...claims } : undefined;
  } catch {
    // Words with dots between them. Opaque tokens are allowed to be (RFC 6749 §1.4).
    return undefined;
  }
}

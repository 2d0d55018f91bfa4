import { BEARER } from './claims';

/** This computer, by the two names that browsers let an extension ask for without TLS. */
export const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname === '127.0.0.1';

/** Whether what is sent there can be read by nobody on the way. */
export const isConfidential = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));

/** An address as people type it: the scheme may be left out. */
export function typedAddress(typed: string): URL | undefined {
  const address = typed.includes('://') ? typed.trim() : `https://${typed.trim()}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** The token in an `Authorization` header (RFC 6750 §2.1). */
export function bearerIn(authorization: string): string | undefined {
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  return token !== undefined && BEARER.test(token) ? token : undefined;
}

/** A host as an origin: plain http on this computer alone, where nobody listens on the way. */
export const originOf = (host: string): string =>
  `${/^(localhost|127\.0\.0\.1)(:|$)/.test(host) ? 'http' : 'https'}://${host}`;

/** The origin of an address as people type it: the scheme may be left out. */
export function typedOrigin(typed: string): string | undefined {
  const address = typed.includes('://') ? typed.trim() : `https://${typed.trim()}`;
  return URL.canParse(address) ? new URL(address).origin : undefined;
}

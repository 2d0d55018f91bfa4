/** A host as an origin: plain http on this computer alone, where nobody listens on the way. */
export const originOf = (host: string): string =>
  `${/^(localhost|127\.0\.0\.1)(:|$)/.test(host) ? 'http' : 'https'}://${host}`;

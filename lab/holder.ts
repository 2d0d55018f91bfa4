import type { IncomingHttpHeaders } from 'node:http';

/** Who holds the tokens a request shows, as far as a server can tell. */
export type Holder = 'console-server' | 'page' | 'extension' | 'other';

/**
 * Judges a request by what browsers themselves add to it. A content script reading its own page's origin is `page`: no server
 * can tell the two apart.
 */
export function holderOf(headers: IncomingHttpHeaders, fromConsoleServer: boolean): Holder {
  if (fromConsoleServer) return 'console-server';
  const origin = headers.origin;
  if (origin !== undefined) return /^[a-z]+-extension:/.test(origin) ? 'extension' : browserOr('page', headers);
  const site = headers['sec-fetch-site'];
  if (site === undefined) return browserOr('page', headers);
  // A page's own cross-origin fetch always names its origin; an extension's GET to a permitted host does not.
  return headers['sec-fetch-dest'] === 'empty' && site !== 'same-origin' ? 'extension' : 'page';
}

const browserOr = (holder: Holder, headers: IncomingHttpHeaders): Holder =>
  headers['user-agent']?.startsWith('Mozilla/') === true ? holder : 'other';

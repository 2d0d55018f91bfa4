import type { IncomingHttpHeaders } from 'node:http';

/** Who holds the tokens a request shows, as far as a server can tell. */
export type Holder = 'console-server' | 'page' | 'extension' | 'other';

/**
 * Judges a request by what browsers themselves add to it. A content script that reads its own page's origin is `page`, unless
 * it hides what page that is: no server can tell the two apart.
 */
export function holderOf(headers: IncomingHttpHeaders, fromConsoleServer: boolean): Holder {
  if (fromConsoleServer) return 'console-server';
  const origin = headers.origin;
  if (origin !== undefined) return /^[a-z]+-extension:/.test(origin) ? 'extension' : browserOr('page', headers);
  if (headers['sec-fetch-dest'] !== 'empty') return browserOr('page', headers);
  // A page's fetch names its origin, or at home the page it is on. An extension's GET to a permitted host names neither:
  // Chromium calls its site `none`, Firefox `same-origin`.
  return headers.referer === undefined ? 'extension' : 'page';
}

const browserOr = (holder: Holder, headers: IncomingHttpHeaders): Holder =>
  headers['user-agent']?.startsWith('Mozilla/') === true ? holder : 'other';

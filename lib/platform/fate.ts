import { MINUTE } from '../core/time';
import browser from './browser';

/**
 * What a browser says of a request that has failed, but only of one of which nothing has been sent. Anything else may have been
 * delivered.
 *
 * Chromium: no name, nobody there; a certificate is judged before the handshake ends; no proxy, or one that makes no tunnel
 * (403, 502, 503, 504). Measured in 156, but for `CONNECTION_TIMED_OUT`, which its source says of connecting alone
 * (`MapConnectError`), and the certificate's name and date (`net_error_list.h`). Firefox: the same, all measured in 153, where a
 * proxy's 503 is `CONNECTION_REFUSED`.
 *
 * Not here, for all that they look it: `SSL_PROTOCOL_ERROR` and Firefox's texts for TLS (in the person's language) are said of a
 * broken record after the body, too [measured]; `INTERNET_DISCONNECTED` and `ADDRESS_UNREACHABLE` can come of reading
 * (`MapSystemError`), and `navigator.onLine` was asked before.
 */
const UNSENT =
  /^(net::ERR_(NAME_NOT_RESOLVED|CONNECTION_(REFUSED|TIMED_OUT)|CERT_(AUTHORITY|COMMON_NAME|DATE)_INVALID|(PROXY|TUNNEL)_CONNECTION_FAILED)|NS_ERROR_(UNKNOWN_HOST|(PROXY_)?CONNECTION_REFUSED|PROXY_(BAD_GATEWAY|GATEWAY_TIMEOUT)))$/;
/** How often an event is looked for that comes after `fetch` has rejected (ms), and how many times: half a second in all. */
const PAUSE = 20;
const PAUSES = 25;
/**
 * A connection that was used less than this ago may still be open (ms): a server ends an idle one after 1 to 10 minutes. Both
 * browsers send a POST again when such a connection breaks after the body, and tell only how the second try has ended.
 */
const KEPT_OPEN = 15 * MINUTE;

/** What is told of a request that failed. Chromium names the asking origin, Firefox the address. */
type Details = {
  readonly method: string;
  readonly url: string;
  readonly timeStamp: number;
  readonly error: string;
  readonly tabId: number;
  readonly initiator?: string;
  readonly originUrl?: string;
};

/** Own calls to one site that overlap: which connection was whose is not known. */
type Round = {
  readonly since: number;
  /** Whether there was no connection for it yet. */
  readonly isFirst: Promise<boolean>;
  /** Method and address of each. */
  readonly calls: string[];
  /** How many of them the browser said of that nothing was sent: it says so once of a request. */
  unsent: number;
  over: number;
};

const rounds = new Map<string, Round>();

/**
 * Hears what becomes of own requests. To be called before anything is awaited. A call and what the browser says of a request
 * are matched by method and address, since neither knows the other's number: see ADR 14.
 */
export function onFate(patterns: readonly string[]): void {
  const own = browser.runtime.getURL('').slice(0, -1);
  browser.webRequest.onErrorOccurred.addListener(
    ({ method, url, timeStamp, error, tabId, initiator, originUrl }: Details) => {
      const isOwn = tabId < 0 && (initiator ?? originUrl)?.startsWith(own);
      if (!isOwn || !UNSENT.test(error)) return;
      // What comes later than half a second is of an earlier round.
      for (const round of rounds.values()) {
        if (round.calls.includes(method + url) && timeStamp >= round.since) round.unsent += 1;
      }
    },
    { urls: [...patterns], types: ['xmlhttprequest'] },
  );
  // An update empties what is kept here, and leaves connections open.
  browser.runtime.onInstalled.addListener(() => use('*'));
}

/** Sends a request. Nothing, when it is certain that nothing was sent; what `fetch` rejects with, when it may have been. */
export async function unlessUnsent(
  method: string,
  url: URL,
  request: () => Promise<Response>,
): Promise<Response | undefined> {
  const site = siteOf(url);
  const round: Round = rounds.get(site) ?? {
    since: Date.now(),
    // What cannot be looked up stops no call.
    isFirst: isUnused(site).catch(() => false),
    calls: [],
    unsent: 0,
    over: 0,
  };
  rounds.set(site, round);
  round.calls.push(method + url);
  const isFirst = await round.isFirst;
  use(site);
  try {
    return await request();
  } catch (error) {
    // All of them: the connection of one that was answered or is under way may have been this one's.
    const areUnsent = () => round.unsent >= round.calls.length;
    for (let pauses = 0; pauses < PAUSES && !areUnsent(); pauses += 1) {
      await new Promise((over) => setTimeout(over, PAUSE));
    }
    if (!areUnsent()) throw error;
    // What cannot connect has found no open connection, or has used up those there were: the next call has none.
    use(site, 0);
    if (!isFirst) throw error;
  } finally {
    round.over += 1;
    if (round.over === round.calls.length) rounds.delete(site);
  }
  return undefined;
}

/** HTTP/2 serves the hosts of one certificate over one connection: those of a site. */
function siteOf({ hostname }: URL): string {
  return hostname.split('.').slice(-2).join('.');
}

/** Kept where it outlives the worker, as connections do, and not the browser. */
function use(site: string, at = Date.now()): void {
  void browser.storage.session.set({ [`used ${site}`]: at });
}

async function isUnused(site: string): Promise<boolean> {
  const times = await browser.storage.session.get([`used ${site}`, 'used *']);
  return Object.values(times).every((at) => Date.now() - (at as number) > KEPT_OPEN);
}

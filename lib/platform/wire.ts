import type { WireRequest } from '../core/console-tabs';
import { MINUTE } from '../core/time';
import browser from './browser';

/** The same token of the same page, to the same part of an API and answered alike, is told of once in this time (ms). */
const TOLD_AGAIN = MINUTE;
/** Requests under way, and tokens lately told of, that are held at most: the oldest is let go. A page has far fewer. */
const HELD = 256;
/** Longest header that is held (characters): a token is shorter, and what is longer is none. */
const LONGEST = 16 * 1024;

/** What both browsers say of a request. Chromium names the asking page's origin, Firefox its address. */
type Details = {
  readonly requestId: string;
  readonly url: string;
  readonly tabId: number;
  readonly frameId: number;
  readonly initiator?: string;
  readonly documentUrl?: string;
  readonly cookieStoreId?: string;
  readonly statusCode?: number;
  readonly requestHeaders?: readonly { readonly name: string; readonly value?: string }[];
};

/**
 * Hears of requests that pages of an allowed host have sent to an allowed host with an `Authorization` of their own, once
 * they are answered. To be called before anything is awaited: a request wakes the background for a listener that is there
 * by then, whatever its pattern, and no browser tells of a host that Fob may not read. Nothing of it is written anywhere.
 */
export function onWire(patterns: readonly string[], listener: (request: WireRequest) => void): void {
  const filter = { urls: [...patterns], types: ['xmlhttprequest' as const] };
  const ear = listen(() => Date.now(), listener);
  // Without Chromium's 'extraHeaders': it shows what a page has set as it is, and Firefox refuses the word.
  browser.webRequest.onSendHeaders.addListener(ear.sent, filter, ['requestHeaders']);
  browser.webRequest.onCompleted.addListener(ear.completed, filter);
  browser.webRequest.onErrorOccurred.addListener(ear.failed, filter);
}

/** Puts a request's header and its answer together. `now` in epoch ms. */
export function listen(now: () => number, listener: (request: WireRequest) => void) {
  const underWay = new Map<string, string>();
  const told = new Map<string, { readonly status: number; readonly at: number }>();

  return {
    sent(details: Details): void {
      // A redirect is sent anew under the same id: what went with the last one counts.
      underWay.delete(details.requestId);
      const authorization = pageOf(details) && headerOf(details);
      if (authorization) hold(underWay, details.requestId, authorization);
    },
    completed(details: Details): void {
      const authorization = underWay.get(details.requestId);
      underWay.delete(details.requestId);
      const page = pageOf(details);
      if (authorization === undefined || page === undefined) return;
      const url = new URL(details.url);
      const status = details.statusCode ?? 0;
      const key = [details.tabId, page, url.origin, url.pathname.split('/')[1], authorization].join(' ');
      const last = told.get(key);
      if (last?.status === status && now() - last.at < TOLD_AGAIN) return;
      told.delete(key);
      hold(told, key, { status, at: now() });
      const { tabId: tab, cookieStoreId: container } = details;
      listener({ tab, page, url, authorization, status, ...(container === undefined ? {} : { container }) });
    },
    failed(details: Details): void {
      underWay.delete(details.requestId);
    },
  };
}

/**
 * Origin of the document that asked. Only a tab's own document counts: a frame in it may be anybody's, and what is in no tab
 * is a worker of the page's, another extension, or Fob itself.
 */
function pageOf({ tabId, frameId, initiator, documentUrl }: Details): string | undefined {
  const address = initiator ?? documentUrl;
  if (tabId < 0 || frameId !== 0 || address === undefined || !URL.canParse(address)) return undefined;
  const { protocol, origin } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
}

function headerOf({ requestHeaders = [] }: Details): string | undefined {
  const value = requestHeaders.find(({ name }) => name.toLowerCase() === 'authorization')?.value;
  return value !== undefined && value.length <= LONGEST ? value : undefined;
}

function hold<T>(held: Map<string, T>, key: string, value: T): void {
  held.set(key, value);
  const [oldest] = held.keys();
  if (held.size > HELD && oldest !== undefined) held.delete(oldest);
}

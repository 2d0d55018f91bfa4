import { failed, ok, type Outcome } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import { instant, SECOND } from '../core/time';
import browser from './browser';
import { unlessUnsent } from './fate';

/** One deadline over headers and body (ms). A call that spends something is waited for as long as a vendor may need. */
const DEADLINE = { reads: 30 * SECOND, spends: 120 * SECOND };
/** Chromium ends a worker 30 s after its last event or API call, even with a fetch pending: an API call this often keeps it (ms). */
const HEARTBEAT = 20 * SECOND;
/** The largest body that is read (bytes): a page of 100 tenants with all their memberships is under it, a flood is not. */
const LARGEST = 2 * 1024 * 1024;
/** Response headers Fob has a use for. */
const READ = ['content-type', 'date', 'retry-after'];

/** Whether the browser lets Fob reach an origin. Firefox says no to a pattern with a port when it holds the one without. */
export function mayReach(origin: string): Promise<boolean> {
  const { protocol, hostname } = new URL(origin);
  return browser.permissions.contains({ origins: [`${protocol}//${hostname}/*`] });
}

/**
 * The one way out of the background. A request goes to its session's own API origin or nowhere: no cookies, no cache, no
 * referrer, no redirect, and no retry, because what may be sent again is the plan's to decide.
 */
export async function send(
  api: string,
  request: HttpRequest,
  how: { spends: boolean },
): Promise<Outcome<HttpResponse>> {
  const url = new URL(request.url);
  if (url.origin !== api || !isConfidential(url)) return failed({ code: 'origin_refused' });
  // Without the permission a form POST would still be delivered and only its answer hidden: the token would be spent.
  if (!(await mayReach(api))) return failed({ code: 'permission_missing', host: url.host });
  if (!navigator.onLine) return failed({ code: 'offline' });

  const startedAt = instant(Date.now());
  const signal = AbortSignal.timeout(how.spends ? DEADLINE.spends : DEADLINE.reads);
  const heartbeat = how.spends ? setInterval(() => void browser.runtime.getPlatformInfo(), HEARTBEAT) : undefined;
  try {
    const response = await unlessUnsent(request.method, url, () =>
      fetch(url, {
        method: request.method,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        signal,
        // 'manual' follows as little as 'error' does, and lets a redirect be told from a connection that broke.
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      }),
    );
    if (!response) return failed({ code: 'offline' });
    if (response.type === 'opaqueredirect') return failed({ code: 'redirected' });
    const body = await readBody(response);
    if (!body.ok) return body;
    return ok({
      status: response.status,
      headers: Object.fromEntries(READ.flatMap((name) => [[name, response.headers.get(name) ?? '']] as const)),
      json: isJson(response, request.jsonTypes) ? parse(body.value) : undefined,
      startedAt,
    });
  } catch {
    // fetch says one thing for all of it: refused, reset, cut off. Whether it was delivered is not known.
    return failed({ code: 'unanswered', why: signal.aborted ? 'timeout' : 'connection' });
  } finally {
    clearInterval(heartbeat);
  }
}

function isConfidential(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname));
}

async function readBody(response: Response): Promise<Outcome<Uint8Array>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  if (!reader) return ok(new Uint8Array());
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.byteLength;
      if (size > LARGEST) {
        void reader.cancel();
        return failed({ code: 'too_large' });
      }
      chunks.push(next.value);
    }
  } catch {
    // The status came and the body did not: the vendor has acted, and what it said is lost.
    return failed({ code: 'unanswered', why: 'cut_short' });
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return ok(whole);
}

function isJson(response: Response, jsonTypes: readonly string[]): boolean {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  return type !== undefined && jsonTypes.includes(type);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // Not what its content type says. The vendor's schema will name what is missing.
    return undefined;
  }
}

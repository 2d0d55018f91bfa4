import { SECOND } from '../core/time';

/** A read of the page's own that ended longer ago than this says nothing about now (ms). */
const JUST_NOW = 5 * SECOND;
/** How far an entry's start may lie from when Fob started its own read, to be that read (ms). */
const SAME_START = 50;

/** The starts of Fob's own reads that the timeline has not shown yet (ms since the page began). */
const ownReads: number[] = [];

/**
 * Hears of each read of `path` the page itself has completed, from the page's resource timeline: nothing is hooked, and
 * nothing of the answer is seen. Gives back how to stop.
 */
export function onPageRead(path: string, listener: () => void): () => void {
  const observer = new PerformanceObserver((list) => {
    const reads = list.getEntries().filter((entry) => isRead(entry, path) && !wasOwn(entry));
    if (reads.length > 0) listener();
  });
  observer.observe({ type: 'resource', buffered: true });
  return () => observer.disconnect();
}

function isRead(entry: PerformanceEntry, path: string): boolean {
  if (!URL.canParse(entry.name)) return false;
  const url = new URL(entry.name);
  const endedAt = entry.startTime + entry.duration;
  return url.origin === location.origin && url.pathname === path && performance.now() - endedAt < JUST_NOW;
}

function wasOwn(entry: PerformanceEntry): boolean {
  const index = ownReads.findIndex((startedAt) => Math.abs(startedAt - entry.startTime) < SAME_START);
  if (index === -1) return false;
  ownReads.splice(index, 1);
  return true;
}

/** Reads the session endpoint as the page would: same origin, its cookies. Undefined when there was no JSON to read. */
export async function readSession(path: string): Promise<unknown> {
  ownReads.push(performance.now());
  try {
    const response = await fetch(new URL(path, location.origin), {
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
    });
    return response.ok ? ((await response.json()) as unknown) : undefined;
  } catch {
    // Offline, or something other than JSON: not a word about the session.
    return undefined;
  }
}

/** Whether the page is looked at. */
export const isVisible = (): boolean => document.visibilityState === 'visible';

/** The page's two web stores; none of one that the browser keeps from it. */
export function pageStores(): readonly { names: () => readonly string[]; get: (name: string) => string | null }[] {
  return (['localStorage', 'sessionStorage'] as const).flatMap((which) => {
    try {
      const store = window[which];
      return [{ names: () => Object.keys(store), get: (name: string) => store.getItem(name) }];
    } catch {
      // Site data is blocked for this page.
      return [];
    }
  });
}

/**
 * Hears when the page's storage may have changed, without a hook in the page: `look` for what another tab has written and
 * when the page comes into view, `glance` every so often while it is in view (`everyMs`), because no browser tells of what
 * the page itself writes, and `leave` as it goes. Gives back how to stop.
 */
export function onStored(
  hear: { look: () => void; glance: () => void; leave: () => void },
  everyMs: number,
): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const turn = (): void => {
    clearInterval(timer);
    timer = isVisible() ? setInterval(hear.glance, everyMs) : undefined;
    if (isVisible()) hear.look();
  };
  window.addEventListener('storage', hear.look);
  window.addEventListener('pageshow', hear.look);
  window.addEventListener('pagehide', hear.leave);
  document.addEventListener('visibilitychange', turn);
  turn();
  return () => {
    clearInterval(timer);
    window.removeEventListener('storage', hear.look);
    window.removeEventListener('pageshow', hear.look);
    window.removeEventListener('pagehide', hear.leave);
    document.removeEventListener('visibilitychange', turn);
  };
}

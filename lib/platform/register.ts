import type { OwnDeployment } from '../core/state';
import browser from './browser';
import { isAllowed } from './permissions';

/** A console script as the browser is told of it. */
type Script = { readonly id: string; readonly matches: readonly string[]; readonly js: readonly string[] };

let queue: Promise<unknown> = Promise.resolve();

/**
 * Has the browser run the console scripts on people's own consoles: on each that is allowed, and nowhere else. May be called
 * at any time and any number of times. Gives what has been added, for tabs that are open already.
 */
export function keepRegistered(own: Readonly<Record<string, OwnDeployment>>): Promise<readonly Script[]> {
  // One after another: two that begin at once would both add the same script, and the later one fail.
  const step = queue.then(() => settle(own));
  queue = step.catch(() => undefined);
  return step;
}

async function settle(own: Readonly<Record<string, OwnDeployment>>): Promise<readonly Script[]> {
  const wanted = await wantedFor(Object.values(own));
  const there = await browser.scripting.getRegisteredContentScripts();
  const stale = there.filter(({ id, matches = [] }) => {
    const same = wanted.find((one) => one.id === id);
    return same?.matches.join() !== matches.toSorted().join();
  });
  if (stale.length > 0) await browser.scripting.unregisterContentScripts({ ids: stale.map(({ id }) => id) });
  const kept = new Set(there.filter((one) => !stale.includes(one)).map(({ id }) => id));
  const added = wanted.filter(({ id }) => !kept.has(id));
  for (const { id, matches, js } of added) {
    // Each by itself: one that this Fob has no script for must not cost the others theirs.
    await browser.scripting
      .registerContentScripts([{ id, matches: [...matches], js: [...js], runAt: 'document_start' }])
      .catch(() => undefined);
  }
  return added;
}

/** One script for each vendor, as the build names it, with the allowed consoles of that vendor. */
async function wantedFor(own: readonly OwnDeployment[]): Promise<readonly Script[]> {
  const patterns = new Map<string, Set<string>>();
  for (const { vendor, console } of own) {
    if (await isAllowed(console)) patterns.set(vendor, (patterns.get(vendor) ?? new Set()).add(patternOf(console)));
  }
  return [...patterns].map(([vendor, matches]) => ({
    id: `own-${vendor}`,
    matches: [...matches].toSorted(),
    js: [`content-scripts/${vendor}.js`],
  }));
}

/** Without a port, which Firefox takes in no pattern. The background judges a sender by its whole origin. */
function patternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

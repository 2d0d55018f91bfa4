import type { ConsoleFollow } from '../core/vendor';
import browser from './browser';

/**
 * Hands a pair to the console in one tab, by the console's own rules. It is done in the isolated world of that document:
 * its cookies and its container are then the right ones by nature, and the background never sends a cookie anywhere
 * (docs/adr/0001).
 */
export async function follow(
  tab: number,
  console: string,
  how: ConsoleFollow,
  pair: { access: string; refresh: string; tenant: string },
): Promise<'followed' | 'refused' | 'signed_out' | 'no_tab'> {
  const csrf = how.token.read(await inDocument(tab, console, { path: how.token.path }));
  if (csrf === undefined) return 'refused';
  const body = how.session.body({ csrf, access: pair.access, refresh: pair.refresh });
  const answer = await inDocument(tab, console, { path: how.session.path, body });
  if (answer === null) return 'signed_out';
  return how.session.took(answer, pair.tenant) ? 'followed' : 'refused';
}

async function inDocument(tabId: number, origin: string, request: { path: string; body?: string }): Promise<unknown> {
  try {
    const [done] = await browser.scripting.executeScript({
      target: { tabId, frameIds: [0] },
      func: sameOriginJson,
      args: [origin, request.path, request.body ?? null],
    });
    return done?.result;
  } catch {
    // The tab is gone, or shows something Fob may not touch.
    return undefined;
  }
}

/** Runs in the page's isolated world, so it carries everything it needs in itself. */
async function sameOriginJson(origin: string, path: string, body: string | null): Promise<unknown> {
  // The tab may have gone elsewhere since the click.
  if (location.origin !== origin) return undefined;
  try {
    const response = await fetch(path, {
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      ...(body === null ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

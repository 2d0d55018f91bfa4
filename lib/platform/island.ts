import browser from './browser';

/** Longest island that is read (characters). */
const LONGEST = 64 * 1024;

/** What Prowler's console says of itself, as far as Fob asks. */
export type RuntimeConfig = { readonly apiBaseUrl?: string };

/**
 * What a page says of its own set-up where Prowler's console says it: undefined where there is no such island, or Fob may not
 * look. At a click on Fob the browser lets it look at the tab in view, whichever host that is. A page's word: a proposal.
 */
export async function readRuntimeConfig(tabId: number): Promise<RuntimeConfig | undefined> {
  let text: unknown;
  try {
    const [done] = await browser.scripting.executeScript({
      target: { tabId, frameIds: [0] },
      func: islandText,
      args: [LONGEST],
    });
    text = done?.result;
  } catch {
    // The tab is gone, or shows something Fob may not look at.
  }
  return typeof text === 'string' ? runtimeConfigIn(text) : undefined;
}

/** Reads an island's text: an address of the web or nothing, and nothing else of it. */
export function runtimeConfigIn(text: string): RuntimeConfig | undefined {
  try {
    const { apiBaseUrl: url } = { ...(JSON.parse(text) as { apiBaseUrl?: unknown } | null) };
    const isWeb =
      typeof url === 'string' && url.length <= 512 && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
    // Parsed and written anew, without anything that could be a secret.
    return isWeb ? { apiBaseUrl: new URL(url).origin + new URL(url).pathname } : {};
  } catch {
    return undefined;
  }
}

/** Runs in the page's isolated world, so it carries everything it needs in itself. */
function islandText(longest: number): string | undefined {
  const island = document.querySelector('script#__PROWLER_RUNTIME_CONFIG__[type="application/json"]');
  const text = island?.textContent ?? undefined;
  return text !== undefined && text.length <= longest ? text : undefined;
}

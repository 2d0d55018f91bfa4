import browser from './browser';

/**
 * Puts the content scripts into consoles that were open before Fob was there (installed, updated, allowed): the browser
 * itself only does so for pages that load afterwards. Where one is there already, the newer takes its place.
 */
export async function coverOpenTabs(): Promise<void> {
  for (const { matches = [], js = [] } of browser.runtime.getManifest().content_scripts ?? []) {
    const tabs = await browser.tabs.query({ url: matches });
    await Promise.all(tabs.flatMap(({ id }) => (id === undefined ? [] : [cover(id, js)])));
  }
}

async function cover(tabId: number, files: string[]): Promise<void> {
  try {
    await browser.scripting.executeScript({ target: { tabId, frameIds: [0] }, files });
  } catch {
    // Gone, not loaded, or not allowed: it is covered when it loads.
  }
}

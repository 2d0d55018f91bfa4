import browser from './browser';

type Script = { readonly matches?: readonly string[]; readonly js?: readonly string[] };

/**
 * Puts the content scripts into consoles that were open before Fob was there (installed, updated, allowed): the browser
 * itself only does so for pages that load afterwards. Where one is there already, the newer takes its place.
 */
export async function coverOpenTabs(): Promise<void> {
  await cover(browser.runtime.getManifest().content_scripts ?? []);
  await cover(await browser.scripting.getRegisteredContentScripts());
}

/** Puts these scripts into the tabs they are for. */
export async function cover(scripts: readonly Script[]): Promise<void> {
  for (const { matches = [], js = [] } of scripts) {
    const tabs = await browser.tabs.query({ url: [...matches] });
    await Promise.all(tabs.flatMap(({ id }) => (id === undefined ? [] : [inject(id, [...js])])));
  }
}

async function inject(tabId: number, files: string[]): Promise<void> {
  try {
    await browser.scripting.executeScript({ target: { tabId, frameIds: [0] }, files });
  } catch {
    // Gone, not loaded, or not allowed: it is covered when it loads.
  }
}

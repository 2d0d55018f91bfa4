import type { ConsoleTabs, SeenTab } from '../core/console-tabs';
import browser from './browser';
import { readRuntimeConfig } from './island';

const KEY = 'tabs';
/** The panel's file, as the build names it. */
const PANEL = '/panel.js';

/** What each console tab was last seen with: in memory, beside the tabs themselves, until the browser closes. */
export function openTabs(): ConsoleTabs {
  let queue: Promise<unknown> = Promise.resolve();
  const all = async (): Promise<Record<string, SeenTab>> =>
    ((await browser.storage.session.get(KEY))[KEY] as Record<string, SeenTab> | undefined) ?? {};
  const change = (edit: (book: Record<string, SeenTab>) => Record<string, SeenTab>): Promise<void> => {
    const step = queue.then(async () => {
      await browser.storage.session.set({ [KEY]: edit(await all()) });
    });
    queue = step.catch(() => undefined);
    return step;
  };
  return {
    all,
    set: (tab, seen) =>
      change(({ [String(tab)]: _, ...others }) => (seen ? { ...others, [String(tab)]: seen } : others)),
    async prune() {
      const open = new Set((await browser.tabs.query({})).map((tab) => String(tab.id)));
      if (Object.keys(await all()).every((tab) => open.has(tab))) return;
      await change((book) => Object.fromEntries(Object.entries(book).filter(([tab]) => open.has(tab))));
    },
    look: (tab) => tell(tab, 'look'),
    async showPanel(tabId) {
      // It guards itself against being there twice. A tab that has gone has nothing to show.
      await browser.scripting
        .executeScript({ target: { tabId, frameIds: [0] }, files: [PANEL] })
        .catch(() => undefined);
    },
    reload: (tab) => browser.tabs.reload(tab),
    async open(address) {
      await browser.tabs.create({ url: URL.canParse(address) ? address : browser.runtime.getURL(address) });
    },
    openPopup: () => browser.action.openPopup(),
    namedApi: async (tab) => (await readRuntimeConfig(tab))?.apiBaseUrl,
  };
}

/** The origin a tab shows, where Fob may know it; undefined anywhere else, and for a closed one. */
export async function originIn(tab: number): Promise<string | undefined> {
  try {
    const { url } = await browser.tabs.get(tab);
    return url === undefined ? undefined : new URL(url).origin;
  } catch {
    return undefined;
  }
}

/** Tells the parts of Fob on a console's page. Nobody listening is no failure: a page without them has nothing to update. */
export async function tell(tab: number, fob: 'changed' | 'look'): Promise<void> {
  await browser.tabs.sendMessage(tab, { fob }, { frameId: 0 }).catch(() => undefined);
}

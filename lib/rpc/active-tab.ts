import browser from '../platform/browser';

/** The tab in view. Its address is there only where Fob may read that host, or was opened by a click on it. */
export async function activeTab(): Promise<{ id: number; url?: string } | undefined> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  if (tab?.id === undefined) return undefined;
  return { id: tab.id, ...(tab.url === undefined ? {} : { url: tab.url }) };
}

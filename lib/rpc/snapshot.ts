import type { View } from '../core/view';
import browser from '../platform/browser';

/** Where the read model lies: in memory, until the browser closes. */
const KEY = 'view';

/** The read model as last written: there before the background is awake. */
export async function readSnapshot(): Promise<View | undefined> {
  return (await browser.storage.session.get(KEY))[KEY] as View | undefined;
}

/** Hears of every newer read model; gives back how to stop. */
export function onSnapshot(listener: (view: View) => void): () => void {
  const hear = (changes: Record<string, { newValue?: unknown }>, area: string): void => {
    if (area === 'session' && changes[KEY]?.newValue) listener(changes[KEY].newValue as View);
  };
  browser.storage.onChanged.addListener(hear);
  return () => browser.storage.onChanged.removeListener(hear);
}

/** Writes the read model; only the background does. */
export async function writeSnapshot(view: View): Promise<void> {
  await browser.storage.session.set({ [KEY]: view });
}

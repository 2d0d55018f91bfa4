import type { Disk } from '../vault/stores';
import browser from './browser';
import { database } from './database';

/** The browser's own storage, where one `set` is one batch: all of it is written or none. The copy is IndexedDB, which alone can be told to flush. */
export const disk: Disk = {
  async read(store, keys) {
    if (keys.length === 0) return {};
    if (store !== 'copy') return browser.storage[store].get([...keys]);
    const records = (await database()).transaction('records').store;
    const found = await Promise.all(keys.map(async (name) => [name, (await records.get(name)) as unknown] as const));
    return Object.fromEntries(found.filter(([, value]) => value !== undefined));
  },
  async write(store, items, isStrict = false) {
    if (store !== 'copy') return browser.storage[store].set({ ...items });
    await change(isStrict, (records) => Object.entries(items).map(([name, value]) => records.put(value, name)));
  },
  async remove(store, keys) {
    if (store !== 'copy') return browser.storage[store].remove([...keys]);
    await change(false, (records) => keys.map((name) => records.delete(name)));
  },
  async names(store) {
    if (store === 'local') return Object.keys(await browser.storage.local.get(null));
    return (await (await database()).getAllKeys('records')).map(String);
  },
};

/** One transaction: all of it or none. */
async function change(isStrict: boolean, act: (records: Changing) => readonly Promise<unknown>[]): Promise<void> {
  const transaction = (await database()).transaction('records', 'readwrite', {
    durability: isStrict ? 'strict' : 'relaxed',
  });
  await Promise.all([...act(transaction.store), transaction.done]);
}
type Changing = {
  readonly put: (value: unknown, name: string) => Promise<unknown>;
  readonly delete: (name: string) => Promise<unknown>;
};

/** Closes both stores to content scripts, where the browser can (Chromium; Firefox leaves local open, so what matters is sealed). */
export async function closeToContentScripts(): Promise<void> {
  type Closable = { setAccessLevel?: (level: { accessLevel: 'TRUSTED_CONTEXTS' }) => Promise<void> };
  for (const area of [browser.storage.local, browser.storage.session] as Closable[]) {
    await area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
  }
}

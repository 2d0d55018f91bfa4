import type { Disk } from '../vault/vault';
import browser from './browser';

/** The browser's own storage. One `set` is one batch: all of it is written or none. */
export const disk: Disk = {
  read: (area, keys) => (keys.length === 0 ? Promise.resolve({}) : browser.storage[area].get([...keys])),
  write: (area, items) => browser.storage[area].set({ ...items }),
  remove: (area, keys) => browser.storage[area].remove([...keys]),
};

/** Closes both stores to content scripts, where the browser can (Chromium; Firefox leaves local open, so what matters is sealed). */
export async function closeToContentScripts(): Promise<void> {
  type Closable = { setAccessLevel?: (level: { accessLevel: 'TRUSTED_CONTEXTS' }) => Promise<void> };
  for (const area of [browser.storage.local, browser.storage.session] as Closable[]) {
    await area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
  }
}

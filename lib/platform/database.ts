import { type IDBPDatabase, openDB } from 'idb';

let opening: Promise<IDBPDatabase> | undefined;

/** Fob's IndexedDB: `keys` holds the device key, `records` the copy of what is in storage.local. One connection for a worker's life. */
export function database(): Promise<IDBPDatabase> {
  const lost = (): void => {
    opening = undefined;
  };
  opening ??= openDB('fob', 2, {
    upgrade(db, from) {
      if (from < 1) db.createObjectStore('keys');
      db.createObjectStore('records');
    },
    // The browser closes it when its files are taken away: the next call opens it anew.
    terminated: lost,
  }).catch((error: unknown) => {
    lost();
    throw error;
  });
  return opening;
}

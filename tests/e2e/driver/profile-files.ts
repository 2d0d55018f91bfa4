import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from './driver';

/** Where Fob keeps its records: the browser's storage for extensions, and the copy in IndexedDB. */
export type Store = 'local' | 'copy';

/**
 * What a disk does to files. `truncate`, `zero` and `delete` are done to what was written last: LevelDB's log, or SQLite's
 * database. `tables`: LevelDB's older records are emptied, so that it opens and fails to read. `older`: a backup from earlier
 * is put in the place of all.
 */
export type Harm = 'truncate' | 'zero' | 'delete' | 'flip' | 'tables' | 'delete_all' | 'older';

/** The folder of a store. */
function folderOf({ name, profileFolder, extensionOrigin }: Browser, store: Store): string {
  const { host } = new URL(extensionOrigin);
  if (name === 'chromium') {
    return store === 'local'
      ? join(profileFolder, 'Default/Local Extension Settings', host)
      : join(profileFolder, `Default/IndexedDB/chrome-extension_${host}_0.indexeddb.leveldb`);
  }
  // Firefox keeps storage.local in an IndexedDB too, as that of a container of its own.
  const folder = `moz-extension+++${host}${store === 'local' ? '^userContextId=4294967295' : ''}`;
  return join(profileFolder, 'storage/default', folder);
}

/** Puts a copy of a store aside, for `older`. The browser is ended. */
export function backUp(browser: Browser, store: Store, to: string): void {
  cpSync(folderOf(browser, store), to, { recursive: true });
}

/** Harms a store's files. The browser is ended. */
export function harm(browser: Browser, store: Store, how: Harm, backup?: string): void {
  const folder = folderOf(browser, store);
  if (!existsSync(folder)) throw new Error(`there is no ${folder}`);
  switch (how) {
    case 'delete_all':
      return rmSync(folder, { recursive: true });
    case 'older':
      if (backup === undefined) throw new Error('nothing was backed up');
      rmSync(folder, { recursive: true });
      return cpSync(backup, folder, { recursive: true });
    case 'delete':
      return newest(folder).forEach((file) => rmSync(file));
    case 'zero':
      return newest(folder).forEach((file) => truncateSync(file, 0));
    case 'truncate':
      return newest(folder).forEach((file) => truncateSync(file, Math.floor(statSync(file).size * 0.6)));
    case 'tables':
      return dataFiles(folder)
        .filter((file) => file.endsWith('.ldb'))
        .forEach((file) => truncateSync(file, 0));
    case 'flip':
      return flipOne(dataFiles(folder));
  }
}

/** The files that hold records, the newest last: LevelDB's logs and tables, SQLite's database. */
function dataFiles(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => /\.(?:log|ldb|sqlite|sqlite-wal)$/.test(file) && statSync(file).isFile());
  if (files.length === 0) throw new Error(`nothing is stored in ${folder}`);
  return files.toSorted((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
}

/** LevelDB's log, or SQLite's database with what is not in it yet. */
function newest(folder: string): string[] {
  const files = dataFiles(folder).filter((file) => !file.endsWith('.ldb'));
  return files.some((file) => file.endsWith('.log')) ? files.slice(-1) : files;
}

/** Flips one bit of a letter in the last long run of base64url there is: in something sealed. */
function flipOne(files: readonly string[]): void {
  for (const file of files.toReversed()) {
    const bytes = readFileSync(file);
    const run = [...bytes.toString('latin1').matchAll(/[\w-]{200,}/g)].at(-1);
    if (run === undefined) continue;
    const at = run.index + 120;
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(file, bytes);
    return;
  }
  throw new Error('no sealed record was found');
}

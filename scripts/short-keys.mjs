// The package's messages under short names: a key of six words is read by a developer, and by nobody in the package.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const call = /\bi18n\.t\(\s*'(\w+)'/g;
const quoted = /['"`](?:__MSG_)?(\w+?)(?:__)?['"`]/g;

/**
 * Gives a short name to each key that the sources only ever hand to `i18n.t` as it stands. One that is put together, handed on
 * or asked for by the manifest keeps its own. Names of messages know no capitals, so there are none in them.
 */
export function shortNames(keys, sources) {
  const called = new Map();
  const named = new Map();
  for (const text of sources) {
    for (const [, key] of text.matchAll(call)) called.set(key, (called.get(key) ?? 0) + 1);
    for (const [, key] of text.matchAll(quoted)) named.set(key, (named.get(key) ?? 0) + 1);
  }
  const isShortened = (key) => called.has(key) && called.get(key) === named.get(key);
  const taken = new Set(keys.filter((key) => !isShortened(key)).map((key) => key.toLowerCase()));
  const names = new Map();
  let count = 0;
  for (const key of keys.filter(isShortened)) {
    do count += 1;
    while (taken.has(count.toString(36)));
    names.set(key, count.toString(36));
  }
  return names;
}

/** A source with short names in the place of its keys. */
export const withShortNames = (text, names) =>
  text.replace(call, (found, key) => (names.has(key) ? found.replace(key, names.get(key)) : found));

/** A browser's list of messages with short names in the place of its keys. */
export const messagesByShortNames = (messages, names) =>
  Object.fromEntries(Object.entries(messages).map(([key, message]) => [names.get(key) ?? key, message]));

/** The short names of this repository's messages. */
export function ownShortNames() {
  const keys = Object.keys(JSON.parse(readFileSync('locales/en.json', 'utf8')));
  const paths = ['components', 'entrypoints', 'lib'].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
  );
  const sources = paths.filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path)).toSorted();
  return shortNames(
    keys,
    [...sources, 'wxt.config.ts'].map((path) => readFileSync(path, 'utf8')),
  );
}

// The package's messages under short names: a key of six words is read by a developer, and by nobody in the package.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const call = /\bi18n\.t\(\s*'(\w+)'/g;
const quoted = /(['"`])(?:__MSG_)?([\w.]+?)(?:__)?\1/g;
/** How a key begins that is put together: in a template, or from a text that ends in a point. */
const beginning = /['"`]([\w.]*\w\.)(?:\$\{|['"`])/g;

/**
 * Gives a short name to each key that the sources only ever hand to `i18n.t` as it stands. One with a point in it may be handed
 * on as well: no other text looks like it. One that is put together, handed on without a point or asked for by the manifest
 * keeps its own. Names of messages know no capitals, so there are none in them.
 */
export function shortNames(keys, sources) {
  const called = new Map();
  const named = new Map();
  const beginnings = new Set();
  for (const text of sources) {
    for (const [, key] of text.matchAll(call)) called.set(key, (called.get(key) ?? 0) + 1);
    for (const [, , key] of text.matchAll(quoted)) named.set(key, (named.get(key) ?? 0) + 1);
    for (const [, start] of text.matchAll(beginning)) beginnings.add(start);
  }
  const isPutTogether = (key) => [...beginnings].some((one) => key.startsWith(one));
  const isShortened = (key) =>
    key.includes('.') ? named.has(key) && !isPutTogether(key) : called.has(key) && called.get(key) === named.get(key);
  const taken = new Set(keys.filter((key) => !isShortened(key)).map((key) => nameInBrowser(key).toLowerCase()));
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
  text
    .replace(call, (found, key) => (names.has(key) ? found.replace(key, names.get(key)) : found))
    .replace(quoted, (found, quote, key) =>
      key.includes('.') && names.has(key) ? quote + names.get(key) + quote : found,
    );

/** A browser's list of messages with short names in the place of its keys. */
export function messagesByShortNames(messages, names) {
  const shorts = new Map([...names].map(([key, short]) => [nameInBrowser(key), short]));
  return Object.fromEntries(Object.entries(messages).map(([key, message]) => [shorts.get(key) ?? key, message]));
}

/** A browser knows no points. */
const nameInBrowser = (key) => key.replaceAll('.', '_');

/** Every key of a catalogue: a message is a text, or forms of one for one and for more. */
function keysOf(catalogue, group = '') {
  return Object.entries(catalogue).flatMap(([name, message]) =>
    typeof message === 'string' || Object.keys(message).some((form) => /^(?:\d+|n)$/.test(form))
      ? [group + name]
      : keysOf(message, `${group}${name}.`),
  );
}

/** The short names of this repository's messages. */
export function ownShortNames() {
  const keys = keysOf(JSON.parse(readFileSync('locales/en.json', 'utf8')));
  const paths = ['components', 'entrypoints', 'lib'].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
  );
  const sources = paths.filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path)).toSorted();
  return shortNames(
    keys,
    [...sources, 'wxt.config.ts'].map((path) => readFileSync(path, 'utf8')),
  );
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

type Catalogue = Record<string, string | Record<string, string>>;

const catalogue = JSON.parse(readFileSync('locales/en.json', 'utf8')) as Catalogue;
const keys = Object.keys(catalogue);

/** Everything shipped that may read a word; the manifest names some as `__MSG_key__`. */
const sources = [...['components', 'entrypoints', 'lib'].flatMap(filesUnder), 'wxt.config.ts']
  .filter((path) => /\.(tsx?|html)$/.test(path) && !/\.test\.tsx?$/.test(path))
  .map((path) => readFileSync(path, 'utf8'));

const used = new Set(
  sources.flatMap((source) => [
    ...[...source.matchAll(/i18n\s*\.\s*t\(\s*'(\w+)'/g)].map(([, key]) => key ?? ''),
    ...[...source.matchAll(/__MSG_(\w+)__/g)].map(([, key]) => key ?? ''),
  ]),
);

it('has a text for every key that is used', () => {
  expect([...used].filter((key) => !keys.includes(key))).toEqual([]);
});

it('has no text that nobody reads', () => {
  expect(keys.filter((key) => !used.has(key))).toEqual([]);
});

it('is asked by keys that are written out, so that these checks see them all', () => {
  expect(sources.filter((source) => /i18n\s*\.\s*t\(\s*[^'\s]/.test(source))).toEqual([]);
});

it.each(Object.entries(catalogue))('%s reads as a person would say it', (_, text) => {
  for (const words of typeof text === 'string' ? [text] : Object.values(text)) {
    expect(words).not.toMatch(/ {2}|^\s|\s$|'|"|--|\b(please|oops|invalid|failed to|successfully|error)\b/i);
  }
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

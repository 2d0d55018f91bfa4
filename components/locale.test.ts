import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

type Catalogue = { readonly [key: string]: string | Catalogue };

const catalogue = JSON.parse(readFileSync('locales/en.json', 'utf8')) as Catalogue;
/** Every text by its key, as it is asked for; the forms of a plural are one. */
const texts = textsOf(catalogue);
const keys = texts.map(([key]) => key);

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
/** A key of a group, handed on; the compiler knows each. */
const handedOn = new Set(
  sources.flatMap((source) => [...source.matchAll(/'([a-z]\w*(?:\.\w+)+)'/g)].map(([, key]) => key ?? '')),
);
/** Of every code or kind the same: it stands in the key, and the compiler asks for a text for each. */
const ofEveryCode = sources
  .flatMap((source) => [...source.matchAll(/`([a-z]\w*(?:\.(?:\w+|\$\{[^}`]+\}))+)`/g)])
  .map(([, key = '']) => new RegExp(`^${key.replaceAll(/\$\{[^}]+\}/g, String.raw`\w+`)}$`));

it('has a text for every key that is used', () => {
  expect([...used].filter((key) => !keys.includes(key))).toEqual([]);
});

it('has no text that nobody reads', () => {
  const isRead = (key: string): boolean =>
    used.has(key) || handedOn.has(key) || ofEveryCode.some((one) => one.test(key));
  expect(keys.filter((key) => !isRead(key))).toEqual([]);
});

it('is asked by keys that are written out, so that these checks see them all', () => {
  expect(sources.filter((source) => /i18n\s*\.\s*t\(\s*[^'\s]/.test(source))).toEqual([]);
});

it.each(texts)('%s reads as a person would say it', (_, forms) => {
  for (const words of forms) {
    expect(words).not.toMatch(/ {2}|^\s|\s$|'|"|--|\b(please|oops|invalid|failed to|successfully|error)\b/i);
  }
});

function textsOf(group: Catalogue, under = ''): [key: string, forms: readonly string[]][] {
  return Object.entries(group).flatMap(([key, text]) => {
    if (typeof text === 'string') return [[under + key, [text]]];
    const forms = Object.values(text).filter((form) => typeof form === 'string');
    return 'n' in text ? [[under + key, forms]] : textsOf(text, `${under}${key}.`);
  });
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

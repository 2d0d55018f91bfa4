import { expect, it } from 'vitest';
import { ownShortClasses, shortClasses } from './short-classes.mjs';

const one = '/* .gone */ .root > .part-two:not(.isOpen) { margin: 0.5rem; content: ".text" } @keyframes spin {}';
const other = '.root { color: red }';

it('names every class and animation, each sheet its own', () => {
  const nameOf = shortClasses([
    ['one', one],
    ['other', other],
  ]);

  expect(['root', 'part-two', 'isOpen', 'spin'].map((name) => nameOf(name, 'one'))).toEqual(['a', 'b', 'c', 'd']);
  expect(nameOf('root', 'other')).toBe('e');
});

it.each(['gone', 'text', 'unknown'])('knows nothing called %s', (name) => {
  expect(() => shortClasses([['one', one]])(name, 'one')).toThrow(`expected ${name}`);
});

it('gives no name twice', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `name${index}`);
  const nameOf = shortClasses([['one', names.map((name) => `.${name} {}`).join('')]]);

  const shorts = names.map((name) => nameOf(name, 'one'));

  expect(new Set(shorts).size).toBe(2000);
  expect(shorts.every((short) => /^[a-z][0-9a-z]*$/.test(short))).toBe(true);
});

it('finds a sheet of this repository, with and without what it is asked for as', () => {
  const nameOf = ownShortClasses();

  expect(nameOf('button', 'components/button.module.css?inline')).toBe(
    nameOf('button', 'components/button.module.css'),
  );
});

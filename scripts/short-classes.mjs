// The package's CSS classes under short names: which component a class belongs to is read in the sources.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const firstLetters = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Gives each class and each animation of each sheet a name of its own. It follows from the order of the sheets alone, never from the order in
 * which a build comes upon them: one source gives one package.
 */
export function shortClasses(sheets) {
  const names = new Map();
  for (const [file, text] of sheets) {
    for (const [, name] of withoutValues(text).matchAll(/(?:\.|@keyframes\s+)([A-Za-z_][\w-]*)/g)) {
      const key = `${file} ${name}`;
      if (!names.has(key)) names.set(key, nameAt(names.size));
    }
  }
  return (name, file) => {
    const short = names.get(`${file} ${name}`);
    if (short === undefined) throw new Error(`expected ${name} in a selector or as an animation of ${file}`);
    return short;
  };
}

/** Comments hold sentences, and texts hold anything. */
const withoutValues = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/"[^"]*"|'[^']*'/g, '');

const nameAt = (index) => {
  const rest = Math.floor(index / firstLetters.length);
  return firstLetters[index % firstLetters.length] + (rest === 0 ? '' : (rest - 1).toString(36));
};

/** The short names of this repository's classes. */
export function ownShortClasses() {
  const files = ['components', 'entrypoints'].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
  );
  const sheets = files.filter((file) => file.endsWith('.module.css')).toSorted();
  const shortOf = shortClasses(sheets.map((file) => [resolve(file), readFileSync(file, 'utf8')]));
  // A sheet that is asked for as text has a query behind its name.
  return (name, file) => shortOf(name, resolve(file.replace(/\?.*/, '')));
}

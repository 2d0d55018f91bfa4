import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * Built scripts and pages that no entry of .size-limit.mjs names, and what a named one loads before it shows or does
 * anything and its entry leaves out: a new console or page needs its own budget, and a budget counts what is waited for.
 */
export function budgetViolations(root, built, budgets) {
  const place = built.replaceAll('\\', '/');
  const folder = (name) => (existsSync(join(root, built, name)) ? readdirSync(join(root, built, name)) : []);
  const parts = [
    ...folder('content-scripts').map((file) => `content-scripts/${file}`),
    ...folder('.').filter((file) => /\.(html|js)$/.test(file)),
  ];
  return parts.flatMap((part) => {
    const budget = budgets.find(({ path }) => [path].flat().includes(`${place}/${part}`));
    if (!budget)
      return [
        `${place}/${part} has no budget: give it an entry in .size-limit.mjs (a console's script 12 kB, the panel 15 kB, a page 35 kB).`,
      ];
    return [...loadedBy(join(root, built), part)]
      .map((file) => `${place}/${file}`)
      .filter((file) => !isCounted(file, [budget.path].flat()))
      .map((file) => `${place}/${part} loads ${file}, which its budget in .size-limit.mjs leaves out: count it there.`);
  });
}

/** A script or page of the build in `folder` with everything it loads at once: what a page's head names, and what a script imports. */
export function loadedBy(folder, part, found = new Set()) {
  if (found.has(part) || !existsSync(join(folder, part))) return found;
  found.add(part);
  const text = readFileSync(join(folder, part), 'utf8');
  const names = part.endsWith('.html')
    ? [...text.matchAll(/(?:src|href)="\/([^"#?]+)"/g)].map(([, name]) => name)
    : part.endsWith('.js')
      ? beside(part, text.matchAll(/(?:^|[;}\n])import(?:[^"'()]*from)?\s*["'](\.[^"']+)["']/g))
      : [];
  for (const name of names) loadedBy(folder, name, found);
  return found;
}

/** What a script or page loads later, by `import()`, and is not there by then. */
export function dynamicallyLoadedBy(folder, part) {
  const atOnce = loadedBy(folder, part);
  const later = new Set();
  for (const file of [...atOnce].filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const names = beside(file, text.matchAll(/\bimport\(\s*["'`](\.[^"'`]+)["'`]\s*\)/g));
    for (const name of names.flatMap((one) => [...loadedBy(folder, one)])) if (!atOnce.has(name)) later.add(name);
  }
  return later;
}

const beside = (part, found) => [...found].map(([, name]) => posix.join(posix.dirname(part), name));

/** Whether the patterns of an entry count a file, as size-limit reads them: `*`, `{a,b}` and a leading `!`. */
function isCounted(file, patterns) {
  const fits = (pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^$()|[\]\\]/g, String.raw`\$&`)
        .replaceAll('*', '[^/]*')
        .replace(/\{([^}]*)\}/g, (_, names) => `(?:${names.replaceAll(',', '|')})`)}$`,
    ).test(file);
  const without = patterns.filter((one) => one.startsWith('!')).map((one) => one.slice(1));
  return patterns.some((one) => !one.startsWith('!') && fits(one)) && !without.some(fits);
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Built scripts and pages that no entry of .size-limit.json names: a new console or page needs its own budget. */
export function budgetViolations(root, built, budgets) {
  const named = new Set(budgets.flatMap(({ path }) => path));
  const folder = (name) => (existsSync(join(root, built, name)) ? readdirSync(join(root, built, name)) : []);
  const parts = [
    ...folder('content-scripts').map((file) => `content-scripts/${file}`),
    ...folder('.').filter((file) => /\.(html|js)$/.test(file)),
  ];
  return parts
    .map((part) => `${built.replaceAll('\\', '/')}/${part}`)
    .filter((path) => !named.has(path))
    .map(
      (path) =>
        `${path} has no budget: give it an entry in .size-limit.json (a console's script 12 kB, the panel 15 kB, a page 35 kB).`,
    );
}

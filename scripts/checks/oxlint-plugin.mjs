import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { directionViolation } from './import-directions.mjs';

const relative = (context) => context.filename.replaceAll('\\', '/').slice(context.cwd.length + 1);

let known;
/** Vendors with a console script of their own: entrypoints/<vendor>.content. */
function vendors(cwd) {
  const folder = join(cwd, 'entrypoints');
  known ??= (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => /^(.+)\.content(\.ts)?$/.exec(name)?.[1])
    .filter((name) => name !== undefined && name !== 'panel');
  return known;
}

/** Imports, exports from, `import()` and `import('…').Type` go only where the design says. */
const importDirections = {
  create(context) {
    const file = relative(context);
    const look = (source, typeOnly) => {
      if (typeof source?.value !== 'string') return;
      const message = directionViolation(file, source.value, typeOnly, vendors(context.cwd));
      if (message !== undefined) context.report({ node: source, message });
    };
    const onlyTypes = (specifiers, kind) => specifiers.length > 0 && specifiers.every((one) => one[kind] === 'type');
    return {
      ImportDeclaration: (node) =>
        look(node.source, node.importKind === 'type' || onlyTypes(node.specifiers, 'importKind')),
      ExportNamedDeclaration: (node) =>
        look(node.source, node.exportKind === 'type' || onlyTypes(node.specifiers, 'exportKind')),
      ExportAllDeclaration: (node) => look(node.source, node.exportKind === 'type'),
      ImportExpression: (node) => look(node.source, false),
      TSImportType: (node) => look(node.source, true),
    };
  },
};

/** The two spellings of "now" that no restricted property or global names. */
const noClock = {
  create(context) {
    const message = 'This reads the clock: take `now: Instant` as an argument.';
    return {
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) context.report({ node, message });
      },
      CallExpression(node) {
        if (node.callee.name === 'Date') context.report({ node, message });
      },
    };
  },
};

const htmlNames = new Set([
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'dangerouslySetInnerHTML',
  'setHTMLUnsafe',
  'createContextualFragment',
  'srcdoc',
]);

/** Text never becomes markup: a tenant's name is written by strangers. */
const noHtmlStrings = {
  create(context) {
    const look = (node, name) => {
      if (!htmlNames.has(name)) return;
      context.report({ node, message: `${name} turns text into markup: build it with JSX, or set textContent.` });
    };
    const key = (node) => (node.computed ? node.key?.value : (node.key?.name ?? node.key?.value));
    return {
      MemberExpression: (node) => look(node, node.computed ? node.property.value : node.property.name),
      JSXAttribute: (node) => look(node, node.name.name),
      Property: (node) => look(node, key(node)),
    };
  },
};

export default {
  meta: { name: 'fob' },
  rules: { 'import-directions': importDirections, 'no-clock': noClock, 'no-html-strings': noHtmlStrings },
};

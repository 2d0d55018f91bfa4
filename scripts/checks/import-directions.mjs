/**
 * Who may import whom, as one table. The first row whose `from` fits the importing file decides; a file may always import
 * what its own row covers. `may`: code and types. `types`: types only, which leave nothing in the bundle.
 */
const pure = ['valibot', 'jwt-decode', '@leeoniya/ufuzzy'];
const ui = ['preact', 'lucide', '@github/combobox-nav', '@leeoniya/ufuzzy', '#i18n'];
const forPages = [
  'components',
  'lib/platform/polyfill',
  'lib/rpc/client',
  'lib/rpc/snapshot',
  'lib/rpc/active-tab',
  'lib/core',
];

const rows = [
  {
    from: /^lib\/core(?=\/)/,
    packages: pure,
    says: 'core judges and knows nobody else: let what it needs come in as an argument.',
  },
  {
    from: /^lib\/(vendors|detect|vault)(?=\/)/,
    may: ['lib/core'],
    packages: pure,
    says: 'it knows lib/core only: let the rest come in as an argument, or move what both need to lib/core.',
  },
  {
    from: /^lib\/operations(?=\/)/,
    may: ['lib/core', 'lib/vendors', 'lib/detect', 'lib/vault'],
    packages: pure,
    says: 'an operation decides and gets its effects as arguments: name the effect in a type of its own and let entrypoints/background hand it in.',
  },
  {
    from: /^lib\/rpc\/client(?=[./])/,
    may: ['lib/core', 'lib/platform/browser'],
    types: ['lib/operations', 'lib/rpc', 'valibot'],
    says: 'the client is in every page and script: types of lib/operations (`import type`), lib/core and lib/platform/browser only.',
  },
  {
    from: /^lib\/rpc\/console-call(?=[./])/,
    may: ['lib/core', 'lib/rpc/client'],
    says: 'it is in every console script and stays small: lib/core and lib/rpc/client only.',
  },
  {
    from: /^lib\/rpc\/neighbour(?=[./])/,
    types: ['lib/rpc/client'],
    says: 'it hands over what the console script brings, so that the panel does not bring it again: types of lib/rpc/client only.',
  },
  {
    from: /^lib\/rpc\/(snapshot|active-tab)(?=[./])/,
    may: ['lib/core', 'lib/platform/browser'],
    says: 'it is read before the background is awake and stays small: lib/core and lib/platform/browser only.',
  },
  {
    // Only the background imports it: to check who asks, it must know what can be asked for and whose page is whose.
    from: /^lib\/rpc(?=\/)/,
    may: ['lib/core', 'lib/operations', 'lib/vendors', 'lib/vault', 'lib/platform/browser'],
    packages: ['valibot'],
    says: 'it checks who asks and for what: lib/core, lib/operations, lib/vendors and lib/vault; effects are handed in by entrypoints/background.',
  },
  {
    from: /^lib\/platform(?=\/)/,
    may: ['lib/core', 'lib/vault'],
    packages: ['valibot', 'idb', '#i18n'],
    says: 'platform does what it is told: it knows lib/core and lib/vault, and no vendor or operation.',
  },
  { from: /^lib\/testing(?=\/)/, anything: true },
  {
    from: /^components(?=\/)/,
    may: ['lib/core'],
    packages: ui,
    says: 'a component gets data and callbacks and knows nothing else: take it as a prop and let the view that uses it do the asking.',
  },
  { from: /^entrypoints\/background(?=[./])/, anything: true },
  {
    from: /^entrypoints\/panel(?=[./])/,
    may: ['components', 'lib/core/view', 'lib/rpc/neighbour'],
    types: ['lib/core'],
    packages: [...ui, 'wxt'],
    says: "the panel runs in somebody else's page: components, lib/core/view and lib/rpc/neighbour only.",
  },
  {
    from: /^entrypoints\/(?<vendor>[^/.]+)\.content(?=[./])/,
    may: [
      'lib/rpc/client',
      'lib/rpc/console-call',
      'lib/rpc/neighbour',
      'lib/detect',
      'lib/vendors/<vendor>/detect',
      'lib/vendors/<vendor>-detect',
      'lib/platform/page',
    ],
    types: ['lib/core'],
    packages: ['wxt'],
    says: "a console's script is in every page of it: lib/detect, its own vendor's detection part, lib/platform/page, lib/rpc/client, lib/rpc/console-call and lib/rpc/neighbour only.",
  },
  {
    // Only here: the browser asks a person for a host at a click on a page that stays, and what is sent is still an operation's.
    from: /^entrypoints\/options(?=[./])/,
    may: [...forPages, 'lib/platform/permissions', 'lib/platform/about'],
    packages: [...ui, 'wxt'],
    says: 'a page asks through lib/rpc/client and shows with components; of lib/platform, permissions and about only: what else it wants done becomes an operation.',
  },
  {
    from: /^entrypoints\/clipboard(?=[./])/,
    may: ['lib/platform/clipboard-text'],
    says: 'the page off screen looks at the clipboard and does nothing else: lib/platform/clipboard-text only.',
  },
  {
    from: /^entrypoints\/[^/.]+(?=[./])/,
    may: forPages,
    packages: [...ui, 'wxt'],
    says: 'a page asks through lib/rpc/client and shows with components: what it wants done becomes an operation.',
  },
];

/** Folders and packages that exist for development and tests. */
const unshipped = ['lab', 'tests', 'bench', 'scripts', 'lib/testing', 'lib/vendors/fixtures'];
const isShipped = (path) =>
  /^(lib|components|entrypoints)\//.test(path) && !/^lib\/testing\/|\/fixtures\/|\.test\.tsx?$/.test(path);
const covers = (place, path) => path === place || (path.startsWith(place) && './'.includes(path[place.length]));

/** The file in this repository that a specifier means, or undefined when it names a package. */
function target(file, specifier) {
  const bare = specifier.replace(/\?.*$/, '');
  const alias = /^(@@?|~~?)\/(.*)$/.exec(bare);
  if (alias) return alias[2];
  return bare.startsWith('.') ? new URL(bare, `file:///${file}`).pathname.slice(1) : undefined;
}

/**
 * Why `file` (relative to the repository, with slashes) must not import `specifier`, or undefined when it may.
 * `typeOnly`: nothing of it is left in the built code. `vendors`: those with a console script of their own.
 */
export function directionViolation(file, specifier, typeOnly, vendors) {
  if (!isShipped(file)) return undefined;
  const path = target(file, specifier);
  const named = path ?? specifier;

  if (named === 'webextension-polyfill' || named.startsWith('webextension-polyfill/')) {
    return file === 'lib/platform/polyfill.ts' || (file === 'lib/platform/browser.ts' && typeOnly)
      ? undefined
      : 'webextension-polyfill is for the pages, in lib/platform/polyfill.ts alone: import `browser` from lib/platform/browser.ts.';
  }
  if (path !== undefined && unshipped.some((place) => covers(place, path))) {
    return `${file} is shipped and ${path} is for development and tests: move what both need to the shipped side.`;
  }

  const row = rows.find(({ from }) => from.test(file));
  if (row === undefined) return `${file} is in no folder of the design: see "Where things go" in CONTRIBUTING.md.`;
  if (row.anything) return undefined;
  const own = row.from.exec(file);
  const fill = (place) => place.replace('<vendor>', own.groups?.vendor ?? '');
  const places = path === undefined ? (row.packages ?? []) : [own[0], ...(row.may ?? [])];
  const allowed = [...places, ...(typeOnly ? (row.types ?? []) : [])].some((place) => covers(fill(place), named));
  const other = vendors.find((one) => one !== own.groups?.vendor && path && covers(`lib/detect/${one}`, path));
  if (own.groups?.vendor && other)
    return `${own[0]} is for ${own.groups.vendor} and must not import ${named}, which is for ${other}.`;
  return allowed ? undefined : `${own[0]} must not import ${named}: ${row.says}`;
}

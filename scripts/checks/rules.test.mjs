// @vitest-environment node
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const clock = 'This reads the clock';

/** What must not be written: where, what, and a part of what the rule says about it. */
const refused = [
  // Who may import whom.
  ['lib/core/a.ts', `import '../platform/http';`, 'lib/core must not import lib/platform/http: core judges'],
  ['lib/core/b.ts', `export * from '../vendors/prowler';`, 'lib/core must not import lib/vendors/prowler'],
  ['lib/core/c.ts', `export const c = () => import('../vault/vault');`, 'lib/core must not import lib/vault/vault'],
  ['lib/core/d.ts', `export type D = import('../vault/vault').Vault;`, 'lib/core must not import lib/vault/vault'],
  ['lib/core/e.ts', `import 'preact';`, 'lib/core must not import preact'],
  ['lib/core/f.ts', `import 'node:fs';`, 'lib/core must not import node:fs'],
  ['lib/core/g.ts', `import '@/lib/platform/http';`, 'lib/core must not import lib/platform/http'],
  [
    'lib/vendors/a.ts',
    `import '../detect/session';`,
    'lib/vendors must not import lib/detect/session: it knows lib/core only',
  ],
  ['lib/detect/a.ts', `import '../vendors/prowler';`, 'lib/detect must not import lib/vendors/prowler'],
  ['lib/vault/a.ts', `import '../platform/crypto';`, 'lib/vault must not import lib/platform/crypto'],
  ['lib/operations/a.ts', `import type { Send } from '../platform/http';`, 'gets its effects as arguments'],
  [
    'lib/rpc/client.ts',
    `import { keep } from '../operations/keep'; keep();`,
    'types of lib/operations (`import type`)',
  ],
  ['lib/rpc/snapshot.ts', `import type { O } from '../operations'; export type P = O;`, 'stays small'],
  ['lib/rpc/active-tab.ts', `import './client';`, 'lib/rpc/active-tab must not import lib/rpc/client'],
  ['lib/rpc/serve.ts', `import '../platform/http';`, 'handed in by entrypoints/background'],
  [
    'lib/rpc/client-guard.ts',
    `import '../rpc/client'; import '../detect/session';`,
    'lib/rpc must not import lib/detect/session',
  ],
  ['lib/rpc/client.types.ts', `import { string } from 'valibot'; string();`, 'the client is in every page'],
  ['lib/platform/a.ts', `import '../operations/keep';`, 'platform does what it is told'],
  ['lib/platform/b.ts', `import 'webextension-polyfill';`, 'in lib/platform/polyfill.ts alone'],
  ['lib/elsewhere/a.ts', `import '../core/time';`, 'is in no folder of the design'],
  ['components/a.tsx', `import '../lib/rpc/client';`, 'a component gets data and callbacks'],
  ['components/b.tsx', `import 'webextension-polyfill';`, 'in lib/platform/polyfill.ts alone'],
  ['entrypoints/popup/a.ts', `import '../../lib/platform/http';`, 'a page asks through lib/rpc/client'],
  ['entrypoints/popup/b.ts', `import '../background/index';`, 'must not import entrypoints/background/index'],
  [
    'entrypoints/options/a.ts',
    `import '../../lib/vault/vault';`,
    'entrypoints/options must not import lib/vault/vault',
  ],
  ['entrypoints/sidepanel/a.ts', `import '../../lib/operations';`, 'must not import lib/operations'],
  ['entrypoints/prowler.content/a.ts', `import '../../lib/vendors/esper/detect';`, "its own vendor's detection part"],
  [
    'entrypoints/esper.content/a.ts',
    `import '../../lib/detect/prowler';`,
    'is for esper and must not import lib/detect/prowler',
  ],
  ['entrypoints/runai.content/a.ts', `import '../../lib/vendors/esper-detect';`, "its own vendor's detection part"],
  ['entrypoints/runai.content/b.ts', `import '../../lib/vendors/runai';`, "its own vendor's detection part"],
  ['entrypoints/prowler.content/b.ts', `import '../../lib/vault/vault';`, "its own vendor's detection part"],
  ['entrypoints/panel/a.ts', `import '../../lib/detect/session';`, 'the panel runs in somebody'],
  ['entrypoints/panel/b.ts', `import '../../lib/rpc/client';`, 'the panel runs in somebody'],
  ['lib/rpc/neighbour.ts', `import './client';`, 'it hands over what the console script brings'],
  ['entrypoints/background/a.ts', `import '../../lab/prowler';`, 'lab/prowler is for development and tests'],
  [
    'entrypoints/background/b.ts',
    `import '../../lib/testing/world';`,
    'lib/testing/world is for development and tests',
  ],
  ['components/c.tsx', `import '../tests/e2e/driver';`, 'tests/e2e/driver is for development and tests'],
  ['lib/platform/c.ts', `import '../../bench/popup';`, 'bench/popup is for development and tests'],
  ['lib/platform/ring-a.ts', `import { b } from './ring-b'; export const a = () => b;`, 'Dependency cycle'],
  ['lib/platform/ring-b.ts', `import { a } from './ring-a'; export const b = () => a;`, 'Dependency cycle'],
  // Clocks, chance and the outer world, where only judgement is.
  ['lib/core/h.ts', `export const h = Date.now();`, clock],
  ['lib/vendors/b.ts', `export const b = new Date();`, clock],
  ['lib/detect/b.ts', `export const b = Date();`, clock],
  ['lib/vault/b.ts', `export const b = performance.now();`, clock],
  ['lib/core/i.ts', `export const i = Math.random();`, 'take `random` as an argument'],
  ['lib/vault/c.ts', `export const c = crypto.randomUUID();`, 'come in as arguments from lib/platform'],
  ['lib/core/j.ts', `export const j = globalThis.crypto;`, 'The way around the other bans'],
  ['lib/core/k.ts', `setTimeout(() => {}, 1);`, 'let lib/platform arm the alarm'],
  ['lib/vendors/c.ts', `setInterval(() => {}, 1);`, 'let lib/platform arm the alarm'],
  ['lib/vendors/d.ts', `void fetch('https://api.example');`, 'There is one fetch, in lib/platform/http'],
  ['lib/operations/b.ts', `void fetch('https://api.example');`, 'There is one fetch, in lib/platform/http'],
  ['components/d.tsx', `void fetch('https://api.example');`, 'There is one fetch, in lib/platform/http'],
  ['lib/platform/d.ts', `void fetch('https://api.example');`, 'There is one fetch, in lib/platform/http'],
  ['lib/platform/http.ts', `export const d = browser.runtime;`, 'Import `browser` from lib/platform/browser'],
  ['entrypoints/popup/c.ts', `export const c = chrome.runtime;`, 'Import `browser` from lib/platform/browser'],
  ['entrypoints/popup/d.ts', `localStorage.clear();`, 'Records belong to lib/vault'],
  // Nothing becomes markup or code, and nothing is logged.
  ['components/e.ts', `export const e = (at: Element, name: string) => { at.innerHTML = name; };`, 'set textContent'],
  [
    'components/f.ts',
    `export const f = (at: Element, name: string) => { at['outerHTML'] = name; };`,
    'set textContent',
  ],
  [
    'components/g.tsx',
    `export const G = (p: { n: string }) => <p dangerouslySetInnerHTML={{ __html: p.n }} />;`,
    'turns text into markup',
  ],
  ['components/h.tsx', `export const H = (p: { n: string }) => <p innerHTML={p.n} />;`, 'turns text into markup'],
  [
    'components/i.ts',
    `export const i = (n: string) => ({ dangerouslySetInnerHTML: { __html: n } });`,
    'turns text into markup',
  ],
  ['lib/platform/e.ts', `eval('1');`, 'no-eval'],
  ['lib/platform/f.ts', `export const f = new Function('return 1');`, 'no-new-func'],
  ['lib/platform/g.ts', `console.log('token');`, 'no-console'],
  ['entrypoints/background/c.ts', `console.error('token');`, 'no-console'],
  // Promises, and pages that everybody can use.
  ['lib/platform/h.ts', `export const h = async () => 1; h();`, 'no-floating-promises'],
  ['lib/platform/i.ts', `[1].forEach(async () => { await null; });`, 'no-misused-promises'],
  ['components/j.tsx', `export const J = () => <img src="a.png" />;`, 'alt-text'],
  ['components/k.tsx', `export const K = (p: { go: () => void }) => <div onClick={p.go}>Go</div>;`, 'jsx-a11y'],
  // Tests all run.
  ['lib/core/l.test.ts', `import { it } from 'vitest'; it.only('runs', () => {});`, 'no-focused-tests'],
  ['lib/core/m.test.ts', `import { it } from 'vitest'; it.skip('runs', () => {});`, 'no-disabled-tests'],
  [
    'tests/e2e/o.test.ts',
    `import { describe, it } from 'vitest'; describe.skip('a', () => { it('runs', () => {}); });`,
    'no-disabled-tests',
  ],
  // A case added to a union must be met.
  [
    'lib/core/n.ts',
    `export const n = (k: 'a' | 'b', go: () => void) => { switch (k) { case 'a': go(); } };`,
    'not exhaustive',
  ],
];

/** What may be written: the design's own directions. */
const allowed = [
  ['lib/vendors/fine.ts', `import { SECOND } from '../core/time'; export const fine = new Date(SECOND);`],
  [
    'lib/operations/fine.ts',
    `import '../core/time'; import '../vendors/prowler'; import '../detect/session'; import '../vault/vault';`,
  ],
  ['lib/core/fine.ts', `export const fine = (fetch: () => number, crypto: number) => fetch() + crypto;`],
  [
    'lib/rpc/client.fine.ts',
    `import type { Operations } from '../operations'; export type T = Operations; export type { InferInput } from 'valibot';`,
  ],
  ['lib/platform/browser.ts', `import type { Browser } from 'webextension-polyfill'; export type B = Browser;`],
  ['lib/platform/polyfill.ts', `import polyfill from 'webextension-polyfill'; export default polyfill;`],
  ['lib/platform/page.ts', `export const read = () => fetch('/api/auth/session');`],
  ['lib/platform/arming.ts', `import '../vault/vault'; export const now = () => Date.now();`],
  [
    'components/fine.tsx',
    `import { i18n } from '#i18n'; import '../lib/core/view'; export const Fine = () => <p>{i18n.t('appName')}</p>;`,
  ],
  [
    'entrypoints/popup/fine.ts',
    `import '../../components/fine'; import '../../lib/rpc/client'; import '../../lib/rpc/snapshot'; import '../../lib/core/view';`,
  ],
  [
    'entrypoints/prowler.content/fine.ts',
    `import '../../lib/rpc/client'; import '../../lib/rpc/neighbour'; import '../../lib/detect/session'; import '../../lib/detect/prowler'; import '../../lib/vendors/prowler/detect'; import '../../lib/platform/page';`,
  ],
  ['entrypoints/esper.content/fine.ts', `import '../../lib/vendors/esper-detect';`],
  [
    'entrypoints/panel/fine.ts',
    `import '../../components/fine'; import '../../lib/core/view'; import '../../lib/rpc/neighbour';`,
  ],
  [
    'entrypoints/background/fine.ts',
    `import '../../lib/vault/vault'; import '../../lib/operations'; import '../../lib/rpc/serve';`,
  ],
  ['lib/core/fine.test.ts', `import '../testing/world'; import '../../lab/prowler'; export const fine = Date.now();`],
];

const link = (from, to) => symlinkSync(from, to, 'junction');
let place;

beforeAll(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'rules-')));
  for (const name of ['node_modules', 'scripts']) link(join(root, name), join(place, name));
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'tsconfig.pure.json'])
    cpSync(join(root, name), join(place, name));
  const base = { target: 'ESNext', module: 'Preserve', skipLibCheck: true, noEmit: true };
  mkdirSync(join(place, '.wxt'));
  writeFileSync(join(place, '.wxt/tsconfig.json'), JSON.stringify({ compilerOptions: base }));
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

function write(path, code) {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), `${code}\n`);
}

describe('lint', () => {
  const said = new Map();

  beforeAll(() => {
    for (const [path, code] of [...refused, ...allowed]) write(path, code);
    const binary = join(root, 'node_modules/oxlint/bin/oxlint');
    const folders = ['lib', 'components', 'entrypoints', 'tests'];
    const { stdout } = spawnSync(process.execPath, [binary, '-f', 'json', ...folders], {
      cwd: place,
      encoding: 'utf8',
    });
    for (const { filename, code, message, help } of JSON.parse(stdout).diagnostics) {
      const path = filename.replaceAll('\\', '/');
      said.set(path, `${said.get(path) ?? ''}${code} ${message} ${help}\n`);
    }
  });

  it.each(refused)('refuses %s: %s', (path, _code, message) => {
    expect(said.get(path)).toContain(message);
  });

  it.each(allowed)('allows %s', (path) => {
    expect(said.get(path) ?? '').not.toMatch(/fob|restricted|console/);
  });
});

describe('the types of the pure folders', () => {
  it.each([
    ['the page', 'export const a = document.title;', "'document'"],
    ['the clock of the browser', 'export const a = performance.now();', "'performance'"],
    ['the network', "export const a = fetch('https://api.example');", "'fetch'"],
    ['Node', 'export const a = process.env;', "'process'"],
  ])('do not know %s', (_what, code, message) => {
    write('lib/core/pure.ts', code);
    // One file is enough, and the quickest.
    writeFileSync(
      join(place, 'tsconfig.one.json'),
      JSON.stringify({
        extends: './tsconfig.pure.json',
        include: [],
        files: ['scripts/checks/pure-globals.d.ts', 'lib/core/pure.ts'],
      }),
    );
    const compiler = join(root, 'node_modules/typescript/bin/tsc');

    const { stdout } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.one.json'], {
      cwd: place,
      encoding: 'utf8',
    });

    expect(stdout).toContain(`Cannot find name ${message}`);
  });

  it('are asked of every pure folder', () => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const shown = execFileSync(process.execPath, [compiler, '-p', 'tsconfig.pure.json', '--showConfig'], {
      cwd: place,
      encoding: 'utf8',
    });

    for (const folder of ['core', 'vendors', 'detect', 'vault', 'operations'])
      expect(shown).toContain(`lib/${folder}/`);
  });
});

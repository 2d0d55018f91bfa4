// @vitest-environment node
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostViolations, lockViolations, pageViolations, registryHosts } from './dependencies.mjs';
import { fileNameViolations } from './file-names.mjs';
import { manifestViolations, permissionsUntold } from './manifest.mjs';
import { budgetViolations, dynamicallyLoadedBy, loadedBy } from './size-budgets.mjs';
import { storeViolations } from './store-lint.mjs';

let place;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'checks-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the manifest', () => {
  const good = {
    manifest_version: 3,
    incognito: 'not_allowed',
    host_permissions: ['https://console.example/*', 'https://*.vendor.example/*'],
    optional_host_permissions: ['https://*/*', 'http://localhost/*', 'http://127.0.0.1/*'],
    content_scripts: [{ matches: ['https://console.example/*'] }],
    content_security_policy: {
      extension_pages:
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src https: http://localhost:* http://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'",
    },
  };
  const withPolicy = (change) => ({
    content_security_policy: { extension_pages: change(good.content_security_policy.extension_pages) },
  });

  it('passes with exact hosts and the broad pattern as optional', () => {
    expect(manifestViolations(good)).toEqual([]);
  });

  it.each([
    ['a broad host', { host_permissions: ['https://*/*'] }, 'host_permissions has https://*/*: name the exact hosts'],
    ['every address', { host_permissions: ['<all_urls>'] }, 'host_permissions has <all_urls>'],
    [
      'a script everywhere',
      { content_scripts: [{ matches: ['https://*/*'] }] },
      'content_scripts.matches has https://*/*',
    ],
    [
      'a broad pattern without https',
      { optional_host_permissions: ['*://*/*'] },
      'optional_host_permissions has *://*/*',
    ],
    ['pages that may send messages', { externally_connectable: { matches: [] } }, 'externally_connectable'],
    ['resources for pages', { web_accessible_resources: [] }, 'web_accessible_resources'],
    ['private windows', { incognito: 'spanning' }, 'incognito must be "not_allowed"'],
    ['no policy', { content_security_policy: undefined }, 'content_security_policy has no default-src'],
    [
      'scripts from elsewhere',
      withPolicy((text) => text.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")),
      "content_security_policy has script-src 'self' 'wasm-unsafe-eval'",
    ],
    [
      'texts that become scripts',
      withPolicy((text) => text.replace("; require-trusted-types-for 'script'", '')),
      'content_security_policy has no require-trusted-types-for',
    ],
    ['frames', withPolicy((text) => `${text}; frame-src https:`), 'content_security_policy has frame-src https:'],
    [
      'a script in frames',
      { content_scripts: [{ matches: ['https://console.example/*'], all_frames: true }] },
      'in the top frame',
    ],
    [
      "a script in the page's own world",
      { content_scripts: [{ matches: ['https://console.example/*'], world: 'MAIN' }] },
      'in its own world',
    ],
    ['an older version', { manifest_version: 2 }, 'manifest_version must be 3'],
  ])('fails with %s', (_what, change, message) => {
    expect(manifestViolations({ ...good, ...change }).join('\n')).toContain(message);
  });

  it('and the README name the same permissions', () => {
    const told = (...names) =>
      `# Fob\n\n## What Fob asks the browser for\n\n| Permission | Why |\n| --- | --- |\n${names.map((name) => `| \`${name}\` | Because. |\n`).join('')}`;
    const manifest = { permissions: ['storage'], host_permissions: ['https://console.example/*'] };

    expect(permissionsUntold(manifest, told('storage', 'https://console.example/*'))).toEqual([]);
    expect(permissionsUntold(manifest, told('storage')).join()).toContain('https://console.example/* is asked for');
    expect(permissionsUntold(manifest, told('storage', 'https://console.example/*', 'tabs')).join()).toContain(
      'tabs is in',
    );
    expect(permissionsUntold(manifest, '# Fob')).toHaveLength(2);
    const lent = `${told('storage', 'https://console.example/*')}| \`offscreen\` | Chromium only: because. |\n`;
    expect(permissionsUntold(manifest, lent).join()).toContain('offscreen is in');
    expect(permissionsUntold({ ...manifest, browser_specific_settings: {} }, lent)).toEqual([]);
  });
});

describe('the lock file', () => {
  const good = {
    packages: {
      '': { dependencies: { preact: '1' } },
      'node_modules/preact': { license: 'MIT', integrity: 'sha512-a' },
      'node_modules/tool': { license: 'GPL-3.0', integrity: 'sha512-b', dev: true },
    },
  };
  const withPreact = (change) => ({
    packages: { ...good.packages, 'node_modules/preact': { ...good.packages['node_modules/preact'], ...change } },
  });

  it('passes when only hashes and licences are recorded', () => {
    expect(lockViolations(good)).toEqual([]);
  });

  it.each([
    ['an address', { resolved: 'https://packages.example/preact.tgz' }, 'preact records where it was downloaded'],
    ['no hash', { integrity: undefined }, 'preact has no integrity hash'],
    ['an install script', { hasInstallScript: true }, 'preact runs a script when it is installed'],
    ['a licence Fob cannot ship', { license: 'GPL-3.0' }, 'preact is shipped under GPL-3.0'],
    ['no licence', { license: undefined }, 'preact is shipped under no named licence'],
  ])('fails with %s', (_what, change, message) => {
    expect(lockViolations(withPreact(change)).join('\n')).toContain(message);
  });

  it('looks into what a shipped package depends on', () => {
    const lock = withPreact({ dependencies: { inner: '1' } });
    lock.packages['node_modules/preact/node_modules/inner'] = { license: 'AGPL-3.0', integrity: 'sha512-c' };

    expect(lockViolations(lock)).toEqual([expect.stringContaining('inner is shipped under AGPL-3.0')]);
  });
});

describe('the page of dependencies', () => {
  const manifest = { dependencies: { preact: '1' }, devDependencies: { knip: '2' }, overrides: { linkedom: '3' } };

  it('passes when each has its row', () => {
    expect(pageViolations(manifest, '| `preact` | a |\n| `knip` | b |\n| `linkedom` | c |\n')).toEqual([]);
  });

  it('fails for a dependency without a row and for a row without a dependency', () => {
    expect(pageViolations(manifest, '| `preact` | a |\n| `linkedom` | c |\n| `gone` | d |\n')).toEqual([
      expect.stringContaining('knip has no row'),
      expect.stringContaining('a row for gone'),
    ]);
  });
});

it("names the file that spells a registry's host, and not the host", () => {
  const [host] = registryHosts();
  writeFileSync(join(place, 'a.md'), `see https://${host}/preact`);
  writeFileSync(join(place, 'b.md'), 'see the registry');

  const found = hostViolations(place, ['a.md', 'b.md'], [host]);

  expect(found).toEqual([expect.stringContaining('a.md names')]);
  expect(found[0]).not.toContain(host);
});

describe('file names', () => {
  it.each([
    'lib/core/utils.ts',
    'components/date-helpers.ts',
    'lib/session-manager.ts',
    'lib/helpers/time.ts',
    'a/util.css',
  ])('refuses %s', (path) => {
    expect(fileNameViolations([path])).toEqual([expect.stringContaining('call it after the thing')]);
  });

  it('refuses a name that is not kebab-case', () => {
    expect(fileNameViolations(['lib/core/tokenEndpoint.ts'])).toEqual([expect.stringContaining('not kebab-case')]);
  });

  it('allows names of things', () => {
    expect(
      fileNameViolations(['lib/vendors/token-endpoint.ts', 'README.md', 'lib/core/plan.test.ts', '.size-limit.mjs']),
    ).toEqual([]);
  });
});

describe("the store's linter", () => {
  const preacts = {
    _type: 'warning',
    code: 'UNSAFE_VAR_ASSIGNMENT',
    message: 'Unsafe assignment to innerHTML',
    file: 'chunks/popup-1.js',
  };

  it("lets Preact's own assignment pass", () => {
    expect(storeViolations({ errors: [], warnings: [preacts], notices: [] })).toEqual([]);
  });

  it.each([
    ['another kind of assignment', { ...preacts, message: 'Unsafe assignment to outerHTML' }],
    ['another warning', { ...preacts, code: 'DANGEROUS_EVAL', message: 'eval can be harmful.' }],
    ['the same outside of bundles', { ...preacts, file: 'background.js' }],
  ])('reports %s', (_what, warning) => {
    expect(storeViolations({ errors: [], warnings: [preacts, warning], notices: [] })).toEqual([
      expect.stringContaining(warning.code),
    ]);
  });

  it('reports errors and notices', () => {
    const one = (_type) => ({ ...preacts, _type });

    expect(storeViolations({ errors: [one('error')], warnings: [], notices: [one('notice')] })).toHaveLength(2);
  });
});

it('asks a budget for every built script and page', () => {
  mkdirSync(join(place, 'built/content-scripts'), { recursive: true });
  for (const name of ['popup.html', 'content-scripts/prowler.js', 'content-scripts/esper.js']) {
    writeFileSync(join(place, 'built', name), '');
  }

  const found = budgetViolations(place, 'built', [
    { path: 'built/content-scripts/prowler.js' },
    { path: ['built/popup.html', 'built/chunks/*.js'] },
  ]);

  expect(found).toEqual([expect.stringContaining('built/content-scripts/esper.js has no budget')]);
});

describe('a budget', () => {
  const pages = (path) => [{ path }];

  beforeAll(() => {
    const files = {
      'page.html': '<script src="/chunks/page-1.js"></script><link rel="stylesheet" href="/assets/page-1.css">',
      'chunks/page-1.js': 'import{a}from"./shared-1.js";const b=import("./later-1.js");',
      'chunks/shared-1.js': 'import"./deep-1.js";',
      'chunks/deep-1.js': '',
      'chunks/later-1.js': '',
      'assets/page-1.css': '',
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(place, 'paged', name, '..'), { recursive: true });
      writeFileSync(join(place, 'paged', name), text);
    }
  });

  it('counts everything that is waited for, and need not count what comes later', () => {
    const all = ['paged/page.html', 'paged/{chunks,assets}/*-1.*', '!paged/chunks/later-*.js'];

    expect(budgetViolations(place, 'paged', pages(all))).toEqual([]);
  });

  it('follows what is imported, and tells what comes at once from what comes later', () => {
    const folder = join(place, 'paged');

    expect([...loadedBy(folder, 'page.html')].toSorted((a, b) => a.localeCompare(b))).toEqual([
      'assets/page-1.css',
      'chunks/deep-1.js',
      'chunks/page-1.js',
      'chunks/shared-1.js',
      'page.html',
    ]);
    expect([...dynamicallyLoadedBy(folder, 'page.html')]).toEqual(['chunks/later-1.js']);
  });

  it.each([
    ['a script', ['paged/page.html', 'paged/chunks/{shared,deep}-*.js', 'paged/assets/*.css'], 'chunks/page-1.js'],
    ['a sheet', ['paged/page.html', 'paged/chunks/*.js'], 'assets/page-1.css'],
    ["an import's import", ['paged/page.html', 'paged/*/*', '!paged/chunks/deep-*.js'], 'chunks/deep-1.js'],
  ])('does not leave out %s', (_what, path, file) => {
    expect(budgetViolations(place, 'paged', pages(path))).toEqual([
      expect.stringContaining(`paged/page.html loads paged/${file}`),
    ]);
  });
});

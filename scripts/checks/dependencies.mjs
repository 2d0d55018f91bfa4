import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const free = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);
/** Shipped as published, so that its own terms are kept: MPL 2.0 covers its file alone. */
const asPublished = new Map([['node_modules/webextension-polyfill', 'MPL-2.0']]);
/** Of these only a few lines get into the build; what they depend on are tools that build it. */
const tools = new Set(['wxt', '@wxt-dev/i18n']);

/** Where Node finds `name` from the package at `from`, as a key of the lock file. */
function installed(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const key = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[key]) return key;
    if (folder === '') return undefined;
  }
}

/** Keys of the packages whose code can be in the extension. */
function shipped(packages) {
  const found = new Set();
  const walk = (from, names) => {
    for (const name of names) {
      const key = installed(packages, from, name);
      if (key === undefined || found.has(key)) continue;
      found.add(key);
      if (!tools.has(name)) walk(key, Object.keys(packages[key].dependencies ?? {}));
    }
  };
  walk('', Object.keys(packages[''].dependencies ?? {}));
  return [...found];
}

/** What the lock file records that it should not: where packages came from, code run at install, licences Fob cannot ship. */
export function lockViolations(lock) {
  const entries = Object.entries(lock.packages).filter(([key]) => key !== '');
  return [
    ...entries
      .filter(([, one]) => one.resolved !== undefined && !one.link)
      .map(
        ([key]) =>
          `${key} records where it was downloaded: run npm install with this folder's .npmrc, which leaves that out.`,
      ),
    ...entries
      .filter(([, one]) => one.integrity === undefined && !one.link && !one.inBundle)
      .map(([key]) => `${key} has no integrity hash: take it from a registry, not from a folder or a repository.`),
    ...entries
      .filter(([, one]) => one.hasInstallScript)
      .map(([key]) => `${key} runs a script when it is installed: choose a package that does not.`),
    ...shipped(lock.packages)
      .filter(
        (key) => !free.has(lock.packages[key].license) && asPublished.get(key) !== (lock.packages[key].license ?? ''),
      )
      .map(
        (key) =>
          `${key} is shipped under ${lock.packages[key].license ?? 'no named licence'}: see docs/dependencies.md for the ones that fit.`,
      ),
  ];
}

/** Dependencies without a row in docs/dependencies.md, and rows whose dependency is gone. */
export function pageViolations(manifest, page) {
  const rows = new Set([...page.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name));
  const names = new Set(
    ['dependencies', 'devDependencies', 'overrides'].flatMap((kind) => Object.keys(manifest[kind] ?? {})),
  );
  return [
    ...[...names]
      .filter((name) => !rows.has(name))
      .map((name) => `${name} has no row in docs/dependencies.md: say what it is for.`),
    ...[...rows]
      .filter((name) => !names.has(name))
      .map((name) => `docs/dependencies.md has a row for ${name}, which is not in package.json: remove it.`),
  ];
}

/** Hosts packages are downloaded from: the public ones, and the one this computer uses. Put together here, so that no file spells one. */
export function registryHosts() {
  const known = [
    ['registry', 'npmjs', 'org'],
    ['registry', 'yarnpkg', 'com'],
    ['registry', 'npmmirror', 'com'],
    ['npm', 'pkg', 'github', 'com'],
    ['npm', 'jsr', 'io'],
  ].map((parts) => parts.join('.'));
  const { host, hostname } = new URL(
    execSync('npm config get registry', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
  );
  const isLoopback = /^(localhost|127\.|\[::1\])/.test(hostname);
  return isLoopback && host === hostname ? known : [...known, host];
}

/** Files that spell one of `hosts`. */
export function hostViolations(root, paths, hosts) {
  return paths
    .filter((path) => !/\.(png|jpg|gif|ico|woff2|zip)$/.test(path))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const found = hosts.some((host) => text.includes(host));
      return found
        ? [`${path} names a package registry's host: leave the choice of registry to whoever installs.`]
        : [];
    });
}

/**
 * Everything that must hold, in one command: `npm run check`. Some of it by name: `npm run check -- lint types`.
 * Two lanes run side by side; every check says what to do when it fails.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostViolations, lockViolations, pageViolations, registryHosts } from './checks/dependencies.mjs';
import { fileNameViolations } from './checks/file-names.mjs';
import { manifestViolations, permissionsUntold } from './checks/manifest.mjs';
import { readJson, repositoryFiles } from './checks/repository.mjs';
import { budgetViolations } from './checks/size-budgets.mjs';
import { storeViolations } from './checks/store-lint.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const asked = process.argv.slice(2);

/** Runs Node on `args` and resolves with what was printed; `failed` when it ended badly. */
function node(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' } });
    let text = '';
    let answer = '';
    child.stdout.on('data', (part) => {
      text += part;
      answer += part;
    });
    child.stderr.on('data', (part) => (text += part));
    child.on('error', (error) => resolve({ failed: true, text: String(error), answer }));
    child.on('close', (code) => resolve({ failed: code !== 0, text: text.trim(), answer }));
  });
}

/** Runs a tool of node_modules by the file its package.json names. */
function tool(name, ...args) {
  const { bin } = readJson(root, `node_modules/${name}/package.json`);
  return node(
    join(root, 'node_modules', name, typeof bin === 'string' ? bin : bin[name.replace('typescript', 'tsc')]),
    ...args,
  );
}

/** Enough to start with; a first run on somebody's change must not bury the other checks. */
const AT_MOST = 60;
function shortened(text) {
  const all = text.split('\n');
  return all.length <= AT_MOST
    ? text
    : [...all.slice(0, AT_MOST), `… and ${all.length - AT_MOST} lines more: npm run check -- <name> shows all.`].join(
        '\n',
      );
}

const lines = (violations) => ({ failed: violations.length > 0, text: violations.join('\n') });
const built = (folder) => join('dist', folder);

/** `after`: checks whose result this one needs. `mend`: what to do about it. */
const checks = [
  { name: 'prepare', run: () => tool('wxt', 'prepare'), mend: 'wxt.config.ts does not load.' },
  {
    name: 'format',
    run: () => tool('prettier', '--check', '--log-level', 'warn', '.'),
    mend: 'npm run format puts it right.',
  },
  {
    name: 'lint',
    after: ['prepare'],
    run: () => tool('oxlint'),
    mend: 'Each finding says what to do instead; where things go is in CONTRIBUTING.md.',
  },
  { name: 'types', after: ['prepare'], run: () => tool('typescript', '-p', 'tsconfig.json') },
  {
    name: 'pure',
    after: ['prepare'],
    run: () => tool('typescript', '-p', 'tsconfig.pure.json'),
    mend: 'These folders know no browser and no Node: what they need comes in as an argument.',
  },
  {
    name: 'unused',
    after: ['prepare'],
    run: () => tool('knip', '--no-progress'),
    mend: 'Remove it, or use it in the same change. An entry that nothing imports belongs in knip.json.',
  },
  { name: 'names', run: () => lines(fileNameViolations(repositoryFiles(root))), mend: 'Names are in CONTRIBUTING.md.' },
  {
    name: 'dependencies',
    run: () =>
      lines([
        ...lockViolations(readJson(root, 'package-lock.json')),
        ...pageViolations(readJson(root, 'package.json'), readFileSync(join(root, 'docs/dependencies.md'), 'utf8')),
        ...hostViolations(root, repositoryFiles(root), registryHosts()),
      ]),
  },
  {
    name: 'chrome',
    after: ['prepare'],
    lane: 'build',
    run: () => {
      // One of an earlier version would be measured with it.
      const dist = join(root, 'dist');
      const zips = existsSync(dist) ? readdirSync(dist).filter((name) => name.endsWith('-chrome-mv3.zip')) : [];
      for (const zip of zips) rmSync(join(dist, zip));
      return tool('wxt', 'zip');
    },
  },
  { name: 'firefox', after: ['chrome'], lane: 'build', run: () => tool('wxt', 'build', '-b', 'firefox', '--mv3') },
  {
    name: 'size',
    after: ['chrome'],
    lane: 'build',
    run: async () => {
      // Only now: which files a budget counts follows from the imports in what was built.
      const { default: budgets } = await import('../.size-limit.mjs');
      const unmeasured = budgetViolations(root, built('chrome-mv3'), budgets);
      const measured = await tool('size-limit');
      return { failed: measured.failed || unmeasured.length > 0, text: [...unmeasured, measured.text].join('\n') };
    },
    mend: 'Import less, or later; a larger budget in .size-limit.mjs needs its reason in the commit.',
  },
  {
    name: 'manifest',
    after: ['chrome', 'firefox'],
    lane: 'build',
    run: () =>
      lines(
        ['chrome-mv3', 'firefox-mv3'].flatMap((folder) => {
          const manifest = readJson(root, built(`${folder}/manifest.json`));
          const untold = permissionsUntold(manifest, readFileSync(join(root, 'README.md'), 'utf8'));
          return [...manifestViolations(manifest), ...untold].map((line) => `${folder}: ${line}`);
        }),
      ),
    mend: 'The manifest is written by wxt.config.ts; each permission has its reason in README.md.',
  },
  {
    name: 'store',
    after: ['firefox'],
    lane: 'build',
    run: async () => {
      const { text, answer } = await tool(
        'web-ext',
        'lint',
        '-s',
        built('firefox-mv3'),
        '-o',
        'json',
        '--no-config-discovery',
      );
      const start = answer.indexOf('{');
      return start < 0 ? { failed: true, text } : lines(storeViolations(JSON.parse(answer.slice(start))));
    },
    mend: "These are findings of the linter that Firefox's store runs on every upload.",
  },
];

/** The checks that were asked for, with all that they need. */
function chosen(names) {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    console.error(`No check is called ${unknown.join(', ')}. There are: ${checks.map(({ name }) => name).join(', ')}.`);
    process.exit(2);
  }
  const wanted = new Set();
  const want = (name) => {
    checks.find((check) => check.name === name).after?.forEach(want);
    wanted.add(name);
  };
  (names.length > 0 ? names : checks.map(({ name }) => name)).forEach(want);
  return checks.filter(({ name }) => wanted.has(name));
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Runs one check and prints its line; resolves with `ok`, `failed` or `skipped`. */
async function runOne({ name, after = [], run, mend }, results) {
  const missing = (await Promise.all(after.map(async (one) => [one, await results.get(one)]))).filter(
    ([, result]) => result !== 'ok',
  );
  if (missing.length > 0) {
    console.log(`- ${name.padEnd(13)} not run: it needs ${missing.map(([one]) => one).join(' and ')}`);
    return 'skipped';
  }
  const start = performance.now();
  const { failed, text } = await Promise.resolve()
    .then(run)
    .catch((error) => ({ failed: true, text: error.stack }));
  console.log(`${failed ? '✗' : '✓'} ${name.padEnd(13)} ${seconds(start)}`);
  if (!failed) return 'ok';
  console.log((asked.length > 0 ? text : shortened(text)).replaceAll(/^/gm, '    '));
  if (mend) console.log(`  → ${mend}`);
  return 'failed';
}

async function main() {
  if (!existsSync(join(root, 'node_modules/wxt'))) {
    const setUp = join(root, 'scripts/set-up.mjs');
    const { failed, text } = existsSync(setUp) ? await node(setUp) : { failed: true, text: 'Run npm ci first.' };
    if (failed) {
      console.error(text);
      process.exit(2);
    }
  }

  const start = performance.now();
  const todo = chosen(asked);
  const results = new Map();
  const settle = new Map();
  for (const { name } of todo) results.set(name, new Promise((resolve) => settle.set(name, resolve)));
  const lane = async (members) => {
    for (const check of members) settle.get(check.name)(await runOne(check, results));
  };
  await Promise.all([lane(todo.filter((one) => !one.lane)), lane(todo.filter((one) => one.lane))]);

  const outcomes = await Promise.all(todo.map(async ({ name }) => [name, await results.get(name)]));
  const broken = outcomes.filter(([, outcome]) => outcome === 'failed').map(([name]) => name);
  if (broken.length === 0) {
    console.log(`\nEverything holds: ${todo.length} checks in ${seconds(start)}.`);
    return;
  }
  console.log(`\nNot yet: ${broken.join(', ')} (${broken.length} of ${todo.length}, ${seconds(start)}).`);
  console.log(`One alone: npm run check -- ${broken[0]}`);
  process.exitCode = 1;
}

await main();

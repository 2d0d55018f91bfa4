// `npm test`: sets everything up, then runs every test there is. `-- --full` runs the whole matrix, `-- --only=unit` or
// `--only=e2e` a part, and any other word is a filter on file names. A file of end-to-end tests that failed beside others has
// one more run, by itself, and is named at the end whatever comes of it: a browser that starves is no defect of Fob's.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firefoxBrowser } from './browsers.mjs';
import { endWithParent, spawnGuarded } from './guarded.mjs';
import {
  build,
  checkNode,
  conduct,
  ensureChromium,
  installPackages,
  noChromium,
  prepare,
  say,
  Stop,
} from './set-up.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// Paths of the driver and the lab are from here, wherever the command was given.
process.chdir(root);
const output = join(root, 'test-output');
const options = process.argv.slice(2);
const isFull = options.includes('--full');
const only = options.find((one) => one.startsWith('--only='))?.slice('--only='.length);
const filters = options.filter((one) => !one.startsWith('--'));
const wants = (part) => only === undefined || only === part;

await conduct(async () => {
  checkNode();
  endWithParent();
  await installPackages();
  await prepare();
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });

  const totals = { passed: 0, failed: 0, skipped: 0 };
  const lastLines = [];
  let isWhole = true;
  if (wants('unit')) add(totals, await vitest('unit', filters));
  if (wants('e2e')) {
    say('\nBuilding the extension …');
    await build('chromium');
    await build('firefox');
    if ((await ensureChromium()) === undefined) {
      lastLines.push(noChromium);
      isWhole = false;
    } else add(totals, await endToEnd('chromium', lastLines));
    if (firefoxBrowser() !== undefined) add(totals, await endToEnd('firefox', lastLines));
    else {
      lastLines.push('Firefox tests: not run (no Firefox)');
      if (process.env.CI) isWhole = false;
    }
  }
  for (const line of lastLines) say(line);
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  say(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  return totals.failed === 0 && isWhole ? 0 : 1;
});

async function endToEnd(browser, lastLines) {
  say(`\nEnd to end, ${browser}`);
  const env = { FOB_E2E_BROWSER: browser, ...(isFull ? { FOB_E2E_FULL: '1' } : {}) };
  const args = ['--config', 'vitest.e2e.config.ts'];
  const counts = await vitest(browser, [...args, ...filters], env);
  for (const { file, failures, passed, skipped } of counts.files.filter((one) => one.failures.length > 0)) {
    say(`\nOnce more, by itself: ${file}`);
    const again = await vitest(`${browser}-again`, [...args, file], env);
    counts.passed += again.passed - passed;
    counts.failed += again.failed - failures.length;
    counts.skipped += again.skipped - skipped;
    const became = again.failed === 0 ? 'passed at the second try' : 'failed twice';
    lastLines.push(`${browser}, ${became}: ${file}\n  ${failures.join('\n  ')}`);
  }
  return counts;
}

/** Runs vitest and counts. A file that could not even be loaded is one failure: it must not pass for having no tests. */
async function vitest(name, args, env = {}) {
  const report = join(output, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawnGuarded(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--passWithNoTests', ...args, ...reporters],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } },
  );
  const code = await new Promise((done) => child.once('close', done));
  let counted;
  try {
    counted = JSON.parse(readFileSync(report, 'utf8'));
  } catch (cause) {
    throw new Stop(`The ${name} tests ended without a report.`, 1, { cause });
  }
  const files = counted.testResults.map(({ name: path, status, assertionResults: tests }) => {
    const titles = tests.filter((one) => one.status === 'failed').map(({ title }) => title);
    const passed = tests.filter((one) => one.status === 'passed').length;
    const failures = status === 'failed' && titles.length === 0 ? ['could not be run'] : titles;
    return { file: relative(root, path), failures, passed, skipped: tests.length - passed - titles.length };
  });
  const failed = files.reduce((sum, { failures }) => sum + failures.length, 0);
  return {
    files,
    passed: counted.numPassedTests,
    // An error outside of any test fails the run all the same.
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: counted.numPendingTests + counted.numTodoTests,
  };
}

function add(totals, counts) {
  for (const key of Object.keys(totals)) totals[key] += counts[key];
}

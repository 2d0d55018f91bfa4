// `npm run test:mutants`: makes the mistakes of scripts/named-mutants.mjs one after another, in a copy of `lib`, and asks that the
// tests named there notice each, the model among them. `-- --runs=50000` looks longer, any other word is a filter on names.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutants } from './named-mutants.mjs';
import { checkNode, conduct, say, Stop } from './set-up.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const copy = join(root, '.cache/mutants');
const report = join(copy, 'report.json');
const options = process.argv.slice(2);
const runs = options.find((one) => one.startsWith('--runs='))?.slice('--runs='.length) ?? '5000';
const filters = options.filter((one) => !one.startsWith('--'));
const wanted = mutants.filter(({ name }) => filters.every((one) => name.includes(one)));

await conduct(async () => {
  if (!/^[1-9]\d*$/.test(runs)) throw new Stop('--runs takes a number of histories.', 2);
  if (wanted.length === 0) throw new Stop(`No mutant is called ${filters.join(' ')}.`, 2);
  checkNode();
  // All texts first: a list that is out of date is to be told of before minutes have passed.
  const changes = wanted.map(({ name, swaps }) => swaps.map((swap) => changed(name, swap)));
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(root, 'lib'), join(copy, 'lib'), { recursive: true });
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(copy, 'tsconfig.json'), '{ "compilerOptions": { "target": "es2023" } }\n');

  const started = Date.now();
  const sound = await test([...new Set(wanted.flatMap(({ by }) => by))], 600_000);
  // A mutant that never ends is given about as long as all tests took together (ms).
  const deadline = Math.max(60_000, 1.2 * (Date.now() - started));
  if (sound.size > 0) throw new Stop(`These fail without any change:\n${[...sound.keys()].join('\n')}`, 1);

  const rows = [];
  for (const [at, { name, by }] of wanted.entries()) {
    const begun = Date.now();
    for (const { file, mutated } of changes[at]) writeFileSync(join(copy, file), mutated);
    const noticed = new Map();
    // Each by itself: one that never ends keeps no other from being heard.
    for (const one of by) for (const [file, histories] of await test([one], deadline)) noticed.set(file, histories);
    for (const { file } of changes[at]) cpSync(join(root, file), join(copy, file));
    const isKilled = by.every((one) => noticed.has(one));
    say(`${isKilled ? 'killed  ' : 'SURVIVES'}  ${name}`);
    const killers = by.map((one) => `${noticed.has(one) ? '' : 'NOT '}${one.replace(/^lib\//, '')}`).join(', ');
    const histories = by.flatMap((one) => noticed.get(one) ?? []).join(', ') || '-';
    rows.push({ isKilled, cells: [name, killers, histories, `${((Date.now() - begun) / 1000).toFixed(0)} s`] });
  }
  const titles = ['mutant', 'killed by', 'histories', 'time'];
  say(`\n${table([titles, ...rows.map(({ cells }) => cells)])}`);
  const alive = rows.filter(({ isKilled }) => !isKilled).length;
  say(`\n${rows.length - alive} of ${rows.length} killed`);
  return alive === 0 ? 0 : 1;
});

/** A file as the mutant has it. */
function changed(name, { file, text, becomes }) {
  const source = readFileSync(join(root, file), 'utf8');
  const times = source.split(text).length - 1;
  if (times !== 1)
    throw new Stop(
      `The mutant "${name}" changes a text that stands ${times} times in ${file}. The code has moved on: have its entry in scripts/named-mutants.mjs say it anew.\n\n${text}`,
      1,
    );
  // As a function: what comes in may have a `$`.
  return { file, mutated: source.replace(text, () => becomes) };
}

/** Runs test files in the copy; gives those that noticed, each with the number of histories it took, where it counts any. */
async function test(files, deadline) {
  rmSync(report, { force: true });
  mkdirSync(copy, { recursive: true });
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      join(root, 'vitest.mutants.config.ts'),
      '--root',
      copy,
      '--reporter=json',
      `--outputFile=${report}`,
      ...files,
    ],
    {
      cwd: copy,
      stdio: 'ignore',
      env: { ...process.env, FOB_MODEL_RUNS: runs, FOB_MODEL_SHRINK: '0', FOB_MODEL_SEED: '20260115' },
    },
  );
  let isOver = false;
  const clock = setTimeout(() => {
    isOver = true;
    child.kill('SIGKILL');
  }, deadline);
  await new Promise((done) => child.once('close', done));
  clearTimeout(clock);
  // A history that never ends is noticed by whoever waits for it: only the model has any.
  if (isOver)
    return new Map(files.filter((one) => one.endsWith('.property.test.ts')).map((one) => [one, ['the clock']]));
  const noticed = new Map();
  for (const { name, status, assertionResults, message } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    if (status !== 'failed') continue;
    // A file that cannot even be read notices nothing: the mutant is no code.
    if (assertionResults.length === 0) throw new Stop(`${name} could not be run:\n${message}`, 1);
    const counts = assertionResults
      .flatMap(({ failureMessages }) => failureMessages)
      .flatMap((one) => /failed after (\d+) tests?/.exec(one)?.slice(1) ?? []);
    noticed.set(name.slice(copy.length + 1), counts.length > 0 ? [Math.min(...counts)] : []);
  }
  return noticed;
}

function table(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const [titles, ...others] = rows.map((cells) => cells.map((cell, at) => cell.padEnd(widths[at])).join(' | '));
  return [titles, widths.map((width) => '-'.repeat(width)).join('-|-'), ...others].join('\n');
}

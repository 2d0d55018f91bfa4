// `npm run test:model -- --runs N`: the model of the engine through N random histories, shared out over the cores. A history that
// breaks a law is printed with the seed that brings it back: `--seed S`, which runs in one process.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithParent, spawnGuarded } from './guarded.mjs';
import { checkNode, conduct, installPackages, prepare, say, Stop } from './set-up.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const valueOf = (name) => {
  const at = process.argv.findIndex((one) => one === `--${name}` || one.startsWith(`--${name}=`));
  return at === -1 ? undefined : (process.argv[at].split('=')[1] ?? process.argv[at + 1]);
};

await conduct(async () => {
  const runs = Number(valueOf('runs') ?? 20_000);
  if (!Number.isSafeInteger(runs) || runs < 4)
    throw new Stop('--runs wants a whole number of histories, 4 or more.', 2);
  const seed = valueOf('seed');
  checkNode();
  endWithParent();
  await installPackages();
  await prepare();

  const shares = seed === undefined ? availableParallelism() : 1;
  const startedAt = Date.now();
  const codes = await Promise.all(Array.from({ length: shares }, () => run(Math.ceil(runs / shares), seed)));
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  const isHeld = codes.every((code) => code === 0);
  say(
    isHeld
      ? `${runs} histories, no law broken, ${minutes} min`
      : 'A law was broken: the history and its seed stand above.',
  );
  return isHeld ? 0 : 1;
});

function run(share, seed) {
  const child = spawnGuarded(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'lib/operations/model.property.test.ts'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, FOB_MODEL_RUNS: String(share), ...(seed === undefined ? {} : { FOB_MODEL_SEED: seed }) },
    },
  );
  return new Promise((done) => child.once('close', done));
}

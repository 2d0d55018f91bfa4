// `npm run test:soak`: the long loops of kills and broken files, one browser after the other. `-- --browser=firefox` takes one
// of them, `-- --times=50` sets how often each loop goes round, and any other word is a filter on file names.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
process.chdir(root);
const figures = join(root, 'test-output/soak.jsonl');
const options = process.argv.slice(2);
const valueOf = (name) => options.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
const filters = options.filter((one) => !one.startsWith('--'));
const only = valueOf('browser');
const times = valueOf('times');

await conduct(async () => {
  if (only !== undefined && !['chromium', 'firefox'].includes(only))
    throw new Stop('The browser is chromium or firefox.', 2);
  if (times !== undefined && !/^[1-9]\d*$/.test(times)) throw new Stop('--times takes a number of rounds.', 2);
  checkNode();
  endWithParent();
  await installPackages();
  await prepare();
  if (only !== 'firefox' && (await ensureChromium()) === undefined) throw new Stop(noChromium, 1);
  if (only !== 'chromium' && firefoxBrowser() === undefined)
    throw new Stop('No Firefox was found: set FOB_FIREFOX to one.', 1);
  mkdirSync(join(root, 'test-output'), { recursive: true });
  rmSync(figures, { force: true });
  let worst = 0;
  for (const browser of only === undefined ? ['chromium', 'firefox'] : [only]) {
    say(`\nBuilding the extension for ${browser} …`);
    await build(browser);
    worst = Math.max(worst, await loops(browser));
  }
  tell();
  return worst;
});

/** Runs the loops in one browser; resolves with how vitest ended. */
function loops(browser) {
  const child = spawnGuarded(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.e2e.config.ts', ...filters],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        FOB_E2E_BROWSER: browser,
        FOB_SOAK: '1',
        ...(times === undefined ? {} : { FOB_SOAK_TIMES: times }),
      },
    },
  );
  return new Promise((done) => child.once('close', (code) => done(code ?? 1)));
}

/** Prints what the loops counted, one after another. */
function tell() {
  if (!existsSync(figures)) return;
  for (const line of readFileSync(figures, 'utf8').trim().split('\n')) {
    const { loop, browser, ...counted } = JSON.parse(line);
    say(`\n${loop}, ${browser}`);
    for (const [name, count] of Object.entries(counted)) say(`  ${name.padEnd(28)} ${count}`);
  }
}

// What `npm run demo` and `npm test` need before anything of ours can run. Only Node's own modules: nothing is installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumBrowsers, downloads, namedChromium } from './browsers.mjs';
import { spawnGuarded } from './guarded.mjs';

// Not `import.meta.dirname`: a Node that is too old has none, and is to be told so in a sentence.
const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules/.fob-lock-stamp');

/** A sentence for the person, and how the command ends. */
export class Stop extends Error {
  constructor(sentence, exitCode, options) {
    super(sentence, options);
    this.exitCode = exitCode;
  }
}

/** Says on one line what is being done. */
export const say = (line) => console.log(line);

/** What is wrong with a Node of that version and platform, in a sentence; undefined when nothing is. */
export function unfit(version, platform) {
  if (platform === 'win32') return 'Fob is built and tested under Linux and macOS: on Windows use WSL.';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isFit = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return isFit
    ? undefined
    : `Fob needs Node 20.19 or later, or 22.12 or later; this is ${version}: see https://nodejs.org.`;
}

/** Refuses a Node that the tools do not run on. */
export function checkNode() {
  const sentence = unfit(process.versions.node, process.platform);
  if (sentence !== undefined) throw new Stop(sentence, 1);
}

/** Installs the packages if the lock file is another than the one they were installed from. */
export async function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing packages (npm ci) …');
  const { code, output } = await collect('npm', ['ci', '--no-audit', '--no-fund']);
  if (code !== 0) {
    const last = output.trim().split('\n').slice(-12).join('\n');
    throw new Stop(
      `${last}\n\nnpm could not install the packages. Behind a proxy, set HTTPS_PROXY, or npm's own: npm config set proxy <address>.`,
      1,
    );
  }
  writeFileSync(stamp, wanted);
}

/** Generates what the sources and `tsconfig.json` refer to, which no clone comes with. */
export async function prepare() {
  if (existsSync(join(root, '.wxt/tsconfig.json'))) return;
  const { code, output } = await collect(process.execPath, [join(root, 'node_modules/wxt/bin/wxt.mjs'), 'prepare']);
  if (code !== 0) throw new Stop(`${output.trim()}\n\nThe sources could not be prepared.`, 1);
}

/** Makes sure that there is a browser of Chromium's family, and says which. Undefined when none could be had. */
export async function ensureChromium() {
  const { FOB_BROWSER } = process.env;
  if (FOB_BROWSER && namedChromium() === undefined) say(`FOB_BROWSER is no program: ${FOB_BROWSER}. Trying others …`);
  const [there] = chromiumBrowsers();
  if (there !== undefined) return there;
  const isRoot = process.getuid?.() === 0;
  if (existsSync('/usr/bin/apt-get') && (isRoot || spawnSync('sudo', ['-n', 'true']).status === 0)) {
    say('Installing Chromium (apt-get) …');
    // Not ended with this command: a package half installed is worse than one too many.
    const apt = (...args) =>
      isRoot ? collect('apt-get', args, spawn) : collect('sudo', ['-n', 'apt-get', ...args], spawn);
    await apt('update', '-qq');
    await apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'chromium-sandbox', 'fonts-dejavu-core');
    const [installed] = chromiumBrowsers();
    if (installed !== undefined) return installed;
  }
  say('Downloading a browser (@puppeteer/browsers) …');
  await collect(process.execPath, [
    join(root, 'node_modules/@puppeteer/browsers/lib/cjs/main-cli.js'),
    'install',
    'chrome@stable',
    '--path',
    downloads,
  ]);
  return chromiumBrowsers()[0];
}

/** What to tell a person whose machine has no browser and lets none be installed. */
export const noChromium =
  'No Chrome, Chromium or Edge was found, and none could be installed. Install one (on Debian: sudo apt-get install chromium) or name one: FOB_BROWSER=<path>.';

/** Builds the extension that ships, for one browser. */
export async function build(browser) {
  const target = browser === 'firefox' ? ['-b', 'firefox', '--mv3'] : [];
  const { code, output } = await collect(process.execPath, [
    join(root, 'node_modules/wxt/bin/wxt.mjs'),
    'build',
    ...target,
  ]);
  if (code !== 0) throw new Stop(`${output.trim()}\n\nThe extension could not be built.`, 1);
}

/** Runs a command to its end and keeps what it said. */
function collect(command, args, start = spawnGuarded) {
  return new Promise((done) => {
    const child = start(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done({ code: -1, output: String(error) }));
    child.on('close', (code) => done({ code, output }));
  });
}

/** Runs a command's main part; a `Stop` ends it with its sentence, anything else with its stack. */
export async function conduct(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    process.exitCode = error instanceof Stop ? error.exitCode : 1;
  }
}

// By itself it installs the packages: for what needs no browser.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await conduct(async () => {
    checkNode();
    await installPackages();
    return 0;
  });
}

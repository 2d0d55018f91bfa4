// Which browsers there are on this machine, in the order in which they are tried.
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Where a browser goes that is downloaded because none was found. */
export const downloads = resolve('.cache/browsers');

const chromiumNames = [
  'google-chrome-stable',
  'google-chrome',
  // Debian's `chromium` on the path is a script that adds flags of its own; this is what it starts.
  existsSync('/usr/lib/chromium/chromium') ? '/usr/lib/chromium/chromium' : 'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const firefoxNames = ['firefox', 'firefox-esr', '/Applications/Firefox.app/Contents/MacOS/firefox'];

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // Not there, or not for this person.
  }
}

/** A browser from a snap sees neither a temporary profile nor the built extension. */
function isConfined(file) {
  if (realpathSync(file).startsWith('/snap/') || realpathSync(file) === '/usr/bin/snap') return true;
  const start = Buffer.alloc(4096);
  const opened = openSync(file, 'r');
  readSync(opened, start);
  closeSync(opened);
  return start.toString('latin1', 0, 2) === '#!' && start.includes('/snap/');
}

function locate(name) {
  const files = name.startsWith('/') ? [name] : (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, name));
  return files.find(isExecutable);
}

function found(names) {
  const files = names.map(locate).filter((file) => file !== undefined && !isConfined(file));
  return files.filter((file, i) => files.findIndex((other) => realpathSync(other) === realpathSync(file)) === i);
}

function downloaded() {
  const programs = ['chrome', 'Google Chrome for Testing'];
  try {
    return readdirSync(downloads, { recursive: true })
      .map((file) => join(downloads, String(file)))
      .filter((file) => programs.some((name) => file.endsWith(`/${name}`)) && isExecutable(file));
  } catch {
    return []; // Nothing was ever downloaded.
  }
}

/** The browser a person asks for by name, if it is there. */
export function namedChromium() {
  return process.env.FOB_BROWSER ? locate(resolveNamed(process.env.FOB_BROWSER)) : undefined;
}

/** The browsers of Chromium's family, the one the person names first. */
export function chromiumBrowsers() {
  const named = namedChromium();
  const rest = [...found(chromiumNames), ...downloaded()].filter((file) => file !== named);
  return named === undefined ? rest : [named, ...rest];
}

/** Firefox, if there is one that can be driven. */
export function firefoxBrowser() {
  const named = process.env.FOB_FIREFOX ? locate(resolveNamed(process.env.FOB_FIREFOX)) : undefined;
  return named ?? found(firefoxNames)[0];
}

function resolveNamed(name) {
  return name.includes('/') ? resolve(name) : name;
}

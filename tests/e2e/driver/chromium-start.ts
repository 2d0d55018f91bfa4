import type { ChildProcess } from 'node:child_process';
import { basename } from 'node:path';

import { endGuarded, spawnGuarded } from '../../../scripts/guarded.mjs';
import { connect, type Cdp } from './cdp';
import type { LaunchOptions } from './driver';
import { until } from './until';

export type Started = { readonly child: ChildProcess; readonly cdp: Cdp; readonly extensionId: string };

type Start = Pick<LaunchOptions, 'network' | 'headed' | 'say'> & {
  readonly executable: string;
  readonly profile: string;
  readonly extension: string;
};

/** This browser cannot be used here, and another may. */
export class Unsuitable extends Error {}

/** There is nowhere to open a window, whichever the browser. */
export class NoWindow extends Error {}

const noSandbox = /No usable sandbox|SUID sandbox helper binary|without --no-sandbox|Failed to move to new namespace/;

/** Starts one browser of Chromium's family with the extension loaded. */
export async function startChromium(start: Start): Promise<Started> {
  // A browser run by root refuses to start with its sandbox.
  if (process.getuid?.() === 0) return attempt(start, false);
  try {
    return await attempt(start, true);
  } catch (error) {
    if (!noSandbox.test((error as Error).message)) throw error;
    start.say?.(`${basename(start.executable)} cannot use its sandbox here; it runs without one.`);
    return attempt(start, false);
  }
}

async function attempt({ executable, profile, extension, network, headed = false }: Start, sandbox: boolean) {
  const mapped = network.hosts.map((host) => `MAP ${host}:443 127.0.0.1:${network.port}`);
  const child = spawnGuarded(
    executable,
    [
      '--remote-debugging-pipe',
      '--enable-unsafe-extension-debugging',
      `--user-data-dir=${profile}`,
      // The vendors' real names lead to the lab, and no other name leads anywhere.
      `--host-resolver-rules=${[...mapped, 'MAP * ~NOTFOUND', 'EXCLUDE localhost', 'EXCLUDE 127.0.0.1'].join(', ')}`,
      `--ignore-certificate-errors-spki-list=${network.spki}`,
      '--no-proxy-server',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-breakpad',
      '--disable-client-side-phishing-detection',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-dev-shm-usage',
      '--disable-features=Translate,MediaRouter,OptimizationHints',
      '--disable-search-engine-choice-screen',
      '--disable-sync',
      '--force-color-profile=srgb',
      '--lang=en-US',
      '--metrics-recording-only',
      '--password-store=basic',
      '--use-mock-keychain',
      '--window-size=1280,900',
      ...(headed ? [] : ['--headless=new', '--disable-gpu', '--hide-scrollbars']),
      ...(sandbox ? [] : ['--no-sandbox']),
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  );
  let said = '';
  child.on('error', (error) => (said += error.message));
  child.stderr!.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));

  const cdp = connect(child);
  try {
    const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    const state = await until(
      'a window',
      async () => {
        if (hasEnded()) return 'ended';
        return (await cdp.targets()).some(({ type }) => type === 'page') ? 'open' : undefined;
      },
      { timeoutMs: headed ? 10_000 : 30_000 },
    );
    if (state === 'ended') throw new Error('it ended at once');
    const { id } = await cdp.send('Extensions.loadUnpacked', { path: extension }).catch((cause) => {
      throw new Unsuitable(`${executable}: policy forbids unpacked extensions (${(cause as Error).message})`, {
        cause,
      });
    });
    await until(
      'the extension’s worker',
      async () => (await cdp.targets()).find(({ type, url }) => type === 'service_worker' && new URL(url).host === id),
      { timeoutMs: 15_000 },
    ).catch((cause) => {
      throw new Unsuitable(`${executable}: policy forbids unpacked extensions`, { cause });
    });
    return { child, cdp, extensionId: id as string };
  } catch (error) {
    await endGuarded(child);
    if (error instanceof Unsuitable) throw error;
    // Its last words are the ones it died of.
    const why = said.trim().split('\n').slice(-8).join('\n') || (error as Error).message;
    if (headed && !noSandbox.test(why)) throw new NoWindow(`${executable} opened no window: ${why}`, { cause: error });
    throw new Unsuitable(`${executable} did not start: ${why}`, { cause: error });
  }
}

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from './driver/until';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
let script: string;

beforeAll(async () => {
  // Inside the project, so that what is not bundled is found; of its own, so that a demo that plays meanwhile keeps its file.
  folder = mkdtempSync(join(tmpdir(), 'fob-ending-'));
  const outDir = join(root, `.cache/ending-${process.pid}`);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: 'tests/e2e/demo/play.ts',
      outDir,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'play.mjs' } },
    },
  });
  script = join(outDir, 'start.mjs');
  writeFileSync(
    script,
    `import { endWithParent } from ${JSON.stringify(pathToFileURL(join(root, 'scripts/guarded.mjs')).href)};
     import { play } from './play.mjs';
     endWithParent();
     process.exit(await play({ folder: ${JSON.stringify(join(folder, 'output'))}, headed: false, mayFallBack: false }));`,
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(resolve(script, '..'), { recursive: true, force: true });
});

type Running = { readonly node: number; readonly browser: number; readonly profile: string; readonly port: number };

/** Every process by its number, with its parent's and its words. */
function processes(): { pid: number; parent: number; words: string }[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { maxBuffer: 16e6 })
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, words] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return words === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), words }];
    });
}

/** Waits until the demo below `started` has its browser. */
function running(started: ChildProcess): Promise<Running> {
  return until(
    'the browser of the demo',
    async () => {
      const all = processes();
      const node = all.find(
        (one) =>
          one.words.includes(script) &&
          !one.words.includes('guard.mjs') &&
          below(one.pid, started.pid ?? 0, all) &&
          one.words.startsWith('node'),
      );
      const browser = all.find((one) => one.parent === node?.pid && one.words.includes('--user-data-dir='));
      const profile = /--user-data-dir=(\S+)/.exec(browser?.words ?? '')?.[1];
      const port = /MAP \S+:443 127\.0\.0\.1:(\d+)/.exec(browser?.words ?? '')?.[1];
      return node && browser && profile && port && existsSync(profile)
        ? { node: node.pid, browser: browser.pid, profile, port: Number(port) }
        : undefined;
    },
    { timeoutMs: 40_000, everyMs: 200 },
  );
}

function below(pid: number, ancestor: number, all: ReturnType<typeof processes>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = all.find((one) => one.pid === at)?.parent) {
    if (at === ancestor) return true;
  }
  return false;
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const listens = (port: number): Promise<boolean> =>
  new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => answer((socket.destroy(), true)));
    socket.once('error', () => answer(false));
  });

async function expectNothingLeft({ node, browser, profile, port }: Running): Promise<void> {
  await until(
    'everything to end',
    async () => (isThere(node) || isThere(browser) || existsSync(profile) || (await listens(port)) ? undefined : true),
    { timeoutMs: 15_000, everyMs: 200 },
  );
  expect(processes().filter(({ words }) => words.includes(profile))).toEqual([]);
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  'leaves no browser, no lab and no profile behind after %s',
  async (signal) => {
    const started = spawn('node', [script], { cwd: root, stdio: 'ignore', detached: true });
    const demo = await running(started);

    process.kill(demo.node, signal);

    await expectNothingLeft(demo);
  },
);

it('leaves nothing behind when the process that started it dies', async () => {
  const shell = spawn('sh', ['-c', `node "${script}"; true`], { cwd: root, stdio: 'ignore', detached: true });
  const demo = await running(shell);

  process.kill(shell.pid ?? 0, 'SIGKILL');

  await expectNothingLeft(demo);
});

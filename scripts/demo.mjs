// `npm run demo`: sets everything up, then plays the main job in a real browser against the lab on this machine.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { endWithParent } from './guarded.mjs';
import { build, checkNode, conduct, ensureChromium, installPackages, noChromium, say, Stop } from './set-up.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// Paths of the driver and the lab are from here, wherever the command was given.
process.chdir(root);

await conduct(async () => {
  checkNode();
  endWithParent();
  await installPackages();
  if ((await ensureChromium()) === undefined) throw new Stop(noChromium, 2);
  say('Building the extension …');
  await build('chromium');
  const { play } = await import(await bundled());
  const wish = process.argv.includes('--headed') ? true : process.argv.includes('--headless') ? false : undefined;
  process.exit(
    await play({
      folder: join(root, 'demo-output'),
      headed: wish ?? hasDisplay(),
      mayFallBack: wish === undefined,
      stays: process.argv.includes('--stay'),
    }),
  );
});

/** The demo and the lab are TypeScript, which Node 20 does not run: vite makes one file of them. */
async function bundled() {
  const { build: bundle } = await import('vite');
  const outDir = join(root, '.cache/demo');
  await bundle({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: 'tests/e2e/demo/play.ts',
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'play.mjs' } },
    },
  });
  return pathToFileURL(join(outDir, 'play.mjs')).href;
}

/** Whether there is somebody to show a window to. */
function hasDisplay() {
  const { CI, SSH_CONNECTION, SSH_TTY, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (CI) return false;
  if (process.platform === 'darwin') return !SSH_CONNECTION && !SSH_TTY;
  return Boolean(DISPLAY || WAYLAND_DISPLAY);
}

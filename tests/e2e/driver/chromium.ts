import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { chromiumBrowsers } from '../../../scripts/browsers.mjs';
import { endGuarded, killGuarded, makeGuardedFolder, removeGuardedFolder } from '../../../scripts/guarded.mjs';
import { chromiumPage, type ChromiumPage } from './chromium-page';
import { startChromium, Unsuitable, type Started } from './chromium-start';
import type { Target } from './cdp';
import type { Browser, LaunchOptions, Page } from './driver';
import { until } from './until';

/** Starts the first browser of Chromium's family that takes the extension. */
export async function launchChromium(options: LaunchOptions): Promise<Browser> {
  const extension = resolve(options.extension ?? 'dist/chrome-mv3');
  const folder = makeGuardedFolder('fob-chromium-');
  const refusals: string[] = [];
  for (const executable of chromiumBrowsers()) {
    const profile = join(folder, basename(executable));
    mkdirSync(profile, { recursive: true });
    try {
      const start = () => startChromium({ ...options, executable, profile, extension });
      return driving(await start(), start, { folder, profile, extension });
    } catch (error) {
      if (!(error instanceof Unsuitable)) throw error;
      refusals.push(error.message);
      options.say?.(`${error.message}.`);
    }
  }
  removeGuardedFolder(folder);
  throw new Unsuitable(`no usable browser: ${refusals.join('; ') || 'none was found, set FOB_BROWSER to one'}`);
}

/** An origin as permissions name it. */
const patternOf = (origin: string): string => {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
};

async function driving(
  first: Started,
  start: () => Promise<Started>,
  { folder, profile, extension }: { folder: string; profile: string; extension: string },
): Promise<Browser> {
  let { child, cdp, extensionId } = first;
  let known = new Map<string, ChromiumPage>();
  const origin = `chrome-extension://${extensionId}`;
  const { product } = await cdp.send('Browser.getVersion');

  const isWorker = ({ type, url }: Target) => type === 'service_worker' && url.startsWith(`${origin}/`);
  const isBare = ({ url }: Target) => url === `${origin}/manifest.json`;

  const pageOf = async (targetId: string): Promise<ChromiumPage> => {
    const page = known.get(targetId) ?? (await chromiumPage(cdp, targetId));
    known.set(targetId, page);
    return page;
  };
  const mine = (page: Page): ChromiumPage => {
    const { targetId } = page as ChromiumPage;
    if (!known.has(targetId)) throw new Error('the page is not one of this browser’s, or is from before its restart');
    return page as ChromiumPage;
  };

  const open = async (url: string) => {
    const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank' });
    const page = await pageOf(targetId);
    await page.goto(url);
    return page;
  };

  const popups = new Set<string>();
  const isOurs = ({ type, url }: Target) => type === 'page' && url.startsWith(`${origin}/`);

  const inExtension: Browser['inExtension'] = async (fn, ...args) => {
    // The manifest is a page of the extension's origin in which none of its code runs.
    const { targetId } = await cdp.send('Target.createTarget', { url: `${origin}/manifest.json`, background: true });
    const page = await chromiumPage(cdp, targetId);
    try {
      await page.waitUntil(() => {
        const scope = globalThis as { browser?: unknown; chrome?: { storage?: unknown } };
        scope.browser ??= scope.chrome;
        return document.readyState === 'complete' && scope.chrome?.storage !== undefined;
      }, []);
      return await page.evaluate(fn, ...args);
    } finally {
      await page.close();
    }
  };

  /** Runs on the browser's page of extensions, which may do what a person may do there. */
  const onExtensionsPage = async <A extends readonly unknown[]>(fn: (...args: A) => Promise<void>, ...args: A) => {
    const page = await open('chrome://extensions/');
    try {
      await page.evaluate(fn, ...args);
    } finally {
      await page.close();
    }
  };
  let isAsking = false;

  const quit = async () => {
    const gone = new Promise((done) => child.once('exit', done));
    if (child.exitCode === null && child.signalCode === null) {
      cdp.send('Browser.close').catch(() => {}); // It may close before it answers.
      const timer = setTimeout(() => void endGuarded(child), 8000);
      await gone;
      clearTimeout(timer);
    }
    known = new Map();
  };

  return {
    name: 'chromium',
    version: product,
    extensionOrigin: origin,
    profileFolder: profile,
    pid: () => child.pid!,
    open,
    async pages() {
      const pages = (await cdp.targets()).filter(
        (target) => target.type === 'page' && !popups.has(target.targetId) && !isBare(target),
      );
      return Promise.all(pages.map(({ targetId }) => pageOf(targetId)));
    },
    async popup(on) {
      const page = mine(on);
      await page.bringToFront();
      const url = await page.url();
      const tab = await until('the tab to be active', async () =>
        (await cdp.targets()).find(
          (target) => target.type === 'tab' && target.url === url && target.embedderData?.tabActive !== false,
        ),
      );
      const before = new Set((await cdp.targets()).map(({ targetId }) => targetId));
      await cdp.send('Extensions.triggerAction', { id: extensionId, targetId: tab.targetId });
      const { targetId } = await until('the popup', async () =>
        (await cdp.targets()).find((target) => isOurs(target) && !before.has(target.targetId)),
      );
      popups.add(targetId);
      const popup = await pageOf(targetId);
      await popup.waitUntil(() => document.readyState === 'complete', []);
      return popup;
    },
    extensionPage: (path) => open(`${origin}/${path}`),
    panel: (on) => mine(on).panel,
    async icon(on) {
      await mine(on).bringToFront();
      return inExtension(async () => {
        const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
        const details = { tabId: tab!.id ?? -1 };
        const [title, badge, popup] = await Promise.all([
          browser.action.getTitle(details),
          browser.action.getBadgeText(details),
          browser.action.getPopup(details),
        ]);
        return { title, badge, popup };
      });
    },
    inExtension,
    storage: () =>
      inExtension(async () => ({
        local: await browser.storage.local.get(),
        session: await browser.storage.session.get(),
        sync: await browser.storage.sync.get(),
      })),
    async killWorker() {
      const worker = (await cdp.targets()).find(isWorker);
      if (worker === undefined) return; // It sleeps already.
      await cdp.send('Target.setDiscoverTargets', { discover: true, filter: [{}] });
      // Not by asking whether it is there: one that is woken again at once has the same number.
      const killed = new Promise<void>((done) => {
        const stop = cdp.on((method, { targetId }) => {
          if (method !== 'Target.targetDestroyed' || targetId !== worker.targetId) return;
          stop();
          done();
        });
      });
      await cdp.send('Target.closeTarget', { targetId: worker.targetId });
      await killed;
      await cdp.send('Target.setDiscoverTargets', { discover: false });
    },
    workerAlive: async () => (await cdp.targets()).some(isWorker),
    async grantHosts(origins) {
      // Only with hosts granted one by one does the browser know the answer beforehand; it then withholds the required ones, too.
      const { host_permissions: required = [] } = JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8'));
      const patterns = [...(isAsking ? [] : required), ...origins.map(patternOf)];
      await onExtensionsPage(
        async (id: string, hosts: readonly string[], isFirst: boolean) => {
          const settings = (globalThis as any).chrome.developerPrivate;
          if (isFirst)
            await settings.updateExtensionConfiguration({ extensionId: id, hostAccess: 'ON_SPECIFIC_SITES' });
          for (const host of hosts) await settings.addHostPermission(id, host);
        },
        extensionId,
        patterns,
        !isAsking,
      );
      isAsking = true;
    },
    withholdHosts: (origins) =>
      onExtensionsPage(
        async (id: string, hosts: readonly string[]) => {
          for (const host of hosts) await (globalThis as any).chrome.developerPrivate.removeHostPermission(id, host);
        },
        extensionId,
        origins.map(patternOf),
      ),
    async reloadExtension() {
      await cdp.send('Extensions.loadUnpacked', { path: extension });
      await until('the extension’s worker', async () => (await cdp.targets()).find(isWorker));
    },
    async restart(meanwhile) {
      await quit();
      await meanwhile?.();
      ({ child, cdp, extensionId } = await start());
    },
    async sigkill(meanwhile) {
      await killGuarded(child);
      known = new Map();
      await meanwhile?.();
      ({ child, cdp, extensionId } = await start());
    },
    async close() {
      await quit();
      removeGuardedFolder(folder);
    },
  };
}

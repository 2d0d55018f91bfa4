import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { firefoxBrowser } from '../../../scripts/browsers.mjs';
import { endGuarded, killGuarded, makeGuardedFolder, removeGuardedFolder } from '../../../scripts/guarded.mjs';
import type { Browser, LaunchOptions, Page } from './driver';
import { firefoxPage, frameSource, teachFirefox, type FirefoxPage } from './firefox-page';
import { startFirefox } from './firefox-start';
import { until } from './until';
import { zip } from './zip';

declare const ChromeUtils: any;
declare const Services: any;
declare const WebExtensionPolicy: any;

function packed(folder: string): Buffer {
  const names = readdirSync(folder, { recursive: true }).map(String);
  const files = names.filter((name) => statSync(join(folder, name)).isFile()).sort();
  return zip(files.map((name) => ({ name: name.replaceAll('\\', '/'), content: readFileSync(join(folder, name)) })));
}

/** Starts Firefox with the extension installed for good, so that it is still there after a restart. */
export async function launchFirefox(options: LaunchOptions): Promise<Browser> {
  const extension = resolve(options.extension ?? 'dist/firefox-mv3');
  const executable = firefoxBrowser();
  if (executable === undefined) throw new Error('no Firefox was found: set FOB_FIREFOX to one');
  const manifest = JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8'));
  const addonId: string = manifest.browser_specific_settings.gecko.id;

  const folder = makeGuardedFolder('fob-firefox-');
  const profile = join(folder, 'profile');
  const home = join(folder, 'home');
  mkdirSync(profile);
  mkdirSync(home);
  const xpi = join(folder, `${addonId}.xpi`);
  writeFileSync(xpi, packed(extension));

  const uuid = randomUUID();
  const origin = `moz-extension://${uuid}`;
  const start = async (isFirst = false) => {
    const started = await startFirefox({ ...options, executable, profile, home, uuids: { [addonId]: uuid } });
    // Not put into the profile beforehand: a first start that finds an extension there may never answer.
    if (isFirst) await started.marionette.send('Addon:Install', { path: xpi, temporary: false });
    await until('the extension', () =>
      started.marionette.run((id: string) => {
        const extensionOf = WebExtensionPolicy.getByID(id)?.extension;
        return extensionOf?.hasStarted === false || extensionOf === undefined ? undefined : true;
      }, addonId),
    );
    await started.marionette.run(teachFirefox, frameSource);
    return started;
  };

  let { child, marionette } = await start(true);
  let known = new Map<number, FirefoxPage>();

  const pageOf = (browserId: number): FirefoxPage => {
    const page = known.get(browserId) ?? firefoxPage(marionette, browserId);
    known.set(browserId, page);
    return page;
  };
  const mine = (page: Page): FirefoxPage => {
    const { browserId } = page as FirefoxPage;
    if (known.get(browserId) !== page)
      throw new Error('the page is not one of this browser’s, or is from before its restart');
    return page as FirefoxPage;
  };

  const addTab = (inBackground: boolean) =>
    marionette.run((background: boolean) => {
      const window = (globalThis as any).window.fobDriver.windows().at(-1);
      const triggeringPrincipal = Services.scriptSecurityManager.getSystemPrincipal();
      const tab = window.gBrowser.addTab('about:blank', { triggeringPrincipal, inBackground: background });
      if (!background) window.gBrowser.selectedTab = tab;
      return tab.linkedBrowser.browserId as number;
    }, inBackground);

  const open = async (url: string) => {
    const page = pageOf(await addTab(false));
    await page.goto(url);
    return page;
  };

  const inExtension: Browser['inExtension'] = async (fn, ...args) => {
    // A picture is a page of the extension's origin in which none of its code runs.
    const page = firefoxPage(marionette, await addTab(true));
    try {
      await page.goto(`${origin}/${Object.values(manifest.icons)[0]}`);
      return await page.evaluate(fn, ...args);
    } finally {
      await page.close();
    }
  };

  const popupsOver = (page: Page) =>
    marionette.run(
      (browserId: number, address: string) => {
        const { document } = (globalThis as any).window.fobDriver.find(browserId).ownerDocument.defaultView;
        const there = Array.from(document.querySelectorAll('.webextension-popup-browser')) as any[];
        return there.map(({ browserId: id, currentURI }) => ({
          id: id as number,
          isLoaded: currentURI?.spec.startsWith(address) === true,
        }));
      },
      mine(page).browserId,
      `${origin}/`,
    );

  const press = (page: Page) =>
    marionette.run(
      (browserId: number, id: string) => {
        const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
        const window = (globalThis as any).window.fobDriver.find(browserId).ownerDocument.defaultView;
        window.focus();
        ExtensionParent.apiManager.global
          .browserActionFor(WebExtensionPolicy.getByID(id).extension)
          .triggerAction(window);
      },
      mine(page).browserId,
      addonId,
    );

  const quit = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once('exit', done));
      marionette.send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => {}); // It may quit before it answers.
      const timer = setTimeout(() => void endGuarded(child), 15_000);
      await gone;
      clearTimeout(timer);
    }
    marionette.close();
    known = new Map();
  };

  return {
    name: 'firefox',
    version: marionette.version,
    extensionOrigin: origin,
    profileFolder: profile,
    pid: () => child.pid!,
    open,
    async pages() {
      const ids = await marionette.run(() => {
        const { windows } = (globalThis as any).window.fobDriver;
        return windows().flatMap((window: any) => window.gBrowser.browsers.map((b: any) => b.browserId)) as number[];
      });
      return ids.map(pageOf);
    },
    async popup(on) {
      await mine(on).bringToFront();
      // A press would close one that is still open: Firefox leaves it open when another tab is chosen.
      for (const { id } of await popupsOver(on)) await pageOf(id).close();
      let pressedAt = -Infinity;
      const id = await until(
        'the popup',
        async () => {
          const [popup] = await popupsOver(on);
          if (popup?.isLoaded) return popup.id;
          // A window that has not got the focus yet lets the press go by.
          if (popup === undefined && performance.now() - pressedAt > 3000) {
            pressedAt = performance.now();
            await press(on);
          }
          return undefined;
        },
        { timeoutMs: 30_000 },
      );
      const popup = pageOf(id);
      await popup.waitUntil(() => document.readyState === 'complete', []);
      return popup;
    },
    extensionPage: (path) => open(`${origin}/${path}`),
    panel: (on) => mine(on).panel,
    async icon(on) {
      return marionette.run(
        (browserId: number, id: string) => {
          const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
          const browser = (globalThis as any).window.fobDriver.find(browserId);
          const tab = browser.ownerDocument.defaultView.gBrowser.getTabForBrowser(browser);
          const { action } = ExtensionParent.apiManager.global.browserActionFor(
            WebExtensionPolicy.getByID(id).extension,
          );
          const { title, badgeText, popup } = action.getContextData(tab);
          return { title: title ?? '', badge: badgeText ?? '', popup: popup ?? '' };
        },
        mine(on).browserId,
        addonId,
      );
    },
    inExtension,
    storage: () =>
      inExtension(async () => ({
        local: await browser.storage.local.get(),
        session: await browser.storage.session.get(),
        sync: await browser.storage.sync.get(),
      })),
    async killWorker() {
      await marionette.run(async (id: string) => {
        const { extension: target } = WebExtensionPolicy.getByID(id);
        await target.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true });
      }, addonId);
    },
    workerAlive: () =>
      marionette.run((id: string) => WebExtensionPolicy.getByID(id).extension.backgroundState === 'running', addonId),
    // Its questions are answered with yes (firefox-start.ts).
    grantHosts: async () => {},
    async withholdHosts(origins) {
      const patterns = origins.map((one) => new URL(one)).map((url) => `${url.protocol}//${url.hostname}/*`);
      await marionette.run(
        async (id: string, hosts: readonly string[]) => {
          const { ExtensionPermissions } = ChromeUtils.importESModule(
            'resource://gre/modules/ExtensionPermissions.sys.mjs',
          );
          const { extension: target } = WebExtensionPolicy.getByID(id);
          await ExtensionPermissions.remove(id, { origins: hosts, permissions: [] }, target);
        },
        addonId,
        patterns,
      );
    },
    async reloadExtension() {
      await marionette.run(async (id: string) => {
        const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
        await (await AddonManager.getAddonByID(id)).reload();
      }, addonId);
    },
    async restart(meanwhile) {
      await quit();
      await meanwhile?.();
      ({ child, marionette } = await start());
    },
    async sigkill(meanwhile) {
      await killGuarded(child);
      marionette.close();
      known = new Map();
      await meanwhile?.();
      ({ child, marionette } = await start());
    },
    async close() {
      await quit();
      removeGuardedFolder(folder);
    },
  };
}

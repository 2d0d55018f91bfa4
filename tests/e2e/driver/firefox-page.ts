import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Page, Panel } from './driver';
import { frameScript, type FrameRequest } from './firefox-frame';
import { parseKey } from './keys';
import type { Marionette } from './marionette';
import { scopeOn, type Surface } from './scope';
import { until } from './until';

/** A page as this driver sees it: what tests use, and Firefox's own number for it. */
export type FirefoxPage = Page & { readonly browserId: number; readonly panel: Panel };

declare const Services: any;

/**
 * What Firefox is taught once per start, so that each request can be short: finding a page's `<browser>`
 * by its number wherever it is, and asking the process behind it.
 */
export function teachFirefox(frameSource: string): void {
  const taught: any = ((globalThis as any).window.fobDriver ??= {});
  taught.windows = () => Array.from(Services.wm.getEnumerator('navigator:browser')) as any[];
  taught.find = (browserId: number) => {
    for (const window of taught.windows()) {
      const popups = Array.from(window.document.querySelectorAll('.webextension-popup-browser'));
      const found = [...window.gBrowser.browsers, ...popups].find((browser: any) => browser.browserId === browserId);
      if (found !== undefined) return found;
    }
    throw new Error('the page is gone');
  };
  taught.seen = new WeakSet();
  taught.last = 0;
  taught.ask = (browser: any, name: string, request: object) =>
    new Promise((done, failed) => {
      const { messageManager } = browser;
      if (!messageManager) throw new Error('the page has no process yet');
      if (!taught.seen.has(messageManager)) {
        // A page that moves to another process gets another message manager.
        messageManager.loadFrameScript(`data:,${encodeURIComponent(frameSource)}`, false);
        taught.seen.add(messageManager);
      }
      const id = ++taught.last;
      const end = (settle: () => void) => {
        messageManager.removeMessageListener('fob:answer', listener);
        browser.ownerDocument?.defaultView?.clearTimeout(timer);
        browser.ownerDocument?.defaultView?.clearInterval(watch);
        settle();
      };
      const listener = ({ data }: any) => {
        if (data.id !== id) return;
        const { value, error } = JSON.parse(data.answer);
        end(() => (error === undefined ? done(value) : failed(error)));
      };
      const timer = browser.ownerDocument.defaultView.setTimeout(
        () => end(() => failed('the page did not answer')),
        20_000,
      );
      // A page that has moved to another process answers nothing to what the old one was asked.
      const watch = browser.ownerDocument.defaultView.setInterval(() => {
        if (browser.messageManager !== messageManager) end(() => failed('the page moved to another process'));
      }, 50);
      messageManager.addMessageListener('fob:answer', listener);
      messageManager.sendAsyncMessage(name, { id, ...request });
    });
  taught.isLoaded = (browser: any) =>
    !browser.webProgress?.isLoadingDocument &&
    browser.browsingContext?.currentWindowGlobal?.isInitialDocument === false;
}

/** The page with this number: a tab or an open popup. */
export function firefoxPage(marionette: Marionette, browserId: number): FirefoxPage {
  const ask = (name: string, request: object): Promise<any> =>
    marionette.run(
      (id: number, message: string, content: object) => {
        const { find, ask: send } = (globalThis as any).window.fobDriver;
        return send(find(id), message, content);
      },
      browserId,
      name,
      request,
    );
  const run = (root: FrameRequest['root'], fn: unknown, args: readonly unknown[]) =>
    ask('fob:run', { root, source: `${fn}`, args: JSON.stringify(args) });
  const focus = () => marionette.run((id: number) => (globalThis as any).window.fobDriver.find(id).focus(), browserId);

  const surface: Surface = {
    what: 'the page',
    onRoot: (fn, ...args) => run('document', fn, args),
    runScript: (source) => run('none', `() => { ${source} }`, []),
    pressAt: (point) => ask('fob:input', { point }).catch(ignoreGone),
    async insertText(text) {
      await focus();
      await ask('fob:input', { text });
    },
    async pressKey(combination) {
      await focus();
      await ask('fob:input', { key: parseKey(combination) }).catch(ignoreGone);
    },
  };
  const panelSurface: Surface = {
    ...surface,
    what: 'the panel',
    onRoot: (fn, ...args) => run('closed', fn, args),
  };

  const url = () =>
    marionette.run((id: number) => (globalThis as any).window.fobDriver.find(id).currentURI.spec as string, browserId);
  const loaded = async (before?: number) => {
    const refused = await until(
      'the page to be loaded',
      async () => {
        const { isSettled, shown } = await marionette.run((id: number) => {
          const { find, isLoaded } = (globalThis as any).window.fobDriver;
          const browser = find(id);
          return { isSettled: isLoaded(browser) as boolean, shown: (browser.documentURI?.spec ?? '') as string };
        }, browserId);
        if (/^about:(neterror|certerror|blocked)/.test(shown)) return shown;
        if (!isSettled) return undefined;
        const state = await pageEvaluate(() => ({ ready: document.readyState, origin: performance.timeOrigin }));
        return state.ready === 'complete' && state.origin !== before ? '' : undefined;
      },
      { timeoutMs: 20_000 },
    );
    if (refused !== '') {
      throw new Error(`${new URL(refused).searchParams.get('e')} at ${(await url()).split('?')[0]}`);
    }
  };
  const pageEvaluate: Page['evaluate'] = (fn, ...args) => run('none', fn, args);

  return {
    ...scopeOn(surface),
    browserId,
    panel: {
      ...scopeOn(panelSurface),
      isOpen: () =>
        run('closed', '() => true', []).then(
          () => true,
          (error: Error) => {
            if (error.message.includes('has no panel')) return false;
            throw error;
          },
        ),
    },
    url,
    async goto(to) {
      const before = await pageEvaluate(() => performance.timeOrigin);
      await marionette.run(
        (id: number, address: string) => {
          const browser = (globalThis as any).window.fobDriver.find(id);
          const triggeringPrincipal = Services.scriptSecurityManager.getSystemPrincipal();
          browser.fixupAndLoadURIString(address, { triggeringPrincipal });
        },
        browserId,
        to,
      );
      await loaded(before);
    },
    async reload() {
      const before = await pageEvaluate(() => performance.timeOrigin);
      await marionette.run((id: number) => (globalThis as any).window.fobDriver.find(id).reload(), browserId);
      await loaded(before);
    },
    async bringToFront() {
      await marionette.run((id: number) => {
        const browser = (globalThis as any).window.fobDriver.find(id);
        const { gBrowser } = browser.ownerDocument.defaultView;
        browser.ownerDocument.defaultView.focus();
        gBrowser.selectedTab = gBrowser.getTabForBrowser(browser);
      }, browserId);
    },
    isClosed: () =>
      url().then(
        () => false,
        () => true,
      ),
    async close() {
      await marionette.run((id: number) => {
        const { windows } = (globalThis as any).window.fobDriver;
        for (const window of windows()) {
          const tab = window.gBrowser.tabs.find((candidate: any) => candidate.linkedBrowser.browserId === id);
          if (tab !== undefined) window.gBrowser.removeTab(tab, { skipPermitUnload: true });
          const popups = Array.from(window.document.querySelectorAll('.webextension-popup-browser')) as any[];
          popups
            .find((browser) => browser.browserId === id)
            ?.closest('panel')
            ?.hidePopup();
        }
      }, browserId);
      await until('the page to be closed', () =>
        url().then(
          () => undefined,
          () => true,
        ),
      );
    },
    evaluate: pageEvaluate,
    async waitUntil(fn, args, { timeoutMs = 10_000 } = {}) {
      await until(`${fn}`, async () => ((await pageEvaluate(fn, ...args)) ? true : undefined), { timeoutMs });
    },
    async setMedia({ colorScheme, forcedColors, reducedMotion }) {
      await marionette.run(
        (id: number, scheme: string, forced: string, motion: string) => {
          const context = (globalThis as any).window.fobDriver.find(id).browsingContext.top;
          context.prefersColorSchemeOverride = scheme;
          context.forcedColorsOverride = forced;
          context.prefersReducedMotionOverride = motion;
        },
        browserId,
        colorScheme ?? 'none',
        forcedColors === 'active' ? 'active' : 'none',
        reducedMotion ?? 'none',
      );
    },
    async setZoom(factor) {
      await marionette.run(
        (id: number, zoom: number) => {
          (globalThis as any).window.fobDriver.find(id).browsingContext.fullZoom = zoom;
        },
        browserId,
        factor,
      );
    },
    async screenshot(file) {
      const data = await marionette.run(async (id: number) => {
        const browser = (globalThis as any).window.fobDriver.find(id);
        const bitmap = await browser.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, 'white');
        const canvas = browser.ownerDocument.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');
        canvas.width = bitmap.width;
        canvas.height = bitmap.height;
        canvas.getContext('2d').drawImage(bitmap, 0, 0);
        return canvas.toDataURL('image/png').split(',')[1] as string;
      }, browserId);
      const picture = Buffer.from(data, 'base64');
      if (file !== undefined) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, picture);
      }
      return picture;
    },
  };
}

/** A press or a key may close the very page it lands on. */
function ignoreGone(error: Error): void {
  if (!/is gone|did not answer|another process/.test(error.message)) throw error;
}

export const frameSource = `(${frameScript})(this)`;

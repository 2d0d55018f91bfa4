import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Cdp, Session } from './cdp';
import type { Page, Panel } from './driver';
import { parseKey } from './keys';
import { scopeOn, type Surface } from './scope';
import { until } from './until';

/** A page as this driver sees it: what tests use, and the target behind it. */
export type ChromiumPage = Page & { readonly targetId: string; readonly panel: Panel };

const value = ({ result, exceptionDetails }: any) => {
  if (exceptionDetails !== undefined) {
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }
  return result.value;
};

/** Runs text in a page once it has somewhere to run. */
async function evaluate(session: Session, expression: string) {
  return value(
    await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true, userGesture: false }),
  );
}

async function callOn(session: Session, objectId: string, fn: unknown, args: readonly unknown[]) {
  return value(
    await session.send('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: `function (...args) { return (${fn})(this, ...args); }`,
      arguments: args.map((argument) => ({ value: argument })),
      awaitPromise: true,
      returnByValue: true,
    }),
  );
}

type Node = { backendNodeId: number; shadowRootType?: string; shadowRoots?: Node[]; children?: Node[] };

function closedRoots(node: Node): Node[] {
  const own = (node.shadowRoots ?? []).filter(({ shadowRootType }) => shadowRootType === 'closed');
  return [...own, ...[...(node.shadowRoots ?? []), ...(node.children ?? [])].flatMap(closedRoots)];
}

async function closedRoot(session: Session): Promise<string | undefined> {
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  const last = closedRoots(root).at(-1);
  if (last === undefined) return undefined;
  const { object } = await session.send('DOM.resolveNode', { backendNodeId: last.backendNodeId });
  return object.objectId;
}

function inputOf(session: Session): Pick<Surface, 'pressAt' | 'insertText' | 'pressKey'> {
  const mouse = (type: string, point: { x: number; y: number }, pressed = true) =>
    session.send('Input.dispatchMouseEvent', {
      type,
      ...point,
      ...(pressed ? { button: 'left', clickCount: 1 } : {}),
    });
  return {
    async pressAt(point) {
      await mouse('mouseMoved', point, false);
      await mouse('mousePressed', point);
      // The press may close the very popup it lands on.
      await mouse('mouseReleased', point).catch(() => {});
    },
    async insertText(text) {
      if (text !== '') await session.send('Input.insertText', { text });
      else await inputOf(session).pressKey('Backspace');
    },
    async pressKey(combination) {
      const { key, code, keyCode, text, alt, ctrl, meta, shift } = parseKey(combination);
      const event = {
        key,
        code,
        windowsVirtualKeyCode: keyCode,
        modifiers: (alt ? 1 : 0) + (ctrl ? 2 : 0) + (meta ? 4 : 0) + (shift ? 8 : 0),
      };
      await session.send('Input.dispatchKeyEvent', {
        type: text === undefined ? 'rawKeyDown' : 'keyDown',
        ...event,
        ...(text === undefined ? {} : { text }),
      });
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event }).catch(() => {});
    },
  };
}

/** Attaches to a page, popups included. */
export async function chromiumPage(cdp: Cdp, targetId: string): Promise<ChromiumPage> {
  const session = await cdp.attach(targetId);
  await session.send('Page.enable');

  const url = async () => (await cdp.targets()).find((target) => target.targetId === targetId)?.url ?? '';
  const loaded = () =>
    until(
      'the page to be loaded',
      async () => {
        const state = await evaluate(session, 'document.readyState');
        return state === 'complete' ? true : undefined;
      },
      { timeoutMs: 20_000 },
    );

  const surface: Surface = {
    what: 'the page',
    async onRoot(fn, ...args) {
      const { result } = await session.send('Runtime.evaluate', { expression: 'document' });
      return callOn(session, result.objectId, fn, args);
    },
    runScript: (source) => evaluate(session, `${source};undefined`),
    ...inputOf(session),
  };
  const panelSurface: Surface = {
    ...surface,
    what: 'the panel',
    async onRoot(fn, ...args) {
      const objectId = await closedRoot(session);
      if (objectId === undefined) throw new Error('the page has no panel');
      return callOn(session, objectId, fn, args);
    },
  };
  const pageEvaluate: Page['evaluate'] = (fn, ...args) => evaluate(session, `(${fn})(...${JSON.stringify(args)})`);

  return {
    ...scopeOn(surface),
    targetId,
    panel: { ...scopeOn(panelSurface), isOpen: async () => (await closedRoot(session)) !== undefined },
    url,
    async goto(to) {
      const { errorText } = await session.send('Page.navigate', { url: to });
      if (errorText !== undefined) throw new Error(`${errorText} at ${to.split('?')[0]}`);
      await loaded();
    },
    async reload() {
      const before = await evaluate(session, 'performance.timeOrigin');
      await session.send('Page.reload');
      await until('the page to be reloaded', async () =>
        (await evaluate(session, 'performance.timeOrigin')) !== before ? true : undefined,
      );
      await loaded();
    },
    bringToFront: () => cdp.send('Target.activateTarget', { targetId }),
    isClosed: async () => !(await cdp.targets()).some((target) => target.targetId === targetId),
    async close() {
      await cdp.send('Target.closeTarget', { targetId }).catch(() => {}); // It closed by itself.
      await until('the page to be closed', async () =>
        (await cdp.targets()).some((target) => target.targetId === targetId) ? undefined : true,
      );
    },
    evaluate: pageEvaluate,
    async waitUntil(fn, args, { timeoutMs = 10_000 } = {}) {
      const ask = async () => ((await pageEvaluate(fn, ...args)) ? true : undefined);
      await until(`${fn}`, ask, { timeoutMs });
    },
    async setMedia({ colorScheme, forcedColors, reducedMotion }) {
      const features = Object.entries({
        'prefers-color-scheme': colorScheme,
        'forced-colors': forcedColors,
        'prefers-reduced-motion': reducedMotion,
      }).map(([name, set]) => ({ name, value: set ?? '' }));
      await session.send('Emulation.setEmulatedMedia', { features });
    },
    async setZoom(factor) {
      if (factor === 1) return session.send('Emulation.clearDeviceMetricsOverride');
      const { width, height } = await pageEvaluate(() => ({ width: innerWidth, height: innerHeight }));
      // What zooming in does: as many device pixels as before, and fewer CSS pixels.
      await session.send('Emulation.setDeviceMetricsOverride', {
        width: Math.round(width / factor),
        height: Math.round(height / factor),
        deviceScaleFactor: factor,
        mobile: false,
      });
    },
    async screenshot(file) {
      const { data } = await session.send('Page.captureScreenshot', { format: 'png' });
      const picture = Buffer.from(data, 'base64');
      if (file !== undefined) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, picture);
      }
      return picture;
    },
  };
}

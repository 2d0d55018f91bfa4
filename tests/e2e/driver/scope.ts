import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Locator, Name, Scope, Violation, Waiting } from './driver';
import { inPage, type Answer, type Command, type NameQuery, type Query } from './in-page';
import { until } from './until';

/** What a browser has to offer so that a part of its screen can be read and worked with. */
export type Surface = {
  readonly what: string;
  /** Runs a function on the document or the shadow root. */
  onRoot<T>(fn: (root: Document | ShadowRoot, ...args: never[]) => T | Promise<T>, ...args: unknown[]): Promise<T>;
  /** Runs text as a script with the page's own rights. */
  runScript(source: string): Promise<void>;
  pressAt(point: { readonly x: number; readonly y: number }): Promise<void>;
  insertText(text: string): Promise<void>;
  pressKey(key: string): Promise<void>;
};

const actionTimeoutMs = 8000;

function nameQuery(name: Name): NameQuery {
  return typeof name === 'string' ? { text: name } : { source: name.source, flags: name.flags };
}

const words = (query: Query) => {
  if ('css' in query) return query.css;
  if (query.name === undefined) return query.role;
  return `${query.role} "${'text' in query.name ? query.name.text : query.name.source}"`;
};

const includes = (text: string, part: Name) =>
  typeof part === 'string' ? text.replace(/\s+/g, ' ').includes(part) : part.test(text);

/** Builds what tests use out of what a browser offers. */
export function scopeOn(surface: Surface): Scope {
  const ask = (command: Command): Promise<Answer> => surface.onRoot(inPage as never, command);

  const waitForAnswer = async <T>(
    what: string,
    { timeoutMs = actionTimeoutMs }: Waiting,
    pick: () => Promise<T | undefined>,
  ): Promise<T> => {
    try {
      return await until(`${what} in ${surface.what}`, pick, { timeoutMs });
    } catch (error) {
      const text = await ask({ kind: 'text' }).catch(() => undefined);
      // Only what a person could read there; a script's own text never gets into it.
      if (text !== undefined) (error as Error).message += `\nIt reads:\n${text.text.slice(0, 1500)}`;
      throw error;
    }
  };

  const locate = (query: Query): Locator => {
    const look = (options: Waiting = {}, attribute?: string) =>
      waitForAnswer(words(query), options, async () => {
        const answer = await ask({ kind: 'look', query, ...(attribute === undefined ? {} : { attribute }) });
        return answer.count > 0 ? answer : undefined;
      });
    return {
      async click(options = {}) {
        // A view that has just opened may still grow: it is pressed where it was found twice.
        let last: Answer['point'] = null;
        const point = await waitForAnswer(`${words(query)}, ready to be pressed,`, options, async () => {
          const { enabled, point: here } = await ask({ kind: 'point', query });
          const isSteady = here !== null && here.x === last?.x && here.y === last.y;
          last = here;
          return enabled && isSteady ? here : undefined;
        });
        await surface.pressAt(point);
      },
      async fill(text, options = {}) {
        await waitForAnswer(`${words(query)}, ready to be filled,`, options, async () => {
          const answer = await ask({ kind: 'select', query });
          return answer.count > 0 && answer.enabled ? true : undefined;
        });
        await surface.insertText(text);
      },
      text: async (options) => (await look(options)).text,
      value: async (options) => (await look(options)).value,
      attribute: async (name, options) => (await look(options, name)).attribute,
      isEnabled: async (options) => (await look(options)).enabled,
      isVisible: async () => (await ask({ kind: 'look', query })).count > 0,
      count: async () => (await ask({ kind: 'look', query })).count,
      async waitFor(options = {}) {
        await look(options);
      },
      async waitUntilGone(options = {}) {
        await waitForAnswer(`no more ${words(query)}`, options, async () =>
          (await ask({ kind: 'look', query })).count === 0 ? true : undefined,
        );
      },
    };
  };

  const text = async () => (await ask({ kind: 'text' })).text;
  const byRole = (role: string, name?: Name) =>
    locate({ role, ...(name === undefined ? {} : { name: nameQuery(name) }) });

  return {
    text,
    has: async (part) => includes(await text(), part),
    async waitFor(part, options = {}) {
      await waitForAnswer(`“${part}”`, options, async () => (includes(await text(), part) ? true : undefined));
    },
    async waitUntilGone(part, options = {}) {
      await waitForAnswer(`no more “${part}”`, options, async () => (includes(await text(), part) ? undefined : true));
    },
    button: (name) => byRole('button', name),
    link: (name) => byRole('link', name),
    field: (label) => byRole('textbox', label),
    role: byRole,
    css: (selector) => locate({ css: selector }),
    type: (typed) => surface.insertText(typed),
    press: (key) => surface.pressKey(key),
    focused: async () => (await ask({ kind: 'focused' })).text,
    async axe() {
      await surface.runScript(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
      return surface.onRoot(judge);
    },
  };
}

async function judge(root: Document | ShadowRoot): Promise<Violation[]> {
  type AxeViolation = { id: string; impact: string; help: string; nodes: { html: string }[] };
  const { axe } = globalThis as unknown as { axe: { run(context: unknown): Promise<{ violations: AxeViolation[] }> } };
  const host = root.nodeType === 9 ? undefined : (root as ShadowRoot).host;
  // axe looks into the shadow roots it can see; this one is closed to everybody but the browser's own tools.
  if (host !== undefined) Object.defineProperty(host, 'shadowRoot', { value: root, configurable: true });
  const run = async (): Promise<{ violations: AxeViolation[] }> => {
    for (const end = Date.now() + 10_000; ;) {
      try {
        return await axe.run(host ?? root);
      } catch (error) {
        // One look at a time, says axe: an earlier one of a slow machine may still be ending.
        if (Date.now() > end || !String(error).includes('already running')) throw error;
        await new Promise((later) => setTimeout(later, 200));
      }
    }
  };
  const { violations } = await run();
  if (host !== undefined) delete (host as { shadowRoot?: unknown }).shadowRoot;
  return violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map(({ html }) => html) }));
}

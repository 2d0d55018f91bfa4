import { createContext, runInContext } from 'node:vm';
import { Window } from 'happy-dom';
import type { Lab } from '../index';
import { send, type Call, type Reply } from '../testing-client';
import { createJar } from './testing-jar';

/** A tab of a browser that knows what these consoles need: it runs a page's own script, keeps storage and cookies, and minds CORS. */
export type Tab = {
  readonly address: string;
  /** The names in the storage of the page's origin, with what is under them. */
  stored(kind: 'localStorage' | 'sessionStorage'): Record<string, string>;
  open(address: string): Promise<void>;
  /** Fills the page's form and sends it off, with what is hidden in it. */
  submit(fields: Readonly<Record<string, string>>): Promise<void>;
  click(selector: string): void;
  textOf(selector: string): string;
  /** Resolves once the text is shown. */
  waitFor(text: string): Promise<void>;
};

/** Opens a tab with nothing in it. */
export function openTab(lab: Lab): Tab {
  const jar = createJar();
  const storages = new Map<string, Map<string, string>>();
  let window = new Window();
  let url = new URL('about:blank');
  let going: Promise<void> = Promise.resolve();

  const ask = async (to: URL, { headers = {}, ...rest }: Call = {}): Promise<Reply> => {
    const browser = { 'User-Agent': 'Mozilla/5.0', Cookie: jar.headerFor(to), 'Sec-Fetch-Dest': 'document' };
    const reply = await send(lab.port, to.href, { ...rest, headers: { ...browser, ...headers } });
    jar.keep(to, reply.setCookies);
    return reply;
  };

  const navigate = async (to: URL, sending: Call = {}): Promise<void> => {
    const reply = await ask(to, sending);
    if (reply.headers.location !== undefined) return navigate(new URL(reply.headers.location, to));
    url = to;
    window = new Window({ url: to.href });
    window.document.write(reply.text);
    const script = window.document.querySelector('script')?.textContent;
    if (script) run(script);
    return undefined;
  };

  const go = (to: string, sending?: Call): Promise<void> => (going = navigate(new URL(to, url), sending));

  /** A page's request: told of its origin, and read only with leave. */
  const pageFetch = async (
    from: URL,
    address: string,
    { method = 'GET', headers = {}, body }: Call,
  ): Promise<object> => {
    const to = new URL(address, from);
    const crosses = to.origin !== from.origin;
    const common = { Origin: from.origin, 'Sec-Fetch-Dest': 'empty' };
    const isAllowed = (reply: Reply): boolean => reply.headers['access-control-allow-origin'] === from.origin;
    if (crosses && ('Authorization' in headers || headers['Content-Type'] === 'application/json')) {
      if (!isAllowed(await ask(to, { method: 'OPTIONS', headers: common }))) throw new TypeError('Failed to fetch');
    }
    const isForm = body instanceof URLSearchParams;
    const type = isForm ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {};
    const sent = body === undefined ? {} : { body: isForm ? body.toString() : body };
    const reply = await ask(to, { method, headers: { ...common, ...type, ...headers }, ...sent });
    if (crosses && !isAllowed(reply)) throw new TypeError('Failed to fetch');
    const { status, text } = reply;
    return { status, ok: status < 300, text: async () => text, json: async () => JSON.parse(text) as unknown };
  };

  const held = (kind: string, origin = url.origin): Map<string, string> => {
    const found = storages.get(`${kind} ${origin}`) ?? new Map<string, string>();
    storages.set(`${kind} ${origin}`, found);
    return found;
  };

  const storage = (kind: string): object => {
    const items = held(kind);
    return {
      getItem: (name: string) => items.get(name) ?? null,
      setItem: (name: string, value: unknown) => void items.set(name, String(value)),
      removeItem: (name: string) => void items.delete(name),
    };
  };

  const run = (script: string): void => {
    const here = url;
    const { document } = window;
    const location = {
      origin: here.origin,
      get pathname() {
        return url.pathname;
      },
      get search() {
        return url.search;
      },
      assign: (to: string) => void go(to),
    };
    // A page that was left must not go on drawing, or moving what is now another's.
    const replaceState = (_: unknown, __: string, path: string): void => {
      if (window.document === document) url = new URL(path, here);
    };
    const storagesOf = { localStorage: storage('localStorage'), sessionStorage: storage('sessionStorage') };
    const fetch = (address: string, call: Call = {}): Promise<object> => pageFetch(here, address, call);
    const globals = { document, location, history: { replaceState }, fetch, ...storagesOf, window: storagesOf };
    const ofBrowser = { crypto, URLSearchParams, TextEncoder, TextDecoder, Uint8Array, btoa, atob };
    runInContext(script, createContext({ ...globals, ...ofBrowser }));
  };

  const shown = (): string =>
    [...window.document.querySelectorAll('body > :not(script)')]
      .filter((one) => !one.hasAttribute('hidden'))
      .map((one) => one.textContent ?? '')
      .join(' ');

  return {
    get address() {
      return url.href;
    },
    stored: (kind) => Object.fromEntries(held(kind)),
    open: (address) => go(address),
    async submit(fields) {
      const form = window.document.querySelector('form');
      const hidden = [...(form?.querySelectorAll('input[type=hidden]') ?? [])].map((one): [string, string] => [
        one.getAttribute('name') ?? '',
        one.getAttribute('value') ?? '',
      ]);
      const action = form?.getAttribute('action') ?? '';
      const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }).toString();
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: url.origin };
      await go(action, { method: 'POST', body, headers });
    },
    click: (selector) => window.document.querySelector<'button'>(selector as 'button')?.click(),
    textOf: (selector) => window.document.querySelector(selector)?.textContent ?? '',
    async waitFor(text) {
      for (let tries = 0; tries < 300; tries += 1) {
        await going;
        if (shown().includes(text)) return;
        await new Promise((passed) => setTimeout(passed, 10));
      }
      throw new Error(`"${text}" did not come at ${url.href}: ${shown()}`);
    },
  };
}

import { createContext, runInContext } from 'node:vm';
import { Window } from 'happy-dom';
import type { Lab } from '../index';
import { send, type Call, type Reply } from '../testing-client';

/** A tab of a browser that knows what these consoles need: it runs their script, keeps storage and cookies, and minds CORS. */
export type Tab = {
  readonly address: string;
  /** The visible text. */
  readonly text: string;
  /** What every origin's storage holds, as a page of the console's own origin would read it. */
  readonly stored: { readonly local: Record<string, string>; readonly session: Record<string, string> };
  open(address: string): Promise<void>;
  /** Fills the page's form and sends it off, by its script where that minds, by the browser otherwise. */
  submit(fields: Record<string, string>): Promise<void>;
  click(selector: string): void;
  /** Resolves once the text is there. */
  waitFor(text: string): Promise<void>;
};

/** Opens a tab with nothing in it. */
export function openTab(lab: Lab): Tab {
  const cookies = new Map<string, Map<string, string>>();
  const storages = new Map<string, Map<string, string>>();
  let window = new Window();
  let url = new URL('about:blank');
  // A page that was left must not go on drawing.
  let going: Promise<void> = Promise.resolve();

  const ask = async (to: URL, { headers = {}, ...rest }: Call = {}): Promise<Reply> => {
    const jar = cookies.get(to.host) ?? new Map<string, string>();
    cookies.set(to.host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await send(lab.port, to.href, {
      ...rest,
      headers: { 'User-Agent': 'Mozilla/5.0', ...(cookie === '' ? {} : { Cookie: cookie }), ...headers },
    });
    for (const line of reply.setCookies) {
      const [pair = ''] = line.split(';', 1);
      const name = pair.slice(0, pair.indexOf('='));
      if (line.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, pair.slice(name.length + 1));
    }
    return reply;
  };

  const navigate = async (to: URL, sending: Call = {}): Promise<void> => {
    const reply = await ask(to, sending);
    if (reply.status >= 300 && reply.status < 400) return navigate(new URL(reply.headers.location ?? '', to));
    url = to;
    window = new Window({ url: to.href });
    window.document.write(reply.text);
    const source = window.document.querySelector('script[src]')?.getAttribute('src');
    if (source) run((await ask(new URL(source, to))).text);
    return undefined;
  };

  const go = (to: string | URL, sending?: Call): Promise<void> => (going = navigate(new URL(to, url), sending));

  /** A page's request: told of its origin, and read only with leave. */
  const request = async (from: URL, address: string, { method = 'GET', headers = {}, body }: Call): Promise<Reply> => {
    const to = new URL(address, from);
    const crosses = to.origin !== from.origin;
    const origin = crosses || method !== 'GET' ? { Origin: from.origin } : {};
    const allowed = (reply: Reply): boolean => reply.headers['access-control-allow-origin'] === from.origin;
    if (crosses && 'Authorization' in headers) {
      const preflight = await ask(to, {
        method: 'OPTIONS',
        headers: { ...origin, 'Access-Control-Request-Method': method },
      });
      if (!allowed(preflight)) throw new TypeError('Failed to fetch');
    }
    const reply = await ask(to, {
      method,
      headers: { ...origin, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    if (crosses && !allowed(reply)) throw new TypeError('Failed to fetch');
    return reply;
  };

  const storage = (kind: string): object => {
    const held = storages.get(`${kind} ${url.origin}`) ?? new Map<string, string>();
    storages.set(`${kind} ${url.origin}`, held);
    return {
      getItem: (name: string) => held.get(name) ?? null,
      setItem: (name: string, value: string) => void held.set(name, value),
      removeItem: (name: string) => void held.delete(name),
    };
  };

  const run = (script: string): void => {
    const here = url;
    const location = {
      get pathname() {
        return url.pathname;
      },
      get search() {
        return url.search;
      },
      origin: here.origin,
      assign: (to: string) => void go(to),
    };
    const move = (_: unknown, __: string, path: string): void => void (url = new URL(path, here));
    class XMLHttpRequest {
      status = 0;
      responseText = '';
      onload = (): void => {};
      onerror = (): void => {};
      #call: { method: string; address: string; headers: Record<string, string> } = {
        method: '',
        address: '',
        headers: {},
      };
      open(method: string, address: string): void {
        this.#call = { method, address, headers: {} };
      }
      setRequestHeader(name: string, value: string): void {
        this.#call.headers[name] = value;
      }
      send(body?: string): void {
        const { address, ...rest } = this.#call;
        request(here, address, { ...rest, ...(body === undefined ? {} : { body }) }).then(
          ({ status, text }) => {
            this.status = status;
            this.responseText = text;
            this.onload();
          },
          () => this.onerror(),
        );
      }
    }
    const fetch = async (address: string, call: Call = {}): Promise<object> => {
      const { status, text } = await request(here, address, call);
      return { status, text: () => Promise.resolve(text), json: () => Promise.resolve(JSON.parse(text) as unknown) };
    };
    const globals = {
      document: window.document,
      location,
      history: { replaceState: move, pushState: move },
      localStorage: storage('local'),
      sessionStorage: storage('session'),
      addEventListener: () => {},
      fetch,
      XMLHttpRequest,
      crypto,
      URLSearchParams,
      TextEncoder,
      btoa,
    };
    runInContext(script, createContext(globals));
  };

  const held = (kind: string): Record<string, string> =>
    Object.fromEntries(
      [...storages].filter(([name]) => name === `${kind} ${url.origin}`).flatMap(([, map]) => [...map]),
    );

  return {
    get address() {
      return url.href;
    },
    get text() {
      return window.document.body?.textContent ?? '';
    },
    get stored() {
      return { local: held('local'), session: held('session') };
    },
    open: (address) => go(address),
    async submit(fields) {
      const form = window.document.querySelector('form');
      if (form === null) throw new Error(`there is no form at ${url.pathname}`);
      for (const [name, value] of Object.entries(fields)) {
        const field = form.querySelector(`[name="${name}"]`) as { value?: string } | null;
        if (field === null) throw new Error(`the form has no field ${name}`);
        field.value = value;
      }
      const event = new window.Event('submit', { bubbles: true, cancelable: true });
      form.dispatchEvent(event);
      if (event.defaultPrevented) return;
      const entries = [...form.querySelectorAll('input')].map((one): [string, string] => [one.name, one.value]);
      await go(form.getAttribute('action') ?? '', {
        method: 'POST',
        body: new URLSearchParams(entries).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: url.origin },
      });
    },
    click: (selector) =>
      void window.document
        .querySelector(selector)
        ?.dispatchEvent(new window.MouseEvent('click', { bubbles: true, cancelable: true })),
    async waitFor(text) {
      for (let tries = 0; tries < 200; tries += 1) {
        await going;
        if (window.document.body?.textContent?.includes(text)) return;
        await new Promise((passed) => setTimeout(passed, 10));
      }
      throw new Error(`"${text}" did not come at ${url.pathname}: ${window.document.body?.textContent ?? ''}`);
    },
  };
}

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { View } from '../../lib/core/view';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { isSoak } from './loops';
import { agree, ask, leaksIn, seen, viewOf } from './person';

// A console's page that has turned against its visitor: a script of somebody else's runs there, or the whole process is theirs.
// Whatever it does, no token is told to it or sent anywhere, and nothing a person did not ask for is done.

const CONSOLE = 'https://cloud.prowler.com';
const FLOOD = isSoak ? 100_000 : 10_000;
/** Names that would be something else than names where somebody takes text for markup. */
const NAMES = {
  person: '<img src=x onerror="document.title=`owned`">Ana\u202Etxt',
  home: '"><script>document.title="owned"</script><svg/onload=document.title="owned">',
  other: ['javascript', 'document.title="owned"//<iframe srcdoc="<script>top.document.title=1</script>">'].join(':'),
};

let lab: Lab;
let fob: Browser;
let page: Page;
let before: View;

beforeAll(async () => {
  lab = await startLab();
  const mia = lab.prowler.addUser({ name: NAMES.person, email: 'mia@northwind.example', password: 'canary-Mia-7!' });
  lab.prowler.addMember(mia, lab.prowler.addTenant(NAMES.home), 'owner');
  lab.prowler.addMember(mia, lab.prowler.addTenant(NAMES.other));
  fob = await launch({ network: lab });
  await agree(fob);
  page = await fob.open(`${CONSOLE}/`);
  await page.field(/mail/i).fill(mia.email);
  await page.field(/password/i).fill('canary-Mia-7!');
  await page.button('Log in').click();
  await page.waitFor('Overview');
  await seen(fob, 'the session', (view) => view.sessions.find((one) => one.confirmedAt));
  const [one] = (await viewOf(fob))?.sessions ?? [];
  await ask(fob, 'tenants', { session: one?.id });
  await fob.panel(page).waitFor(/Keep it alive|Fob/);
  await mark();
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

/** What Fob knows and has asked for so far. */
async function mark(): Promise<void> {
  before = (await viewOf(fob)) as View;
  lab.ledger.clear();
}
const calls = () => lab.ledger.of({ holder: 'extension' });
const known = (view: View | undefined) =>
  view?.sessions.map(({ id, keeping, token, tenant }) => ({ id, keeping, token, tenant }));

/** What has come of a test that must not: other sessions or states, a call in anybody's name, a token anywhere. */
async function harm(): Promise<string[]> {
  const shown = await page.evaluate(() => document.documentElement.outerHTML + document.title);
  const isChanged = JSON.stringify(known(await viewOf(fob))) !== JSON.stringify(known(before));
  const leaks = await leaksIn(fob, lab, ['canary-Mia-7!']);
  return [
    ...(isChanged ? ['a session is another'] : []),
    ...calls().flatMap(({ method, path }) => (method === 'GET' ? [] : [`sent ${path}`])),
    ...lab.ledger.of({ host: 'thief.example' }).map(() => 'the thief was asked'),
    ...leaks.map(() => 'a token is kept in clear'),
    ...lab.prowler.issuedTokens().flatMap((token) => (shown.includes(token) ? ['a token is in the page'] : [])),
    ...(shown.endsWith('owned') ? ['a name was run'] : []),
  ];
}

afterEach(async () => {
  const done = await harm();
  if (done.length > 0) throw new Error(done.join(', '));
});

/** Brings the panel to the page, as the background does. */
const bringPanel = () =>
  fob.inExtension(async (address: string) => {
    const tab = (await browser.tabs.query({})).find(({ url }) => url?.startsWith(address));
    await browser.scripting.executeScript({ target: { tabId: tab?.id ?? -1 }, files: ['/panel.js'] });
  }, `${CONSOLE}/`);

it('hears no message, event or channel of a page, however like its own script’s it looks', async () => {
  const forged = `${btoa('{"alg":"none"}')}.${btoa('{"typ":"access","sub":"mallory","tenant_id":"t","iat":1,"exp":9999999999}')}.`;

  const reached = await page.evaluate(
    async (access: string, origin: string, times: number) => {
      const scope = globalThis as unknown as Record<
        string,
        { runtime?: { sendMessage?: unknown; id?: unknown } } | undefined
      >;
      const messages = [
        { fob: 'capture', input: { access } },
        { fob: 'reveal', input: { session: 'a', as: 'token' } },
        { fob: 'move', input: { session: 'a', tenant: 'b', console: true } },
        { fob: 'changed' },
        JSON.parse(
          '{"fob":"capture","__proto__":{"fob":"reveal"},"constructor":{"prototype":{"fob":"reveal"}}}',
        ) as object,
      ];
      const heard: string[] = [];
      const answerTo = (event: Event): void => void heard.push(event.type);
      for (const type of ['fob', 'fob-answer', 'fob:capture']) addEventListener(type, answerTo);
      const channel = new BroadcastChannel('fob');
      const port = new MessageChannel();
      port.port1.addEventListener('message', () => heard.push('port'));
      port.port1.start();
      for (let i = 0; i < times; i += 1) {
        const message = messages[i % messages.length] ?? {};
        window.postMessage(message, '*', i % 100 === 0 ? [] : undefined);
        if (i % 10 === 0) {
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
          channel.postMessage(message);
          document.dispatchEvent(new CustomEvent('fob', { detail: message }));
          document.querySelector('fob-panel')?.dispatchEvent(new MessageEvent('message', { data: message }));
          dispatchEvent(new StorageEvent('storage', { key: 'access_token', newValue: access }));
        }
      }
      window.postMessage({ fob: 'panel' }, '*', [port.port2]);
      await new Promise((resolve) => setTimeout(resolve, 500));
      channel.close();
      for (const name of ['chrome', 'browser']) {
        if (scope[name]?.runtime?.sendMessage !== undefined || scope[name]?.runtime?.id !== undefined) heard.push(name);
      }
      // A page's own symbol is not the one of Fob's world.
      if ((globalThis as Record<symbol, unknown>)[Symbol.for('fob neighbour')] !== undefined) heard.push('neighbour');
      if ((globalThis as Record<symbol, unknown>)[Symbol.for('fob panel')] !== undefined) heard.push('panel');
      return [heard.filter((one) => one !== 'fob'), origin];
    },
    forged,
    fob.extensionOrigin,
    FLOOD,
  );

  expect(reached[0]).toEqual([]);
  expect(calls()).toEqual([]);
  expect(await page.has('Overview')).toBe(true);
});

it('lets no page find or load a file of its own', async () => {
  const found = await page.evaluate(async (origin: string) => {
    const loads = (tag: 'img' | 'script' | 'iframe', path: string, type?: string): Promise<string> =>
      new Promise((resolve) => {
        const element = document.createElement(tag);
        element.addEventListener('load', () => resolve(tag === 'iframe' ? '' : `${tag} ${path}`));
        element.addEventListener('error', () => resolve(''));
        if (type !== undefined) element.setAttribute('type', type);
        element.src = `${origin}/${path}`;
        document.body.append(element);
        setTimeout(() => resolve(''), 1500);
      });
    const fetched = await fetch(`${origin}/popup.html`).then(
      () => 'fetch',
      () => '',
    );
    const all = [
      loads('img', 'icon/ok-16.png'),
      loads('script', 'panel.js'),
      loads('script', 'background.js', 'module'),
      loads('iframe', 'popup.html'),
    ];
    return [fetched, ...(await Promise.all(all))].filter(Boolean);
  }, fob.extensionOrigin);

  expect(found).toEqual([]);
});

it('has no script in a frame, wherever the console is framed', async () => {
  const other = await fob.open('https://northwind.run.ai/');
  await other.field(/mail/i).waitFor();
  const address = await other.url();
  await other.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.src = 'https://fabrikam.nv.run.ai/';
    document.body.append(frame);
    return new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  });

  const answers = await fob.inExtension(async (there: string) => {
    const tab = (await browser.tabs.query({})).find(({ url }) => url === there);
    const frames = await browser.scripting.executeScript({
      target: { tabId: tab?.id ?? -1, allFrames: true },
      func: () => location.origin,
    });
    const heard = await Promise.all(
      frames.map(async ({ frameId, result }) => {
        const isThere = await browser.scripting
          .executeScript({
            target: { tabId: tab?.id ?? -1, frameIds: [frameId] },
            func: () => (globalThis as Record<symbol, unknown>)[Symbol.for('fob neighbour')] !== undefined,
          })
          .then(([one]) => one?.result);
        return [result, frameId === 0, isThere] as const;
      }),
    );
    return heard;
  }, address);
  await other.close();

  expect(answers).toHaveLength(2);
  expect(answers).toContainEqual(['https://app.run.ai', true, true]);
  expect(answers).toContainEqual(['https://fabrikam.nv.run.ai', false, false]);
});

it('is not led astray by elements that stand under the names of what it uses', async () => {
  await page.evaluate(() => {
    const names = [
      'createElement',
      'visibilityState',
      'fullscreenElement',
      'documentElement',
      'adoptedStyleSheets',
      'body',
      'querySelectorAll',
      'localStorage',
      'sessionStorage',
      'location',
      'performance',
      'fetch',
      'chrome',
      'browser',
    ];
    for (const name of names) {
      for (const tag of ['form', 'img', 'embed', 'a'] as const) {
        const element = Document.prototype.createElement.call(document, tag);
        element.id = name;
        element.setAttribute('name', name);
        element.setAttribute('data-clobber', '');
        element.hidden = true;
        (Reflect.get(Document.prototype, 'body', document) as HTMLElement).append(element);
      }
    }
  });
  lab.ledger.clear();

  // The panel is taken away and brought anew, and the page reads its session again.
  await page.evaluate(() => {
    for (const left of Document.prototype.querySelectorAll.call(document, 'fob-panel')) left.remove();
  });
  await bringPanel().catch(() => undefined);
  await ask(fob, 'look', {});
  await page.evaluate(() => fetch('/api/auth/session').then((answer) => answer.status));
  await page.evaluate(() => {
    for (const one of Document.prototype.querySelectorAll.call(document, '[data-clobber]')) one.remove();
  });

  expect(await page.has('Overview')).toBe(true);
});

it('gives nothing to a page that has changed everything scripts are made of', async () => {
  await page.evaluate(() => {
    const scope = globalThis as unknown as Record<string, unknown> & { caught: string[] };
    scope.caught = [];
    const spy = (holder: object, name: string): void => {
      const original = Reflect.get(holder, name) as (...args: unknown[]) => unknown;
      if (typeof original !== 'function') return;
      const spying = function (this: unknown, ...args: unknown[]): unknown {
        try {
          scope.caught.push(
            `${name} ${args.map((one) => (typeof one === 'string' ? one : Object.prototype.toString.call(one))).join(' ')}`,
          );
        } catch {
          // What cannot be told is not told.
        }
        return new.target ? Reflect.construct(original, args, new.target) : Reflect.apply(original, this, args);
      };
      spying.prototype = original.prototype as unknown;
      Reflect.set(holder, name, spying);
    };
    spy(window, 'fetch');
    spy(JSON, 'parse');
    spy(JSON, 'stringify');
    spy(Element.prototype, 'attachShadow');
    spy(CustomElementRegistry.prototype, 'define');
    spy(CSSStyleSheet.prototype, 'replaceSync');
    spy(Document.prototype, 'createElementNS');
    spy(Node.prototype, 'appendChild');
    spy(Promise.prototype, 'then');
    spy(Headers.prototype, 'append');
    spy(Response.prototype, 'json');
    spy(Map.prototype, 'set');
    spy(Storage.prototype, 'getItem');
    spy(String.prototype, 'split');
    spy(EventTarget.prototype, 'addEventListener');
    const everything = Object.prototype;
    Object.defineProperty(everything, 'access', {
      set(value) {
        scope.caught.push(`access ${String(value)}`);
      },
      configurable: true,
    });
    for (const left of document.querySelectorAll('fob-panel')) left.remove();
    scope.caught.length = 0;
  });
  lab.ledger.clear();

  await bringPanel();
  await fob.panel(page).waitFor(/Keep it alive|Fob/);
  await ask(fob, 'look', {});
  const caught = await page.evaluate(() => {
    const scope = globalThis as unknown as { caught: string[] };
    const shadow = document.querySelector('fob-panel')?.shadowRoot;
    return [...scope.caught.splice(0), ...(shadow ? ['an open root'] : [])];
  });
  await page.reload();
  await page.waitFor('Overview');

  expect(caught.filter((one) => /attachShadow|replaceSync|createElementNS|define|access |open root/.test(one))).toEqual(
    [],
  );
  expect(lab.prowler.issuedTokens().filter((token) => caught.some((one) => one.includes(token)))).toEqual([]);
});

it('heeds no press that no person made', async () => {
  await fob.panel(page).waitFor(/Keep it alive|Fob/);
  await page.evaluate(async () => {
    const host = document.querySelector('fob-panel');
    if (!host) throw new Error('the page has no panel');
    const box = host.getBoundingClientRect();
    const places = [
      host,
      ...document.elementsFromPoint(innerWidth - 40, innerHeight - 40),
      ...document.elementsFromPoint(box.x + 5, box.y + 5),
    ];
    for (const place of places) {
      for (let x = 0; x < 4; x += 1) {
        const at = {
          clientX: innerWidth - 30 - 60 * x,
          clientY: innerHeight - 30,
          bubbles: true,
          composed: true,
          cancelable: true,
          view: window,
        };
        for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
          place.dispatchEvent(new MouseEvent(type, at));
      }
      for (const key of ['Enter', ' ', 'Tab', 'Escape']) {
        for (const type of ['keydown', 'keypress', 'keyup'])
          place.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, composed: true }));
      }
      if (place instanceof HTMLElement && place === host) place.click();
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  });

  expect(calls()).toEqual([]);
});

it('tells somebody who has taken over its script no secret, and does what that script may, at a bearable pace', async () => {
  const session = before.sessions[0]?.id ?? '';
  await mark();
  const answered = await fob.inExtension(
    async (address: string, id: string, times: number) => {
      const tab = (await browser.tabs.query({})).find(({ url }) => url?.startsWith(address));
      const [done] = await browser.scripting.executeScript({
        target: { tabId: tab?.id ?? -1 },
        func: async (one: string, many: number) => {
          const scope = globalThis as unknown as { browser?: typeof browser; chrome: typeof browser };
          const api = scope.browser ?? scope.chrome;
          const told: Record<string, number> = {};
          const note = (what: string): void => void (told[what] = (told[what] ?? 0) + 1);
          const say = (message: unknown): Promise<void> =>
            api.runtime.sendMessage(message).then(
              (said: unknown) => {
                const answer = said as { ok?: boolean; failure?: { code: string } } | undefined;
                note(answer?.ok ? 'ok' : (answer?.failure?.code ?? 'silent'));
              },
              () => note('thrown'),
            );
          for (const name of [
            'reveal',
            'forget',
            'revoke',
            'policies',
            'timeline',
            'diagnose',
            'create',
            'obtain',
            'consent',
            'look',
          ])
            await say({ fob: name, input: { session: one, as: 'token', allSessions: true } });
          for (const text of [
            '{"__proto__":{"fob":"reveal"},"fob":"keep","input":{"__proto__":{"session":"x"}}}',
            '{"fob":"__proto__","input":{}}',
            '{"fob":"constructor","input":{}}',
          ])
            await say(JSON.parse(text));
          await say({ fob: 'keep', input: { session: 'a'.repeat(1_000_000) } });
          const first = { ...told };
          for (const key of Object.keys(told)) delete told[key];
          const claim = (sub: number): string =>
            `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ typ: 'access', sub: `mallory-${sub}`, tenant_id: 't', iat: 1, exp: 9_999_999_999 }))}.c2ln`;
          for (let sent = 0; sent < many; sent += 500) {
            await Promise.all(
              Array.from({ length: 500 }, (_, index) =>
                say({ fob: 'capture', input: { access: claim(sent + index) } }),
              ),
            );
          }
          // Where the browser keeps them from content scripts, they are refused; where it does not, what lies there is sealed.
          const read = async (area: { get: (keys: null) => Promise<object> } | undefined): Promise<string> => {
            try {
              return area === undefined ? '' : JSON.stringify(await area.get(null));
            } catch {
              // Closed to scripts.
              return '';
            }
          };
          const stores = [await read(api.storage.local), await read(api.storage.session)];
          return JSON.stringify({ first, flood: told, stores });
        },
        args: [id, times],
      });
      return typeof done?.result === 'string'
        ? done.result
        : JSON.stringify({ error: String((done as { error?: unknown })?.error) });
    },
    `${CONSOLE}/`,
    session,
    FLOOD,
  );

  if (answered.startsWith('{"error"')) throw new Error(answered);
  const { first, flood, stores } = JSON.parse(answered) as {
    first: Record<string, number>;
    flood: Record<string, number>;
    stores: string[];
  };
  expect(first).toEqual({ origin_refused: 12, invalid_input: 1, too_large: 1 });
  expect(flood['ok'] ?? 0).toBe(0);
  expect(flood['rate_limited'] ?? 0).toBeGreaterThan(FLOOD * 0.4);
  expect(Object.values(flood).reduce((sum, count) => sum + count, 0)).toBe(FLOOD);
  // The vendor was asked about a hundred, and one a second after that.
  expect(calls().length).toBeLessThan(100 + FLOOD / 50);
  const secrets = [...lab.prowler.issuedTokens(), 'canary-Mia-7!', NAMES.home];
  expect(secrets.filter((secret) => stores.some((one) => one.includes(secret)))).toEqual([]);
  expect(await fob.workerAlive()).toBe(true);
});

it('shows names that are markup as names, on every surface, and connects nowhere from a page of its own', async () => {
  const popup = await fob.extensionPage('popup.html');
  await popup.bringToFront();
  await popup.waitFor(/document\.title/);
  const options = await fob.extensionPage('options.html#sessions');
  for (const surface of [popup, options]) {
    const wrong = await surface.evaluate(async () => {
      const found: string[] = [];
      const isOdd = (one: Element): boolean =>
        /^(script|iframe|img|object|embed)$/.test(one.localName) &&
        !(one instanceof HTMLScriptElement && one.src.startsWith(location.origin));
      for (const one of document.querySelectorAll('*')) {
        if (isOdd(one)) found.push(one.localName);
        for (const { name, value } of one.attributes)
          if (name.startsWith('on') || /^\s*javascript:/i.test(value)) found.push(name);
      }
      if (document.title.includes('owned')) found.push('title');
      const thief = await fetch('https://thief.example/', { mode: 'no-cors' }).then(
        () => 'fetch',
        () => '',
      );
      try {
        document.body.insertAdjacentHTML('beforeend', '<b>text</b>');
        found.push('markup');
      } catch {
        // Trusted Types: no text becomes markup here.
      }
      return [...found, thief].filter(Boolean);
    });
    expect(wrong).toEqual([]);
    await surface.close();
  }
  const panel = await fob.panel(page).text();
  expect(panel).not.toContain('\u202E');
  await until('the title', async () => ((await fob.icon(page)).title.includes('\u202E') ? undefined : true));
});

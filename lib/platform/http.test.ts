import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpRequest } from '../core/http';
import { HOUR, SECOND } from '../core/time';
import { send } from './http';

const browser = vi.hoisted(() => ({ mayReach: true, beats: 0, isUnsent: false }));
vi.mock('./browser', () => ({
  default: {
    permissions: { contains: () => Promise.resolve(browser.mayReach) },
    runtime: { getPlatformInfo: () => Promise.resolve((browser.beats += 1)) },
  },
}));
vi.mock('./fate', () => ({
  unlessUnsent: (_method: string, _url: URL, go: () => Promise<Response>) =>
    browser.isUnsent ? go().catch(() => undefined) : go(),
}));

const API = 'https://api.northwind.example';
const request: HttpRequest = {
  method: 'POST',
  url: `${API}/token`,
  headers: { accept: 'application/json' },
  body: 'refresh_token=canary-refresh-1',
  jsonTypes: ['application/json'],
};
const json = { headers: { 'content-type': 'application/json' } };

let fetched: Parameters<typeof fetch>[];

/** Has the network answer, or do something else. */
function network(answer: () => Response | Promise<Response>): void {
  vi.stubGlobal('fetch', (...args: Parameters<typeof fetch>) => {
    fetched.push(args);
    return Promise.resolve(answer());
  });
}

/** A body that comes in these parts, and then ends or breaks. */
const parts = (some: readonly Uint8Array[], ending: 'ends' | 'breaks' = 'ends'): ReadableStream<Uint8Array> => {
  const left = [...some];
  return new ReadableStream({
    pull(controller) {
      const part = left.shift();
      if (part) controller.enqueue(part);
      else if (ending === 'ends') controller.close();
      else controller.error(new TypeError('terminated'));
    },
  });
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

beforeEach(() => {
  fetched = [];
  Object.assign(browser, { mayReach: true, beats: 0, isUnsent: false });
  vi.stubGlobal('navigator', { onLine: true });
  network(() => new Response('{}', json));
});

describe('what is not sent', () => {
  it.each([
    ['to another host', 'https://thief.example/token'],
    ['to a host whose name begins alike', 'https://api.northwind.example.thief.example/token'],
    ['to another port', `${API}:8443/token`],
    ['past a name and a password', 'https://api.northwind.example@thief.example/token'],
    ['in the clear', 'http://api.northwind.example/token'],
  ])('is what would go %s', async (_, url) => {
    expect(await send(API, { ...request, url }, { spends: true })).toEqual({
      ok: false,
      failure: { code: 'origin_refused' },
    });
    expect(fetched).toEqual([]);
  });

  it('is anything in the clear, even where a session were of such a host', async () => {
    const clear = API.replace('https', 'http');

    expect(await send(clear, { ...request, url: `${clear}/token` }, { spends: true })).toMatchObject({ ok: false });
    expect(fetched).toEqual([]);
  });

  it('is anything without the permission: a form would arrive, and only its answer be hidden', async () => {
    browser.mayReach = false;

    expect(await send(API, request, { spends: true })).toEqual({
      ok: false,
      failure: { code: 'permission_missing', host: 'api.northwind.example' },
    });
    expect(fetched).toEqual([]);
  });

  it('is anything without a network', async () => {
    vi.stubGlobal('navigator', { onLine: false });

    expect(await send(API, request, { spends: true })).toEqual({ ok: false, failure: { code: 'offline' } });
    expect(fetched).toEqual([]);
  });
});

describe('what is sent', () => {
  it('has no cookies, no cache, no referrer, and is led nowhere else', async () => {
    await send(API, request, { spends: true });

    expect(fetched).toHaveLength(1);
    expect(fetched[0]?.[1]).toMatchObject({
      method: 'POST',
      body: request.body,
      headers: request.headers,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
  });

  it('is sent once, whatever becomes of it', async () => {
    network(() => Promise.reject(new TypeError('Failed to fetch')));

    expect(await send(API, request, { spends: true })).toEqual({
      ok: false,
      failure: { code: 'unanswered', why: 'connection' },
    });
    expect(fetched).toHaveLength(1);
  });

  it('is told as never sent where that is certain', async () => {
    network(() => Promise.reject(new TypeError('Failed to fetch')));
    browser.isUnsent = true;

    expect(await send(API, request, { spends: true })).toEqual({ ok: false, failure: { code: 'offline' } });
  });

  it('is waited for two minutes where it spends something, with a sign of life every 20 seconds, and half a minute otherwise', async () => {
    vi.useFakeTimers();
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const ending = new AbortController();
      setTimeout(() => ending.abort(new DOMException('late', 'TimeoutError')), ms);
      return ending.signal;
    });
    vi.stubGlobal(
      'fetch',
      (_: string, { signal }: { signal: AbortSignal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
    const late = { ok: false, failure: { code: 'unanswered', why: 'timeout' } };

    const spending = send(API, request, { spends: true });
    await vi.advanceTimersByTimeAsync(119 * SECOND);
    expect(browser.beats).toBe(5);
    await vi.advanceTimersByTimeAsync(SECOND);
    expect(await spending).toEqual(late);

    const reading = send(API, request, { spends: false });
    await vi.advanceTimersByTimeAsync(30 * SECOND);
    expect(await reading).toEqual(late);
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(browser.beats).toBe(5);
    vi.useRealTimers();
  });
});

describe('an answer', () => {
  const answer = async (response: Response) => {
    network(() => response);
    return send(API, request, { spends: true });
  };
  const read = async (body: BodyInit, type = 'application/json') => {
    const said = await answer(new Response(body, { headers: { 'content-type': type } }));
    if (!said.ok) throw new Error(said.failure.code);
    return said.value.json;
  };

  it('is its status, three headers, and its JSON', async () => {
    const headers = { ...json.headers, 'retry-after': '7', date: 'x', 'x-secret': 'canary', 'set-cookie': 'canary' };

    expect(await answer(new Response('{"a":1}', { status: 503, headers }))).toMatchObject({
      ok: true,
      value: {
        status: 503,
        headers: { 'content-type': 'application/json', 'retry-after': '7', date: 'x' },
        json: { a: 1 },
      },
    });
  });

  it.each([
    ['application/json', { a: 1 }],
    ['Application/JSON; charset=utf-8', { a: 1 }],
    ['text/html', undefined],
    ['text/plain', undefined],
    ['application/json-seq', undefined],
    ['', undefined],
  ])('of type %j is read as %j', async (type, document) => {
    expect(await read('{"a":1}', type)).toEqual(document);
  });

  const nothing: readonly [string, BodyInit][] = [
    ['nothing', ''],
    ['a page', '<!doctype html><title>Sign in</title>'],
    ['JSON that was cut', '{"access_token":"canary-acc'],
    ['JSON and more', '{}{}'],
    ['NaN', 'NaN'],
    ['text that is no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    ['half a character', new Uint8Array([0x22, 0xe2, 0x82, 0x22])],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
  ];
  it.each(nothing)('that says it is JSON and is %s is read as nothing', async (_, body) => {
    expect(await read(body)).toBeUndefined();
  });

  it('as deep as it may be is read without a throw', async () => {
    const depth = 500_000;

    expect(await read(`${'['.repeat(depth)}${']'.repeat(depth)}`).then((one) => typeof one)).toMatch(
      /object|undefined/,
    );
  });

  it('with a name that means something to objects changes none', async () => {
    const read_ = (await read('{"__proto__":{"access_token":"canary"},"constructor":1}')) as object;

    expect('access_token' in read_).toBe(false);
    expect('access_token' in {}).toBe(false);
  });

  it('in many small parts is whole', async () => {
    expect(await read(parts(['{"a":"', 'é', 'x"}'].map(bytes)))).toEqual({ a: 'éx' });
    expect(await read(parts([...bytes('{"a":"€"}')].map((one) => new Uint8Array([one]))))).toEqual({ a: '€' });
  });

  it('that was cut short tells that the vendor may have acted', async () => {
    expect(await answer(new Response(parts([bytes('{"access_token":"can')], 'breaks'), json))).toEqual({
      ok: false,
      failure: { code: 'unanswered', why: 'cut_short' },
    });
  });

  it('without an end is not read to the end', async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 1;
        controller.enqueue(new Uint8Array(256 * 1024));
      },
    });

    expect(await answer(new Response(endless, json))).toEqual({ ok: false, failure: { code: 'too_large' } });
    expect(given).toBeLessThan(12);
  });

  it('that leads elsewhere is not followed, and told from a connection that broke', async () => {
    const redirect = Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });

    expect(await answer(redirect)).toEqual({ ok: false, failure: { code: 'redirected' } });
  });

  it('says nothing of what was sent where it fails', async () => {
    network(() => Promise.reject(new TypeError('canary-refresh-1')));

    expect(JSON.stringify(await send(API, request, { spends: true }))).not.toContain('canary');
  });
});

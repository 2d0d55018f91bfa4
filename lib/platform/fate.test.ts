import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MINUTE } from '../core/time';
import { onFate, unlessUnsent } from './fate';

type Told = { readonly method: string; readonly url: string; readonly [more: string]: unknown };

const browser = vi.hoisted(() => ({
  hear: (_: Told): void => {},
  update: (): void => {},
  filter: undefined as unknown,
  session: {} as Record<string, unknown>,
  isReadable: true,
}));
vi.mock('./browser', () => ({
  default: {
    runtime: {
      getURL: () => 'chrome-extension://fob/',
      onInstalled: { addListener: (listener: () => void) => void (browser.update = listener) },
    },
    webRequest: {
      onErrorOccurred: {
        addListener(listener: (told: Told) => void, filter: unknown) {
          browser.hear = listener;
          browser.filter = filter;
        },
      },
    },
    storage: {
      session: {
        async get(keys: string[]) {
          if (!browser.isReadable) throw new Error('no answer');
          return Object.fromEntries(
            keys.flatMap((key) => (key in browser.session ? [[key, browser.session[key]]] : [])),
          );
        },
        set: async (items: object) => void Object.assign(browser.session, items),
      },
    },
  },
}));

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(browser, { session: {}, isReadable: true });
  onFate(['https://*/*']);
});
afterEach(() => void vi.useRealTimers());

const TOKEN = 'https://api.vendor.example/token';
const REFUSED = 'net::ERR_CONNECTION_REFUSED';

const says = (error: string, over: object = {}): void =>
  browser.hear({
    method: 'POST',
    url: TOKEN,
    timeStamp: Date.now(),
    error,
    tabId: -1,
    initiator: 'chrome-extension://fob',
    ...over,
  });

/** A call under way: it fails or is answered when the test says so, and then says how it is known to have ended. */
async function calling(url = TOKEN) {
  let resolve: (response: Response) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<Response>((...both) => ([resolve, reject] = both));
  const ended = unlessUnsent('POST', new URL(url), () => promise).then(
    (response) => (response ? 'answered' : 'unsent'),
    () => 'may be delivered',
  );
  await vi.advanceTimersByTimeAsync(0);
  return {
    answer: () => resolve(new Response()),
    fail: () => reject(new TypeError('Failed to fetch')),
    ended: async () => {
      await vi.advanceTimersByTimeAsync(500);
      return ended;
    },
    endedAfter: async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      return Promise.race([ended, Promise.resolve().then(() => 'not yet')]);
    },
  };
}

/** How a call ends that fails as the browser says. */
async function failing(error: string, over: object = {}): Promise<string> {
  const call = await calling();
  says(error, over);
  call.fail();
  return call.ended();
}

/** One that is answered. */
async function answered(): Promise<string> {
  const call = await calling();
  call.answer();
  return call.ended();
}

describe('a call that failed', () => {
  it.each([
    'net::ERR_NAME_NOT_RESOLVED',
    'net::ERR_CONNECTION_REFUSED',
    'net::ERR_CONNECTION_TIMED_OUT',
    'net::ERR_CERT_AUTHORITY_INVALID',
    'net::ERR_CERT_COMMON_NAME_INVALID',
    'net::ERR_CERT_DATE_INVALID',
    'net::ERR_PROXY_CONNECTION_FAILED',
    'net::ERR_TUNNEL_CONNECTION_FAILED',
    'NS_ERROR_UNKNOWN_HOST',
    'NS_ERROR_CONNECTION_REFUSED',
    'NS_ERROR_PROXY_CONNECTION_REFUSED',
    'NS_ERROR_PROXY_BAD_GATEWAY',
    'NS_ERROR_PROXY_GATEWAY_TIMEOUT',
  ])('was not sent when the browser says %s', async (error) => {
    expect(await failing(error)).toBe('unsent');
  });

  it.each([
    'net::ERR_CONNECTION_RESET',
    'net::ERR_CONNECTION_CLOSED',
    'net::ERR_EMPTY_RESPONSE',
    'net::ERR_ABORTED',
    'net::ERR_INVALID_HTTP_RESPONSE',
    'net::ERR_SSL_PROTOCOL_ERROR',
    'net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH',
    'net::ERR_INTERNET_DISCONNECTED',
    'net::ERR_ADDRESS_UNREACHABLE',
    'net::ERR_CERT_DATABASE_CHANGED',
    'net::ERR_NETWORK_CHANGED',
    'NS_ERROR_NET_RESET',
    'NS_ERROR_NET_PARTIAL_TRANSFER',
    'NS_ERROR_OFFLINE',
    'NS_BINDING_ABORTED',
    'The certificate is not trusted because it is self-signed.',
    'SSL received a record that exceeded the maximum permissible length.',
    'net::ERR_OF_A_LATER_VERSION',
    '',
  ])('may have been delivered when it says “%s”', async (error) => {
    expect(await failing(error)).toBe('may be delivered');
  });

  it('may have been delivered when it says nothing for half a second', async () => {
    const call = await calling();
    call.fail();

    expect(await call.endedAfter(499)).toBe('not yet');
    expect(await call.endedAfter(1)).toBe('may be delivered');
  });

  it('was not sent when the browser says so after fetch', async () => {
    const call = await calling();
    call.fail();
    await vi.advanceTimersByTimeAsync(400);
    says(REFUSED);

    expect(await call.endedAfter(20)).toBe('unsent');
  });

  it('is known in Firefox by its address', async () => {
    const originUrl = 'chrome-extension://fob/_generated_background_page.html';

    expect(await failing('NS_ERROR_UNKNOWN_HOST', { initiator: undefined, originUrl })).toBe('unsent');
  });

  it.each([
    ["another's request", { initiator: 'chrome-extension://other' }],
    ["nobody's request", { initiator: undefined }],
    ["a tab's request", { tabId: 7 }],
    ['a request to another address', { url: 'https://api.vendor.example/other' }],
    ['a request to another site', { url: 'https://elsewhere.example/token' }],
    ['another method', { method: 'GET' }],
    ['an earlier request', { timeStamp: 0 }],
  ])('is not judged by %s', async (_, over) => {
    expect(await failing(REFUSED, over)).toBe('may be delivered');
  });
});

it('gives the answer of one that is answered', async () => {
  expect(await answered()).toBe('answered');
});

describe('of two calls that overlap', () => {
  it('neither was sent when each is told of', async () => {
    const calls = [await calling(), await calling()];
    for (const call of calls) {
      says(REFUSED);
      call.fail();
    }

    expect(await Promise.all(calls.map((call) => call.ended()))).toEqual(['unsent', 'unsent']);
  });

  it.each([
    ['only one is told of', undefined],
    ['the other is told otherwise of', 'net::ERR_CONNECTION_RESET'],
  ])('both may have been delivered when %s', async (_, error) => {
    const calls = [await calling(), await calling()];
    says(REFUSED);
    if (error) says(error);
    for (const call of calls) call.fail();

    expect(await Promise.all(calls.map((call) => call.ended()))).toEqual(['may be delivered', 'may be delivered']);
  });

  it.each([
    ['the same', TOKEN],
    ['another host of its site', 'https://auth.vendor.example/token'],
  ])('one may have been delivered when the other is answered by %s', async (_, url) => {
    const [one, other] = [await calling(), await calling(url)];
    says(REFUSED);
    one.fail();
    other.answer();

    expect(await one.ended()).toBe('may be delivered');
  });

  it('one may have been delivered while the other is under way', async () => {
    const [one, other] = [await calling(), await calling()];
    says(REFUSED);
    one.fail();

    expect(await one.ended()).toBe('may be delivered');
    other.answer();
  });

  it('to two sites, each is judged by itself', async () => {
    const [one, other] = [await calling(), await calling('https://elsewhere.example/token')];
    says(REFUSED);
    one.fail();

    expect(await one.ended()).toBe('unsent');
    other.answer();
  });
});

/** Both browsers send a POST again when one breaks after the body, and tell only that the second try was refused. */
describe('a connection that may still be open', () => {
  it('may have carried a call that was refused in the end', async () => {
    await answered();
    vi.advanceTimersByTime(14 * MINUTE);

    expect(await failing(REFUSED)).toBe('may be delivered');
  });

  it('is none after a quarter of an hour', async () => {
    await answered();
    vi.advanceTimersByTime(15 * MINUTE + 1);

    expect(await failing(REFUSED)).toBe('unsent');
  });

  it('is none once a call has found none', async () => {
    await answered();
    expect(await failing(REFUSED)).toBe('may be delivered');

    expect(await failing(REFUSED)).toBe('unsent');
  });

  it('may be there after a call that broke', async () => {
    expect(await failing('net::ERR_CONNECTION_RESET')).toBe('may be delivered');

    expect(await failing(REFUSED)).toBe('may be delivered');
  });

  it('may be there after an update, which forgets when it was used', async () => {
    await answered();
    browser.session = {};
    browser.update();

    expect(await failing(REFUSED)).toBe('may be delivered');
  });

  it('may be there when the time of its last use cannot be read', async () => {
    browser.isReadable = false;

    expect(await failing(REFUSED)).toBe('may be delivered');
    expect(await answered()).toBe('answered');
  });

  it('is remembered by its site and its time, and by nothing else', async () => {
    const now = Date.now();
    await answered();

    expect(browser.session).toEqual({ 'used vendor.example': now });
  });
});

it('hears of what scripts have asked for', () => {
  expect(browser.filter).toEqual({ urls: ['https://*/*'], types: ['xmlhttprequest'] });
});

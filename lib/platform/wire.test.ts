import { describe, expect, it, vi } from 'vitest';
import type { WireRequest } from '../core/console-tabs';
import { listen, onWire } from './wire';

const added = vi.hoisted(() => ({ calls: [] as unknown[][] }));
vi.mock('./browser', () => {
  const event = { addListener: (...args: unknown[]) => void added.calls.push(args) };
  return { default: { webRequest: { onSendHeaders: event, onCompleted: event, onErrorOccurred: event } } };
});

const TOKEN = 'Bearer canary-access-1';
const sent = {
  requestId: '1',
  url: 'https://tenant-api.esper.cloud/api/v1/token-info/',
  tabId: 7,
  frameId: 0,
  initiator: 'https://tenant.esper.cloud',
  requestHeaders: [
    { name: 'Accept', value: '*/*' },
    { name: 'authorization', value: TOKEN },
  ],
};
const answered = (statusCode = 200) => ({ ...sent, requestHeaders: [], statusCode });

function ear() {
  const heard: WireRequest[] = [];
  let now = 1_000_000;
  const one = listen(
    () => now,
    (request) => heard.push(request),
  );
  return { ...one, heard, pass: (ms: number) => (now += ms) };
}

describe('a request of a page', () => {
  it('is told of once it is answered', () => {
    const { sent: send, completed, heard } = ear();

    send(sent);
    expect(heard).toEqual([]);
    completed(answered());

    expect(heard).toEqual([
      { tab: 7, page: 'https://tenant.esper.cloud', url: new URL(sent.url), authorization: TOKEN, status: 200 },
    ]);
  });

  it('is of the origin of the document that Firefox names, in its container', () => {
    const { sent: send, completed, heard } = ear();
    const { initiator: _, ...firefox } = { ...sent, documentUrl: 'https://tenant.esper.cloud/login?x=1' };

    send(firefox);
    completed({ ...firefox, statusCode: 401, cookieStoreId: 'firefox-container-2' });

    expect(heard).toMatchObject([
      { page: 'https://tenant.esper.cloud', status: 401, container: 'firefox-container-2' },
    ]);
  });

  const nobody: readonly [string, object][] = [
    ['in no tab', { tabId: -1 }],
    ['of a frame', { frameId: 3 }],
    ["of Fob's own", { initiator: 'chrome-extension://abcdef' }],
    ['of a document without an origin', { initiator: 'null' }],
    ['of nobody', { initiator: undefined }],
    ['without the header', { requestHeaders: [{ name: 'Accept', value: '*/*' }] }],
    ['without its headers', { requestHeaders: undefined }],
    ['with a header longer than any token', { requestHeaders: [{ name: 'Authorization', value: 'x'.repeat(20_000) }] }],
  ];
  it.each(nobody)('%s is not told of', (_, over) => {
    const { sent: send, completed, heard } = ear();

    send({ ...sent, ...over } as typeof sent);
    completed({ ...answered(), ...over, requestHeaders: [] } as typeof sent);

    expect(heard).toEqual([]);
  });

  it('that failed is not told of, and neither is an answer that nothing was heard before', () => {
    const { sent: send, completed, failed, heard } = ear();

    send(sent);
    failed(sent);
    completed(answered());

    expect(heard).toEqual([]);
  });

  it('that was led elsewhere without its header is not told of', () => {
    const { sent: send, completed, heard } = ear();

    send(sent);
    send({ ...sent, url: 'https://thief.example/', requestHeaders: [] });
    completed({ ...answered(), url: 'https://thief.example/' });

    expect(heard).toEqual([]);
  });
});

describe('the same token', () => {
  const again = ({ sent: send, completed }: ReturnType<typeof ear>, over: object = {}, status = 200) => {
    send({ ...sent, ...over });
    completed({ ...answered(status), ...over });
  };

  it('is told of once a minute', () => {
    const one = ear();

    again(one);
    one.pass(59_000);
    again(one);
    expect(one.heard).toHaveLength(1);
    one.pass(1000);
    again(one);

    expect(one.heard).toHaveLength(2);
  });

  it.each([
    ['another answer', {}, 401],
    ['another tab', { tabId: 8 }, 200],
    ['another page', { initiator: 'https://other.esper.cloud' }, 200],
    ['another part of the API', { url: 'https://tenant-api.esper.cloud/v2/token-info/' }, 200],
    ['another token', { requestHeaders: [{ name: 'Authorization', value: 'Bearer canary-access-2' }] }, 200],
  ] as const)('is told of at once for %s', (_, over, status) => {
    const one = ear();

    again(one);
    again(one, over, status);

    expect(one.heard).toHaveLength(2);
  });
});

it('holds no more than a browser has under way, and lets go of the oldest', () => {
  const { sent: send, completed, heard } = ear();

  for (let id = 0; id < 300; id++) send({ ...sent, requestId: String(id) });
  completed({ ...answered(), requestId: '0' });
  expect(heard).toEqual([]);
  completed({ ...answered(), requestId: '299' });

  expect(heard).toHaveLength(1);
});

it('listens to what scripts of pages ask for, in words both browsers take', () => {
  onWire(['https://*/*'], () => {});

  const filter = { urls: ['https://*/*'], types: ['xmlhttprequest'] };
  expect(added.calls.map(([, ...rest]) => rest)).toEqual([[filter, ['requestHeaders']], [filter], [filter]]);
});

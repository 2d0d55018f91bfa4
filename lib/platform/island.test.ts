import { expect, it, vi } from 'vitest';
import { readRuntimeConfig, runtimeConfigIn } from './island';

const page = vi.hoisted(() => ({ result: undefined as unknown, isClosed: false }));
vi.mock('./browser', () => ({
  default: {
    scripting: {
      executeScript: () =>
        page.isClosed ? Promise.reject(new Error('no tab')) : Promise.resolve([{ result: page.result }]),
    },
  },
}));

it('is the address of the API, and nothing else', () => {
  const text = JSON.stringify({
    apiBaseUrl: 'https://api.example.com/api/v1',
    sentryDsn: 'canary',
    cloudEnabled: true,
  });

  expect(runtimeConfigIn(text)).toEqual({ apiBaseUrl: 'https://api.example.com/api/v1' });
});

it('is an address without a user or a query', () => {
  const text = JSON.stringify({ apiBaseUrl: 'https://canary@api.example.com/api?canary#canary' });

  expect(runtimeConfigIn(text)).toEqual({ apiBaseUrl: 'https://api.example.com/api' });
});

it.each([
  ['{}', {}],
  ['{"apiBaseUrl":7}', {}],
  ['{"apiBaseUrl":"/api/v1"}', {}],
  ['{"apiBaseUrl":"javascript:alert(1)"}', {}],
  [`{"apiBaseUrl":"https://example.com/${'x'.repeat(600)}"}`, {}],
  ['null', {}],
  ['[]', {}],
  ['{"apiBaseUrl":', undefined],
])('names no API in %s', (text, config) => {
  expect(runtimeConfigIn(text)).toEqual(config);
});

it('is nothing in a page without the island, or that Fob may not look at', async () => {
  page.result = null;
  expect(await readRuntimeConfig(7)).toBeUndefined();
  page.isClosed = true;

  expect(await readRuntimeConfig(7)).toBeUndefined();
});

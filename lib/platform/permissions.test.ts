import { beforeEach, describe, expect, it, vi } from 'vitest';
import { allowedOrigins, askFor, isAllowed } from './permissions';

const world = vi.hoisted(() => ({ held: [] as string[], asked: [] as string[][], refuses: false }));
vi.mock('./browser', () => ({
  default: {
    permissions: {
      contains: ({ origins }: { origins: string[] }) =>
        Promise.resolve(origins.every((one) => world.held.includes(one))),
      request: ({ origins }: { origins: string[] }) => {
        world.asked.push(origins);
        return world.refuses ? Promise.reject(new Error('not in the manifest')) : Promise.resolve(true);
      },
    },
  },
}));

beforeEach(() => {
  world.held = [];
  world.asked = [];
  world.refuses = false;
});

describe('asking the browser', () => {
  it('names exact hosts, each once and without its port', async () => {
    const origins = ['https://console.example.com:8443', 'https://console.example.com', 'http://localhost:3000'];

    expect(await askFor(origins)).toBe(true);

    expect(world.asked).toEqual([['https://console.example.com/*', 'http://localhost/*']]);
  });

  it.each([
    'https://*/*',
    'https://*',
    'https://*.example.com',
    'https://*.example.com/*',
    '*://*/*',
    '<all_urls>',
    'http://*',
    'http://console.example.com',
    'http://localhost.example.com',
    'https://console.example.com/path',
    'https://user@console.example.com',
    'console.example.com',
    'file:///etc',
    'chrome-extension://abcdef',
    '',
  ])('is never done for %s, nor for what is named beside it', async (origin) => {
    expect(await askFor(['https://console.example.com', origin])).toBe(false);

    expect(world.asked).toEqual([]);
  });

  it('is a no where the browser may not even ask', async () => {
    world.refuses = true;

    expect(await askFor(['https://console.example.com'])).toBe(false);
  });
});

describe('what is allowed', () => {
  it('is known by the host, whatever the port', async () => {
    world.held = ['https://console.example.com/*'];

    expect(await isAllowed('https://console.example.com:8443')).toBe(true);
    expect(await isAllowed('http://localhost:8080')).toBe(false);
    expect(await allowedOrigins(['http://127.0.0.1', 'https://console.example.com'])).toEqual([
      'https://console.example.com',
    ]);
  });

  it('is nothing that is no origin', async () => {
    world.held = ['https://*/*'];

    expect(await isAllowed('https://*')).toBe(false);
  });
});

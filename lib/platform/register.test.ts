import { beforeEach, expect, it, vi } from 'vitest';
import type { OwnDeployment } from '../core/state';
import { keepRegistered } from './register';

type Registered = { id: string; matches: string[]; js: string[]; runAt: string };
const world = vi.hoisted(() => ({ held: [] as string[], there: [] as Registered[], calls: [] as string[] }));
vi.mock('./browser', () => ({
  default: {
    permissions: {
      contains: ({ origins: [one = ''] }: { origins: string[] }) => Promise.resolve(world.held.includes(one)),
    },
    scripting: {
      getRegisteredContentScripts: () => Promise.resolve([...world.there]),
      registerContentScripts: ([one]: [Registered]) => {
        world.calls.push(`+${one.id}`);
        if (one.id === 'own-gone') return Promise.reject(new Error('no such file'));
        if (world.there.some(({ id }) => id === one.id)) return Promise.reject(new Error('there already'));
        world.there.push(one);
        return Promise.resolve();
      },
      unregisterContentScripts: ({ ids }: { ids: string[] }) => {
        world.calls.push(...ids.map((id) => `-${id}`));
        world.there = world.there.filter(({ id }) => !ids.includes(id));
        return Promise.resolve();
      },
    },
  },
}));

const own = (...all: [string, string][]): Record<string, OwnDeployment> =>
  Object.fromEntries(all.map(([vendor, console]) => [console, { vendor, console, api: console }]));
const AGILICUS = 'https://admin.example.com';
const RUNAI = 'https://console.example.com:8443';

beforeEach(() => {
  world.held = ['https://admin.example.com/*', 'https://console.example.com/*', 'http://localhost/*'];
  world.there = [];
  world.calls = [];
});

it("runs a vendor's script on the consoles that are allowed, by host alone, from their first moment", async () => {
  const added = await keepRegistered(
    own(['agilicus', AGILICUS], ['runai', RUNAI], ['runai', 'http://localhost:3000'], ['runai', 'https://no.example']),
  );

  expect(world.there).toEqual([
    {
      id: 'own-agilicus',
      matches: ['https://admin.example.com/*'],
      js: ['content-scripts/agilicus.js'],
      runAt: 'document_start',
    },
    {
      id: 'own-runai',
      matches: ['http://localhost/*', 'https://console.example.com/*'],
      js: ['content-scripts/runai.js'],
      runAt: 'document_start',
    },
  ]);
  expect(added.map(({ id }) => id)).toEqual(['own-agilicus', 'own-runai']);
});

it('leaves alone what is as it should be', async () => {
  await keepRegistered(own(['agilicus', AGILICUS], ['runai', RUNAI]));
  world.calls = [];

  expect(await keepRegistered(own(['agilicus', AGILICUS], ['runai', RUNAI]))).toEqual([]);

  expect(world.calls).toEqual([]);
});

it('ends with the permission, and with the deployment', async () => {
  await keepRegistered(own(['agilicus', AGILICUS], ['runai', RUNAI]));
  world.held = ['https://console.example.com/*'];

  await keepRegistered(own(['agilicus', AGILICUS], ['runai', RUNAI]));
  expect(world.there.map(({ id }) => id)).toEqual(['own-runai']);
  await keepRegistered({});

  expect(world.there).toEqual([]);
});

it('follows a console that is added', async () => {
  await keepRegistered(own(['runai', RUNAI]));

  await keepRegistered(own(['runai', RUNAI], ['runai', 'http://localhost']));

  expect(world.there.map(({ matches }) => matches)).toEqual([['http://localhost/*', 'https://console.example.com/*']]);
});

it('settles one change after another', async () => {
  await Promise.all([1, 2, 3].map(() => keepRegistered(own(['runai', RUNAI]))));

  expect(world.calls).toEqual(['+own-runai']);
});

it('does not lose the others by a vendor this Fob has no script for', async () => {
  world.held.push('https://gone.example/*');

  await keepRegistered(own(['gone', 'https://gone.example'], ['runai', RUNAI]));

  expect(world.there.map(({ id }) => id)).toEqual(['own-runai']);
});

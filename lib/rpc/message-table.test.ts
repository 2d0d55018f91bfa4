import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../core/failure';
import type { Head } from '../core/state';
import { operations } from '../operations/index';
import { type RungName, rungs } from '../testing/rung';
import { type Sender, serve } from './serve';

// Reads the table of messages itself: an entry that is added is tried here without anybody thinking of it.

type Name = keyof typeof operations;
const self = { id: 'fob-id', origin: 'chrome-extension://fob-id' };
const page: Sender = { id: self.id, url: `${self.origin}/popup.html` };
const TAB = 7;
const names = Object.keys(operations) as Name[];
const forConsoles = names.filter((name) => (operations[name].from as readonly string[]).includes('console'));
const held = Object.keys(rungs) as RungName[];

/** What an entry is given, where that is more than the session or nothing. */
const inputs: Partial<Record<Name, (id: string, access: string) => readonly object[]>> = {
  // The very token that is held, and one that is not.
  capture: (_, access) => [{ access }, { access: 'canary-of-the-page' }],
  keep: (session) => [{ session }, { session, always: true }],
  move: (session) =>
    ['tenant-b', 'org-b', 'customer-b'].flatMap((tenant) => [
      { session, tenant, console: true },
      { session, tenant, console: false },
    ]),
  tenants: (session) => [{ session, again: true }, { session }],
  reveal: (session) => [
    { session, as: 'token' },
    { session, as: 'curl' },
  ],
  revoke: (session) => [{ session, allSessions: false }],
  repair: () => ['wake', 'stores', 'unread', 'lost'].map((what) => ({ what })),
  list_tokens: (session) => [{ session, filter: {} }],
  create: (session) => [
    {
      session,
      wanted: { subject: 'robot', tenant: 'org-a', audiences: ['app'], durationS: 60, createRefreshToken: true },
    },
  ],
};

/** Every secret behind every seal, and the parts of those that are made of parts. */
function secretsIn(sealed: Readonly<Record<string, string>>): string[] {
  const leaves = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : value && typeof value === 'object'
        ? Object.values(value).flatMap(leaves)
        : [];
  return Object.values(sealed)
    .flatMap((text) => leaves((JSON.parse(text) as { secrets?: unknown }).secrets))
    .flatMap((secret) => [secret, ...secret.split('.').slice(1)])
    .map((part) => part.trim())
    .filter((part) => part.length > 5 && !/^(?:client|app)-1$|@/.test(part));
}

/** Asks for one entry in a world where one vendor's secrets are held, in every way; gives the answers and what was secret. */
async function tried(name: Name, rung: RungName, from: 'console' | 'extension') {
  const { world, fob, id } = await rungs[rung]();
  const head = world.heads().find((one) => one.id === id) as Head;
  const at = { vendor: head.vendor, console: head.console, shows: 'session', session: id } as const;
  world.tabs.set(TAB, at);
  const inConsole: Sender = { id: self.id, url: `${head.console}/`, frameId: 0, tab: { id: TAB } };
  const secrets = new Set(secretsIn(world.sealed()));
  const { access } = (JSON.parse(world.sealed()[id] ?? '') as { secrets: { access: string } }).secrets;
  const answers: Outcome<unknown>[] = [];
  for (const input of inputs[name]?.(id, access) ?? [{ session: id }]) {
    answers.push(await serve(fob, { fob: name, input }, from === 'console' ? inConsole : page, self));
    for (const secret of secretsIn(world.sealed())) secrets.add(secret);
  }
  const told = JSON.stringify(answers);
  return { answers, secrets: [...secrets], leaks: [...secrets].filter((secret) => told.includes(secret)), told };
}

describe('the table of messages', () => {
  it('lets a console ask for this and no more: who adds to it says why it is no way to a secret', () => {
    expect(forConsoles).toEqual([
      'attend',
      'capture',
      'hide',
      'keep',
      'move',
      'open_popup',
      'panel',
      'renew',
      'sign_out',
      'tenants',
      'watch',
    ]);
  });

  it.each(names)('has a schema for what %s takes, and it is an object of named fields', (name) => {
    const schema = operations[name].input as v.GenericSchema & { type: string; entries?: object };

    expect(schema.kind).toBe('schema');
    expect(schema.type).toBe('object');
    for (const field of Object.values(schema.entries ?? {}))
      expect(['any', 'unknown']).not.toContain((field as { type: string }).type);
    for (const nothing of [undefined, null, 'text', 7]) expect(v.safeParse(schema, nothing).success).toBe(false);
  });

  it.each(forConsoles)('%s gives a console no secret of any vendor, whatever is held', async (name) => {
    let done = 0;
    for (const rung of held) {
      const { answers, secrets, leaks, told } = await tried(name, rung, 'console');

      expect(secrets.length).toBeGreaterThan(0);
      expect(leaks).toEqual([]);
      expect(told).not.toMatch(/canary|eyJ/);
      done += answers.filter((answer) => answer.ok).length;
    }
    // An entry that refuses everything would have told nothing by chance.
    expect(done).toBeGreaterThan(0);
  });

  it('has one entry that gives Fob’s own pages a secret', async () => {
    const telling = new Set<string>();
    for (const name of names) {
      for (const rung of held) if ((await tried(name, rung, 'extension')).leaks.length > 0) telling.add(name);
    }

    expect([...telling]).toEqual(['reveal']);
  });

  it('gives no page of the web an entry that is Fob’s own', async () => {
    for (const name of names.filter((one) => !forConsoles.includes(one))) {
      const { answers } = await tried(name, 'Prowler: rotate', 'console');

      for (const answer of answers) expect(answer).toEqual({ ok: false, failure: { code: 'origin_refused' } });
    }
  });
});

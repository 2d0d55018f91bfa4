import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, SessionEvent } from '../core/event';
import type { Head } from '../core/state';
import { after, HOUR, type Instant, instant, MINUTE } from '../core/time';
import { type Area, keysOf, readFob, readHead, SCHEMA, type SealedDocument, written } from './records';
import { VaultError } from './stores';
import { type Decision, openVault, type Vault } from './vault';

const NOW = instant(Date.UTC(2026, 0, 15, 9));

/** A disk that outlives vaults, counts its writes, can refuse them, and can die between two of its steps. */
function makeDisk() {
  const areas: Record<Area | 'copy', Map<string, unknown>> = {
    local: new Map(),
    copy: new Map(),
    session: new Map(),
  };
  const disk = {
    areas,
    writes: [] as { area: Area | 'copy'; keys: string[] }[],
    removes: 0,
    isFull: false,
    /** Steps left until the worker is dead: nothing it asks for then happens. */
    stepsLeft: Infinity,
    armed: [] as number[],
  };
  const step = async <T>(act: () => T): Promise<T> => {
    disk.stepsLeft -= 1;
    return disk.stepsLeft < 0 ? new Promise<never>(() => undefined) : act();
  };
  const open = (): Vault => {
    disk.stepsLeft = Infinity;
    return openVault({
      disk: {
        read: (area, keys) =>
          step(() =>
            Object.fromEntries(
              keys.flatMap((key) => (areas[area].has(key) ? [[key, structuredClone(areas[area].get(key))]] : [])),
            ),
          ),
        write: (area, items) =>
          step(() => {
            if (disk.isFull) throw new Error('quota exceeded');
            disk.writes.push({ area, keys: Object.keys(items) });
            for (const [key, value] of Object.entries(items)) areas[area].set(key, structuredClone(value));
          }),
        remove: (area, keys) =>
          step(() => {
            disk.removes += 1;
            for (const key of keys) areas[area].delete(key);
          }),
        names: (area) => step(() => [...areas[area].keys()]),
      },
      cipher: {
        isOpen: () => Promise.resolve(true),
        seal: async (text, associated) => JSON.stringify({ associated, text: btoa(encodeURIComponent(text)) }),
        open: async (sealed, associated) => {
          try {
            const box = JSON.parse(sealed as string) as { associated: string; text: string };
            return box.associated === associated ? decodeURIComponent(atob(box.text)) : undefined;
          } catch {
            // Not what was sealed.
            return undefined;
          }
        },
        fingerprint: async (token) => `digest of ${token.length}`,
      },
      now: () => NOW,
      arm: async (state) => void disk.armed.push(Object.keys(state.heads).length),
      changed: () => undefined,
    });
  };
  return Object.assign(disk, { open });
}
type TestDisk = ReturnType<typeof makeDisk>;

const head = (over: Partial<Head> = {}): Head => ({
  id: 'one',
  vendor: 'prowler',
  console: 'https://cloud.prowler.com',
  api: 'https://api.prowler.com',
  tenant: 'tenant-a',
  subject: 'ana',
  provenance: 'own',
  generation: 1,
  token: { issuedAt: NOW, expiresAt: after(NOW, 30 * MINUTE) },
  renewAtFraction: 0.8,
  keeping: 'kept',
  usedAt: NOW,
  ...over,
});
const sealed = (access: string): SealedDocument => ({
  labels: { person: 'Ana', roles: ['admin'] },
  secrets: { access, refresh: `refresh of ${access}` },
});
const captured = (one: Head, access: string): Decision<void> => ({
  events: [{ type: 'captured', id: one.id, at: NOW, head: one }],
  sealed: { [one.id]: sealed(access) },
  result: undefined,
});
const happened = (...events: Event[]): Decision<void> => ({ events, result: undefined });
const used = (id = 'one', at: Instant = NOW): SessionEvent => ({ type: 'used', id, at });
const renewed = (access: string, id = 'one'): Decision<void> => ({
  events: [
    {
      type: 'renewed',
      id,
      at: NOW,
      rung: 'rotate',
      grant: { provenance: 'own', token: { issuedAt: NOW }, renewAtFraction: 0.8 },
    },
  ],
  sealed: { [id]: sealed(access) },
  result: undefined,
});

/** A disk with sessions on it. */
async function kept(...heads: Head[]): Promise<{ disk: TestDisk; vault: Vault }> {
  const disk = makeDisk();
  const vault = disk.open();
  for (const one of heads) await vault.transact(() => captured(one, `access of ${one.id}`));
  disk.writes.length = 0;
  disk.removes = 0;
  return { disk, vault };
}
async function secretOf(vault: Vault, id = 'one'): Promise<string> {
  const one = (await vault.state()).heads[id];
  const opened = one && (await vault.open(one));
  return opened?.ok ? opened.value.secrets.access : (opened?.failure.code ?? 'no session');
}
/** What the code of a refused promise is. */
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing',
    (error: unknown) => (error instanceof VaultError ? error.failure.code : error),
  );

describe('a step of the vault', () => {
  it('is one write to each store, the copy first, however much it changes', async () => {
    const { disk, vault } = await kept(head(), head({ id: 'two' }));

    await vault.transact(() => happened(used(), used('two'), { type: 'consented', consent: { version: 1, at: NOW } }));

    expect(disk.writes.map(({ area }) => area)).toEqual(['copy', 'local']);
    expect(disk.writes[1]?.keys).toEqual(expect.arrayContaining(['fob', 'head:one', 'head:two', 'journal:one:1']));
  });

  it('writes what it changed and nothing else', async () => {
    const { disk, vault } = await kept(head(), head({ id: 'two' }));

    await vault.transact(() => happened(used()));

    expect(disk.writes[0]?.keys.toSorted()).toEqual(['fob', 'head:one', 'journal:one:1']);
  });

  it('takes nothing away where nothing has gone', async () => {
    const { disk, vault } = await kept(head(), head({ id: 'two', keeping: 'offered' }));

    await vault.transact(() => happened(used(), used('two')));

    expect(disk.removes).toBe(0);
  });

  it('names what is only seen anew only where that has changed', async () => {
    const { disk, vault } = await kept(head({ keeping: 'offered' }));

    await vault.transact(() => happened(used()));

    expect(disk.writes.find(({ area }) => area === 'session')?.keys.toSorted()).toEqual(['head:one', 'journal:one:1']);
  });

  it('leaves what was decided for Fob as a whole to the next worker', async () => {
    const { disk, vault } = await kept();
    const deployment = { vendor: 'prowler', console: 'https://a.example', api: 'https://api.a.example' };

    await vault.transact(() =>
      happened(
        { type: 'consented', consent: { version: 1, at: NOW } },
        { type: 'policy_set', console: deployment.console, policy: { keep: 'never' } },
        { type: 'deployment_added', deployment },
      ),
    );

    expect(await disk.open().state()).toEqual({
      consent: { version: 1, at: NOW },
      policies: { [deployment.console]: { keep: 'never' } },
      deployments: { [deployment.console]: deployment },
      heads: {},
    });
  });

  it('keeps no secret for a session that is gone with it', async () => {
    const { disk, vault } = await kept(head());

    await vault.transact(() => ({
      events: [{ type: 'forgotten', id: 'one', at: NOW }],
      sealed: { one: sealed('late') },
      result: undefined,
    }));

    expect([...disk.areas.local.keys()]).toEqual(['fob', 'tombstone:one']);
    expect(await vault.open(head())).toEqual({ ok: false, failure: { code: 'vault_unreadable' } });
  });

  it('in which nothing happened writes nothing and arms nothing', async () => {
    const { disk, vault } = await kept(head());
    disk.armed.length = 0;

    await vault.transact(() => happened());

    expect([disk.writes, disk.armed]).toEqual([[], []]);
  });

  it('is there for the next worker', async () => {
    const { disk, vault } = await kept(head());
    await vault.transact(() => renewed('new'));

    const next = disk.open();

    expect(await next.state()).toEqual(await vault.state());
    expect(await secretOf(next)).toBe('new');
  });

  it('is decided on what the one before it left', async () => {
    const { vault } = await kept(head());

    const seen = await Promise.all([
      vault.transact((state) => ({ ...renewed('b'), result: state.heads['one']?.generation })),
      vault.transact((state) => ({ ...renewed('c'), result: state.heads['one']?.generation })),
    ]);

    expect(seen).toEqual([1, 2]);
    expect(await secretOf(vault)).toBe('c');
  });

  it('that throws leaves the next one be', async () => {
    const { vault } = await kept(head());
    const broken = vault.transact(() => {
      throw new Error('a bug');
    });

    await expect(broken).rejects.toThrow('a bug');
    await vault.transact(() => renewed('b'));
    expect(await secretOf(vault)).toBe('b');
  });

  it('writes a journal that keeps the last forty lines, without a name or a secret', async () => {
    const { disk, vault } = await kept(head());
    for (let i = 1; i <= 60; i += 1) await vault.transact(() => happened(used('one', after(NOW, i))));

    const lines = await vault.journal('one');

    expect(lines.map(({ at }) => at)).toEqual(Array.from({ length: 40 }, (_, i) => NOW + 21 + i));
    expect(JSON.stringify([...disk.areas.local])).not.toMatch(/Ana|access of|refresh of/);
  });

  it('writes into the journal which way was tried, when it was due, and the code of what came of it', async () => {
    const { vault } = await kept(head());
    await vault.transact(() =>
      happened(
        {
          type: 'renewal_started',
          id: 'one',
          at: after(NOW, 1),
          rung: 'mint',
          spends: false,
          leaseUntil: NOW,
          dueAt: NOW,
        },
        { type: 'renewal_failed', id: 'one', at: after(NOW, 2), failure: { code: 'offline' }, unanswered: false },
      ),
    );

    expect(await vault.journal('one')).toEqual([
      { at: NOW, type: 'captured' },
      { at: NOW + 1, type: 'renewal_started', rung: 'mint', dueAt: NOW },
      { at: NOW + 2, type: 'renewal_failed', code: 'offline' },
    ]);
    expect(await vault.journal('another')).toEqual([]);
  });

  it('reads a journal in which something else is stored', async () => {
    const { disk, vault } = await kept(head());
    disk.areas.local.set('journal:one:1', null).set('journal:one:2', { at: 'noon' }).set('journal:one:3', 7);

    expect((await vault.journal('one')).map(({ type }) => type)).toEqual(['captured']);
  });
});

describe('the next wake', () => {
  it('is planned for what is on the disk, too, until the new state is', async () => {
    const { disk, vault } = await kept(head());
    disk.armed.length = 0;

    await vault.transact(() => happened({ type: 'forgotten', id: 'one', at: NOW }));

    expect(disk.armed).toEqual([1, 0]);
  });

  it('is planned anew when it is asked for', async () => {
    const { disk, vault } = await kept(head());
    disk.armed.length = 0;

    await vault.rearm();

    expect(disk.armed).toEqual([1]);
  });

  it('is planned before the first write', async () => {
    const { disk, vault } = await kept(head());
    disk.armed.length = 0;
    disk.isFull = true;

    await codeOf(vault.transact(() => renewed('new')));

    expect(disk.armed).toEqual([2]);
  });
});

describe('a disk that refuses a write', () => {
  it('is told of, and what the vendor gave is still in memory', async () => {
    const { disk, vault } = await kept(head());
    disk.isFull = true;

    const code = await codeOf(vault.transact(() => renewed('new')));

    expect(code).toBe('vault_full');
    expect(await secretOf(vault)).toBe('new');
    expect((await vault.state()).heads['one']?.generation).toBe(2);
  });

  it('is told of with its own error as the cause', async () => {
    const { disk, vault } = await kept(head());
    disk.isFull = true;

    await expect(vault.transact(() => renewed('new'))).rejects.toMatchObject({
      name: 'VaultError',
      message: 'vault_full',
      cause: new Error('quota exceeded'),
    });
  });

  it('does not take away in the end what has come back meanwhile', async () => {
    const { disk, vault } = await kept(head());
    const keeping = (to: 'watched' | 'kept') =>
      vault.transact(() => happened({ type: 'keeping_set', id: 'one', at: NOW, keeping: to }));
    disk.isFull = true;
    await codeOf(keeping('watched'));
    disk.isFull = false;

    await keeping('kept');

    expect(await secretOf(disk.open())).toBe('access of one');
  });

  it('is not mended over: what it does not hold yet is in memory alone', async () => {
    const { disk, vault } = await kept(head());
    disk.isFull = true;
    await codeOf(vault.transact(() => happened({ type: 'forgotten', id: 'one', at: NOW })));

    await vault.mend();

    expect(Object.keys((await vault.state()).heads)).toEqual([]);
  });

  it('holds a whole older record until it takes a whole newer one', async () => {
    const { disk, vault } = await kept(head());
    disk.isFull = true;
    await codeOf(vault.transact(() => renewed('new')));

    expect(await secretOf(disk.open())).toBe('access of one');
  });

  it('is given what it refused with the next step, whatever that step is about', async () => {
    const { disk, vault } = await kept(head(), head({ id: 'two' }));
    disk.isFull = true;
    await codeOf(vault.transact(() => renewed('new')));
    disk.isFull = false;

    await vault.transact(() => happened(used('two')));

    expect(await secretOf(disk.open())).toBe('new');
  });

  it('never holds a head of one grant beside the seal of another', async () => {
    const { disk, vault } = await kept(head());
    disk.isFull = true;
    await codeOf(vault.transact(() => renewed('new')));
    disk.isFull = false;

    await vault.transact(() => happened(used()));

    expect(await secretOf(disk.open())).toBe('new');
  });

  it('forgets with the next step what it did not forget at once', async () => {
    const { disk, vault } = await kept(head(), head({ id: 'two' }));
    disk.isFull = true;
    await codeOf(vault.transact(() => happened({ type: 'forgotten', id: 'one', at: NOW })));
    disk.isFull = false;

    await vault.transact(() => happened(used('two')));

    expect(Object.keys((await disk.open().state()).heads)).toEqual(['two']);
    expect([...disk.areas.local.keys()].filter((key) => key.includes(':one'))).toEqual(['tombstone:one']);
  });
});

describe('a record of a later Fob', () => {
  it('that names all others is left alone: nothing is read and nothing written', async () => {
    const { disk } = await kept(head());
    const later = { schema: SCHEMA + 1, everything: 'is different' };
    disk.areas.local.set('fob', later);
    disk.areas.copy.set('fob', later);
    const vault = disk.open();

    expect(await codeOf(vault.state())).toBe('vault_newer');
    expect(await codeOf(vault.transact(() => renewed('new')))).toBe('vault_newer');
    expect(disk.writes).toEqual([]);
    expect(disk.areas.local.get('fob')).toEqual(later);
  });

  it.each([
    ['of a later schema', { schema: SCHEMA + 1, id: 'one' }],
    ['that is not understood', { schema: 1, id: 'one' }],
    ['that is whole and not understood', written({ id: 'one' })],
  ])('or a head %s stays where it is, and in the index', async (_, document) => {
    const { disk } = await kept(head(), head({ id: 'two' }));
    for (const store of ['local', 'copy'] as const) disk.areas[store].set('head:one', document);
    const vault = disk.open();

    await vault.transact(() => happened(used('two')));

    expect(Object.keys((await vault.state()).heads)).toEqual(['two']);
    for (const store of ['local', 'copy'] as const) {
      expect(disk.areas[store].get('head:one')).toEqual(document);
      expect(disk.areas[store].has('sealed:one')).toBe(true);
      const index = readFob(disk.areas[store].get('fob'));
      expect(index).toMatchObject({ record: { sessions: { one: expect.any(String), two: expect.any(String) } } });
    }
  });

  it('is read anew when the disk did not answer at first', async () => {
    let isBroken = true;
    const vault = openVault({
      disk: {
        read: async () => {
          if (isBroken) throw new Error('no answer');
          return {};
        },
        write: async () => undefined,
        remove: async () => undefined,
        names: async () => [],
      },
      cipher: {
        isOpen: async () => true,
        seal: async (text) => text,
        open: async () => undefined,
        fingerprint: async () => '',
      },
      now: () => NOW,
      arm: async () => undefined,
      changed: () => undefined,
    });
    await expect(vault.state()).rejects.toThrow('no answer');
    isBroken = false;

    expect(await vault.state()).toMatchObject({ heads: {} });
  });
});

describe('a sealed record', () => {
  const changed = (value: unknown, change: Partial<Head>): string => {
    const reading = readHead(value);
    return reading.kind === 'record' ? written({ ...reading.record, ...change }) : '';
  };
  const tampering: readonly [string, (store: Map<string, unknown>) => void][] = [
    ['of another session', (store) => store.set('sealed:one', store.get('sealed:two'))],
    ['that was edited', (store) => store.set('sealed:one', String(store.get('sealed:one')).replace('0', '1'))],
    ['that is gone', (store) => store.delete('sealed:one')],
    ['that is a number', (store) => store.set('sealed:one', 7)],
    [
      'beside a head of another grant',
      (store) => store.set('head:one', changed(store.get('head:one'), { generation: 2 })),
    ],
    [
      'beside a head with another API',
      (store) => store.set('head:one', changed(store.get('head:one'), { api: 'https://evil.example' })),
    ],
  ];
  it.each(tampering)('%s is not opened, and nothing else breaks', async (_, tamper) => {
    const { disk } = await kept(head(), head({ id: 'two' }));
    tamper(disk.areas.local);
    tamper(disk.areas.copy);
    const vault = disk.open();

    expect(await secretOf(vault)).toBe('vault_unreadable');
    expect(await secretOf(vault, 'two')).toBe('access of two');
    await vault.transact(() => happened(used()));
    expect(await secretOf(disk.open(), 'two')).toBe('access of two');
  });

  it('of an earlier state of the same grant is opened while the state changes around it', async () => {
    const { disk, vault } = await kept(head());

    await vault.transact(() => happened({ type: 'keeping_set', id: 'one', at: NOW, keeping: 'paused' }, used()));

    expect(await secretOf(disk.open())).toBe('access of one');
  });
});

describe('the names of a session', () => {
  it('are known of what this worker has sealed, however often it changes', async () => {
    const { vault } = await kept(head());

    await vault.transact(() => happened(used()));

    expect(vault.labelsOf(head())).toEqual({ person: 'Ana', roles: ['admin'] });
  });

  it('are known once the seal was opened, and not before', async () => {
    const { disk } = await kept(head());
    const vault = disk.open();
    await vault.state();
    expect(vault.labelsOf(head())).toBeUndefined();

    await vault.open(head());

    expect(vault.labelsOf(head())).toEqual({ person: 'Ana', roles: ['admin'] });
  });

  it('are of one grant', async () => {
    const { vault } = await kept(head());

    expect(vault.labelsOf(head({ generation: 2 }))).toBeUndefined();
  });
});

describe('a session that goes from seen to kept and back', () => {
  const seen = head({ keeping: 'offered' });
  const keep: Event = { type: 'keeping_set', id: 'one', at: NOW, keeping: 'kept', keptUntil: after(NOW, HOUR) };
  const watch: Event = { type: 'keeping_set', id: 'one', at: NOW, keeping: 'watched' };
  const placesOf = (disk: TestDisk, area: Area) =>
    [...disk.areas[area].keys()].filter((key) => keysOf('one').includes(key) && !key.startsWith('journal'));

  it('is nowhere in local while it is only seen', async () => {
    const { disk } = await kept(seen);

    expect([...disk.areas.local.keys()]).toEqual(['fob']);
    expect(JSON.stringify(disk.areas.local.get('fob'))).not.toContain('one');
    expect(await secretOf(disk.open())).toBe('access of one');
  });

  it('takes its records along', async () => {
    const { disk, vault } = await kept(seen);

    await vault.transact(() => happened(keep));

    expect(placesOf(disk, 'local')).toEqual(['head:one', 'sealed:one']);
    expect(placesOf(disk, 'session')).toEqual([]);
    expect(await secretOf(disk.open())).toBe('access of one');
  });

  it('takes them along where its seal was opened by no worker yet', async () => {
    const { disk } = await kept(seen);

    await disk.open().transact(() => happened(keep));

    expect(await secretOf(disk.open())).toBe('access of one');
  });

  it('leaves nothing on disk when it is only watched again', async () => {
    const { disk, vault } = await kept(seen);
    await vault.transact(() => happened(keep));

    await vault.transact(() => happened(watch));

    expect(placesOf(disk, 'local')).toEqual([]);
    expect(await secretOf(disk.open())).toBe('access of one');
  });

  it('is gone when the browser closes, unless it is kept', async () => {
    const { disk, vault } = await kept(seen, head({ id: 'two' }));
    await vault.transact(() => happened(used('two')));
    disk.areas.session.clear();

    expect(Object.keys((await disk.open().state()).heads)).toEqual(['two']);
  });

  /** Does a step in a worker that dies at the `at`-th thing it asks of the disk. */
  async function dying(disk: TestDisk, at: number, event: Event): Promise<void> {
    const vault = disk.open();
    await vault.state();
    disk.stepsLeft = at;
    await Promise.race([vault.transact(() => happened(event)), new Promise((resolve) => setTimeout(resolve, 2))]);
  }

  it.each([0, 1, 2, 3, 4, 5])('is lost at no step of the way, at the %i-th', async (at) => {
    for (const [before, event] of [
      [[], keep],
      [[keep], watch],
    ] as const) {
      const { disk, vault } = await kept(seen, head({ id: 'two', keeping: 'offered' }));
      for (const one of before) await vault.transact(() => happened(one));

      await dying(disk, at, event);

      expect(await secretOf(disk.open())).toBe('access of one');
    }
  });

  it.each([0, 1, 2, 3, 4, 5])('leaves nothing on disk once it is watched, dying at the %i-th step', async (at) => {
    const { disk, vault } = await kept(seen);
    await vault.transact(() => happened(keep));

    await dying(disk, at, watch);

    const { keeping } = (await disk.open().state()).heads['one'] ?? {};
    expect(placesOf(disk, 'local')).toEqual(keeping === 'watched' ? [] : ['head:one', 'sealed:one']);
  });

  it.each([0, 1, 2, 3, 4, 5])('is forgotten whole or not at all, dying at the %i-th step', async (at) => {
    const { disk, vault } = await kept(seen);
    await vault.transact(() => happened(keep));

    await dying(disk, at, { type: 'forgotten', id: 'one', at: NOW });

    const next = disk.open();
    const isThere = (await next.state()).heads['one'] !== undefined;
    expect(placesOf(disk, 'local').length).toBe(isThere ? 2 : 0);
    expect(await secretOf(next)).toBe(isThere ? 'access of one' : 'no session');
  });

  it.each([0, 1, 2, 3, 4, 5])('does not come back from memory once it is forgotten, dying at the %i-th', async (at) => {
    const { disk } = await kept(seen);
    // One of these is between the write that kept it and taking it out of memory.
    await dying(disk, at, keep);
    const vault = disk.open();
    await vault.transact(() => happened({ type: 'forgotten', id: 'one', at: NOW }));

    expect(Object.keys((await disk.open().state()).heads)).toEqual([]);
  });

  it('is forgotten without a trace in local where it was only seen', async () => {
    const { disk, vault } = await kept(seen);

    await vault.transact(() => happened({ type: 'forgotten', id: 'one', at: NOW }));

    expect([...disk.areas.local.keys()]).toEqual(['fob']);
    expect(JSON.stringify(disk.areas.local.get('fob'))).not.toContain('one');
    expect([...disk.areas.session.keys()]).toEqual(['checked', 'fob']);
  });

  it('leaves a tombstone that says nothing of it', async () => {
    const { disk, vault } = await kept(head());

    await vault.transact(() => happened({ type: 'forgotten', id: 'one', at: NOW }));

    expect(disk.areas.local.get('tombstone:one')).toBe(written({ fence: 1 }));
  });
});

describe('a list of tenants', () => {
  const list = { fetchedAt: NOW, items: [{ id: 'tenant-a', name: 'Northwind Production' }] };

  it('is sealed, and there for the next worker', async () => {
    const { disk, vault } = await kept(head());

    await vault.keepTenants(head(), list);

    expect(await disk.open().tenants(head())).toEqual(list);
    expect(JSON.stringify([...disk.areas.local])).not.toContain('Northwind');
  });

  it('that arrives after its session was forgotten is not kept', async () => {
    const { disk, vault } = await kept(head());
    const keeping = vault.transact(() => happened({ type: 'forgotten', id: 'one', at: NOW }));

    await vault.keepTenants(head(), list);
    await keeping;

    expect(disk.areas.local.has('tenants:one')).toBe(false);
  });

  it.each([7, 'x', null, '{"fetchedAt":-1}'])('that is stored as %j is none', async (stored) => {
    const { disk, vault } = await kept(head());
    disk.areas.local.set('tenants:one', stored);

    expect(await vault.tenants(head())).toBeUndefined();
  });
});

describe('for any document on the disk', () => {
  const anyValue = fc.oneof(
    fc.jsonValue(),
    fc.jsonValue().map((value) => JSON.parse(`{"__proto__":${JSON.stringify(value)},"schema":1}`) as unknown),
    fc.constantFrom<unknown>(undefined, 0, `${SCHEMA}:0:{}`, written({}), '', '99:x:y', { schema: Infinity }),
    fc.constant({ ...head({ id: 'two' }), schema: 1, journalled: 1 }),
    fc.jsonValue().map((value) => ({ ...head(), schema: 1, journalled: 1, token: value })),
  );
  const where = fc.constantFrom('head:one', 'sealed:one', 'tenants:one', 'journal:one:0', 'tombstone:three');

  it('in one store every session is read all the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(where, anyValue), { maxLength: 4 }), async (edits) => {
        const { disk } = await kept(head(), head({ id: 'two' }));
        for (const [key, value] of edits) disk.areas.local.set(key, value);
        const vault = disk.open();

        await secretOf(vault);
        await vault.journal('one');
        await vault.tenants(head());
        await vault.transact(() => happened(used('two')));

        expect(await secretOf(disk.open(), 'two')).toBe('access of two');
        expect(Object.keys((await disk.open().state()).heads)).toContain('one');
      }),
      { numRuns: 200 },
    );
  });

  it('in place of the index it is read, or said to be unreadable and never written over', async () => {
    const index = fc.oneof(
      anyValue,
      fc.record({ schema: fc.constant(1), policies: fc.jsonValue(), sessions: fc.jsonValue() }),
      fc.record({
        schema: fc.constant(1),
        policies: fc.constant({}),
        sessions: fc.array(fc.constantFrom('one', 'two', '__proto__', 'constructor', '')),
      }),
    );
    await fc.assert(
      fc.asyncProperty(index, index, fc.boolean(), async (local, session, isAlone) => {
        const { disk } = await kept(head());
        disk.areas.local.set('fob', local);
        if (isAlone) disk.areas.copy.clear();
        disk.areas.session.set('fob', session);
        const vault = disk.open();

        const code = await codeOf(
          vault.transact(() => happened({ type: 'consented', consent: { version: 1, at: NOW } })),
        );

        expect(['nothing', 'vault_newer', 'vault_unreadable']).toContain(code);
        expect(code === 'nothing' || disk.writes.length === 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../core/event';
import type { Head } from '../core/state';
import { after, HOUR, instant, MINUTE } from '../core/time';
import schema1 from './fixtures/schema-1.json';
import { keysOf, type Lasting, readFob, readHead, SCHEMA, type SealedDocument, wrapped, written } from './records';
import { type Disk, readStores, VaultError } from './stores';
import { openVault, type Vault } from './vault';

const NOW = instant(Date.UTC(2026, 0, 15, 9));
const BOTH: readonly Lasting[] = ['local', 'copy'];
const head = (id: string): Head => ({
  id,
  vendor: 'prowler',
  console: `https://${id}.example`,
  api: 'https://api.prowler.com',
  tenant: 'tenant-a',
  subject: 'ana',
  provenance: 'own',
  generation: 1,
  token: { issuedAt: NOW, expiresAt: after(NOW, 30 * MINUTE) },
  renewAtFraction: 0.8,
  keeping: 'kept',
  usedAt: NOW,
});

type Stores = Record<'local' | 'copy' | 'session', Map<string, unknown>>;

/** Two stores and their memory, which outlive vaults; each can be silent, full, or change what it is given. */
function makeStores(areas: Stores = { local: new Map(), copy: new Map(), session: new Map() }) {
  const stores = {
    areas,
    silent: new Set<string>(),
    full: new Set<string>(),
    /** Everything that was written, in order. */
    writes: [] as { store: string; names: string[]; isStrict: boolean }[],
    /** What local changes by itself in the next write. */
    flips: '' as string,
    /** What local can no longer give, alone or with others, until it is written anew. */
    broken: undefined as Set<string> | undefined,
    stepsLeft: Infinity,
    /** Every store that was asked for something. */
    asked: [] as string[],
  };
  const step = async <T>(store: string, act: () => T): Promise<T> => {
    stores.stepsLeft -= 1;
    if (stores.stepsLeft < 0) return new Promise<never>(() => undefined);
    stores.asked.push(store);
    if (stores.silent.has(store)) throw new Error('no answer');
    return act();
  };
  const disk: Disk = {
    read: (store, names) =>
      step(store, () => {
        if (store === 'local' && names.some((name) => stores.broken?.has(name))) throw new Error('not an sstable');
        return Object.fromEntries(
          names.flatMap((name) => (areas[store].has(name) ? [[name, areas[store].get(name)]] : [])),
        );
      }),
    write: (store, items, isStrict = false) =>
      step(store, () => {
        if (stores.full.has(store)) throw new Error('quota exceeded');
        stores.writes.push({ store, names: Object.keys(items), isStrict });
        for (const [name, value] of Object.entries(items)) {
          areas[store].set(name, value);
          if (store === 'local') stores.broken?.delete(name);
        }
        if (store === 'local' && stores.flips in items) {
          areas.local.set(stores.flips, String(items[stores.flips]).replace('"kept"', '"kepu"'));
          stores.flips = '';
        }
      }),
    remove: (store, names) =>
      step(store, () => {
        for (const name of names) areas[store].delete(name);
      }),
    names: (store) => step(store, () => [...areas[store].keys()]),
  };
  const open = (): Vault => {
    stores.stepsLeft = Infinity;
    return openVault({
      disk,
      cipher: {
        isOpen: () => Promise.resolve(true),
        seal: async (text, associated) => JSON.stringify({ associated, text: btoa(text) }),
        open: async (sealed, associated) => {
          if (typeof sealed !== 'string' || !sealed.startsWith('{')) return undefined;
          const box = JSON.parse(sealed) as { associated: string; text: string };
          return box.associated === associated ? atob(box.text) : undefined;
        },
        fingerprint: async () => '',
      },
      now: () => NOW,
      arm: async () => undefined,
      changed: () => undefined,
    });
  };
  return Object.assign(stores, { open, disk });
}

const document = (access: string): SealedDocument => ({ labels: { person: 'Ana', roles: [] }, secrets: { access } });
const capture = (vault: Vault, id: string) =>
  vault.transact(() => ({
    events: [{ type: 'captured', id, at: NOW, head: head(id) }],
    sealed: { [id]: document(`canary-access-of-${id}`) },
    result: undefined,
  }));
const renew = (vault: Vault, id: string) =>
  vault.transact(() => ({
    events: [
      {
        type: 'renewed',
        id,
        at: NOW,
        rung: 'rotate',
        grant: { provenance: 'own', token: { issuedAt: NOW, expiresAt: after(NOW, HOUR) }, renewAtFraction: 0.8 },
      },
    ],
    sealed: { [id]: document(`canary-renewed-of-${id}`) },
    result: undefined,
  }));
const happens = (vault: Vault, event: SessionEvent) => vault.transact(() => ({ events: [event], result: undefined }));
const used = (id: string): SessionEvent => ({ type: 'used', id, at: NOW });

/** Two sessions, the first of them renewed. */
async function inhabited() {
  const stores = makeStores();
  const vault = stores.open();
  await vault.transact(() => ({
    events: [{ type: 'consented', consent: { version: 1, at: NOW } }],
    result: undefined,
  }));
  await capture(vault, 'one');
  await capture(vault, 'two');
  const before = { local: new Map(stores.areas.local), copy: new Map(stores.areas.copy) };
  await renew(vault, 'one');
  await happens(vault, used('one'));
  return { stores, vault, before };
}
async function accessOf(vault: Vault, id: string): Promise<string> {
  const found = (await vault.state()).heads[id];
  const opened = found && (await vault.open(found));
  return opened?.ok ? opened.value.secrets.access : (opened?.failure.code ?? 'no session');
}
/** How a store is read once all of it has been looked at. */
const quick = (...seen: string[]) => ({ seen, isThorough: false, now: NOW });
const replace = (store: Map<string, unknown>, by: Iterable<[string, unknown]>): void => {
  const entries = [...by];
  store.clear();
  for (const [name, value] of entries) store.set(name, value);
};
const flip = (store: Map<string, unknown>, name: string, from: string | RegExp, to: string): void => {
  store.set(name, String(store.get(name)).replace(from, to));
};

describe('what a disk changes by itself in one store', () => {
  type Before = Awaited<ReturnType<typeof inhabited>>['before'];
  const damages: readonly [string, (store: Map<string, unknown>, before: Before, name: Lasting) => void][] = [
    ['everything is gone', (store) => store.clear()],
    ['it went back in time', (store, before, name) => replace(store, before[name])],
    ['only a head went back in time', (store, before, name) => store.set('head:one', before[name].get('head:one'))],
    ['a letter of a head is another', (store) => flip(store, 'head:one', '"kept"', '"kepu"')],
    ['a digit of a time is another', (store) => flip(store, 'head:one', '"usedAt":1', '"usedAt":2')],
    ['a letter of a seal is another', (store) => flip(store, 'sealed:one', '"text":"', '"text":"A')],
    ['the schema of the index is another', (store) => flip(store, 'fob', /^2/, '3')],
    ['the schema of a head is another', (store) => flip(store, 'head:one', /^2/, '3')],
    ['a letter of the index is another', (store) => flip(store, 'fob', 'https://two', 'https://tvo')],
    ['the index is gone', (store) => store.delete('fob')],
    ['a head is gone', (store) => store.delete('head:one')],
    ['a seal is gone', (store) => store.delete('sealed:one')],
    ['a head is cut off', (store) => store.set('head:one', String(store.get('head:one')).slice(0, 90))],
    ['something else is in the place of a head', (store) => store.set('head:one', { nested: [] })],
    ["a head is in another's place", (store) => store.set('head:one', store.get('head:two'))],
  ];
  const cases = damages.flatMap(([what, damage]) => BOTH.map((name) => ({ what, damage, name })));

  it.each(cases)('$name: $what, and the newest of all is there and in both', async ({ damage, name }) => {
    const { stores, vault, before } = await inhabited();
    const was = await vault.state();
    damage(stores.areas[name], before, name);

    const next = stores.open();
    const { damage: _, ...state } = await next.state();

    expect(state).toEqual(was);
    expect(await accessOf(next, 'one')).toBe('canary-renewed-of-one');
    expect(await accessOf(next, 'two')).toBe('canary-access-of-two');
    await happens(next, used('one'));
    // With the other store gone, what was mended is enough.
    stores.areas[name === 'local' ? 'copy' : 'local'].clear();
    const alone = stores.open();
    expect(Object.keys((await alone.state()).heads).toSorted()).toEqual(['one', 'two']);
    expect(await accessOf(alone, 'two')).toBe('canary-access-of-two');
  });

  it.each(cases.filter(({ what }) => !/seal/.test(what)))(
    '$name: $what, and it is told once',
    async ({ damage, name }) => {
      const { stores, before } = await inhabited();
      damage(stores.areas[name], before, name);

      const found = (await stores.open().state()).damage;
      expect(found).toMatchObject({ at: NOW, lost: [] });
      expect(found?.[name]).toBeGreaterThan(0);
      expect(found?.[name === 'local' ? 'copy' : 'local']).toBe(0);

      // Still there for the next worker, and not counted again.
      expect((await stores.open().state()).damage).toEqual(found);
      const vault = stores.open();
      await vault.transact(() => ({ events: [{ type: 'damage_seen' }], result: undefined }));
      expect((await stores.open().state()).damage).toBeUndefined();
    },
  );

  it('is found out of a seal in local when it is opened, and given back from the copy', async () => {
    const { stores } = await inhabited();
    const whole = stores.areas.local.get('sealed:one');
    flip(stores.areas.local, 'sealed:one', '"text":"', '"text":"A');
    const vault = stores.open();

    await accessOf(vault, 'one');
    await happens(vault, used('two'));

    expect(stores.areas.local.get('sealed:one')).toBe(whole);
  });
});

describe('a seal that was changed', () => {
  it.each(BOTH)(
    'in %s is found, counted and mended by who looks at everything, and left by who does not',
    async (name) => {
      const { stores } = await inhabited();
      const whole = stores.areas[name].get('sealed:one');
      flip(stores.areas[name], 'sealed:one', '"text":"', '"text":"A');

      expect(await readStores(stores.disk, quick())).not.toHaveProperty('damage');
      const { damage } = await readStores(stores.disk, { ...quick(), isThorough: true });

      expect(damage?.[name]).toBe(1);
      expect(stores.areas[name].get('sealed:one')).toBe(whole);
    },
  );
});

describe('a seal from the copy', () => {
  /** A worker that has looked at everything before the seal in local was changed. */
  async function withChangedSeal() {
    const { stores } = await inhabited();
    await stores.open().state();
    flip(stores.areas.local, 'sealed:one', '"text":"', '"text":"A');
    const vault = stores.open();
    const one = (await vault.state()).heads['one']!;
    return { stores, vault, one };
  }

  it('is not given back over the one of a newer grant', async () => {
    const { stores, vault, one } = await withChangedSeal();

    const opening = vault.open(one);
    await renew(vault, 'one');
    await opening;
    await happens(vault, used('two'));

    expect(stores.areas.local.get('sealed:one')).toBe(stores.areas.copy.get('sealed:one'));
  });

  it('is not given back where the session was forgotten meanwhile', async () => {
    const { stores, vault, one } = await withChangedSeal();

    const opening = vault.open(one);
    await happens(vault, { type: 'forgotten', id: 'one', at: NOW });
    await opening;
    await happens(vault, used('two'));

    expect(stores.areas.local.has('sealed:one')).toBe(false);
  });

  it('is not given to a store that did not answer', async () => {
    const { stores } = await inhabited();
    stores.silent.add('local');
    const vault = stores.open();
    await vault.state();
    stores.silent.clear();
    stores.areas.local.delete('sealed:one');
    stores.writes.length = 0;

    expect(await accessOf(vault, 'one')).toBe('canary-renewed-of-one');
    await happens(vault, used('two'));

    expect(stores.writes.filter(({ store }) => store === 'local')).toEqual([]);
  });
});

describe('what no store has any more', () => {
  it('is told by its console, and everything else is there', async () => {
    const { stores } = await inhabited();
    for (const store of BOTH) flip(stores.areas[store], 'head:one', '"kept"', '"kepu"');

    const state = await stores.open().state();

    expect(Object.keys(state.heads)).toEqual(['two']);
    expect(state.damage?.lost).toEqual(['https://one.example']);
    for (const store of BOTH) {
      expect(readFob(stores.areas[store].get('fob'))).toMatchObject({
        record: { sessions: { two: 'https://two.example' } },
      });
    }
  });

  it('is the index alone: the sessions are found by their records, and the first-run page comes again', async () => {
    const { stores } = await inhabited();
    for (const store of BOTH) stores.areas[store].set('fob', 'rubbish');

    const state = await stores.open().state();

    expect(Object.keys(state.heads).toSorted()).toEqual(['one', 'two']);
    expect(state.consent).toBeUndefined();
    expect(await accessOf(stores.open(), 'one')).toBe('canary-renewed-of-one');
  });

  it('is everything: Fob begins anew', async () => {
    const { stores } = await inhabited();
    for (const store of BOTH) stores.areas[store].clear();

    expect(await stores.open().state()).toEqual({ deployments: {}, policies: {}, heads: {} });
  });
});

describe('a step', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'that dies at its %i-th effect leaves one state or the other, in both',
    async (at) => {
      const { stores, vault } = await inhabited();
      stores.stepsLeft = at;
      void renew(vault, 'two');
      await new Promise((resolve) => setTimeout(resolve));

      const next = stores.open();
      const access = await accessOf(next, 'two');
      const { generation } = (await next.state()).heads['two']!;

      expect(access).toBe(generation === 1 ? 'canary-access-of-two' : 'canary-renewed-of-two');
      expect((await next.state()).damage).toBeUndefined();
      for (const store of BOTH)
        expect(readHead(stores.areas[store].get('head:two'))).toMatchObject({ record: { generation } });
      for (const store of BOTH) expect(stores.areas[store].get('sealed:two')).toBe(stores.areas.copy.get('sealed:two'));
    },
  );

  it('is flushed where something may be spent or was given, and only there', async () => {
    const { stores, vault } = await inhabited();
    stores.writes.length = 0;
    const started = (spends: boolean): SessionEvent => ({
      type: 'renewal_started',
      id: 'one',
      at: NOW,
      rung: 'rotate',
      spends,
      leaseUntil: NOW,
    });

    await happens(vault, used('one'));
    await happens(vault, started(false));
    await vault.transact(() => ({ events: [used('one'), started(true)], result: undefined }));
    await renew(vault, 'one');

    const flushed = stores.writes.filter(({ store }) => store === 'copy').map(({ isStrict }) => isStrict);
    expect(flushed).toEqual([false, false, true, true]);
  });

  it('is written again where local gives back something else', async () => {
    const { stores, vault } = await inhabited();
    stores.flips = 'head:one';

    await renew(vault, 'one');

    expect(stores.areas.local.get('head:one')).toBe(stores.areas.copy.get('head:one'));
  });

  it('is written once where local gives back what it was given, and looked at only where something was spent', async () => {
    const { stores, vault } = await inhabited();
    stores.writes.length = 0;
    await renew(vault, 'one');
    stores.flips = 'head:one';
    await happens(vault, used('one'));

    expect(stores.writes.map(({ store }) => store)).toEqual(['copy', 'local', 'copy', 'local']);
  });

  it('after a sign-out is above every copy that has not heard of it', async () => {
    const { stores, vault } = await inhabited();
    const copy = new Map(stores.areas.copy);
    await happens(vault, { type: 'signed_out', id: 'one', at: NOW });
    // The copy goes back in time, and its worker goes on from there for a while.
    const other = makeStores({ local: new Map(copy), copy, session: new Map() });
    const stale = other.open();
    for (let i = 0; i < 50; i += 1) await happens(stale, used('one'));
    replace(stores.areas.copy, copy);

    expect((await stores.open().state()).heads['one']?.keeping).toBe('stopped_signed_out');
  });

  it('that forgets is not undone by a store that has not heard of it', async () => {
    for (const name of BOTH) {
      const { stores, vault, before } = await inhabited();
      await happens(vault, { type: 'forgotten', id: 'one', at: NOW });
      replace(stores.areas[name], before[name]);

      const next = stores.open();
      expect(Object.keys((await next.state()).heads)).toEqual(['two']);
      await happens(next, used('two'));
      expect([...stores.areas[name].keys()].filter((one) => keysOf('one').includes(one))).toEqual([]);
    }
  });
});

describe('the first step of all', () => {
  it('that dies between the two stores is no damage', async () => {
    for (const name of BOTH) {
      const stores = makeStores();
      await capture(stores.open(), 'one');
      stores.areas[name].clear();

      const next = stores.open();

      expect((await next.state()).damage).toBeUndefined();
      expect(await accessOf(next, 'one')).toBe('canary-access-of-one');
    }
  });

  it('of a later worker that dies between the two stores is none, either', async () => {
    const { stores } = await inhabited();
    const local = new Map(stores.areas.local);
    await happens(stores.open(), used('two'));
    replace(stores.areas.local, local);

    expect((await stores.open().state()).damage).toBeUndefined();
  });
});

describe('both stores', () => {
  it('are not written to for being read', async () => {
    const { stores } = await inhabited();
    const fresh = makeStores();
    stores.writes.length = 0;

    await stores.open().state();
    await fresh.open().state();

    const lasting = [...stores.writes, ...fresh.writes].filter(({ store }) => store !== 'session');
    expect(lasting).toEqual([]);
  });

  it('are not written to where an index was changed and there is nothing to name', async () => {
    const stores = makeStores();
    for (const name of BOTH) stores.areas[name].set('fob', 'rubbish');

    await stores.open().state();

    expect(stores.writes.filter(({ store }) => store !== 'session')).toEqual([]);
  });

  it('get a new index where both have lost theirs', async () => {
    const { stores } = await inhabited();
    for (const name of BOTH) stores.areas[name].delete('fob');

    const state = await stores.open().state();

    expect(state.damage).toBeUndefined();
    const sessions = { one: 'https://one.example', two: 'https://two.example' };
    for (const name of BOTH)
      expect(readFob(stores.areas[name].get('fob'))).toMatchObject({ record: { revision: 1, sessions } });
  });

  it('without an index do not say where a lost session was', async () => {
    const { stores } = await inhabited();
    for (const name of BOTH) {
      stores.areas[name].delete('fob');
      stores.areas[name].set('head:one', 'rubbish');
    }

    expect((await stores.open().state()).damage?.lost).toEqual(['']);
  });

  it('without an index are read by what one of them can name', async () => {
    const { stores } = await inhabited();
    for (const name of BOTH) stores.areas[name].delete('fob');
    const names: Disk['names'] = (store) =>
      store === 'copy' ? Promise.reject(new Error('no names')) : stores.disk.names(store);

    const { heads } = await readStores({ ...stores.disk, names }, quick());

    expect(heads.map(({ id }) => id).toSorted()).toEqual(['one', 'two']);
  });

  it('get a seal from each other with its head, before anybody opens it', async () => {
    for (const name of BOTH) {
      const { stores } = await inhabited();
      const other = name === 'local' ? 'copy' : 'local';
      stores.areas[name].clear();

      await stores.open().state();

      expect(stores.areas[name].get('sealed:one')).toBe(stores.areas[other].get('sealed:one'));
    }
  });

  it('that are of one revision and not the same are read from local', async () => {
    const { stores } = await inhabited();
    const reading = readHead(stores.areas.copy.get('head:one'));
    if (reading.kind === 'record')
      stores.areas.copy.set('head:one', written({ ...reading.record, tenant: 'tenant-b' }));

    expect((await stores.open().state()).heads['one']?.tenant).toBe('tenant-a');
  });

  it.each(BOTH)('count every record that %s has changed', async (name) => {
    const { stores } = await inhabited();
    flip(stores.areas[name], 'fob', 'https://two', 'https://tvo');
    flip(stores.areas[name], 'head:one', '"kept"', '"kepu"');

    expect((await stores.open().state()).damage?.[name]).toBe(2);
  });

  it.each(BOTH)('mend a head of %s that is older, beside an index that was changed', async (name) => {
    const { stores, vault, before } = await inhabited();
    stores.areas[name].set('fob', 'rubbish').set('head:one', before[name].get('head:one'));

    const { damage, ...state } = await stores.open().state();

    expect(state).toEqual(await vault.state());
    expect(damage?.[name]).toBe(1);
  });
});

describe('a head of a later Fob', () => {
  const foreign: readonly [string, string][] = [
    ['newer', `${SCHEMA + 1}:whatever:that is`],
    ['not understood', written({ id: 'one', revision: 1 })],
  ];
  const cases = foreign.flatMap(([what, text]) => BOTH.map((name) => ({ what, text, name })));

  it.each(cases)('or one that is $what in $name alone is a letter that was changed', async ({ text, name }) => {
    const { stores, vault } = await inhabited();
    stores.areas[name].set('head:one', text);

    const { damage, ...state } = await stores.open().state();

    expect(state).toEqual(await vault.state());
    expect(damage?.[name]).toBe(1);
    expect(stores.areas[name].get('head:one')).toBe(stores.areas[name === 'local' ? 'copy' : 'local'].get('head:one'));
  });

  it.each(cases)('or one that is $what stays in the index where only $name has it', async ({ text, name }) => {
    const { stores } = await inhabited();
    stores.areas[name === 'local' ? 'copy' : 'local'].delete('head:one');
    stores.areas[name].set('head:one', text);

    const { unread, damage } = await readStores(stores.disk, quick());

    expect(unread).toEqual({ one: 'https://one.example' });
    expect(damage).toBeUndefined();
    expect(readFob(stores.areas.local.get('fob'))).toHaveProperty('record.sessions.one', 'https://one.example');
  });
});

describe('a tombstone', () => {
  it.each(BOTH)('in %s alone is enough, and given to the other', async (name) => {
    const { stores } = await inhabited();
    const tombstone = written({ fence: 1 });
    stores.areas[name].set('tombstone:one', tombstone);

    const state = await stores.open().state();

    expect(Object.keys(state.heads)).toEqual(['two']);
    expect(state.damage).toBeUndefined();
    for (const store of BOTH) {
      expect(stores.areas[store].get('tombstone:one')).toBe(tombstone);
      expect(readFob(stores.areas[store].get('fob'))).toMatchObject({
        record: { sessions: { two: 'https://two.example' } },
      });
      expect(readFob(stores.areas[store].get('fob'))).not.toHaveProperty('record.sessions.one');
    }
  });

  it('that both have stays as it is in each', async () => {
    const { stores } = await inhabited();
    for (const name of BOTH) stores.areas[name].set('tombstone:one', written({ name }));

    await stores.open().state();

    for (const name of BOTH) expect(stores.areas[name].get('tombstone:one')).toBe(written({ name }));
  });

  it('is found of a session that is only seen', async () => {
    const { stores } = await inhabited();
    stores.areas.copy.set('tombstone:seen', written({ fence: 1 }));

    const { forgotten } = await readStores(stores.disk, quick('seen', 'other'));

    expect([...forgotten]).toEqual(['seen']);
  });

  it('is not needed against a store that goes back to before a session was forgotten', async () => {
    for (const name of BOTH) {
      const { stores, vault, before } = await inhabited();
      await happens(vault, { type: 'forgotten', id: 'one', at: NOW });
      await happens(vault, used('two'));
      replace(stores.areas[name], before[name]);
      const held = await readStores(stores.disk, quick());
      replace(stores.areas[name], before[name]);

      await stores.open().state();

      expect(held.returned).toEqual(['one']);
      expect([...stores.areas[name].keys()].filter((one) => keysOf('one').includes(one))).toEqual([]);
    }
  });
});

describe('a store that does not answer', () => {
  it.each(BOTH)('(%s) is asked once, is no damage, and its part of a removal waits', async (name) => {
    const { stores } = await inhabited();
    stores.silent.add(name);
    stores.asked.length = 0;
    const vault = stores.open();

    expect((await vault.state()).damage).toBeUndefined();
    await happens(vault, { type: 'forgotten', id: 'one', at: NOW });

    // Local is given the index to see whether it can be written where it cannot be read.
    expect(stores.asked.filter((one) => one === name)).toEqual(name === 'local' ? [name, name, name] : [name]);
    stores.silent.clear();
    expect(Object.keys((await stores.open().state()).heads)).toEqual(['two']);
  });

  it('(local) is written anew where it can be, and what was broken is told', async () => {
    const { stores } = await inhabited();
    stores.broken = new Set([...stores.areas.local.keys(), 'tombstone:one']);
    const vault = stores.open();

    expect((await vault.state()).damage?.local).toBeGreaterThan(0);
    expect(await vault.answering()).toEqual({ local: true, copy: true });

    stores.areas.copy.clear();
    const next = stores.open();
    expect(await accessOf(next, 'one')).toBe('canary-renewed-of-one');
    expect(await accessOf(next, 'two')).toBe('canary-access-of-two');
  });

  it('(local) is no reason to begin anew where the copy has nothing', async () => {
    const { stores } = await inhabited();
    stores.areas.copy.clear();
    stores.broken = new Set(stores.areas.local.keys());

    await expect(stores.open().state()).rejects.toThrow('vault_unreadable');
    expect(stores.areas.copy.size).toBe(0);
  });

  it.each(BOTH)('(%s) is not asked for names either', async (name) => {
    const { stores } = await inhabited();
    for (const store of BOTH) stores.areas[store].delete('fob');
    stores.silent.add(name);
    stores.asked.length = 0;

    await stores.open().state();

    expect(stores.asked.filter((one) => one === name)).toEqual(name === 'local' ? [name, name] : [name]);
  });

  it('is left alone where it is the copy that takes nothing', async () => {
    const { stores, vault } = await inhabited();
    stores.full.add('copy');
    await renew(vault, 'two');
    stores.full.clear();
    stores.writes.length = 0;

    await renew(vault, 'two');

    expect(stores.writes.map(({ store }) => store)).toEqual(['local']);
    expect(await vault.answering()).toEqual({ local: true, copy: false });
  });

  it('is told of where the other one takes nothing', async () => {
    const { stores } = await inhabited();
    stores.silent.add('local');
    const vault = stores.open();
    await vault.state();
    stores.full.add('copy');

    await expect(renew(vault, 'two')).rejects.toThrow('vault_full');
  });

  it('is left alone where it does not take what it lacks', async () => {
    const { stores } = await inhabited();
    stores.areas.copy.clear();
    stores.full.add('copy');
    const vault = stores.open();

    expect(Object.keys((await vault.state()).heads).toSorted()).toEqual(['one', 'two']);
    expect(await vault.answering()).toEqual({ local: true, copy: false });
  });

  it.each(BOTH)('(%s) is left alone, and catches up with the next worker', async (name) => {
    const { stores } = await inhabited();
    stores.silent.add(name);
    const vault = stores.open();
    await renew(vault, 'two');
    expect(await vault.answering()).toEqual({ local: name !== 'local', copy: name !== 'copy' });
    stores.silent.clear();

    // It answers again, in the middle of this worker's life: what it holds may be newer than what this worker knows.
    await happens(vault, used('two'));
    const next = stores.open();

    expect(await accessOf(next, 'two')).toBe('canary-renewed-of-two');
    expect(readHead(stores.areas[name].get('head:two'))).toMatchObject({ record: { generation: 2 } });
  });

  it('is no trouble for a step where it is the copy that takes nothing', async () => {
    const { stores, vault } = await inhabited();
    stores.full.add('copy');

    await renew(vault, 'two');

    stores.full.clear();
    expect(await accessOf(stores.open(), 'two')).toBe('canary-renewed-of-two');
  });

  it('is told of when it is both', async () => {
    const { stores } = await inhabited();
    for (const name of BOTH) stores.silent.add(name);

    await expect(stores.open().state()).rejects.toThrow('vault_unreadable');
  });

  it('has its seals compared when it is asked for', async () => {
    const { stores, vault } = await inhabited();
    const whole = stores.areas.copy.get('sealed:one');
    flip(stores.areas.copy, 'sealed:one', '"text":"', '"text":"A');

    await vault.mend();

    expect(stores.areas.copy.get('sealed:one')).toBe(whole);
  });

  it('is mended when it is asked for', async () => {
    const { stores, vault } = await inhabited();
    stores.areas.copy.clear();

    await vault.mend();

    expect(stores.areas.copy.get('head:one')).toBe(stores.areas.local.get('head:one'));
    expect((await vault.state()).damage?.copy).toBeGreaterThan(0);
    expect(await accessOf(vault, 'one')).toBe('canary-renewed-of-one');
  });
});

describe('records of the first schema', () => {
  const old = (): Stores => ({ local: new Map(Object.entries(schema1)), copy: new Map(), session: new Map() });

  it('are read, and written anew in both stores, with nothing lost and nothing told', async () => {
    const stores = makeStores(old());
    const vault = stores.open();

    const state = await vault.state();

    const { schema: _, journalled, ...rest } = schema1['head:one'];
    expect(state).toEqual({
      consent: schema1.fob.consent,
      policies: schema1.fob.policies,
      deployments: {},
      heads: { one: rest },
    });
    expect(await accessOf(vault, 'one')).toBe('canary-access-1');
    expect((await vault.journal('one')).map(({ type }) => type)).toEqual(['captured', 'renewal_started']);
    await happens(vault, used('one'));
    for (const store of BOTH) {
      const reading = readHead(stores.areas[store].get('head:one'));
      expect(reading).toMatchObject({ kind: 'record', record: { revision: journalled + 1 } });
      expect(String(stores.areas[store].get('fob'))).toMatch(new RegExp(`^${SCHEMA}:`));
    }
    stores.areas.local.clear();
    expect(await accessOf(stores.open(), 'one')).toBe('canary-access-1');
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('are whole, whichever step of it the worker dies at (%i)', async (at) => {
    const stores = makeStores(old());
    const dying = stores.open();
    stores.stepsLeft = at;
    void dying.state();
    await new Promise((resolve) => setTimeout(resolve));

    const vault = stores.open();

    expect(await accessOf(vault, 'one')).toBe('canary-access-1');
    expect((await vault.state()).damage).toBeUndefined();
  });

  it.each<readonly Lasting[]>([['local'], ['local', 'copy']])(
    'that a later Fob has written anew are not touched (%s %s)',
    async (...names) => {
      const stores = makeStores(old());
      for (const name of names) stores.areas[name].set('fob', `${SCHEMA + 1}:whatever:that is`);
      const before = { local: new Map(stores.areas.local), copy: new Map(stores.areas.copy) };

      await expect(stores.open().state()).rejects.toThrow(VaultError);
      await expect(happens(stores.open(), used('one'))).rejects.toThrow('vault_newer');

      expect({ local: stores.areas.local, copy: stores.areas.copy }).toEqual(before);
    },
  );

  it('that a fault of this Fob cannot read are not written over', async () => {
    const stores = makeStores();
    stores.areas.local.set('fob', written({ revision: 1 }));
    stores.areas.local.set('sealed:one', wrapped('a seal'));

    await expect(stores.open().state()).rejects.toThrow('vault_unreadable');
    expect(stores.writes).toEqual([]);
  });
});

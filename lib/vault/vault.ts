import type { SessionEvent, Event } from '../core/event';
import { type Failed, failed, type FailureCode, ok, type Outcome } from '../core/failure';
import { emptyState, reduce } from '../core/reduce';
import type { Head, SessionId, State } from '../core/state';
import type { Instant } from '../core/time';
import {
  type Area,
  areaOf,
  associatedData,
  fobRecordOf,
  idsIn,
  JOURNAL_LENGTH,
  key,
  keysOf,
  readFob,
  readHead,
  readSealed,
  readTenants,
  SCHEMA,
  type SealedDocument,
  type TenantsDocument,
} from './records';

/** Where records lie. A `write` of several keys is all or nothing. */
export type Disk = {
  readonly read: (area: Area, keys: readonly string[]) => Promise<Readonly<Record<string, unknown>>>;
  readonly write: (area: Area, items: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly remove: (area: Area, keys: readonly string[]) => Promise<void>;
};

/** Seals and opens text (AES-256-GCM), bound to associated data; `open` gives undefined for anything that was changed. */
export type Cipher = {
  readonly seal: (text: string, associated: string) => Promise<string>;
  readonly open: (sealed: unknown, associated: string) => Promise<string | undefined>;
  /** Keyed digest: tells two tokens apart without saying anything about either. */
  readonly fingerprint: (token: string) => Promise<string>;
};

/** What a decision comes to: what happened, what is to be sealed with it, and what the caller is told. */
export type Decision<T> = {
  readonly events: readonly Event[];
  readonly sealed?: Readonly<Record<SessionId, SealedDocument>>;
  readonly result: T;
};

/** One line of a session's journal: what happened and its code, never a name, never a secret. */
export type JournalEntry = {
  readonly at: Instant;
  readonly type: string;
  readonly code?: FailureCode;
  readonly rung?: string;
};

/** The one owner of what Fob knows. Read, decide and append are one step, one after another. */
export type Vault = {
  readonly state: () => Promise<State>;
  readonly transact: <T>(decide: (state: State, now: Instant) => Decision<T>) => Promise<T>;
  /** Plans the next wake from what is known now: at every wake, whatever became of the alarm. */
  readonly rearm: () => Promise<void>;
  readonly open: (head: Head) => Promise<Outcome<SealedDocument>>;
  readonly tenants: (head: Head) => Promise<TenantsDocument | undefined>;
  readonly keepTenants: (head: Head, list: TenantsDocument) => Promise<void>;
  readonly journal: (id: SessionId) => Promise<readonly JournalEntry[]>;
  readonly fingerprint: (token: string) => Promise<string>;
};

/** A record that must not be written over: made by a later Fob, or not understood. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  constructor(readonly failure: Failed['failure']) {
    super(failure.code);
  }
}

type Loaded = {
  state: State;
  readonly journalled: Map<SessionId, number>;
  /** Stored sessions this Fob cannot read: left where they are, and named in every index it writes. */
  readonly unread: readonly SessionId[];
};

/**
 * Opens the vault on a disk. `arm` plans the next wake from the state about to be written: a death between the two costs
 * one idle wake, never a sleeping extension. `changed` hears of every new state once it is written.
 */
export function openVault(world: {
  readonly disk: Disk;
  readonly cipher: Cipher;
  readonly now: () => Instant;
  readonly arm: (state: State) => Promise<void>;
  readonly changed: (state: State) => void;
}): Vault {
  const { disk, cipher } = world;
  const sealedDocuments = new Map<SessionId, { generation: number; document: SealedDocument }>();
  let loaded: Promise<Loaded> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const load = (): Promise<Loaded> =>
    (loaded ??= readAll(disk).catch((error: unknown) => {
      // Read anew next time: a disk that did not answer once may do so later.
      loaded = undefined;
      throw error;
    }));

  async function transact<T>(decide: (state: State, now: Instant) => Decision<T>): Promise<T> {
    const step = queue.then(async () => {
      const memory = await load();
      const now = world.now();
      const decision = decide(memory.state, now);
      if (decision.events.length === 0) return decision.result;

      const before = memory.state;
      const next = reduce(before, decision.events);
      const items = await recordsOf(memory, next, decision);
      const armed = world.arm(next);
      // Memory first: should the disk refuse, what the vendor just gave is still here to be used.
      memory.state = next;
      for (const [id, document] of Object.entries(decision.sealed ?? {})) {
        const head = next.heads[id];
        if (head) sealedDocuments.set(id, { generation: head.generation, document });
      }
      await write(items);
      await forget(before, next);
      await armed;
      world.changed(next);
      return decision.result;
    });
    // One step's failure is its caller's to hear of; the next step runs all the same.
    queue = step.catch(() => undefined);
    return step;
  }

  async function recordsOf(memory: Loaded, next: State, decision: Decision<unknown>) {
    const { state: before, journalled } = memory;
    const items: Record<Area, Record<string, unknown>> = { local: {}, session: {} };
    const touched = new Set(decision.events.flatMap((event) => ('id' in event ? [event.id] : [])));
    for (const event of decision.events) {
      if (!('id' in event)) continue;
      const head = next.heads[event.id];
      if (!head) continue;
      const place = journalled.get(event.id) ?? 0;
      items[areaOf(head)][key.journal(event.id, place % JOURNAL_LENGTH)] = journalEntry(event);
      journalled.set(event.id, place + 1);
    }
    for (const id of touched) {
      const head = next.heads[id];
      if (!head) {
        const dead = before.heads[id];
        if (dead && areaOf(dead) === 'local') items.local[key.tombstone(id)] = { fence: dead.generation };
        continue;
      }
      const area = areaOf(head);
      const earlier = before.heads[id];
      const document =
        decision.sealed?.[id] ?? (earlier && areaOf(earlier) !== area ? await opened(earlier) : undefined);
      items[area][key.head(id)] = { ...head, schema: SCHEMA, journalled: journalled.get(id) ?? 0 };
      if (document)
        items[area][key.sealed(id)] = await cipher.seal(JSON.stringify(document), associatedData('sealed', head));
    }
    items.local[key.fob] = fobRecordOf(next, memory.unread);
    const seenIds = idsIn(next, 'session');
    if (seenIds.join() !== idsIn(before, 'session').join()) items.session[key.fob] = seenIds;
    return items;
  }

  async function write(items: Record<Area, Record<string, unknown>>): Promise<void> {
    try {
      await disk.write('local', items.local);
      if (Object.keys(items.session).length > 0) await disk.write('session', items.session);
    } catch (cause) {
      throw Object.assign(new VaultError({ code: 'vault_full' }), { cause });
    }
  }

  /** Takes away what a session no longer has: everything when forgotten, its first place when it moved to the other area. */
  async function forget(before: State, next: State): Promise<void> {
    const gone: Record<Area, string[]> = { local: [], session: [] };
    for (const head of Object.values(before.heads)) {
      const still = next.heads[head.id];
      if (!still || areaOf(still) !== areaOf(head)) gone[areaOf(head)].push(...keysOf(head.id));
      if (!still) sealedDocuments.delete(head.id);
    }
    if (gone.local.length > 0) await disk.remove('local', gone.local);
    if (gone.session.length > 0) await disk.remove('session', gone.session);
  }

  async function opened(head: Head): Promise<SealedDocument | undefined> {
    const known = sealedDocuments.get(head.id);
    if (known?.generation === head.generation) return known.document;
    const stored = (await disk.read(areaOf(head), [key.sealed(head.id)]))[key.sealed(head.id)];
    const plain = await cipher.open(stored, associatedData('sealed', head));
    const document = plain === undefined ? undefined : readSealed(plain);
    if (document) sealedDocuments.set(head.id, { generation: head.generation, document });
    return document;
  }

  return {
    state: async () => (await load()).state,
    transact,
    rearm: async () => world.arm((await load()).state),
    async open(head) {
      const document = await opened(head);
      return document ? ok(document) : failed({ code: 'vault_unreadable' });
    },
    async tenants(head) {
      const stored = (await disk.read(areaOf(head), [key.tenants(head.id)]))[key.tenants(head.id)];
      if (stored === undefined) return undefined;
      const plain = await cipher.open(stored, associatedData('tenants', head));
      return plain === undefined ? undefined : readTenants(plain);
    },
    async keepTenants(head, list) {
      const sealed = await cipher.seal(JSON.stringify(list), associatedData('tenants', head));
      const step = queue.then(async () => {
        // Forgotten while the list was on its way: nothing of it may stay.
        const current = (await load()).state.heads[head.id];
        if (current) await disk.write(areaOf(current), { [key.tenants(head.id)]: sealed });
      });
      queue = step.catch(() => undefined);
      await step;
    },
    async journal(id) {
      const head = (await load()).state.heads[id];
      if (!head) return [];
      const keys = Array.from({ length: JOURNAL_LENGTH }, (_, place) => key.journal(id, place));
      const entries = Object.values(await disk.read(areaOf(head), keys)) as JournalEntry[];
      return entries.toSorted((a, b) => a.at - b.at);
    },
    fingerprint: cipher.fingerprint,
  };
}

function journalEntry(event: SessionEvent): JournalEntry {
  return {
    at: event.at,
    type: event.type,
    ...('failure' in event ? { code: event.failure.code } : {}),
    ...('rung' in event ? { rung: event.rung } : {}),
  };
}

async function readAll(disk: Disk): Promise<Loaded> {
  const [local, session] = await Promise.all([disk.read('local', [key.fob]), disk.read('session', [key.fob])]);
  const fob = readFob(local[key.fob]);
  if (fob.kind === 'newer') throw new VaultError({ code: 'vault_newer' });
  if (fob.kind === 'unreadable') throw new VaultError({ code: 'vault_unreadable' });
  const seen = session[key.fob];
  const seenIds = Array.isArray(seen) ? seen.filter((id) => typeof id === 'string') : [];
  const keptIds = fob.kind === 'record' ? fob.record.sessions : [];

  const [keptHeads, seenHeads] = await Promise.all([
    disk.read('local', [...keptIds.map(key.head), ...keptIds.map(key.tombstone)]),
    disk.read('session', seenIds.map(key.head)),
  ]);
  const heads: Record<SessionId, Head> = {};
  const journalled = new Map<SessionId, number>();
  const unread = keptIds.filter((id) => {
    const { kind } = readHead(keptHeads[key.head(id)]);
    return kind === 'newer' || kind === 'unreadable';
  });
  // What is stored wins over what was only seen: a session moves from the one to the other in two writes.
  for (const stored of [
    ...seenIds.map((id) => seenHeads[key.head(id)]),
    ...keptIds.map((id) => keptHeads[key.head(id)]),
  ]) {
    const reading = readHead(stored);
    if (reading.kind !== 'record') continue;
    const { schema: _, journalled: count, ...head } = reading.record;
    if (keptHeads[key.tombstone(head.id)] !== undefined) continue;
    heads[head.id] = head as Head;
    journalled.set(head.id, count);
  }
  const settings = fob.kind === 'record' ? fob.record : undefined;
  return {
    state: {
      ...emptyState,
      heads,
      policies: settings?.policies ?? {},
      ...(settings?.consent ? { consent: settings.consent } : {}),
    },
    journalled,
    unread,
  };
}

import type { SessionEvent, Event } from '../core/event';
import { type Failed, failed, ok, type Outcome } from '../core/failure';
import { emptyState, headOf, reduce } from '../core/reduce';
import type { Head, SessionId, State } from '../core/state';
import type { Instant } from '../core/time';
import {
  type Area,
  areaOf,
  associatedData,
  fobRecordOf,
  idsIn,
  JOURNAL_LENGTH,
  type JournalEntry,
  key,
  keysOf,
  readFob,
  readHead,
  readJournalEntry,
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

/** The one owner of what Fob knows. Read, decide and append are one step, one after another. */
export type Vault = {
  readonly state: () => Promise<State>;
  readonly transact: <T>(decide: (state: State, now: Instant) => Decision<T>) => Promise<T>;
  /** Plans the next wake from what is known now: at every wake, whatever became of the alarm. */
  readonly rearm: () => Promise<void>;
  /** The newest names that are known without opening a seal. */
  readonly labelsOf: (head: Head) => SealedDocument['labels'] | undefined;
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
  /** What the disk holds: behind `state` for as long as it refuses to write. */
  written: State;
  readonly journalled: Map<SessionId, number>;
  /** Stored sessions this Fob cannot read: left where they are, and named in every index it writes. */
  readonly unread: readonly SessionId[];
  /** Sessions that are gone from local and whose records there may not be. */
  readonly leaving: Set<SessionId>;
};

/**
 * Opens the vault on a disk. `arm` plans the next wake, before a state is written and after: a death between the two costs one
 * idle wake, never a sleeping extension. `changed` hears of every new state once it is written.
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
  /** Documents the disk does not hold yet: after a refused write, the next step writes them. */
  const unwritten = new Map<SessionId, SealedDocument>();
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

      const next = reduce(memory.state, decision.events);
      // Memory first: should the disk refuse, what the vendor just gave is still here to be used.
      memory.state = next;
      for (const [id, document] of Object.entries(decision.sealed ?? {})) {
        const head = headOf(next, id);
        if (!head) continue;
        sealedDocuments.set(id, { generation: head.generation, document });
        unwritten.set(id, document);
      }
      const items = await recordsOf(memory, decision.events);
      // A death may leave either on the disk: until the write is done, the wake is planned for both.
      await Promise.all([world.arm(eitherOf(memory.written, next)), write(items, memory)]);
      await forget(memory);
      await world.arm(next);
      world.changed(next);
      return decision.result;
    });
    // One step's failure is its caller's to hear of; the next step runs all the same.
    queue = step.catch(() => undefined);
    return step;
  }

  async function recordsOf({ state, written, journalled, unread, leaving }: Loaded, events: readonly Event[]) {
    const items: Record<Area, Record<string, unknown>> = { local: {}, session: {} };
    for (const event of events) {
      const head = 'id' in event ? headOf(state, event.id) : undefined;
      if (!('id' in event) || !head) continue;
      const place = journalled.get(event.id) ?? 0;
      items[areaOf(head)][key.journal(event.id, place % JOURNAL_LENGTH)] = journalEntry(event);
      journalled.set(event.id, place + 1);
    }
    for (const id of changedIds(written, state)) {
      const earlier = headOf(written, id);
      const head = headOf(state, id);
      if (earlier && areaOf(earlier) === 'local' && (!head || areaOf(head) === 'session')) leaving.add(id);
      if (!head) {
        if (earlier && areaOf(earlier) === 'local') items.local[key.tombstone(id)] = { fence: earlier.generation };
        continue;
      }
      const area = areaOf(head);
      if (area === 'local') leaving.delete(id);
      const document = unwritten.get(id) ?? (earlier && areaOf(earlier) !== area ? await opened(earlier) : undefined);
      items[area][key.head(id)] = { ...head, schema: SCHEMA, journalled: journalled.get(id) ?? 0 };
      if (document)
        items[area][key.sealed(id)] = await cipher.seal(JSON.stringify(document), associatedData('sealed', head));
    }
    items.local[key.fob] = fobRecordOf(state, unread, [...leaving]);
    const seenIds = idsIn(state, 'session');
    if (seenIds.join() !== idsIn(written, 'session').join()) items.session[key.fob] = seenIds;
    return items;
  }

  async function write(items: Record<Area, Record<string, unknown>>, { state, written }: Loaded): Promise<void> {
    const seenBefore = new Set(idsIn(written, 'session'));
    // A session is written where it goes to before it is taken from where it was: a death in between finds it twice, never nowhere.
    const comesToSession = idsIn(state, 'session').some((id) => !seenBefore.has(id));
    const order: readonly Area[] = comesToSession ? ['session', 'local'] : ['local', 'session'];
    try {
      for (const area of order) {
        if (Object.keys(items[area]).length > 0) await disk.write(area, items[area]);
      }
    } catch (cause) {
      throw Object.assign(new VaultError({ code: 'vault_full' }), { cause });
    }
    unwritten.clear();
  }

  /** Takes away what a session no longer has: everything when forgotten, its first place when it moved to the other area. */
  async function forget(memory: Loaded): Promise<void> {
    const { state, written, leaving } = memory;
    const seen: SessionId[] = [];
    for (const earlier of Object.values(written.heads)) {
      const still = headOf(state, earlier.id);
      if (!still) {
        sealedDocuments.delete(earlier.id);
        unwritten.delete(earlier.id);
      }
      // Forgotten: from memory too, where a death may have left a second copy.
      if (!still || (areaOf(earlier) === 'session' && areaOf(still) === 'local')) seen.push(earlier.id);
    }
    memory.written = state;
    if (leaving.size > 0) {
      await disk.remove('local', [...leaving].flatMap(keysOf));
      leaving.clear();
    }
    if (seen.length > 0) await disk.remove('session', seen.flatMap(keysOf));
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
    labelsOf: ({ id, generation }) => {
      const known = sealedDocuments.get(id);
      return known?.generation === generation ? known.document.labels : undefined;
    },
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
        const current = headOf((await load()).state, head.id);
        if (current) await disk.write(areaOf(current), { [key.tenants(head.id)]: sealed });
      });
      queue = step.catch(() => undefined);
      await step;
    },
    async journal(id) {
      const head = headOf((await load()).state, id);
      if (!head) return [];
      const keys = Array.from({ length: JOURNAL_LENGTH }, (_, place) => key.journal(id, place));
      const entries = Object.values(await disk.read(areaOf(head), keys)).flatMap(readJournalEntry);
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
    disk.read('local', [...keptIds.map(key.head), ...[...keptIds, ...seenIds].map(key.tombstone)]),
    disk.read('session', seenIds.map(key.head)),
  ]);
  const read = (id: SessionId, stored: unknown): ReturnType<typeof readHead> => {
    const reading = readHead(stored);
    // A record under another's name is nobody's.
    return reading.kind === 'record' && reading.record.id !== id ? { kind: 'unreadable' } : reading;
  };
  const unread = keptIds.filter((id) => {
    const { kind } = read(id, keptHeads[key.head(id)]);
    return kind === 'newer' || kind === 'unreadable';
  });
  const heads = new Map<SessionId, Head>();
  const journalled = new Map<SessionId, number>();
  // What is stored wins over what was only seen: a session moves from the one to the other in two writes.
  for (const [id, stored] of [
    ...seenIds.map((one) => [one, seenHeads[key.head(one)]] as const),
    ...keptIds.map((one) => [one, keptHeads[key.head(one)]] as const),
  ]) {
    const reading = read(id, stored);
    if (reading.kind !== 'record' || keptHeads[key.tombstone(id)] !== undefined) continue;
    const { schema: _, journalled: count, ...head } = reading.record;
    heads.set(id, head as Head);
    journalled.set(id, count);
  }
  const settings = fob.kind === 'record' ? fob.record : undefined;
  const state: State = {
    ...emptyState,
    heads: Object.fromEntries(heads),
    policies: settings?.policies ?? {},
    deployments: settings?.deployments ?? {},
    ...(settings?.consent ? { consent: settings.consent } : {}),
  };
  const leaving = new Set((settings?.leaving ?? []).filter((id) => !keptIds.includes(id)));
  if (leaving.size > 0) {
    await disk.remove('local', [...leaving].flatMap(keysOf)).then(
      () => leaving.clear(),
      // Not now: with the next step.
      () => undefined,
    );
  }
  return { state, written: state, journalled, unread, leaving };
}

/** A state with all sessions of both, each as it was and as it is. */
function eitherOf(before: State, now: State): State {
  const earlier = changedIds(before, now).flatMap((id) => {
    const head = headOf(before, id);
    return head ? [[`before: ${id}`, head] as const] : [];
  });
  return { ...now, heads: { ...now.heads, ...Object.fromEntries(earlier) } };
}

/** Sessions that are not the same in both states. */
function changedIds(before: State, now: State): readonly SessionId[] {
  return [...new Set([...Object.keys(before.heads), ...Object.keys(now.heads)])].filter(
    (id) => headOf(before, id) !== headOf(now, id),
  );
}

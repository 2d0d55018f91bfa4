import type { SessionEvent, Event } from '../core/event';
import { failed, ok, type Outcome } from '../core/failure';
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
  readHead,
  readJournalEntry,
  readSealed,
  readTenants,
  sealIn,
  type SealedDocument,
  type TenantsDocument,
  wrapped,
  written,
} from './records';
import { type Answers, type Disk, readStores, removeTwice, VaultError, writeTwice } from './stores';

/** Seals and opens text (AES-256-GCM), bound to associated data; `open` gives undefined for anything that was changed. */
export type Cipher = {
  /** Whether it has its key. Without it, nothing can be sealed or opened. */
  readonly isOpen: () => Promise<boolean>;
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
  /** Which of the two stores answers. */
  readonly answering: () => Promise<Readonly<Answers>>;
  /** Reads both stores anew, and gives each what only the other has. */
  readonly mend: () => Promise<void>;
  /** Runs before any later step, and lets go of everything that was opened if the key has gone with it. */
  readonly shut: (then: (state: State) => Promise<void>) => Promise<void>;
};

type Loaded = {
  state: State;
  /** What the disk holds: behind `state` for as long as it refuses to write. */
  written: State;
  /** The last revision of the index, and of each session's head. */
  revision: number;
  readonly revisions: Map<SessionId, number>;
  /** Stored sessions this Fob cannot read, with their consoles: left where they are, and named in every index it writes. */
  readonly unread: Readonly<Record<SessionId, string>>;
  /** A store that did not answer is left alone until the next worker compares the two: it may hold what is newer. */
  readonly answers: Answers;
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
    (loaded ??= readAll(disk, world.now()).catch((error: unknown) => {
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
      // Without a key no answer could be sealed: nothing is begun that brings one.
      if ((decision.sealed || decision.events.some(starts)) && !(await cipher.isOpen()))
        throw new VaultError({ code: 'vault_locked' });

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
      const isStrict = decision.sealed !== undefined || decision.events.some(spends);
      // A death may leave either on the disk: until the write is done, the wake is planned for both.
      await Promise.all([world.arm(eitherOf(memory.written, next)), write(items, memory, isStrict)]);
      await forget(memory);
      await world.arm(next);
      world.changed(next);
      return decision.result;
    });
    // One step's failure is its caller's to hear of; the next step runs all the same.
    queue = step.catch(() => undefined);
    return step;
  }

  async function recordsOf(memory: Loaded, events: readonly Event[]) {
    const { state, written: before, revisions, unread, leaving } = memory;
    const items: Record<Area, Record<string, unknown>> = { local: {}, session: {} };
    for (const event of events) {
      const head = 'id' in event ? headOf(state, event.id) : undefined;
      if (!('id' in event) || !head) continue;
      const revision = revisions.get(event.id) ?? 0;
      items[areaOf(head)][key.journal(event.id, revision % JOURNAL_LENGTH)] = written(journalEntry(event));
      // Whoever signs out means it: no copy that has not heard of it may ever be the newer one.
      revisions.set(event.id, revision + (event.type === 'signed_out' ? FENCE : 1));
    }
    for (const id of changedIds(before, state)) {
      const earlier = headOf(before, id);
      const head = headOf(state, id);
      if (earlier && areaOf(earlier) === 'local' && (!head || areaOf(head) === 'session')) leaving.add(id);
      if (!head) {
        if (earlier && areaOf(earlier) === 'local')
          items.local[key.tombstone(id)] = written({ fence: earlier.generation });
        continue;
      }
      const area = areaOf(head);
      if (area === 'local') leaving.delete(id);
      const document = unwritten.get(id) ?? (earlier && areaOf(earlier) !== area ? await opened(earlier) : undefined);
      items[area][key.head(id)] = written({ ...head, revision: revisions.get(id) ?? 0 });
      if (document)
        items[area][key.sealed(id)] = wrapped(
          await cipher.seal(JSON.stringify(document), associatedData('sealed', head)),
        );
    }
    memory.revision += 1;
    items.local[key.fob] = written(fobRecordOf(state, { revision: memory.revision, unread, leaving: [...leaving] }));
    const seenIds = idsIn(state, 'session');
    if (seenIds.join() !== idsIn(before, 'session').join()) items.session[key.fob] = seenIds;
    return items;
  }

  async function write(items: Record<Area, Record<string, unknown>>, memory: Loaded, isStrict: boolean): Promise<void> {
    const { state, written: before, answers } = memory;
    const seenBefore = new Set(idsIn(before, 'session'));
    // A session is written where it goes to before it is taken from where it was: a death in between finds it twice, never nowhere.
    const comesToSession = idsIn(state, 'session').some((id) => !seenBefore.has(id));
    const order: readonly Area[] = comesToSession ? ['session', 'local'] : ['local', 'session'];
    try {
      for (const area of order) {
        if (Object.keys(items[area]).length === 0) continue;
        if (area === 'session') await disk.write(area, items.session);
        else await writeTwice(disk, answers, items.local, isStrict);
      }
    } catch (cause) {
      throw Object.assign(new VaultError({ code: 'vault_full' }), { cause });
    }
    unwritten.clear();
  }

  /** Takes away what a session no longer has: everything when forgotten, its first place when it moved to the other area. */
  async function forget(memory: Loaded): Promise<void> {
    const { state, written: before, leaving, answers } = memory;
    const seen: SessionId[] = [];
    for (const earlier of Object.values(before.heads)) {
      const still = headOf(state, earlier.id);
      if (!still) sealedDocuments.delete(earlier.id);
      // Forgotten: from memory too, where a death may have left a second copy.
      if (!still || (areaOf(earlier) === 'session' && areaOf(still) === 'local')) seen.push(earlier.id);
    }
    memory.written = state;
    await removeTwice(disk, answers, leaving);
    if (seen.length > 0) await disk.remove('session', seen.flatMap(keysOf));
  }

  async function opened(head: Head): Promise<SealedDocument | undefined> {
    const known = sealedDocuments.get(head.id);
    if (known?.generation === head.generation) return known.document;
    const name = key.sealed(head.id);
    // What cannot be opened in the one place is, perhaps, in the other.
    for (const store of placesOf(head)) {
      const stored = (await disk.read(store, [name]).catch(() => ({}) as Record<string, unknown>))[name];
      const document = readSealed(await cipher.open(sealIn(stored), associatedData('sealed', head)));
      if (!document) continue;
      sealedDocuments.set(head.id, { generation: head.generation, document });
      if (store === 'copy') void giveBack(head, stored);
      return document;
    }
    return undefined;
  }

  /** Gives local back what could only be opened in the copy, unless another grant has come meanwhile. */
  async function giveBack(head: Head, sealed: unknown): Promise<void> {
    queue = queue
      .then(async () => {
        const { state, answers } = await load();
        const isSame = headOf(state, head.id)?.generation === head.generation;
        if (isSame && answers.local) await disk.write('local', { [key.sealed(head.id)]: sealed });
      })
      // Not now: it is found in the copy the next time, too.
      .catch(() => undefined);
    await queue;
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
      if (!(await cipher.isOpen())) return failed({ code: 'vault_locked' });
      const document = await opened(head);
      return document ? ok(document) : failed({ code: 'vault_unreadable' });
    },
    async tenants(head) {
      const name = key.tenants(head.id);
      const stored = (await disk.read(areaOf(head), [name]).catch((): Readonly<Record<string, unknown>> => ({})))[name];
      return readTenants(await cipher.open(stored, associatedData('tenants', head)));
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
      // From the oldest place of the ring on: much can happen in one millisecond.
      const next = (await load()).revisions.get(id) ?? 0;
      const keys = Array.from({ length: JOURNAL_LENGTH }, (_, place) =>
        key.journal(id, (next + place) % JOURNAL_LENGTH),
      );
      const found = await Promise.all(placesOf(head).map((store) => disk.read(store, keys).catch(() => ({}))));
      const lines: Readonly<Record<string, unknown>> = Object.assign({}, ...found.toReversed());
      return keys.flatMap((name) => readJournalEntry(lines[name])).toSorted((a, b) => a.at - b.at);
    },
    fingerprint: cipher.fingerprint,
    answering: async () => (await load()).answers,
    async shut(then) {
      const step = queue.then(async () => {
        await then((await load()).state);
        if (await cipher.isOpen()) return;
        sealedDocuments.clear();
        unwritten.clear();
      });
      queue = step.catch(() => undefined);
      await step;
    },
    async mend() {
      const step = queue.then(async () => {
        const memory = await load();
        // What the disk does not hold yet is here alone.
        if (memory.state !== memory.written) return;
        loaded = undefined;
        sealedDocuments.clear();
        // Whoever asks for it wants the seals compared, too.
        await disk.remove('session', [key.checked]);
        await load();
      });
      queue = step.catch(() => undefined);
      await step;
    },
  };
}

function journalEntry(event: SessionEvent): JournalEntry {
  return {
    at: event.at,
    type: event.type,
    ...('failure' in event ? { code: event.failure.code } : {}),
    ...('rung' in event ? { rung: event.rung } : {}),
    ...('dueAt' in event && event.dueAt !== undefined ? { dueAt: event.dueAt } : {}),
  };
}

/** How far a sign-out puts a record above every copy that has not heard of it; a multiple of the journal's length, so that its ring goes on. */
const FENCE = 25 * JOURNAL_LENGTH;

/** Whether what is about to be sent may use something up. */
const spends = (event: Event): boolean => event.type === 'renewal_started' && event.spends;

const starts = (event: Event): boolean => event.type === 'renewal_started';

/** Where a session's records are looked for, in this order. */
const placesOf = (head: Head): readonly (Area | 'copy')[] =>
  areaOf(head) === 'local' ? ['local', 'copy'] : ['session'];

async function readAll(disk: Disk, now: Instant): Promise<Loaded> {
  const session = await disk.read('session', [key.fob, key.checked]);
  const seen = session[key.fob];
  const seenIds = Array.isArray(seen) ? seen.filter((id) => typeof id === 'string') : [];
  const [{ index, revision, heads: kept, unread, forgotten, returned, damage, answers }, seenHeads] = await Promise.all(
    [
      readStores(disk, { seen: seenIds, isThorough: session[key.checked] === undefined, now }),
      disk.read('session', seenIds.map(key.head)),
    ],
  );
  // Once in a browser's life: that is when files have been out of its hands.
  if (session[key.checked] === undefined) await disk.write('session', { [key.checked]: true });
  const heads = new Map<SessionId, Head>();
  const revisions = new Map<SessionId, number>();
  const seenRecords = seenIds.flatMap((id) => {
    const reading = readHead(seenHeads[key.head(id)]);
    return reading.kind === 'record' && reading.record.id === id && !forgotten.has(id) ? [reading.record] : [];
  });
  // What is stored wins over what was only seen: a session moves from the one to the other in two writes.
  for (const { revision: own, ...head } of [...seenRecords, ...kept]) {
    heads.set(head.id, head as Head);
    revisions.set(head.id, own);
  }
  const state: State = {
    ...emptyState,
    ...(index?.installedAt === undefined ? {} : { installedAt: index.installedAt }),
    heads: Object.fromEntries(heads),
    policies: index?.policies ?? {},
    deployments: index?.deployments ?? {},
    ...(index?.consent ? { consent: index.consent } : {}),
    ...(index?.preferences ? { preferences: index.preferences } : {}),
    ...(damage ? { damage } : {}),
  };
  const leaving = new Set([...(index?.leaving ?? []).filter((id) => !(id in index!.sessions)), ...returned]);
  // Not now: with the next step.
  await removeTwice(disk, answers, leaving).catch(() => undefined);
  return { state, written: state, revision, revisions, unread, leaving, answers };
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

import type { Failed } from '../core/failure';
import type { SessionId, State } from '../core/state';
import type { Instant } from '../core/time';
import {
  type Area,
  type FobRecord,
  type HeadRecord,
  key,
  keysOf,
  type Lasting,
  readFob,
  readHead,
  type Reading,
  sealIn,
  written,
} from './records';

/** Where records lie: in memory for what is only seen, and twice for what is to last. A `write` of several keys is all or nothing. */
export type Disk = {
  readonly read: (store: Area | 'copy', keys: readonly string[]) => Promise<Readonly<Record<string, unknown>>>;
  /** `isStrict`: flushed before it resolves, where the store can do that (the copy). */
  readonly write: (store: Area | 'copy', items: Readonly<Record<string, unknown>>, isStrict?: boolean) => Promise<void>;
  readonly remove: (store: Area | 'copy', keys: readonly string[]) => Promise<void>;
  /** The names of everything in a store: for the case that its index is lost. */
  readonly names: (store: Lasting) => Promise<readonly string[]>;
};

/** A record that must not be written over: made by a later Fob, or not understood. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  constructor(readonly failure: Failed['failure']) {
    super(failure.code);
  }
}

/** Which of the two stores answers. */
export type Answers = Record<Lasting, boolean>;

type Records = Readonly<Record<string, unknown>>;
type Found<T> = Readonly<Record<Lasting, Reading<T>>>;

const BOTH: readonly Lasting[] = ['local', 'copy'];

/**
 * Writes to both stores, the copy first: it alone can be flushed. One that does not take it holds what it held, and the next worker
 * compares the two. What local gives back is looked at where it matters: it has been seen to change what it was given.
 */
export async function writeTwice(disk: Disk, answers: Answers, items: Records, isStrict: boolean): Promise<void> {
  if (answers.copy) {
    await disk.write('copy', items, isStrict).catch((cause: unknown) => {
      if (!answers.local) throw cause;
      answers.copy = false;
    });
  }
  if (!answers.local) return;
  await disk.write('local', items);
  if (!isStrict) return;
  const names = Object.keys(items);
  const there = await disk.read('local', names).catch((): Records => ({}));
  if (names.some((name) => there[name] !== items[name])) await disk.write('local', items);
}

/** Takes every record of these sessions out of both stores. */
export async function removeTwice(disk: Disk, answers: Answers, ids: Set<SessionId>): Promise<void> {
  if (ids.size === 0) return;
  const keys = [...ids].flatMap(keysOf);
  // The index names what is being removed: a store that does not do it now is asked again at the next step.
  await Promise.all(BOTH.filter((store) => answers[store]).map((store) => disk.remove(store, keys)));
  ids.clear();
}

/** What the two stores hold, as one. */
export type Held = {
  /** The newer index; absent where there was none. */
  readonly index?: FobRecord;
  /** The index's, once what was to be mended is. */
  readonly revision: number;
  readonly heads: readonly HeadRecord[];
  /** Stored sessions this Fob cannot read, with their consoles. */
  readonly unread: Readonly<Record<SessionId, string>>;
  readonly forgotten: ReadonlySet<SessionId>;
  /** Sessions whose records a store has got back by going back in time. */
  readonly returned: readonly SessionId[];
  readonly damage?: NonNullable<State['damage']>;
  readonly answers: Answers;
};

/**
 * Reads both stores and takes of each record the newest that is whole; then gives each store what only the other has. `seen`: ids
 * that may have a tombstone though no index names them. `isThorough`: looks at the seals, too, which are otherwise not read before
 * they are needed: damage in one store is to be found before there is some in the other.
 *
 * @throws VaultError `vault_newer` where a later Fob has written, `vault_unreadable` where neither can be asked: nothing is changed then.
 */
export async function readStores(
  disk: Disk,
  {
    seen,
    isThorough,
    now,
  }: { readonly seen: readonly SessionId[]; readonly isThorough: boolean; readonly now: Instant },
): Promise<Held> {
  const answers: Answers = { local: true, copy: true };
  /** Local can be written, and read after that, where it could not be read: its files were damaged. Every step came to the copy first. */
  let isLocalBroken = false;
  let silence: unknown;
  const read = async (keys: readonly string[]): Promise<Record<Lasting, Records>> => {
    const from = async (store: Lasting): Promise<Records> => {
      if (!answers[store]) return {};
      return disk.read(store, keys).catch(async (error: unknown) => {
        silence = error;
        if (store === 'copy') {
          answers.copy = false;
          return {};
        }
        // One damaged file spoils what is read with it, and not what is not.
        isLocalBroken = true;
        const each = await Promise.all(keys.map((name) => disk.read(store, [name]).catch((): Records => ({}))));
        return Object.assign({}, ...each) as Records;
      });
    };
    const [local, copy] = await Promise.all([from('local'), from('copy')]);
    if (isLocalBroken && !answers.copy) throw mute(silence);
    return { local, copy };
  };

  const fobs = await read([key.fob]);
  const indexes: Found<FobRecord> = { local: readFob(fobs.local[key.fob]), copy: readFob(fobs.copy[key.fob]) };
  const best = newest(indexes);
  if (isLocalBroken && indexes.local.kind === 'absent') {
    // Does it take what it does not give? If not, it is only silent, and may hold what is newer.
    answers.local =
      best !== undefined &&
      (await disk.write('local', { [key.fob]: best.text }).then(
        () => true,
        () => false,
      ));
  }
  if (!best) {
    // A later Fob leaves none that this one can read. In one store alone it is a letter that the disk has changed.
    if (BOTH.some((store) => indexes[store].kind === 'newer')) throw new VaultError({ code: 'vault_newer' });
    // Whole, and yet not what this Fob writes: a fault of its own is no reason to write over anything.
    if (BOTH.some((store) => indexes[store].kind === 'unreadable')) throw new VaultError({ code: 'vault_unreadable' });
  }
  const index = best?.record;
  // No store knows any more which sessions there are: their records do.
  const consoles = index ? index.sessions : await consolesFrom(disk, answers);
  const ids = Object.keys(consoles);
  // Not knowing what is there is no reason to begin anew.
  if (!best && ids.length === 0 && silence !== undefined) throw mute(silence);

  const stored = await read([
    ...ids.map(key.head),
    ...[...ids, ...seen].map(key.tombstone),
    ...(isThorough ? ids.map(key.sealed) : []),
  ]);
  const forgotten = new Set(
    [...ids, ...seen].filter((id) => BOTH.some((store) => stored[store][key.tombstone(id)] !== undefined)),
  );
  const heads: HeadRecord[] = [];
  const unread: Record<SessionId, string> = {};
  const lost: string[] = [];
  const behind: Record<Lasting, Map<SessionId, string>> = { local: new Map(), copy: new Map() };
  const damaged: Record<Lasting, number> = { local: 0, copy: 0 };

  for (const [id, origin] of Object.entries(consoles)) {
    if (forgotten.has(id)) continue;
    const found: Found<HeadRecord> = {
      local: headOf(id, stored.local[key.head(id)]),
      copy: headOf(id, stored.copy[key.head(id)]),
    };
    const chosen = newest(found);
    if (!chosen) {
      const isForeign = BOTH.some((store) => found[store].kind === 'newer' || found[store].kind === 'unreadable');
      if (isForeign) unread[id] = origin;
      else lost.push(origin);
      continue;
    }
    heads.push(chosen.record);
    for (const store of BOTH) {
      const one = found[store];
      if (stored[store][key.head(id)] === chosen.text) {
        const isWhole = !isThorough || sealIn(stored[store][key.sealed(id)]) !== undefined;
        if (isWhole) continue;
        damaged[store] += 1;
        behind[store].set(id, chosen.text);
        continue;
      }
      behind[store].set(id, chosen.text);
      // Not yet there: a death between two writes. Not there any more: its own index names it.
      const own = indexes[store];
      const isGone = one.kind === 'absent' && own.kind === 'record' && id in own.record.sessions;
      // Its index is as new as can be, and the head is not: it alone went back in time.
      const isOlder =
        one.kind === 'record' &&
        one.record.revision < chosen.record.revision &&
        own.kind === 'record' &&
        own.record.revision === index?.revision;
      if (isChanged(one) || isGone || isOlder) damaged[store] += 1;
    }
  }
  for (const store of BOTH) {
    const one = indexes[store];
    if (!answers[store]) continue;
    if (isChanged(one)) damaged[store] += 1;
    // One step behind is a death between two writes. More is a store that has gone back in time.
    // A worker that found nothing begins at 1.
    else if (index && (one.kind === 'record' ? one.record.revision : 1) < index.revision - 1)
      damaged[store] = Math.max(damaged[store], behind[store].size, 1);
  }
  // An older index names what was forgotten since, or is only seen again: its records came back with it.
  const returned = BOTH.flatMap((store) => {
    const one = indexes[store];
    return one.kind === 'record' && index
      ? Object.keys(one.record.sessions).filter((id) => !(id in index.sessions))
      : [];
  });
  return { ...(index ? { index } : {}), heads, unread, forgotten, returned, answers, ...(await mended()) };

  async function mended(): Promise<Pick<Held, 'revision' | 'damage'>> {
    const isDamaged = damaged.local + damaged.copy + lost.length > 0;
    const damage = isDamaged
      ? {
          at: now,
          local: (index?.damage?.local ?? 0) + damaged.local,
          copy: (index?.damage?.copy ?? 0) + damaged.copy,
          lost: [...(index?.damage?.lost ?? []), ...lost],
        }
      : index?.damage;
    const kept = { ...Object.fromEntries(heads.map((head) => [head.id, head.console])), ...unread };
    const isAsItWas = best !== undefined && !isDamaged && Object.keys(kept).length === ids.length;
    const revision = (index?.revision ?? 0) + (isAsItWas ? 0 : 1);
    const fob = isAsItWas
      ? best.text
      : index || ids.length > 0
        ? written({
            ...(index ?? { policies: {} }),
            revision,
            sessions: kept,
            ...(damage ? { damage } : {}),
          })
        : undefined;
    for (const store of BOTH.filter((one) => answers[one])) {
      const items = await missing(store);
      if (fob !== undefined && fobs[store][key.fob] !== fob) items[key.fob] = fob;
      if (Object.keys(items).length > 0) {
        await disk.write(store, items).catch(() => {
          answers[store] = false;
        });
      }
    }
    return { revision, ...(damage ? { damage } : {}) };
  }

  /** What a store lacks: heads, with their seals, and the tombstones. */
  async function missing(store: Lasting) {
    const other: Lasting = store === 'local' ? 'copy' : 'local';
    const items: Record<string, unknown> = {};
    for (const id of forgotten) {
      const name = key.tombstone(id);
      if (stored[store][name] === undefined) items[name] = stored[other][name];
    }
    for (const [id, text] of behind[store]) {
      items[key.head(id)] = text;
      // What is behind the seal changes with the head, even within one grant: both come from the same place, unless the disk has changed it there.
      const name = key.sealed(id);
      const seal = (await disk.read(other, [name]).catch(() => ({}) as Records))[name];
      if (sealIn(seal) !== undefined) items[name] = seal;
    }
    return items;
  }
}

/** Neither store can be asked: nothing is known, and nothing is begun anew over it. */
const mute = (cause: unknown): VaultError => Object.assign(new VaultError({ code: 'vault_unreadable' }), { cause });

/** Where the other store has it as it should be, it is not what was written here. */
const isChanged = ({ kind }: Reading<unknown>): boolean => kind !== 'record' && kind !== 'absent';

/** A record under another's name is nobody's. */
function headOf(id: SessionId, stored: unknown): Reading<HeadRecord> {
  const reading = readHead(stored);
  return reading.kind === 'record' && reading.record.id !== id ? { kind: 'damaged' } : reading;
}

function newest<T extends { readonly revision: number }>({ local, copy }: Found<T>) {
  const [one, other] = [local, copy].filter((reading) => reading.kind === 'record');
  return one && other && other.record.revision > one.record.revision ? other : one;
}

/** The consoles of all sessions whose records are there, by id: for the case that no index is. */
async function consolesFrom(disk: Disk, answers: Answers): Promise<Record<SessionId, string>> {
  const prefix = key.head('');
  const names = await Promise.all(
    BOTH.filter((store) => answers[store]).map((store) => disk.names(store).catch((): readonly string[] => [])),
  );
  return Object.fromEntries(
    names
      .flat()
      .filter((name) => name.startsWith(prefix))
      .map((name) => [name.slice(prefix.length), '']),
  );
}

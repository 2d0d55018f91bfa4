import { type Instant, MINUTE, SECOND } from '../core/time';
import type { LockSettings } from '../core/view';
import { type Lasting, SCHEMA, unwrapped, written } from './records';
import { VaultError } from './stores';

/** PBKDF2-HMAC-SHA256 rounds a passphrase goes through (OWASP asks for 600,000 at the least); less is raised when Fob is unlocked. */
export const ROUNDS = 1_000_000;

/** What a passphrase goes through before it opens anything. */
export type Derivation = { readonly salt: string; readonly rounds: number };

/** The data key as it is stored. Without `by`, the browser profile's device key opens it. */
type Wrap = {
  /** Only grows; of two the higher counts. */
  readonly revision: number;
  readonly key: string;
  readonly by?: Derivation;
  readonly settings?: LockSettings;
};

/** What the key ring needs of the browser. A `write` is flushed before it resolves, where the store can do that. */
export type KeyRim = {
  readonly read: (store: Lasting) => Promise<unknown>;
  readonly write: (store: Lasting, wrap: string) => Promise<void>;
  /** The data key while Fob is open: in memory, until the browser closes. */
  readonly held: () => Promise<string | undefined>;
  readonly hold: (raw: string | undefined) => Promise<void>;
  readonly wrap: (raw: string, by: Secret) => Promise<string>;
  readonly unwrap: (key: string, by: Secret) => Promise<string | undefined>;
  readonly dropDevice: () => Promise<void>;
  /** 32 random bytes. */
  readonly draw: () => string;
};

/** What wraps the data key: the device key (made where there is none), or what comes of a passphrase. */
export type Secret = 'device' | (Derivation & { readonly passphrase: string });

/** The one owner of the data key. */
export type KeyRing = {
  /** The data key; undefined while a passphrase is needed for it. */
  readonly raw: () => Promise<string | undefined>;
  /** What is decided; undefined without a passphrase. */
  readonly settings: () => Promise<LockSettings | undefined>;
  /** Whether that passphrase opens it. */
  readonly unlock: (passphrase: string) => Promise<boolean>;
  /** Wraps the open data key anew: by that passphrase, or by none. False where a store did not take it: what was, counts. */
  readonly protect: (passphrase: string | undefined) => Promise<boolean>;
  readonly decide: (settings: LockSettings) => Promise<boolean>;
  /** Lets the data key go. Without a passphrase nothing would be kept from anybody, and it stays. */
  readonly shut: () => Promise<void>;
};

const BOTH: readonly Lasting[] = ['copy', 'local'];

/**
 * Opens the key ring. Each change is written to the one store and read back before the other is touched, and whichever wrap
 * opened is then given to both: killed at any step, what opened Fob before or what was just chosen opens it.
 */
export function openKeyRing(rim: KeyRim, rounds: number = ROUNDS): KeyRing {
  let open: Promise<string | undefined> | undefined;
  let told: Promise<LockSettings | undefined> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const step = queue.then(act).finally(() => (told = undefined));
    queue = step.catch(() => undefined);
    return step;
  };
  const raw = (): Promise<string | undefined> =>
    (open ??= inTurn(load).catch((error: unknown) => {
      open = undefined;
      throw error;
    }));

  async function wraps(): Promise<readonly Wrap[]> {
    let broken: unknown;
    const read = (store: Lasting): Promise<unknown> =>
      rim.read(store).catch((error: unknown) => void (store === 'copy' && (broken = error)));
    const found = (await Promise.all(BOTH.map(read))).flatMap(readWrap).toSorted((a, b) => b.revision - a.revision);
    // The device key is beside the copy: without that store it opens nothing, and nothing may be made anew. A passphrase needs no other key.
    if (broken !== undefined && !found[0]?.by) throw broken;
    return found;
  }

  async function load(): Promise<string | undefined> {
    const held = await rim.held();
    if (held !== undefined) {
      // Should a store have lost it, the key in memory is the last one: it is wrapped again before the browser closes.
      void inTurn(() => heal(held)).catch(() => undefined);
      return held;
    }
    for (const one of await wraps()) {
      if (one.by) return undefined;
      const found = await rim.unwrap(one.key, 'device');
      if (found === undefined) continue;
      await settle(one);
      await rim.hold(found);
      return found;
    }
    const made = rim.draw();
    // One store is enough, and the next worker finds that the other lacks it.
    await settle({ revision: 0, key: await rim.wrap(made, 'device') });
    await rim.hold(made);
    return made;
  }

  async function heal(held: string): Promise<void> {
    const [newest] = await wraps();
    if (newest?.by) return settle(newest);
    const isOpened = newest && (await rim.unwrap(newest.key, 'device')) === held;
    await settle(isOpened ? newest : { revision: (newest?.revision ?? -1) + 1, key: await rim.wrap(held, 'device') });
  }

  /** Gives both stores what has opened, or was just made. */
  async function settle(wrap: Wrap): Promise<void> {
    const text = written(wrap);
    for (const store of BOTH) {
      if ((await rim.read(store).catch(() => undefined)) === text) continue;
      await rim.write(store, text).catch((error: unknown) => {
        // One is enough, where it is the one with the device key beside it.
        if (store === 'copy' && !wrap.by) throw error;
      });
    }
  }

  /** Writes to one store after the other, and looks each time whether it is there. */
  async function replace(wrap: Wrap, before: Wrap | undefined): Promise<boolean> {
    const text = written(wrap);
    for (const store of BOTH) {
      try {
        await rim.write(store, text);
        if ((await rim.read(store)) === text) continue;
      } catch {
        // It holds what it held.
      }
      if (before) for (const one of BOTH) await rim.write(one, written(before)).catch(() => undefined);
      return false;
    }
    return true;
  }

  async function wrapBy(data: string, passphrase: string | undefined): Promise<Pick<Wrap, 'key' | 'by'>> {
    if (passphrase === undefined) return { key: await rim.wrap(data, 'device') };
    const by = { salt: rim.draw(), rounds };
    return { key: await rim.wrap(data, { ...by, passphrase }), by };
  }

  async function unlock(passphrase: string): Promise<boolean> {
    const found = await wraps();
    for (const one of found) {
      if (!one.by) continue;
      const data = await rim.unwrap(one.key, { ...one.by, passphrase });
      if (data === undefined) continue;
      await rim.hold(data);
      open = Promise.resolve(data);
      void inTurn(() => afterUnlock(one, found, { data, passphrase })).catch(() => undefined);
      return true;
    }
    return false;
  }

  async function afterUnlock(
    one: Wrap,
    found: readonly Wrap[],
    { data, passphrase }: { data: string; passphrase: string },
  ) {
    const revision = (found[0]?.revision ?? 0) + 1;
    if (one.by!.rounds < rounds) await replace({ ...one, ...(await wrapBy(data, passphrase)), revision }, one);
    // Of two, the one that opens counts from now on.
    else await settle(one === found[0] ? one : { ...one, revision });
    await rim.dropDevice();
  }

  return {
    raw,
    settings: () =>
      (told ??= wraps().then(
        ([newest]) => newest?.by && (newest.settings ?? { mode: 'lock' }),
        // Behind a passphrase, the one store would have been enough.
        () => undefined,
      )),
    unlock: (passphrase) => inTurn(() => unlock(passphrase)),
    async protect(passphrase) {
      const data = await raw();
      if (data === undefined) return false;
      return inTurn(async () => {
        const all = await wraps().catch(() => undefined);
        // Where a store does not answer, what it holds could not be taken out of it.
        if (!all) return false;
        const [before] = all;
        const made: Wrap = {
          revision: (before?.revision ?? 0) + 1,
          ...(await wrapBy(data, passphrase)),
          ...(passphrase === undefined ? {} : { settings: before?.settings ?? { mode: 'lock' } }),
        };
        // What does not open is not written over what does.
        const by: Secret = made.by ? { ...made.by, passphrase: passphrase! } : 'device';
        if ((await rim.unwrap(made.key, by)) !== data || !(await replace(made, before))) return false;
        if (made.by) await rim.dropDevice();
        return true;
      });
    },
    decide: (settings) =>
      inTurn(async () => {
        const [before] = await wraps();
        return before?.by ? replace({ ...before, settings, revision: before.revision + 1 }, before) : false;
      }),
    shut: () =>
      inTurn(async () => {
        const [newest] = await wraps();
        if (!newest?.by) return;
        await rim.hold(undefined);
        open = Promise.resolve(undefined);
      }),
  };
}

function readWrap(stored: unknown): readonly Wrap[] {
  const found = unwrapped(stored);
  if (found && found.schema > SCHEMA) throw new VaultError({ code: 'vault_newer' });
  const document = found?.document as Wrap | undefined;
  if (typeof document?.key === 'string') return [document];
  // As it was before there could be a passphrase.
  return typeof stored === 'string' && !stored.includes(':') ? [{ revision: -1, key: stored }] : [];
}

/** The wrong passphrases in a row, and when the last one was given. */
export type Tries = { readonly times: number; readonly at: Instant };

const FREE = 3;
const LONGEST = 15 * MINUTE;

/** When the next passphrase is taken: after three wrong ones each doubles the wait, up to a quarter of an hour. Nothing is ever wiped. */
export function nextTryAt({ times, at }: Tries, now: Instant): Instant {
  const wait = times < FREE ? 0 : Math.min(LONGEST, 2 ** (times - FREE) * 2 * SECOND);
  // By a clock that has been put back since, nobody is kept out.
  return at > now ? now : ((at + wait) as Instant);
}

import type { SeenTab } from '../core/console-tabs';
import { failed, type Failure, ok } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import { plan } from '../core/plan';
import type { Head, State } from '../core/state';
import { after, type Instant, instant } from '../core/time';
import type { Locked, StoresHealth } from '../core/view';
import type { Caller, Fob } from '../operations/fob';
import { deploymentAt, ladderOf } from '../vendors/index';
import { type Area, type Lasting, readHead, sealIn, written } from '../vault/records';
import { type KeyRim, openKeyRing, type Secret, type Tries } from '../vault/lock';
import { openVault } from '../vault/vault';
import { makeVendor, type TestVendor } from './vendor';

/** What happens to one request on its way. `lost_before`: it never arrives; `lost_after`: the vendor acts and the answer is gone; `garbled`: it acts and what comes is no answer. */
export type Weather =
  | 'fine'
  | 'lost_before'
  | 'lost_after'
  | 'garbled'
  | Failure
  | { readonly status: number; readonly retryAfter?: string };

/**
 * What outlives a worker: disk, clock, alarm, vendor. A worker can be killed at any of its steps: what it awaits then never
 * comes, as in a browser.
 */
export type World = {
  readonly disk: Record<Area | 'copy', Map<string, unknown>>;
  readonly vendor: TestVendor;
  readonly weather: Weather[];
  /** `api`: the only origin that the session's tokens may be sent to. */
  readonly sent: { path: string; at: Instant; origin: string; api: string }[];
  readonly tabs: Map<number, SeenTab>;
  readonly panels: number[];
  /** Ids of tabs whose console took a pair along. */
  readonly followed: { tab: number; tenant: string; refresh: string }[];
  alarm: Instant | undefined;
  /** How the vault's stores are said to be; mending makes them well. */
  stores: StoresHealth;
  /** The wrapped data key in both stores, the device key, and what the browser's memory holds. */
  readonly safe: Safe;
  /** What ends with the browser: its memory. */
  restart: () => void;
  permitted: boolean;
  /** Every wait (ms); no time passes by them. */
  readonly waited: number[];
  now: () => Instant;
  pass: (ms: number) => void;
  /** Turns this computer's clock forward, or back: no time passes by it. */
  turn: (ms: number) => void;
  /** By the vendors' clocks, which nobody turns. */
  trueTime: () => Instant;
  worker: () => Worker;
  /** Everything on disk and in memory as text, for leak searches. */
  text: () => string;
  /** What is behind the seals as text, by session. */
  sealed: () => Readonly<Record<string, string>>;
  heads: () => Head[];
  /** Changes a record as if it had been written so, wherever it is stored. */
  rewrite: (name: string, change: (record: Record<string, unknown>) => object) => void;
  /** Puts something in the place of a record, in both stores. */
  spoil: (name: string, value: unknown) => void;
};

type Safe = {
  readonly stored: Partial<Record<Lasting, unknown>>;
  device: string | undefined;
  held: string | undefined;
  since: Locked | undefined;
  tries: Tries | undefined;
  /** How long nobody must have been there for Fob to be told (minutes). */
  watched: number | undefined;
};

/** A running background: its Fob, and how to end it. */
export type Worker = {
  readonly fob: Fob;
  readonly kill: () => void;
  /** Kills at the n-th step from now: before or after an effect, in turn. */
  readonly killAt: (step: number) => void;
  readonly isAlive: () => boolean;
  readonly steps: () => number;
};

const well = { state: 'well', mended: 0, lost: 0 } as const;
const WELL: StoresHealth = { local: well, copy: well };

/** The console everything in a test world is about. */
export const CONSOLE = 'https://cloud.prowler.com';

/** A caller that is Fob's own page. */
export const EXTENSION: Caller = { kind: 'extension' };

/** A caller that is the console in a tab. */
export function consoleIn(tab: number, origin = CONSOLE): Extract<Caller, { kind: 'console' }> {
  const found = deploymentAt(`${origin}/`);
  if (!found) throw new Error(`no vendor knows ${origin}`);
  return { kind: 'console', tab, ...found };
}

/** A new world at a fixed time, in which one person belongs to two tenants. */
export function makeWorld({
  tenants = ['tenant-a', 'tenant-b'],
  draw = (): number => 0.5,
  handle,
}: {
  readonly tenants?: readonly string[];
  readonly draw?: () => number;
  /** Answers in the vendors' place, where a test is about others than Prowler. */
  readonly handle?: (request: HttpRequest, now: Instant) => HttpResponse;
} = {}): World {
  /** The vendors' time, which is the true one. */
  let clock = instant(Date.UTC(2026, 0, 15, 9));
  let aheadMs = 0;
  let ids = 0;
  const disk: World['disk'] = { local: new Map(), copy: new Map(), session: new Map() };
  const world: World = {
    disk,
    vendor: makeVendor(tenants),
    weather: [],
    sent: [],
    tabs: new Map(),
    panels: [],
    followed: [],
    alarm: undefined,
    stores: WELL,
    safe: { stored: {}, device: undefined, held: undefined, since: undefined, tries: undefined, watched: undefined },
    restart: () => {
      disk.session.clear();
      world.tabs.clear();
      Object.assign(world.safe, { held: undefined, since: undefined });
    },
    permitted: true,
    waited: [],
    now: () => after(clock, aheadMs),
    pass: (ms) => {
      clock = after(clock, ms);
    },
    turn: (ms) => {
      aheadMs += ms;
    },
    trueTime: () => clock,
    worker: () => makeWorker(),
    text: () => JSON.stringify([...disk.local, ...disk.copy, ...disk.session, world.safe]),
    sealed: () =>
      Object.fromEntries(
        [...disk.session, ...disk.local].flatMap(([name, value]) =>
          name.startsWith('sealed:') ? [[name.slice(7), shown((JSON.parse(sealIn(value) ?? '') as Box).text)]] : [],
        ),
      ),
    rewrite: (name, change) => {
      for (const store of [disk.local, disk.copy, disk.session]) {
        const json = sealIn(store.get(name));
        if (json !== undefined) store.set(name, written(change(JSON.parse(json) as Record<string, unknown>)));
      }
    },
    spoil: (name, value) => {
      for (const store of [disk.local, disk.copy]) if (store.has(name)) store.set(name, value);
    },
    heads: () =>
      [...disk.local, ...disk.session].flatMap(([name, value]) => {
        const reading = name.startsWith('head:') ? readHead(value) : undefined;
        if (reading?.kind !== 'record') return [];
        const { revision: _, ...head } = reading.record;
        return [head as Head];
      }),
  };
  return world;

  function makeWorker(): Worker {
    let alive = true;
    let steps = 0;
    let lastStep = Infinity;
    const step = async (): Promise<void> => {
      steps += 1;
      if (steps > lastStep) alive = false;
      // Nothing a dead worker awaits ever comes.
      await (alive ? Promise.resolve() : new Promise<never>(() => undefined));
    };
    const effect = async <T>(act: () => T): Promise<T> => {
      await step();
      const result = act();
      await step();
      return result;
    };
    const ring = openKeyRing(rimOf(world, effect), 10);
    const fob: Fob = {
      vault: openVault({
        disk: {
          read: (store, keys) =>
            effect(() =>
              Object.fromEntries(
                keys.flatMap((name) => (disk[store].has(name) ? [[name, disk[store].get(name)]] : [])),
              ),
            ),
          write: (store, items) =>
            effect(() => {
              for (const [name, value] of Object.entries(items)) disk[store].set(name, value);
            }),
          remove: (store, keys) => effect(() => keys.forEach((name) => disk[store].delete(name))),
          names: (store) => effect(() => [...disk[store].keys()]),
        },
        // Not a cipher: it hides nothing from a debugger and everything from a search for a token.
        cipher: {
          isOpen: async () => (await ring.raw()) !== undefined,
          seal: (text, associated) => effect(() => JSON.stringify({ associated, text: hidden(text) })),
          open: (sealed, associated) =>
            effect(() => {
              if (typeof sealed !== 'string') return undefined;
              try {
                const box = JSON.parse(sealed) as Box;
                return box.associated === associated ? shown(box.text) : undefined;
              } catch {
                // Not what was sealed.
                return undefined;
              }
            }),
          fingerprint: (token) => effect(() => `digest-${token.slice(-40).length}-${hash(token)}`),
        },
        now: world.now,
        arm: (state: State) =>
          effect(() => {
            world.alarm = plan(Object.values(state.heads), world.now(), ladderOf).wakeAt;
          }),
        changed: () => undefined,
      }),
      now: world.now,
      wait: (ms) =>
        effect(() => {
          world.waited.push(ms);
        }),
      draw,
      newId: () => `session-${(ids += 1)}`,
      async send({ api }, request) {
        await step();
        const { pathname: path, origin } = new URL(request.url);
        const startedAt = world.now();
        world.sent.push({ path, at: startedAt, origin, api });
        const weather = world.weather.shift() ?? 'fine';
        if (weather === 'lost_before') return failed({ code: 'unanswered', why: 'connection' });
        if (typeof weather === 'object' && 'code' in weather) return failed(weather);
        if (typeof weather === 'object') {
          return ok({
            status: weather.status,
            headers: { 'retry-after': weather.retryAfter ?? '' },
            json: undefined,
            startedAt,
          });
        }
        const answer = (handle ?? world.vendor.handle)(request, clock);
        await step();
        if (weather === 'lost_after') return failed({ code: 'unanswered', why: 'connection' });
        return ok({ ...answer, startedAt, ...(weather === 'garbled' ? { json: undefined } : {}) });
      },
      mayReach: () => effect(() => world.permitted),
      tabs: {
        all: () => effect(() => Object.fromEntries(world.tabs)),
        set: (tab, seen) => effect(() => void (seen ? world.tabs.set(tab, seen) : world.tabs.delete(tab))),
        prune: () => effect(() => undefined),
        look: () => effect(() => undefined),
        showPanel: (tab) => effect(() => void world.panels.push(tab)),
        reload: () => effect(() => undefined),
        open: () => effect(() => undefined),
        openPopup: () => effect(() => undefined),
        namedApi: () => effect(() => undefined),
      },
      follow: (tab, _console, _how, pair) =>
        effect(() => {
          world.followed.push({ tab, tenant: pair.tenant, refresh: pair.refresh });
          return 'followed' as const;
        }),
      cover: () => effect(() => undefined),
      stores: {
        health: () => effect(() => world.stores),
        mend: () => effect(() => void (world.stores = WELL)),
      },
      woken: () => effect(() => (world.alarm === undefined ? {} : { alarmAt: world.alarm })),
      lock: {
        ring,
        since: async () => world.safe.since,
        noteSince: (since) => effect(() => void (world.safe.since = since)),
        tries: async () => world.safe.tries,
        noteTries: (tries) => effect(() => void (world.safe.tries = tries)),
        watch: async (awayMin) => void (world.safe.watched = awayMin),
      },
      publish: () => Promise.resolve(),
    };
    return {
      fob,
      kill: () => {
        alive = false;
      },
      killAt: (n) => {
        lastStep = steps + n;
      },
      isAlive: () => alive,
      steps: () => steps,
    };
  }
}

/** Not a cipher either: a wrap names what opens it. */
function rimOf({ safe: keys }: World, effect: <T>(act: () => T) => Promise<T>): KeyRim {
  const name = (by: Secret): string | undefined =>
    by === 'device' ? keys.device : `${by.salt} ${by.rounds} ${hash(by.passphrase)}`;
  let drawn = 0;
  return {
    read: async (store) => keys.stored[store],
    write: (store, wrap) => effect(() => void (keys.stored[store] = wrap)),
    held: async () => keys.held,
    // Steps are counted where a passphrase comes in: what there is without one is as old as the first worker.
    hold: (raw) => (raw === undefined || keys.held !== undefined ? effect : at)(() => void (keys.held = raw)),
    wrap: async (raw, by) => {
      if (by === 'device') keys.device ??= 'device';
      return hidden(JSON.stringify([name(by), raw]));
    },
    unwrap: async (key, by) => {
      const [opens, raw] = JSON.parse(shown(key)) as [string, string];
      return name(by) === opens ? raw : undefined;
    },
    dropDevice: () => effect(() => void (keys.device = undefined)),
    draw: () => `drawn-${(drawn += 1)}-${Object.keys(keys.stored).length}`,
  };
}
const at = async <T>(act: () => T): Promise<T> => act();

type Box = { readonly associated: string; readonly text: string };
const hidden = (text: string): string => btoa(encodeURIComponent(text));
const shown = (text: string): string => decodeURIComponent(atob(text));

function hash(text: string): number {
  let value = 0;
  for (const one of text) value = (value * 31 + one.charCodeAt(0)) | 0;
  return value;
}

import { expect, it } from 'vitest';
import type { HttpRequest } from '../core/http';
import { LEAST_INTERVAL } from '../core/ladder';
import type { Head, SessionId } from '../core/state';
import { HOUR, type Instant, MINUTE } from '../core/time';
import { makeIssuer, type Reuse, type TestIssuer } from '../testing/issuer';
import { consoleIn, EXTENSION, makeWorld, type Weather, type Worker } from '../testing/world';
import { capture } from './capture';
import type { Fob } from './fob';
import { keep } from './keep';
import { obtain } from './obtain';
import { reveal } from './reveal';
import { consent } from './settings';
import { start, wake } from './wake';

// Three days of one busy computer in a few seconds: fifty grants, and a fault in every twentieth call.

const HOURS = 72;
const FAULTS = 0.05;
const FAULTY: readonly Weather[] = [
  'lost_before',
  'lost_after',
  'garbled',
  { code: 'unanswered', why: 'cut_short' },
  { status: 503 },
  { status: 502 },
  { status: 429 },
  { status: 429, retryAfter: '300' },
  { code: 'offline' },
];
/** How often a worker dies in the middle of its work, and the browser is started anew. */
const KILL = 0.02;
const RESTART = 0.003;
/** People use each session about this often. */
const USED = 3 * HOUR;

type Kind = 'mints' | Reuse;
const KINDS: readonly (readonly [Kind, number])[] = [
  ['mints', 20],
  ['strict', 10],
  ['grace', 10],
  ['static', 10],
];

/** No refresh token ends within the three days by itself. */
const LIVES = { accessLifeMs: HOUR, refreshLifeMs: 2 * HOURS * HOUR } as const;

/** Where a grant is: a tenant of Prowler, or a Run:ai deployment with an issuer of its own. */
type Place = { readonly kind: Kind; readonly name: string; readonly issuer?: TestIssuer };

/** A call as this computer saw it. `isLost`: the vendor may have acted, and what came of it did not arrive or was not written. */
type Call = { readonly at: Instant; readonly spends: boolean; readonly isMint: boolean; isLost: boolean; by: Worker };

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A sign-in is a person's move. */
const isRenewal = ({ url, body }: HttpRequest): boolean =>
  /\/tokens?\b/.test(new URL(url).pathname) && !body?.includes('canary-password');
const isMint = ({ url }: HttpRequest): boolean => url.endsWith('/tokens/switch');

async function soak(seed: number) {
  const random = chance(seed);
  const places: Place[] = KINDS.flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, at) =>
      kind === 'mints'
        ? { kind, name: `tenant-${at}` }
        : { kind, name: `${kind}-${at}`, issuer: Object.assign(makeIssuer(kind), LIVES) },
    ),
  );
  const byHost = new Map(places.map((place) => [`${place.name}.run.ai`, place]));
  const placeOf = (head: Head): Place | undefined =>
    places.find(({ name }) => name === head.tenant) ?? byHost.get(new URL(head.console).host);
  const world = makeWorld({
    tenants: places.filter(({ kind }) => kind === 'mints').map(({ name }) => name),
    draw: random,
    handle: (request, now) => {
      const { issuer } = byHost.get(new URL(request.url).host) ?? {};
      return issuer
        ? ofHost(issuer.handle(request, now), new URL(request.url).host)
        : world.vendor.handle(request, now);
    },
  });
  const calls = new Map<string, Call[]>();
  const borrowed = new Set<string>();
  const told = { calls: 0, faults: 0, kills: 0, restarts: 0, deaths: [] as string[], unexplained: [] as string[] };
  const dead = new Set<Place>();
  let isFair = true;
  let worker = attached();
  const heads = async (): Promise<readonly Head[]> => Object.values((await worker.fob.vault.state()).heads);

  /** A worker whose calls are counted, and go wrong at the drawn times. */
  function attached(): Worker {
    const made = world.worker();
    const { send } = made.fob;
    Object.assign(made.fob, {
      send: async (...args: Parameters<Fob['send']>) => {
        const [deployment, request, how] = args;
        told.calls += 1;
        const isFault = !isFair && random() < FAULTS;
        if (isFault) told.faults += 1;
        world.weather.push(isFault ? (FAULTY[Math.floor(random() * FAULTY.length)] ?? 'fine') : 'fine');
        if (!isRenewal(request)) return send(...args);
        const name =
          /"tenant_id":"([^"]*)"/.exec(request.body ?? '')?.[1] ?? tenantIn(request) ?? new URL(deployment.api).host;
        const call: Call = { at: world.now(), spends: how.spends, isMint: isMint(request), isLost: true, by: made };
        calls.set(name, [...(calls.get(name) ?? []), call]);
        const answer = await send(...args);
        // What was not sent, or was refused in so many words, is not lost; what was given is not until it is written.
        call.isLost = answer.ok
          ? answer.value.status >= 500 || (answer.value.status === 200 && answer.value.json === undefined)
          : answer.failure.code !== 'offline';
        return answer;
      },
    });
    return made;
  }

  /** Lets the worker do something; one that is killed over it is followed by the next. */
  async function run(act: (fob: Fob) => Promise<unknown>): Promise<void> {
    const mine = worker;
    if (!isFair && random() < KILL) mine.killAt(Math.floor(random() * 60));
    const over = { isSo: false };
    const done = act(mine.fob).then(() => (over.isSo = true));
    while (!over.isSo && mine.isAlive()) await Promise.race([done, new Promise((resolve) => setImmediate(resolve))]);
    mine.killAt(Infinity);
    if (mine.isAlive()) return;
    told.kills += 1;
    for (const all of calls.values())
      for (const one of all.slice(-2)) if (one.by === mine && one.at === world.now()) one.isLost = true;
    worker = attached();
    await run(start);
  }

  async function signIn({ kind, name }: Place, tab: number): Promise<void> {
    if (kind !== 'mints') {
      const values = { username: 'ana', password: 'canary-password' };
      await run((fob) => obtain.run(fob, { vendor: 'runai', place: name, way: 'password', values }, EXTENSION));
      return;
    }
    const pair = world.vendor.signIn(name, world.trueTime());
    borrowed.add(pair.refresh);
    await run((fob) => capture.run(fob, { access: pair.access }, consoleIn(tab)));
    const session = (await heads()).find(({ tenant }) => tenant === name)?.id ?? '';
    await run((fob) => keep.run(fob, { session }, EXTENSION));
  }

  /** Nobody is sent to sign in without a fault that excuses it; whoever is signs in again. */
  async function look(): Promise<void> {
    for (const head of await heads()) {
      const place = placeOf(head);
      if (!place) continue;
      if (!head.trouble || head.trouble.retryAt !== undefined) {
        dead.delete(place);
        continue;
      }
      const { kind, name } = place;
      if (!dead.has(place)) {
        dead.add(place);
        const mine = calls.get(kind === 'mints' ? name : `${name}.run.ai`) ?? [];
        const isLost = mine.some((call) => call.isLost && call.at === head.unansweredSince);
        // Where a refresh token is taken once, or for half a minute, a lost answer may be the loss of the grant; elsewhere nothing is.
        const isExcused = (kind === 'strict' || kind === 'grace') && isLost && head.trouble.code === 'grant_dead';
        const reason = `${kind}: ${head.trouble.code} after ${isLost ? 'a lost answer' : 'nothing'}`;
        told.deaths.push(reason);
        if (!isExcused) told.unexplained.push(reason);
      }
      await signIn(place, places.indexOf(place));
    }
  }

  await run((fob) => consent.run(fob, {}, EXTENSION));
  for (const [tab, place] of places.entries()) await signIn(place, tab);
  const first = (await heads()).length;
  isFair = false;

  const end = world.now() + HOURS * HOUR;
  const usedAt = new Map<SessionId, number>();
  while (world.now() < end) {
    const at = Math.min(world.alarm ?? end, world.now() + 5 * MINUTE);
    world.pass(Math.max(1000, at - world.now()));
    if (random() < RESTART) {
      told.restarts += 1;
      worker.kill();
      world.disk.session.clear();
      world.tabs.clear();
      world.alarm = undefined;
      world.pass(MINUTE);
      worker = attached();
      await run(start);
    } else if (world.alarm !== undefined && world.alarm <= world.now()) await run(wake);
    for (const { id } of await heads()) {
      const last = usedAt.get(id) ?? world.now() - random() * USED;
      usedAt.set(id, last);
      if (world.now() - last < USED) continue;
      usedAt.set(id, world.now() - random() * HOUR);
      await run((fob) => reveal.run(fob, { session: id, as: 'token' }, EXTENSION));
    }
    await look();
  }
  // The weather is fine again: what waits is done, and then all is well.
  isFair = true;
  for (let i = 0; i < 60 && (await heads()).some(({ trouble }) => trouble); i += 1) {
    world.pass(Math.max(1000, (world.alarm ?? 0) - world.now()));
    await run(wake);
    await look();
  }

  const presented = [
    world.vendor.presented,
    ...places.flatMap(({ issuer }) => (issuer ? [issuer.presented] : [])),
  ].flat();
  return {
    ...told,
    grants: first,
    borrowedSpent: presented.filter((token) => borrowed.has(token)).length,
    crowded: [...calls.values()].flatMap(tooClose),
    busiest: Math.max(...[...calls.values()].map(mostInAnHour)),
    unwell: world
      .heads()
      .filter(({ keeping, trouble, token }) => keeping !== 'kept' || trouble || (token.expiresAt ?? 0) <= world.now())
      .map(({ id, keeping, trouble }) => [id, keeping, trouble?.code].join(' ')),
    left: (await heads()).length,
  };
}

/** The tenant of a rotation at Prowler is in the token that it presents. */
function tenantIn({ body }: HttpRequest): string | undefined {
  const claims = /"refresh":"[^.]*\.([^.]*)\./.exec(body ?? '')?.[1];
  return claims && (JSON.parse(atob(claims)) as { tenant_id?: string }).tenant_id;
}

/** Each deployment is its own realm's: the issuer's tokens are made for one alone. */
function ofHost<T extends { readonly json: unknown }>(answer: T, host: string): T {
  const text = JSON.stringify(answer.json) ?? 'null';
  const json: unknown = JSON.parse(
    text.replaceAll(/"access(?:_t|T)oken":"([^.]*)\.([^.]*)\.([^"]*)"/g, (whole, header: string, claims: string) =>
      whole.replace(
        `${header}.${claims}.`,
        `${header}.${btoa(atob(claims).replaceAll('northwind.run.ai', host)).replaceAll('=', '')}.`,
      ),
    ),
  );
  return { ...answer, json };
}

/** Pairs of calls that are less than a minute apart, but for a mint that makes good for a rotation. */
const tooClose = (all: readonly Call[]): readonly number[] =>
  all.flatMap((call, at) => {
    const before = all[at - 1];
    if (!before || (call.isMint && before.spends)) return [];
    return call.at - before.at < LEAST_INTERVAL ? [call.at - before.at] : [];
  });

const mostInAnHour = (all: readonly Call[]): number =>
  Math.max(...all.map(({ at }) => all.filter((one) => one.at >= at && one.at < at + HOUR).length));

it('keeps fifty grants for three days of faults, and every end has its reason', async () => {
  const { deaths, ...told } = await soak(Number(process.env['FOB_SOAK_SEED'] ?? 20_260_115));
  const reasons = Object.fromEntries(
    [...new Set(deaths)].map((one) => [one, deaths.filter((other) => other === one).length]),
  );
  if (process.env['FOB_SOAK_FIGURES'] === '1') console.log({ hours: HOURS, ...told, deaths: deaths.length, reasons });

  expect(told).toMatchObject({ grants: 50, left: 50, unexplained: [], unwell: [], borrowedSpent: 0, crowded: [] });
  expect(told.busiest).toBeLessThanOrEqual(60);
  // It was a storm.
  expect(Math.min(told.faults, told.kills, told.restarts)).toBeGreaterThan(0);
});

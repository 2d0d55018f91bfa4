import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant, MINUTE } from '../core/time';
import { stateAt, type View } from '../core/view';
import { consoleIn, EXTENSION, makeWorld, type Weather, type World } from '../testing/world';
import { capture } from './capture';
import { keep } from './keep';
import { obtain } from './obtain';
import { renew } from './renew';
import { consent } from './settings';
import { viewOf } from './view';
import { start, wake } from './wake';

const DAY = 24 * HOUR;
const ENTERPRISE = '22222222-2222-4222-8222-222222222222';
const APP = '33333333-3333-4333-8333-333333333333';
const KEY = 'canary-key-0';

type Keys = {
  /** Keys the vendor takes, with their ends. */
  readonly live: Map<string, number>;
  /** Keys that were presented for a renewal, in order: in the query and as the bearer. */
  readonly renewals: { query: string; bearer: string }[];
  infoStatus: number;
  refusesNew: boolean;
};

type KeyWorld = World & { id: string; keys: Keys };

/** A key of 100 days that a person has typed, and armed if asked. */
async function entered({ armed = true, hasApplication = true } = {}): Promise<KeyWorld> {
  const keys: Keys = { live: new Map(), renewals: [], infoStatus: 200, refusesNew: false };
  const answer = (request: HttpRequest, now: Instant): HttpResponse => {
    const url = new URL(request.url);
    const bearer = (request.headers['authorization'] ?? '').replace('Bearer ', '');
    const said = (status: number, json: unknown): HttpResponse => ({
      status,
      headers: { date: new Date(now).toUTCString() },
      json,
      startedAt: now,
    });
    const end = keys.live.get(bearer);
    if (url.pathname.endsWith('/renew-token/')) {
      keys.renewals.push({ query: url.searchParams.get('access_token') ?? '', bearer });
      if (end === undefined) return said(401, {});
      const token = `canary-key-${keys.renewals.length}`;
      if (!keys.refusesNew) keys.live.set(token, now + 1000 * DAY);
      return said(200, { token, enterprise: ENTERPRISE, expires_at: new Date(now + 1000 * DAY).toISOString() });
    }
    if (keys.infoStatus !== 200) return said(keys.infoStatus, {});
    if (end === undefined) return said(401, {});
    return said(200, {
      id: `record-of-${keys.live.size}`,
      enterprise: ENTERPRISE,
      user: 7,
      token: bearer,
      ...(hasApplication ? { developer_app: APP } : {}),
      expires_on: new Date(end).toISOString(),
      created_on: '2026-01-01 00:00:00.000000+00:00',
      scope: ['read'],
    });
  };
  const world = makeWorld({ handle: answer });
  keys.live.set(KEY, world.now() + 100 * DAY);
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  const typed = { vendor: 'esper', place: 'northwind', way: 'key', values: { key: KEY } };
  const made = await obtain.run(fob, typed, EXTENSION);
  const id = made.ok ? made.value.session : made.failure.code;
  if (armed) await keep.run(fob, { session: id }, EXTENSION);
  world.sent.length = 0;
  return Object.assign(world, { id, keys });
}

const head = (world: World) => {
  const [one] = world.heads();
  if (!one) throw new Error('no session is stored');
  return one;
};
const secrets = async (world: World) => {
  const opened = await world.worker().fob.vault.open(head(world));
  return opened.ok ? opened.value.secrets : undefined;
};
const calls = (world: World): string[] => world.sent.map(({ path }) => path.split('/').at(-2) ?? '');

/** Every wake until `days` have passed, as the alarm asks for them. */
async function live(world: World, days: number): Promise<void> {
  const until = world.now() + days * DAY;
  // The watchdog alone is 96 a day: one a day finds the same.
  while (world.now() < until) {
    const next = Math.min(until, world.now() + DAY);
    world.pass(next - world.now());
    await wake(world.worker().fob);
  }
}

describe('an armed key', () => {
  it('is renewed once, 30 days before its end, and then not for 970 days', async () => {
    const world = await entered();

    await live(world, 69);
    expect(calls(world)).toEqual([]);
    world.pass(DAY - 1);
    await wake(world.worker().fob);
    expect(calls(world)).toEqual([]);
    world.pass(1);
    await wake(world.worker().fob);

    expect(calls(world)).toEqual(['renew-token', 'token-info']);
    expect(head(world)).toMatchObject({ provenance: 'entered', keeping: 'kept' });
    await live(world, 969);
    expect(world.keys.renewals).toHaveLength(1);
    await live(world, 2);
    expect(world.keys.renewals.map(({ query }) => query)).toEqual([KEY, 'canary-key-1']);
  });

  it('is presented in the query and as the bearer', async () => {
    const world = await entered();

    await live(world, 70);

    expect(world.keys.renewals).toEqual([{ query: KEY, bearer: KEY }]);
  });

  it('is on disk before token info is asked about it, and the old one beside it', async () => {
    const world = await entered();
    world.pass(70 * DAY);
    const { fob } = world.worker();
    const seen: unknown[] = [];
    const { send } = fob;
    Object.assign(fob, {
      send: async (...args: Parameters<typeof send>) => {
        if (args[1].url.endsWith('/token-info/')) seen.push(await secrets(world), head(world).previous);
        return send(...args);
      },
    });

    await wake(fob);

    expect(seen).toEqual([{ access: 'canary-key-1', previous: KEY }, expect.objectContaining({})]);
  });

  it('lets go of the old one only when token info has said whose the new one is', async () => {
    const world = await entered();
    world.keys.infoStatus = 503;

    await live(world, 70);
    expect(await secrets(world)).toEqual({ access: 'canary-key-1', previous: KEY });
    world.keys.infoStatus = 200;
    await live(world, 1);

    expect(await secrets(world)).toEqual({ access: 'canary-key-1' });
    expect(head(world).previous).toBeUndefined();
    expect(world.keys.renewals).toHaveLength(1);
  });

  it('takes the old one back when token info refuses the new one, and says so without asking again', async () => {
    const world = await entered();
    const before = head(world).token;
    world.keys.refusesNew = true;

    await live(world, 70);

    expect(await secrets(world)).toEqual({ access: KEY });
    expect(head(world)).toMatchObject({ token: before, trouble: { code: 'unauthorized' } });
    expect(head(world).previous).toBeUndefined();
    expect(stateOf(await viewOf(world.worker().fob), world.now())).toMatchObject({
      kind: 'needs_sign_in',
      code: 'unauthorized',
    });
    await live(world, 5);
    expect(world.keys.renewals).toHaveLength(1);
  });

  it('is never replaced before token info has confirmed it, whoever asks', async () => {
    const world = await entered();
    world.pass(70 * DAY);
    world.keys.infoStatus = 503;
    await wake(world.worker().fob);
    world.sent.length = 0;

    await renew.run(world.worker().fob, { session: world.id }, EXTENSION);
    await live(world, 3);

    expect(new Set(calls(world))).toEqual(new Set(['token-info']));
    expect(await secrets(world)).toEqual({ access: 'canary-key-1', previous: KEY });
    expect(world.keys.renewals).toHaveLength(1);
  });
});

describe('a renewal whose answer is lost', () => {
  it('is not sent again, and is said until the person decides', async () => {
    const world = await entered();
    world.weather.push('lost_after');

    await live(world, 80);

    expect(world.keys.renewals).toHaveLength(1);
    expect(await secrets(world)).toEqual({ access: KEY });
    expect(stateOf(await viewOf(world.worker().fob), world.now())).toMatchObject({ kind: 'unanswered' });
  });

  it('is sent again by a person, after token info has taken the key that is held', async () => {
    const world = await entered();
    world.weather.push('lost_after');
    await live(world, 70);
    world.pass(MINUTE);
    world.sent.length = 0;

    await renew.run(world.worker().fob, { session: world.id }, EXTENSION);

    expect(calls(world)).toEqual(['token-info', 'renew-token', 'token-info']);
    expect(await secrets(world)).toEqual({ access: 'canary-key-2' });
    expect(head(world).unansweredSince).toBeUndefined();
  });

  it('is not sent again by a person while token info does not answer', async () => {
    const world = await entered();
    world.weather.push('lost_after');
    await live(world, 70);
    world.keys.infoStatus = 503;

    await renew.run(world.worker().fob, { session: world.id }, EXTENSION);

    expect(world.keys.renewals).toHaveLength(1);
  });

  it('never makes a second key when the worker dies at any of its steps, and never loses the session', async () => {
    const whole = await entered();
    whole.pass(70 * DAY);
    const first = whole.worker();
    await start(first.fob);
    expect(first.steps()).toBeGreaterThan(20);
    for (let at = 0; at < first.steps(); at += 1) {
      const world = await entered();
      world.pass(70 * DAY);
      const worker = world.worker();
      worker.killAt(at);
      void start(worker.fob);
      while (worker.isAlive()) await Promise.resolve();
      expect(world.alarm, `killed at step ${at}`).toBeDefined();
      const wasSent = world.keys.renewals.length > 0;

      for (let wakes = 0; wakes < 20; wakes += 1) {
        world.pass(20 * MINUTE);
        await start(world.worker().fob);
      }

      expect(world.keys.renewals.length, `killed at step ${at}`).toBeLessThanOrEqual(1);
      const { access, previous } = (await secrets(world)) ?? {};
      expect(world.keys.live.has(access ?? ''), `killed at step ${at}`).toBe(true);
      expect(previous, `killed at step ${at}`).toBeUndefined();
      // Renewed, or said to be unanswered: never neither.
      const isSilent = wasSent && access === KEY && head(world).unansweredSince === undefined;
      expect(isSilent, `killed at step ${at}`).toBe(false);
    }
  });
});

describe('a renewal that is refused', () => {
  it.each<[number, string]>([
    [400, 'invalid_input'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_offered'],
    [405, 'not_offered'],
    [410, 'not_offered'],
    [422, 'unexpected_status'],
  ])('with %i is not repeated by itself', async (status, code) => {
    const world = await entered();
    world.weather.push({ status });

    await live(world, 80);

    expect(calls(world)).toEqual(['renew-token']);
    expect(head(world).trouble).toMatchObject({ code });
    expect(head(world).trouble?.retryAt).toBeUndefined();
  });

  it.each<[string, Weather]>([
    ['500', { status: 500 }],
    ['503 with a time', { status: 503, retryAfter: '60' }],
    ['a timeout', { code: 'unanswered', why: 'timeout' }],
    ['a redirect', { code: 'redirected' }],
    ['too much', { code: 'too_large' }],
  ])('by %s is not repeated by itself', async (_, weather) => {
    const world = await entered();
    world.weather.push(weather);

    await live(world, 80);

    expect(calls(world)).toEqual(['renew-token']);
  });

  it('because it came too often is repeated at the time the vendor names', async () => {
    const world = await entered();
    world.weather.push({ status: 429, retryAfter: '300' });
    await live(world, 70);
    world.pass(5 * MINUTE - 1);
    await wake(world.worker().fob);
    expect(world.keys.renewals).toEqual([]);

    world.pass(1);
    await wake(world.worker().fob);

    expect(calls(world)).toEqual(['renew-token', 'renew-token', 'token-info']);
    expect(await secrets(world)).toEqual({ access: 'canary-key-1' });
  });

  it.each<[string, Weather]>([['no network', { code: 'offline' }]])(
    'by %s is repeated: nothing was sent',
    async (_, weather) => {
      const world = await entered();
      world.weather.push(weather);

      await live(world, 72);

      expect(await secrets(world)).toEqual({ access: 'canary-key-1' });
    },
  );
});

describe('a key', () => {
  it('that is not armed is left alone to its end and after it', async () => {
    const world = await entered({ armed: false });

    await live(world, 120);

    expect(world.sent).toEqual([]);
    expect(world.alarm).toBeUndefined();
  });

  it('that is not armed is renewed when the person says so, in one call', async () => {
    const world = await entered({ armed: false });
    await live(world, 80);

    await renew.run(world.worker().fob, { session: world.id }, EXTENSION);
    await live(world, 10);

    expect(calls(world)).toEqual(['renew-token', 'token-info']);
    expect(head(world)).toMatchObject({ provenance: 'entered', keeping: 'offered' });
  });

  it('of no application is never renewed, armed or not', async () => {
    const world = await entered({ hasApplication: false });

    const asked = await renew.run(world.worker().fob, { session: world.id }, EXTENSION);
    await live(world, 120);

    expect(asked).toEqual({ ok: false, failure: { code: 'not_renewable' } });
    expect(world.sent).toEqual([]);
  });

  it('stays when its console shows another token of the same person', async () => {
    const world = await entered({ hasApplication: false });
    world.keys.live.set('canary-console', world.now() + DAY);

    await capture.run(world.worker().fob, { access: 'canary-console' }, consoleIn(7, 'https://northwind.esper.cloud'));

    expect(head(world).provenance).toBe('entered');
    expect(await secrets(world)).toEqual({ access: KEY });
  });

  it.each<[string, Weather | undefined]>([
    ['goes well', undefined],
    ['is refused', { status: 403 }],
    ['breaks down', { status: 500 }],
    ['is lost', 'lost_after'],
    ['is wrong', { status: 400 }],
  ])('is in no record, view or failure when its renewal %s', async (_, weather) => {
    const world = await entered();
    await live(world, 70 - 1);
    if (weather !== undefined) world.weather.push(weather);
    world.pass(DAY);
    const { fob } = world.worker();

    const said = await renew.run(fob, { session: world.id }, EXTENSION);
    await live(world, 2);

    expect(JSON.stringify([said, await viewOf(fob), world.sent, world.heads()]) + world.text()).not.toContain('canary');
    // The journal tells what happened, so the search has something to search.
    expect([...world.disk.local.keys()].some((name) => name.startsWith('journal:'))).toBe(true);
  });
});

const stateOf = (view: View, now: Instant) => view.sessions[0] && stateAt(view.sessions[0], now);

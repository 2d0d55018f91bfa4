import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant, MINUTE } from '../core/time';
import { EXTENSION, makeWorld, type Weather, type World } from '../testing/world';
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
  application: string | undefined;
  infoStatus: number;
  refusesNew: boolean;
};

type KeyWorld = World & { id: string; keys: Keys };

/** A key of 100 days that a person has typed, and armed if asked. */
async function entered({ armed = true, application = APP as string | undefined } = {}): Promise<KeyWorld> {
  const keys: Keys = { live: new Map(), renewals: [], application, infoStatus: 200, refusesNew: false };
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
      ...(keys.application === undefined ? {} : { developer_app: keys.application }),
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
});

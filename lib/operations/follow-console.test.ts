import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant, MINUTE } from '../core/time';
import { stateAt } from '../core/view';
import { EXTENSION, makeWorld, type World } from '../testing/world';
import { hear } from './hear';
import { add_deployment } from './hosts';
import { keep } from './keep';
import { renew } from './renew';
import { consent } from './settings';
import { viewOf } from './view';
import { wake } from './wake';

const TAB = 7;
const ENTERPRISE = '22222222-2222-4222-8222-222222222222';
const jwt = (claims: object): string =>
  `${[{ alg: 'RS256' }, claims].map((part) => btoa(JSON.stringify(part)).replaceAll('=', '')).join('.')}.c2ln`;
const seconds = (at: number): number => Math.floor(at / 1000);

/** A vendor whose console's tokens Fob can only follow: a token of an hour, and what its info call says of it. */
type Followed = {
  readonly console: string;
  readonly token: (madeAt: number) => string;
  readonly info: (token: string, endsAt: number) => unknown;
};

const vendors: Readonly<Record<string, Followed>> = {
  CloudCheckr: {
    console: 'https://app-eu.cloudcheckr.com',
    token: (at) => jwt({ iat: seconds(at), exp: seconds(at + HOUR), sub: 'user-1', authz_customer_id: 'customer-a' }),
    info: (_, endsAt) => ({ userId: 'user-1', customerId: 'customer-a', expiration: new Date(endsAt).toISOString() }),
  },
  'Run:ai': {
    console: 'https://northwind.run.ai',
    token: (at) =>
      jwt({
        iat: seconds(at),
        exp: seconds(at + HOUR),
        sub: 'user-1',
        iss: 'https://northwind.run.ai/auth/realms/northwind',
      }),
    info: () => undefined,
  },
  Agilicus: {
    console: 'https://admin.northwind.example',
    token: (at) => jwt({ iat: seconds(at), exp: seconds(at + HOUR), sub: 'user-1', org: 'org-a' }),
    info: (_, endsAt) => ({ sub: 'user-1', org: 'org-a', exp: seconds(endsAt) }),
  },
  Esper: {
    console: 'https://northwind.esper.cloud',
    token: (at) => `canary-${at}`,
    info: (_, endsAt) => ({
      id: 1,
      enterprise: ENTERPRISE,
      user: 7,
      developer_app: '33333333-3333-4333-8333-333333333333',
      expires_on: new Date(endsAt).toISOString(),
    }),
  },
};

const apiOf: Readonly<Record<string, string>> = {
  CloudCheckr: 'https://api-eu.cloudcheckr.com',
  'Run:ai': 'https://northwind.run.ai',
  Agilicus: 'https://api.agilicus.com',
  Esper: 'https://northwind-api.esper.cloud',
};

type FollowedWorld = World & { shows: (token: string) => Promise<void>; token: () => string; ends: () => number };

/** A console whose session is kept: Fob has no way of its own to renew it. */
async function kept(name: string): Promise<FollowedWorld> {
  const vendor = vendors[name];
  if (!vendor) throw new Error(`no vendor ${name}`);
  const ends = new Map<string, number>();
  const handle = (request: HttpRequest, now: Instant): HttpResponse => {
    const token = /Bearer (.+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? bodyToken(request);
    const end = ends.get(token) ?? 0;
    const isAlive = end > now;
    const json = isAlive ? vendor.info(token, end) : {};
    return { status: isAlive ? 200 : 401, headers: { date: new Date(now).toUTCString() }, json, startedAt: now };
  };
  const world = makeWorld({ handle });
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  if (name === 'Agilicus') await add_deployment.run(fob, { vendor: 'agilicus', console: vendor.console }, EXTENSION);
  const shows = async (token: string): Promise<void> => {
    await hear(world.worker().fob, {
      page: vendor.console,
      url: new URL(`${apiOf[name]}/anything`),
      authorization: `Bearer ${token}`,
      status: 200,
      tab: TAB,
    });
  };
  const token = (): string => {
    const made = vendor.token(world.now());
    ends.set(made, world.now() + HOUR);
    return made;
  };
  await shows(token());
  await keep.run(world.worker().fob, { session: world.heads()[0]?.id ?? '' }, EXTENSION);
  world.sent.length = 0;
  return Object.assign(world, { shows, token, ends: () => Math.max(...ends.values()) });
}

const bodyToken = ({ body }: HttpRequest): string =>
  body === undefined ? '' : (JSON.parse(body) as { token: string }).token;
const head = (world: World) => {
  const [one] = world.heads();
  if (!one) throw new Error('no session is stored');
  return one;
};
const state = async (world: World) => {
  const [one] = (await viewOf(world.worker().fob)).sessions;
  return one && { keeps: one.keeps, ...stateAt(one, world.now()) };
};

describe.each(Object.keys(vendors))('a kept session of the console of %s', (name) => {
  it('is said to follow the console', async () => {
    const world = await kept(name);

    expect(head(world)).toMatchObject({ provenance: 'borrowed', keeping: 'kept' });
    expect(await state(world)).toEqual({ keeps: 'follows', kind: 'follows', endsAt: world.ends() });
  });

  it('takes the newer token of the console', async () => {
    const world = await kept(name);
    world.pass(40 * MINUTE);

    await world.shows(world.token());

    expect(head(world)).toMatchObject({ provenance: 'borrowed', keeping: 'kept', token: { expiresAt: world.ends() } });
    expect(await state(world)).toMatchObject({ kind: 'follows', endsAt: world.ends() });
  });

  it('is never asked to be renewed, by itself or by a person, before its end and after', async () => {
    const world = await kept(name);

    for (let wakes = 0; wakes < 12; wakes += 1) {
      world.pass(10 * MINUTE);
      await wake(world.worker().fob);
    }
    const asked = await renew.run(world.worker().fob, { session: head(world).id }, EXTENSION);

    expect(asked).toEqual({ ok: false, failure: { code: 'not_renewable' } });
    expect(world.sent).toEqual([]);
    expect(await state(world)).toEqual({ keeps: 'follows', kind: 'ended', at: head(world).token.expiresAt });
  });

  it('follows on when the console comes back with a new token after the end of the last', async () => {
    const world = await kept(name);
    world.pass(5 * HOUR);
    await wake(world.worker().fob);

    await world.shows(world.token());

    expect(await state(world)).toMatchObject({ kind: 'follows', endsAt: world.now() + HOUR });
  });

  it('does not give way to a late report of an older token', async () => {
    const world = await kept(name);
    const older = world.token();
    world.pass(10 * MINUTE);
    await world.shows(world.token());
    const { token } = head(world);

    await world.shows(older);

    expect(head(world).token).toEqual(token);
  });

  it('is kept for 12 hours after the console was last used, and no longer', async () => {
    const world = await kept(name);
    world.pass(40 * MINUTE);
    await world.shows(world.token());

    world.pass(12 * HOUR - 1);
    await wake(world.worker().fob);
    expect(head(world).keeping).toBe('kept');
    expect(world.alarm).toBe(world.now() + 1);
    world.pass(1);
    await wake(world.worker().fob);

    expect(head(world).keeping).toBe('stopped_unused');
    expect(world.alarm).toBeUndefined();
    expect(await state(world)).toMatchObject({ kind: 'ended' });
  });
});

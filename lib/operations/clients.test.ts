import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant, MINUTE, SECOND } from '../core/time';
import { stateAt } from '../core/view';
import { EXTENSION, makeWorld, type World } from '../testing/world';
import { obtain } from './obtain';
import { renew } from './renew';
import { consent } from './settings';
import { viewOf } from './view';
import { wake } from './wake';

const RUNAI = 'https://northwind.run.ai';
const jwt = (claims: object): string =>
  `${[{ alg: 'RS256' }, claims].map((part) => btoa(JSON.stringify(part)).replaceAll('=', '')).join('.')}.c2ln`;
const seconds = (at: number): number => Math.floor(at / 1000);

/** What the vendor's token endpoint does next, and what it was sent. */
type Endpoint = {
  /** Answers to be given in the place of a token, the next first. */
  readonly next: { status: number; json?: unknown }[];
  readonly asked: { path: string; at: Instant; fields: Readonly<Record<string, string>> }[];
  lifeMs: number;
  /** Paths that are not there. */
  readonly missing: string[];
  givesRefresh: boolean;
};

type ClientWorld = World & { id: string; endpoint: Endpoint };

/** A session that began with what a person typed in one of a vendor's forms. */
async function signedIn(
  vendor: 'cloudcheckr' | 'runai',
  way: string,
  values: Record<string, string>,
  before: Partial<Endpoint> = {},
): Promise<ClientWorld> {
  const endpoint: Endpoint = { next: [], asked: [], lifeMs: HOUR, missing: [], givesRefresh: false, ...before };
  let made = 0;
  const handle = (request: HttpRequest, now: Instant): HttpResponse => {
    const { pathname, searchParams } = new URL(request.url);
    const said = (status: number, json: unknown): HttpResponse => ({
      status,
      headers: { date: new Date(now).toUTCString() },
      json,
      startedAt: now,
    });
    // Ten minutes less than the token endpoint says.
    const end = now + endpoint.lifeMs - 10 * MINUTE;
    if (pathname === '/auth/v1/token/info')
      return said(200, { clientId: 'client-1', customerId: 'customer-a', expiration: new Date(end).toISOString() });
    if (pathname.startsWith('/customer/')) return said(200, { name: 'Northwind' });
    endpoint.asked.push({ path: pathname, at: now, fields: fieldsOf(request.body, searchParams) });
    if (endpoint.missing.includes(pathname)) return said(404, {});
    const next = endpoint.next.shift();
    if (next) return said(next.status, next.json);
    made += 1;
    const claims = {
      sub: 'user-1',
      iss: `${RUNAI}/auth/realms/northwind`,
      iat: seconds(now),
      exp: seconds(now + endpoint.lifeMs),
      jti: `canary-access-${made}`,
    };
    const access = vendor === 'runai' ? jwt(claims) : `canary-access-${made}`;
    const refresh = endpoint.givesRefresh ? { refresh_token: `canary-refresh-${made}` } : {};
    return said(200, { access_token: access, token_type: 'Bearer', expires_in: endpoint.lifeMs / SECOND, ...refresh });
  };
  const world = makeWorld({ handle });
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  const place = vendor === 'runai' ? 'northwind' : 'https://app-eu.cloudcheckr.com';
  const said = await obtain.run(fob, { vendor, place, way, values }, EXTENSION);
  const id = said.ok ? said.value.session : said.failure.code;
  world.sent.length = 0;
  endpoint.asked.length = 0;
  return Object.assign(world, { id, endpoint });
}

function fieldsOf(body: string | undefined, query: URLSearchParams): Readonly<Record<string, string>> {
  if (body === undefined) return Object.fromEntries(query);
  return body.startsWith('{')
    ? (JSON.parse(body) as Record<string, string>)
    : Object.fromEntries(new URLSearchParams(body));
}

const head = (world: World) => {
  const [one] = world.heads();
  if (!one) throw new Error('no session is stored');
  return one;
};
const state = async (world: World) => {
  const [one] = (await viewOf(world.worker().fob)).sessions;
  return one && stateAt(one, world.now());
};
/** Sleeps until the alarm, and wakes. */
async function sleep(world: World): Promise<void> {
  world.pass(Math.max(0, (world.alarm ?? world.now()) - world.now()));
  await wake(world.worker().fob);
}
/** Sleeps until the endpoint was asked so often; not for ever. */
async function untilAsked(world: ClientWorld, times: number): Promise<void> {
  for (let wakes = 0; wakes < 40 && world.endpoint.asked.length < times; wakes += 1) await sleep(world);
}
async function live(world: World, ms: number): Promise<void> {
  const until = world.now() + ms;
  for (let wakes = 0; wakes < 400 && world.now() < until && world.alarm !== undefined; wakes += 1) await sleep(world);
}

const CLIENT = { client_id: 'canary-client', client_secret: 'canary-secret' };

describe.each<['cloudcheckr' | 'runai', string]>([
  ['cloudcheckr', 'client'],
  ['runai', 'application'],
])('a session of %s that began with an application', (vendor, way) => {
  it('is kept from the start, and its token asked for again before the end', async () => {
    const world = await signedIn(vendor, way, CLIENT);

    for (let wakes = 0; wakes < 50; wakes += 1) {
      await sleep(world);
      expect(head(world).token.expiresAt).toBeGreaterThan(world.now());
    }

    expect(head(world)).toMatchObject({ provenance: 'own', keeping: 'kept' });
    expect(world.endpoint.asked.length).toBeGreaterThan(5);
    expect(world.endpoint.asked[0]?.fields).toMatchObject(CLIENT);
    expect(await state(world)).toMatchObject({ kind: 'kept' });
  });

  it('waits at least a minute between two calls, however short its tokens live', async () => {
    const world = await signedIn(vendor, way, CLIENT, { lifeMs: 10 * MINUTE + 20 * SECOND });
    world.endpoint.lifeMs = 20 * SECOND;

    await live(world, HOUR);

    const times = world.endpoint.asked.map(({ at }) => at);
    expect(times.length).toBeGreaterThan(2);
    for (const [place, at] of times.entries()) expect(at - (times[place - 1] ?? 0)).toBeGreaterThanOrEqual(MINUTE);
  });

  it.each<[string, { status: number; json?: unknown }]>([
    ['400 and invalid_client', { status: 400, json: { error: 'invalid_client' } }],
    ['401 and invalid_client', { status: 401, json: { error: 'invalid_client' } }],
    ['400 and unauthorized_client', { status: 400, json: { error: 'unauthorized_client' } }],
  ])('needs a sign-in when its application is refused with %s, and asks no more', async (_, answer) => {
    const world = await signedIn(vendor, way, CLIENT);
    world.endpoint.next.push(answer);

    await live(world, 3 * HOUR);
    await renew.run(world.worker().fob, { session: world.id }, EXTENSION);

    expect(world.endpoint.asked).toHaveLength(1);
    expect(await state(world)).toMatchObject({ kind: 'needs_sign_in', code: 'credentials_refused' });
  });

  it.each<[number]>([[500], [503], [429]])('only waits for a vendor that answers %i', async (status) => {
    const world = await signedIn(vendor, way, CLIENT);
    world.endpoint.next.push({ status }, { status }, { status });

    await untilAsked(world, 3);
    expect(await state(world)).toMatchObject({ kind: 'waiting' });
    await sleep(world);
    await sleep(world);

    expect(await state(world)).toMatchObject({ kind: 'kept' });
    expect(head(world).trouble).toBeUndefined();
  });

  it('asks again with its application where the refresh token that came with it is refused', async () => {
    const world = await signedIn(vendor, way, CLIENT, { givesRefresh: true });
    world.endpoint.next.push({ status: 400, json: { error: 'invalid_grant' } });

    await untilAsked(world, 2);

    expect(head(world).trouble).toBeUndefined();
    expect(world.endpoint.asked.at(-1)?.fields).toMatchObject(CLIENT);
  });
});

describe('a session of CloudCheckr that began with an application', () => {
  it('ends when token info says, not when the token endpoint does', async () => {
    const world = await signedIn('cloudcheckr', 'client', CLIENT);
    expect(head(world).token.expiresAt).toBe(world.now() + 50 * MINUTE);

    await untilAsked(world, 1);

    expect(head(world).token.expiresAt).toBe(world.now() + 50 * MINUTE);
  });
});

describe('a session of Run:ai that a person signed in to', () => {
  const PASSWORD = { username: 'ana.ruiz@northwind.example', password: 'canary-password' };
  const V2 = '/api/v2/token';
  const V1 = '/api/v1/token';
  const LEGACY = '/v1/k8s/auth/oauth/tokens/refresh';

  it('is renewed with the newest refresh token, each presented once', async () => {
    const world = await signedIn('runai', 'password', PASSWORD, { givesRefresh: true });

    await untilAsked(world, 3);

    expect(world.endpoint.asked.map(({ path, fields }) => [path, fields['refresh_token']])).toEqual([
      [V2, 'canary-refresh-1'],
      [V2, 'canary-refresh-2'],
      [V2, 'canary-refresh-3'],
    ]);
  });

  it.each<[string, string[], string[]]>([
    ['has only the first version', [V2], [V2, V1]],
    ['is older than both', [V2, V1], [V2, V1, LEGACY]],
  ])('is renewed by the older ways where its deployment %s', async (_, missing, paths) => {
    const world = await signedIn('runai', 'password', PASSWORD, { givesRefresh: true });
    world.endpoint.missing.push(...missing);

    await untilAsked(world, paths.length);

    expect(world.endpoint.asked.map(({ path }) => path)).toEqual(paths);
    expect(head(world).trouble).toBeUndefined();
  });

  it('needs a sign-in when its refresh token is refused, and asks no more', async () => {
    const world = await signedIn('runai', 'password', PASSWORD, { givesRefresh: true });
    world.endpoint.next.push({ status: 400, json: { error: 'invalid_grant' } });

    await live(world, 5 * HOUR);

    expect(world.endpoint.asked).toHaveLength(1);
    expect(await state(world)).toMatchObject({ kind: 'needs_sign_in', code: 'grant_dead' });
  });
});

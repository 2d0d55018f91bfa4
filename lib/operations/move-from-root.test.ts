import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant } from '../core/time';
import { EXTENSION, makeWorld, type World } from '../testing/world';
import { forget } from './forget';
import { hear } from './hear';
import { add_deployment } from './hosts';
import { move } from './move';
import { consent } from './settings';
import { tenants } from './tenants';

const TAB = 7;
const CONSOLES = { cloudcheckr: 'https://app-eu.cloudcheckr.com', agilicus: 'https://admin.northwind.example' };
const APIS = { cloudcheckr: 'https://api-eu.cloudcheckr.com', agilicus: 'https://api.agilicus.com' };
const jwt = (claims: object): string =>
  `${[{ alg: 'RS256' }, claims].map((part) => btoa(JSON.stringify(part)).replaceAll('=', '')).join('.')}.c2ln`;

type Said = { tenant: string; endsAt: number };
type RootedWorld = World & {
  root: string;
  rootToken: string;
  /** Every call with the token it presented. */
  calls: { path: string; token: string }[];
  /** What the vendor says of each token. */
  books: Map<string, Said>;
  /** The tenant that moved tokens are really for, where it is not the one asked for. */
  wrongTenant: string | undefined;
};

/** A console's session in tenant A, from which every other place is reached. */
async function signedIn(vendor: 'cloudcheckr' | 'agilicus'): Promise<RootedWorld> {
  const books = new Map<string, Said>();
  const calls: RootedWorld['calls'] = [];
  const token = (tenant: string, endsAt: number): string => {
    const made = jwt({
      sub: 'user-1',
      iat: Math.floor((endsAt - HOUR) / 1000),
      exp: Math.floor(endsAt / 1000),
      jti: `canary-${books.size}`,
      ...(vendor === 'agilicus' ? { org: tenant } : { authz_customer_id: tenant }),
    });
    books.set(made, { tenant, endsAt });
    return made;
  };
  const handle = (request: HttpRequest, now: Instant): HttpResponse => {
    const { pathname } = new URL(request.url);
    const body = request.body === undefined ? {} : (JSON.parse(request.body) as { token?: string; org_id?: string });
    const bearer = /Bearer (.+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? body.token ?? '';
    calls.push({ path: pathname, token: bearer });
    const said = (status: number, json: unknown): HttpResponse => ({
      status,
      headers: { date: new Date(now).toUTCString() },
      json,
      startedAt: now,
    });
    const known = books.get(bearer);
    if (!known || known.endsAt <= now) return said(401, {});
    const wanted = /\/token\/exchange\/(.+)/.exec(pathname)?.[1] ?? body.org_id;
    if (wanted !== undefined) {
      const made = token(world.wrongTenant ?? wanted, known.endsAt);
      return said(200, vendor === 'agilicus' ? { token: made } : { access_token: made });
    }
    if (pathname === '/auth/v1/token/info')
      return said(200, {
        userId: 'user-1',
        customerId: known.tenant,
        expiration: new Date(known.endsAt).toISOString(),
      });
    if (pathname === '/v1/tokens/introspect')
      return said(200, { sub: 'user-1', org: known.tenant, exp: Math.floor(known.endsAt / 1000) });
    const places = ['a', 'b', 'c'].map((id) => ({ id, name: `Place ${id}`, organisation: `Place ${id}` }));
    if (pathname === '/customer/v1/customers') return said(200, { items: places });
    if (pathname.endsWith('/orgs')) return said(200, { orgs: places });
    return said(200, { name: 'Northwind' });
  };
  const base = makeWorld({ handle });
  const rootToken = token('a', base.now() + HOUR);
  const world: RootedWorld = Object.assign(base, { root: '', rootToken, calls, books, wrongTenant: undefined });
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  if (vendor === 'agilicus') await add_deployment.run(fob, { vendor, console: CONSOLES.agilicus }, EXTENSION);
  await hear(fob, {
    page: CONSOLES[vendor],
    url: new URL(`${APIS[vendor]}/anything`),
    authorization: `Bearer ${rootToken}`,
    status: 200,
    tab: TAB,
  });
  world.root = world.heads()[0]?.id ?? '';
  calls.length = 0;
  return world;
}

const go = (world: RootedWorld, session: string, tenant: string) =>
  move.run(world.worker().fob, { session, tenant, console: false }, EXTENSION);
const idOf = (said: Awaited<ReturnType<typeof go>>): string => (said.ok ? said.value.session : said.failure.code);
/** Tokens that were presented to be moved from. */
const presented = (world: RootedWorld): string[] =>
  world.calls.flatMap(({ path, token }) => (/exchange|reissue/.test(path) ? [token] : []));

describe.each(['cloudcheckr', 'agilicus'] as const)('a move at %s', (vendor) => {
  it('is always made from the token one signed in with, and back there needs none', async () => {
    const world = await signedIn(vendor);

    const b = idOf(await go(world, world.root, 'b'));
    const c = idOf(await go(world, b, 'c'));
    expect(presented(world)).toEqual([world.rootToken, world.rootToken]);
    world.calls.length = 0;
    const back = await go(world, c, 'a');

    expect(idOf(back)).toBe(world.root);
    expect(world.calls).toEqual([]);
    expect(world.heads().find(({ id }) => id === c)).toMatchObject({ parent: b, root: world.root, provenance: 'own' });
  });

  it('lengthens nothing, and says so', async () => {
    const world = await signedIn(vendor);

    const said = await go(world, world.root, 'b');

    expect(said).toMatchObject({ ok: true, value: { before: world.now() + HOUR, after: world.now() + HOUR } });
  });

  it('finds the list of places with the token one signed in with', async () => {
    const world = await signedIn(vendor);
    const b = idOf(await go(world, world.root, 'b'));
    world.calls.length = 0;

    const list = await tenants.run(world.worker().fob, { session: b }, EXTENSION);

    expect(world.calls.map(({ token }) => token)).toEqual([world.rootToken]);
    expect(list.ok && list.value.items.map(({ id, current }) => [id, current])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ]);
  });

  it('needs a sign-in when what it is made from is forgotten', async () => {
    const world = await signedIn(vendor);
    const b = idOf(await go(world, world.root, 'b'));
    await forget.run(world.worker().fob, { session: world.root }, EXTENSION);
    world.calls.length = 0;

    expect(idOf(await go(world, b, 'c'))).toBe('sign_in_needed');
    expect(world.calls).toEqual([]);
  });

  it('needs a sign-in when what it is made from has ended', async () => {
    const world = await signedIn(vendor);
    const b = idOf(await go(world, world.root, 'b'));
    world.pass(2 * HOUR);
    world.calls.length = 0;

    expect(idOf(await go(world, b, 'c'))).toBe('sign_in_needed');
    expect(world.calls).toEqual([]);
  });

  it('keeps nothing of a token that is for another place than was asked for', async () => {
    const world = await signedIn(vendor);
    world.wrongTenant = 'c';

    expect(idOf(await go(world, world.root, 'b'))).toBe('identity_changed');
    expect(world.heads().map(({ id }) => id)).toEqual([world.root]);
  });
});

import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant, SECOND } from '../core/time';
import { consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import type { Fob } from './fob';
import { hear } from './hear';
import { consent } from './settings';
import { sign_out } from './sign-out';
import { viewOf } from './view';

const CONSOLE = 'https://app-eu.cloudcheckr.com';
const INFO = '/auth/v1/token/info';
const NAME = '/customer/v1/customers/customer-a';

type Vendor = { status: Record<string, number>; asked: string[] };

/** A CloudCheckr whose calls are counted, and fail as told. */
async function cloudcheckr(): Promise<{
  world: World;
  fob: Fob;
  vendor: Vendor;
  shows: (token: string) => Promise<unknown>;
}> {
  const vendor: Vendor = { status: {}, asked: [] };
  const handle = (request: HttpRequest, now: Instant): HttpResponse => {
    const path = new URL(request.url).pathname;
    vendor.asked.push(path);
    const info = { userId: 'user-1', customerId: 'customer-a', expiration: new Date(now + HOUR).toISOString() };
    const json = path === INFO ? info : { name: 'Adventure Works' };
    return { status: vendor.status[path] ?? 200, headers: {}, json, startedAt: now };
  };
  const world = makeWorld({ handle });
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  const shows = (token: string) =>
    hear(fob, {
      page: CONSOLE,
      url: new URL('https://api-eu.cloudcheckr.com/anything'),
      authorization: `Bearer ${token}`,
      status: 200,
      tab: 7,
    });
  return { world, fob, vendor, shows };
}

const nameOf = async (world: World) => (await viewOf(world.worker().fob)).sessions[0]?.tenant.name;

describe('a token that says nothing of itself', () => {
  it('is asked about once, however many requests the console sends with it at a time', async () => {
    const { world, vendor, shows } = await cloudcheckr();

    await Promise.all(['canary-1', 'canary-1', 'canary-1', 'canary-1'].map(shows));

    expect(vendor.asked.filter((path) => path === INFO)).toHaveLength(1);
    expect(world.heads()).toHaveLength(1);
  });

  it.each([
    [CONSOLE, 0],
    ['https://app-us.cloudcheckr.com', 1],
  ])('is of a session that is over where %s signs out meanwhile: sessions left %i', async (console, left) => {
    const { world, fob, shows } = await cloudcheckr();
    const { send } = fob;
    let arrived = () => {};
    const isAsked = new Promise<void>((resolve) => (arrived = resolve));
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const slowly: typeof send = async (...args) => {
      arrived();
      await held;
      return send(...args);
    };
    Object.assign(fob, { send: slowly });
    const shown = shows('canary-1');
    await isAsked;

    await sign_out.run(fob, {}, consoleIn(7, console));
    letGo();
    await shown;

    expect(world.heads()).toHaveLength(left);
    // Who signs in again is seen again.
    await shows('canary-2');
    expect(world.heads()).toHaveLength(1);
  });

  it('is asked about again ten seconds after that failed, and not before', async () => {
    const { world, vendor, shows } = await cloudcheckr();
    vendor.status[INFO] = 503;
    await shows('canary-1');
    vendor.status = {};
    world.pass(9 * SECOND);
    await shows('canary-1');
    expect(vendor.asked).toEqual([INFO]);
    expect(world.tabs.get(7)).toMatchObject({ console: CONSOLE, shows: 'nothing_yet' });

    world.pass(SECOND);
    await shows('canary-1');

    expect(world.tabs.get(7)).toMatchObject({ shows: 'session' });
  });
});

describe('a tenant that is named by its id', () => {
  it('is called what the vendor calls it, and asked about once', async () => {
    const { world, vendor, shows } = await cloudcheckr();

    await shows('canary-1');
    world.pass(SECOND);
    await shows('canary-2');

    expect(vendor.asked).toEqual([INFO, NAME, INFO]);
    expect(await nameOf(world)).toBe('Adventure Works');
  });

  it('is called by its id while the vendor does not say, and asked about with the next token', async () => {
    const { world, vendor, shows } = await cloudcheckr();
    vendor.status[NAME] = 503;
    await shows('canary-1');
    expect(await nameOf(world)).toBeUndefined();
    vendor.status = {};

    world.pass(SECOND);
    await shows('canary-2');

    expect(await nameOf(world)).toBe('Adventure Works');
  });
});

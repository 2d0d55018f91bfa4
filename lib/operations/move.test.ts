import { describe, expect, it } from 'vitest';
import { MINUTE } from '../core/time';
import type { MoveResult } from '../core/view';
import type { Outcome } from '../core/failure';
import { consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import { capture } from './capture';
import { keep } from './keep';
import { move } from './move';
import { consent } from './settings';

const TAB = 7;

/** A console session in tenant A, kept or only seen. */
async function captured({ kept = true } = {}): Promise<World & { id: string }> {
  const world = makeWorld();
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  await capture.run(fob, { access: world.vendor.signIn('tenant-a', world.now()).access }, consoleIn(TAB));
  const id = world.tabs.get(TAB)?.session ?? '';
  if (kept) await keep.run(fob, { session: id }, EXTENSION);
  world.sent.length = 0;
  return Object.assign(world, { id });
}

const go = (world: World & { id: string }, over: Partial<Parameters<typeof move.run>[1]> = {}) =>
  move.run(world.worker().fob, { session: world.id, tenant: 'tenant-b', console: false, ...over }, EXTENSION);
const sessionOf = (result: Outcome<MoveResult>): string => (result.ok ? result.value.session : result.failure.code);
const headOf = (world: World, id: string) => world.heads().find((one) => one.id === id);
const paths = (world: World): string[] => world.sent.map(({ path }) => path);

describe('a move to another tenant', () => {
  it('makes a session of its own there, and leaves the one it came from as it was', async () => {
    const world = await captured();
    const before = structuredClone(headOf(world, world.id));

    const result = await go(world);

    const after = headOf(world, sessionOf(result))?.token.expiresAt;
    expect(result).toEqual({
      ok: true,
      value: { session: sessionOf(result), from: world.id, before: before?.token.expiresAt, after },
    });
    expect(headOf(world, sessionOf(result))).toMatchObject({
      tenant: 'tenant-b',
      provenance: 'own',
      keeping: 'kept',
      parent: world.id,
      generation: 1,
      confirmedAt: world.now(),
    });
    expect(headOf(world, world.id)).toEqual(before);
    expect(world.vendor.presented).toEqual([]);
  });

  it('is named by what the vendor says of the tenant', async () => {
    const world = await captured();
    const { fob } = world.worker();

    const id = sessionOf(await go(world));
    const head = headOf(world, id);
    const opened = head && (await fob.vault.open(head));

    expect(opened).toMatchObject({ value: { labels: { tenant: 'Tenant tenant-b', person: 'Ana Ruiz' } } });
  });

  it('asks nothing of the vendor where Fob holds a live token already', async () => {
    const world = await captured();
    const first = await go(world);
    world.sent.length = 0;
    world.pass(MINUTE);

    const again = await go(world);

    expect(again).toEqual(first);
    expect(world.sent).toEqual([]);
  });

  it('makes a newer token where the one it holds has ended, in the same session', async () => {
    const world = await captured();
    const first = sessionOf(await go(world));
    world.pass(31 * MINUTE);

    const again = await go(world);

    expect(sessionOf(again)).toBe(first);
    expect(headOf(world, first)).toMatchObject({ generation: 2, provenance: 'own' });
    expect(headOf(world, first)?.token.expiresAt).toBeGreaterThan(world.now());
  });

  it('does not take the token a console shows there for its own', async () => {
    const world = await captured();
    await capture.run(
      world.worker().fob,
      { access: world.vendor.signIn('tenant-b', world.now()).access },
      consoleIn(TAB + 1),
    );
    const seen = world.tabs.get(TAB + 1)?.session ?? '';

    const result = await go(world);

    expect(sessionOf(result)).toBe(seen);
    expect(headOf(world, seen)).toMatchObject({ provenance: 'own', generation: 2 });
  });

  it('to where one is gives a token of its own, and no session is its own parent', async () => {
    const world = await captured({ kept: false });

    const result = await go(world, { tenant: 'tenant-a' });

    expect(sessionOf(result)).toBe(world.id);
    expect(headOf(world, world.id)).toMatchObject({ provenance: 'own', generation: 2, keeping: 'offered' });
    expect(headOf(world, world.id)).not.toHaveProperty('parent');
  });

  it('from a session that is only seen stores nothing on disk', async () => {
    const world = await captured({ kept: false });

    await go(world);

    expect([...world.disk.local.keys()]).toEqual(['fob']);
    expect(world.heads()).toHaveLength(2);
  });

  it('renews first where the token it starts from has ended', async () => {
    const world = await captured();
    world.pass(31 * MINUTE);

    const result = await go(world);

    expect(result).toMatchObject({ ok: true });
    expect(paths(world)).toEqual([
      '/api/v1/tokens/refresh',
      '/api/v1/users/me',
      '/api/v1/tokens/switch',
      '/api/v1/users/me',
    ]);
  });

  it('that the vendor refuses changes nothing', async () => {
    const world = await captured();
    const before = world.text();

    expect(await go(world, { tenant: 'tenant-z' })).toEqual({ ok: false, failure: { code: 'tenant_refused' } });
    expect(world.text()).toBe(before);
  });

  it.each(['lost_before', 'lost_after', { status: 503 }, { status: 429 }, { code: 'offline' }] as const)(
    'that comes to nothing (%j) changes nothing, and spends nothing',
    async (weather) => {
      const world = await captured();
      const before = world.text();
      world.weather.push(weather);

      expect(await go(world)).toMatchObject({ ok: false });
      expect(world.text()).toBe(before);
      expect(world.vendor.presented).toEqual([]);
    },
  );

  it('answered with a token for another person is refused', async () => {
    const world = await captured();
    const before = world.text();
    const { handle } = world.vendor;
    world.vendor.handle = (request, now) => {
      const answer = handle(request, now);
      return { ...answer, json: JSON.parse(swapped(JSON.stringify(answer.json), '11111111', '22222222')) as unknown };
    };

    expect(await go(world)).toEqual({ ok: false, failure: { code: 'identity_changed' } });
    expect(world.text()).toBe(before);
  });

  it('answered with a token for another tenant is refused', async () => {
    const world = await captured();
    const { handle } = world.vendor;
    world.vendor.handle = (request, now) => {
      const answer = handle(request, now);
      return { ...answer, json: JSON.parse(swapped(JSON.stringify(answer.json), 'tenant-b', 'tenant-a')) as unknown };
    };

    expect(await go(world)).toEqual({ ok: false, failure: { code: 'identity_changed' } });
    expect(world.heads()).toHaveLength(1);
  });

  it('is there though the vendor did not say who one is there', async () => {
    const world = await captured();
    world.weather.push('fine', { status: 503 });

    const id = sessionOf(await go(world));

    expect(headOf(world, id)).toMatchObject({ tenant: 'tenant-b', provenance: 'own' });
    expect(headOf(world, id)).not.toHaveProperty('confirmedAt');
  });

  it('is not there where the vendor says, after all, that one does not belong', async () => {
    const world = await captured();
    const { handle } = world.vendor;
    world.vendor.handle = (request, now) => {
      const answer = handle(request, now);
      world.vendor.members.delete('tenant-b');
      return answer;
    };

    expect(await go(world)).toEqual({ ok: false, failure: { code: 'tenant_refused' } });
    expect(world.heads().map(({ id }) => id)).toEqual([world.id]);
  });

  it('from a session nobody knows is refused', async () => {
    const world = await captured();

    expect(await go(world, { session: 'session-99' })).toEqual({ ok: false, failure: { code: 'unknown_session' } });
  });
});

describe('taking the console along', () => {
  it('hands it a pair made for it alone, which Fob never holds', async () => {
    const world = await captured();

    const result = await go(world, { console: true, tabId: TAB });

    expect(result).toMatchObject({ ok: true, value: { console: 'followed' } });
    const [followed] = world.followed;
    expect(followed).toMatchObject({ tab: TAB, tenant: 'tenant-b' });
    expect(paths(world)).toEqual(['/api/v1/tokens/switch', '/api/v1/users/me', '/api/v1/tokens/switch']);
    // Neither in the clear nor behind the test world's seal.
    const sealed = Object.values(world.sealed());
    expect(sealed.length).toBeGreaterThan(1);
    expect([world.text(), ...sealed].filter((text) => text.includes(followed?.refresh ?? ''))).toEqual([]);
    const head = headOf(world, sessionOf(result));
    const opened = head && (await world.worker().fob.vault.open(head));
    expect(opened).toMatchObject({ value: { secrets: { refresh: expect.any(String) as string } } });
    expect(opened).not.toMatchObject({ value: { secrets: { refresh: followed?.refresh } } });
  });

  it('never hands over what Fob keeps, however often it goes back and forth', async () => {
    const world = await captured();
    for (const tenant of ['tenant-b', 'tenant-a', 'tenant-b', 'tenant-a'])
      await go(world, { tenant, console: true, tabId: TAB });

    const handed = world.followed.map(({ refresh }) => refresh);
    expect(new Set(handed).size).toBe(4);
    expect(handed.filter((refresh) => world.vendor.isSpent(refresh))).toEqual([]);
  });

  it('is done in the tab of the console that asks, whatever it names', async () => {
    const world = await captured();
    const input = { session: world.id, tenant: 'tenant-b', console: true, tabId: 99 };

    await move.run(world.worker().fob, input, consoleIn(TAB));

    expect(world.followed.map(({ tab }) => tab)).toEqual([TAB]);
  });

  const obstacles: readonly [string, number | undefined, (world: World) => void][] = [
    ['no tab', undefined, () => undefined],
    ['a tab nobody knows', 99, () => undefined],
    [
      'a tab of another console',
      TAB,
      (world) => world.tabs.set(TAB, { vendor: 'prowler', console: 'https://other.example', shows: 'session' }),
    ],
    [
      'a tab in another container',
      TAB,
      (world) => {
        const seen = world.tabs.get(TAB);
        if (seen) world.tabs.set(TAB, { ...seen, container: 'firefox-container-2' });
      },
    ],
    [
      'a console that is signed out',
      TAB,
      (world) => {
        const seen = world.tabs.get(TAB);
        if (seen) world.tabs.set(TAB, { ...seen, shows: 'signed_out' });
      },
    ],
  ];
  it.each(obstacles)('fails with %s, and the session has moved all the same', async (_, tabId, prepare) => {
    const world = await captured();
    prepare(world);

    const result = await go(world, { console: true, ...(tabId === undefined ? {} : { tabId }) });

    expect(result).toMatchObject({ ok: true, value: { console: { failed: 'console_not_followed' } } });
    expect(headOf(world, sessionOf(result))).toMatchObject({ tenant: 'tenant-b', provenance: 'own' });
    expect(world.followed).toEqual([]);
    // No pair is made that nobody takes.
    expect(paths(world).filter((path) => path.endsWith('/switch'))).toHaveLength(1);
  });

  it.each(['refused', 'signed_out', 'no_tab'] as const)('says so where the console answers %s', async (said) => {
    const world = await captured();
    const { fob } = world.worker();
    Object.assign(fob, { follow: () => Promise.resolve(said) });
    const input = { session: world.id, tenant: 'tenant-b', console: true, tabId: TAB };

    expect(await move.run(fob, input, EXTENSION)).toMatchObject({
      ok: true,
      value: { console: { failed: 'console_not_followed' } },
    });
  });

  it('says so where the vendor makes no second pair', async () => {
    const world = await captured();
    world.weather.push('fine', 'fine', { status: 503 });

    const result = await go(world, { console: true, tabId: TAB });

    expect(result).toMatchObject({ ok: true, value: { console: { failed: 'vendor_down' } } });
    expect(world.followed).toEqual([]);
  });
});

/** The same answer with another name in the claims of its tokens. */
function swapped(text: string, from: string, to: string): string {
  return text.replaceAll(/eyJ[\w+/-]+\.([\w+/-]+)\./g, (whole, payload: string) =>
    whole.replace(payload, btoa(atob(payload).replace(from, to)).replaceAll('=', '')),
  );
}

import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../core/time';
import { consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import { capture } from './capture';
import { forget } from './forget';
import { keep } from './keep';
import { move } from './move';
import { consent } from './settings';
import { tenants } from './tenants';

const TAB = 7;

async function captured(): Promise<World & { id: string }> {
  const world = makeWorld();
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  await capture.run(fob, { access: world.vendor.signIn('tenant-a', world.now()).access }, consoleIn(TAB));
  const id = world.tabs.get(TAB)?.session ?? '';
  await keep.run(fob, { session: id }, EXTENSION);
  world.sent.length = 0;
  return Object.assign(world, { id });
}

/** Has the vendor answer the list with these pages, by their number. */
function inPages(world: World, pages: readonly (readonly string[])[], { endless = false } = {}): void {
  const { handle } = world.vendor;
  world.vendor.handle = (request, now) => {
    const answer = handle(request, now);
    const url = new URL(request.url);
    if (url.pathname !== '/api/v1/tenants') return answer;
    const page = Number(url.searchParams.get('page[number]'));
    const data = (pages[page - 1] ?? []).map((id) => ({ id, attributes: { name: `Tenant ${id}` } }));
    const isMore = endless || page < pages.length;
    return { ...answer, json: { data, links: { next: isMore ? 'https://elsewhere.example/' : null } } };
  };
}
const ask = (world: World & { id: string }, again?: boolean) =>
  tenants.run(world.worker().fob, { session: world.id, ...(again === undefined ? {} : { again }) }, EXTENSION);

describe('where else one can be', () => {
  it('is what the vendor says, with where one is', async () => {
    const world = await captured();

    expect(await ask(world)).toEqual({
      ok: true,
      value: {
        fetchedAt: world.now(),
        items: [
          { id: 'tenant-a', name: 'Tenant tenant-a', current: true },
          { id: 'tenant-b', name: 'Tenant tenant-b', current: false },
        ],
      },
    });
  });

  it('is read to the last page, and a tenant named on two of them is there once', async () => {
    const world = await captured();
    inPages(world, [['a', 'b'], ['b', 'c'], ['d']]);

    const answer = await ask(world);

    expect(answer.ok && answer.value.items.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(world.sent).toHaveLength(3);
  });

  it('is read to the hundredth page at most, of a list without an end', async () => {
    const world = await captured();
    inPages(world, [['a']], { endless: true });

    const answer = await ask(world);

    expect(answer.ok).toBe(true);
    expect(world.sent).toHaveLength(100);
  });

  it('is asked for once an hour, and told from what is kept in between', async () => {
    const world = await captured();
    await ask(world);
    world.pass(20 * MINUTE);

    const answer = await ask(world);

    expect(world.sent).toHaveLength(1);
    expect(answer).toMatchObject({ value: { fetchedAt: world.now() - 20 * MINUTE } });
  });

  it('is asked for again where the person wants it', async () => {
    const world = await captured();
    await ask(world);
    world.pass(MINUTE);

    expect(await ask(world, true)).toMatchObject({ value: { fetchedAt: world.now() } });
    expect(world.sent).toHaveLength(2);
  });

  it('is told from what is kept where the vendor does not answer, unless it was asked for again', async () => {
    const world = await captured();
    const first = await ask(world);
    world.pass(2 * HOUR);
    world.weather.push({ status: 503 }, { status: 503 });

    expect(await ask(world)).toEqual(first);
    expect(await ask(world, true)).toEqual({ ok: false, failure: { code: 'vendor_down', status: 503 } });
  });

  it('is not half a list where a page is missing', async () => {
    const world = await captured();
    inPages(world, [['a'], ['b'], ['c']]);
    world.weather.push('fine', 'lost_after');

    expect(await ask(world)).toMatchObject({ ok: false, failure: { code: 'unanswered' } });
    world.weather.length = 0;
    expect(await ask(world)).toMatchObject({ ok: true });
  });

  it('says where Fob holds a live token, until it ends', async () => {
    const world = await captured();
    const { fob } = world.worker();
    const moved = await move.run(fob, { session: world.id, tenant: 'tenant-b', console: false }, EXTENSION);
    const there = moved.ok ? moved.value.session : '';

    const answer = await ask(world);

    expect(answer).toMatchObject({
      value: { items: [{ id: 'tenant-a' }, { id: 'tenant-b', ready: { session: there } }] },
    });
    world.pass(31 * MINUTE);
    expect(JSON.stringify(await ask(world))).not.toContain('ready');
  });

  it('does not call a token the console holds one of its own', async () => {
    const world = await captured();
    await capture.run(
      world.worker().fob,
      { access: world.vendor.signIn('tenant-b', world.now()).access },
      consoleIn(TAB + 1),
    );

    expect(JSON.stringify(await ask(world))).not.toContain('ready');
  });

  it('is kept sealed, and goes with its session', async () => {
    const world = await captured();
    await ask(world);

    expect(world.disk.local.has(`tenants:${world.id}`)).toBe(true);
    expect(world.text()).not.toContain('Tenant tenant-b');
    await forget.run(world.worker().fob, { session: world.id }, EXTENSION);
    expect(world.disk.local.has(`tenants:${world.id}`)).toBe(false);
  });

  it('is refused for a session of another container', async () => {
    const world = await captured();
    const caller = { ...consoleIn(TAB), container: 'firefox-container-2' };

    expect(await tenants.run(world.worker().fob, { session: world.id }, caller)).toEqual({
      ok: false,
      failure: { code: 'unknown_session' },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { after, HOUR, MINUTE, SECOND } from '../core/time';
import { CONSOLE, consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import { capture } from './capture';
import { confirm } from './confirm';
import { forget } from './forget';
import { keep, pause, watch } from './keep';
import { consent, policy } from './settings';
import { start } from './wake';

const TAB = 7;

async function agreed(): Promise<World> {
  const world = makeWorld();
  await consent.run(world.worker().fob, {}, EXTENSION);
  return world;
}
const show = (world: World, access: string, tab = TAB, expiresAt?: string) =>
  capture.run(world.worker().fob, { access, ...(expiresAt === undefined ? {} : { expiresAt }) }, consoleIn(tab));
const signIn = (world: World, tenant = 'tenant-a') => world.vendor.signIn(tenant, world.now());
const idIn = (world: World, tab = TAB): string => world.tabs.get(tab)?.session ?? '';
const headOf = (world: World, id = idIn(world)) => world.heads().find((one) => one.id === id);

/** A token with other claims: the vendor of the test world knows it all the same, where it has not ended. */
function claiming(token: string, over: object): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = { ...(JSON.parse(atob(payload)) as object), ...over };
  return [header, btoa(JSON.stringify(claims)).replaceAll('=', ''), signature].join('.');
}

describe('a session a console shows', () => {
  it('is borrowed, offered, and in memory alone', async () => {
    const world = await agreed();

    const answer = await show(world, signIn(world).access, TAB, '2026-01-16T09:00:00.000Z');

    expect(answer).toEqual({ ok: true, value: { expiresAt: world.now() + 30 * MINUTE } });
    expect(headOf(world)).toMatchObject({
      provenance: 'borrowed',
      keeping: 'offered',
      seen: { at: world.now(), expiresAt: Date.UTC(2026, 0, 16, 9) },
    });
    expect([...world.disk.local.keys()]).toEqual(['fob']);
    expect(world.panels).toEqual([TAB]);
  });

  it('writes nothing when it is shown again with the same token', async () => {
    const world = await agreed();
    const { access } = signIn(world);
    await show(world, access);
    const before = world.text();
    const asked = world.sent.length;

    for (let i = 0; i < 100; i += 1) await show(world, access, TAB + (i % 3));

    expect(world.text()).toBe(before);
    expect(world.sent).toHaveLength(asked);
    expect(world.heads()).toHaveLength(1);
  });

  it('notes that it is in use once in a quarter of an hour', async () => {
    const world = await agreed();
    const { access } = signIn(world);
    await show(world, access);
    world.pass(15 * MINUTE);

    await show(world, access);

    expect(headOf(world)?.usedAt).toBe(world.now());
  });

  it('takes the newer token while it is borrowed', async () => {
    const world = await agreed();
    await show(world, signIn(world).access);
    const { generation, fingerprint } = headOf(world) ?? {};
    world.pass(MINUTE);

    await show(world, signIn(world).access);

    expect(world.heads()).toHaveLength(1);
    expect(headOf(world)).toMatchObject({ generation: (generation ?? 0) + 1, provenance: 'borrowed' });
    expect(headOf(world)?.fingerprint).not.toBe(fingerprint);
  });

  it('of another tenant is another session', async () => {
    const world = await agreed();
    await show(world, signIn(world).access);
    await show(world, signIn(world, 'tenant-b').access);

    expect(world.heads().map(({ tenant }) => tenant)).toEqual(['tenant-a', 'tenant-b']);
  });

  it('of another person is another session, though the console is the same', async () => {
    const world = await agreed();
    await show(world, signIn(world).access);
    const first = idIn(world);
    const other = '22222222-2222-4222-8222-222222222222';
    const { handle } = world.vendor;
    world.vendor.handle = (request, now) => {
      const answer = handle(request, now);
      const json = JSON.stringify(answer.json).replace('11111111-1111-4111-8111-111111111111', other);
      return { ...answer, json: JSON.parse(json) as unknown };
    };

    await show(world, claiming(signIn(world).access, { sub: other }));

    expect(idIn(world)).not.toBe(first);
    expect(world.heads().map(({ subject }) => subject)).toEqual([expect.stringMatching(/^1/), other]);
  });

  it('in another container is another session', async () => {
    const world = await agreed();
    const { access } = signIn(world);
    await show(world, access);

    const caller = { ...consoleIn(TAB + 1), container: 'firefox-container-2' };
    await capture.run(world.worker().fob, { access }, caller);

    expect(world.heads().map(({ container }) => container)).toEqual([undefined, 'firefox-container-2']);
  });

  it('is not a session where its token says it is for someone else than the vendor does', async () => {
    const world = await agreed();

    const answer = await show(world, claiming(signIn(world).access, { sub: 'mallory' }));

    expect(answer).toEqual({ ok: false, failure: { code: 'identity_changed' } });
    expect(world.heads()).toEqual([]);
  });

  it.each([
    ['no token of any kind', 'pk_abcdefgh.gAAAAABk'],
    ['text', 'hello'],
    ['a shell command', `'; id #.e30.`],
  ])('is not a session with %s', async (_, access) => {
    const world = await agreed();

    expect(await show(world, access)).toEqual({
      ok: false,
      failure: { code: 'response_not_conform', path: 'access' },
    });
    expect(world.heads()).toEqual([]);
    expect(world.sent).toEqual([]);
  });

  it('is not a session with a refresh token, which is sent nowhere', async () => {
    const world = await agreed();
    const { refresh } = signIn(world);

    expect(await show(world, refresh)).toMatchObject({ ok: false });
    expect(world.sent).toEqual([]);
    expect(world.text()).not.toContain(refresh);
  });

  it('has no place for a refresh token', () => {
    expect(Object.keys(capture.input.entries)).toEqual(['access', 'expiresAt']);
  });

  it('is refused as a page of Fob', async () => {
    const world = await agreed();

    expect(await capture.run(world.worker().fob, { access: signIn(world).access }, EXTENSION)).toEqual({
      ok: false,
      failure: { code: 'origin_refused' },
    });
  });

  it.each(['-000001-01-01T00:00:00.000Z', '1960-01-01T00:00:00.000Z', 'soon', '', '+275760-09-13T00:00:00.000Z'])(
    'is there for the next worker, whatever end its console names (%j)',
    async (expiresAt) => {
      const world = await agreed();
      await show(world, signIn(world).access, TAB, expiresAt);
      await keep.run(world.worker().fob, { session: idIn(world) }, EXTENSION);
      world.pass(MINUTE);
      await show(world, signIn(world).access, TAB, expiresAt);

      const { heads } = await world.worker().fob.vault.state();

      expect(Object.keys(heads)).toEqual([idIn(world)]);
    },
  );

  it('whose token says nothing of its life is there for the next worker, whatever the vendor takes for the time', async () => {
    const world = await agreed();
    const { handle } = world.vendor;
    const ahead = new Date(world.now() + 60 * MINUTE).toUTCString();
    world.vendor.handle = (request, now) => ({
      ...handle(request, now),
      status: 200,
      json: { data: { id: '11111111-1111-4111-8111-111111111111', attributes: {} } },
      headers: { date: ahead },
    });

    await show(world, claiming(signIn(world).access, { iat: undefined, exp: undefined }));
    const { heads } = await world.worker().fob.vault.state();

    expect(heads[idIn(world)]).toMatchObject({ confirmedAt: world.now() });
  });

  it("lives by this computer's clock, though the vendor's is ahead", async () => {
    const world = await agreed();
    const { access } = world.vendor.signIn('tenant-a', (world.now() + 10 * MINUTE) as never);
    const { handle } = world.vendor;
    world.vendor.handle = (request, now) => ({
      ...handle(request, (now + 10 * MINUTE) as typeof now),
      startedAt: now,
    });

    await show(world, access);

    expect(headOf(world)?.token).toEqual({ issuedAt: world.now(), expiresAt: world.now() + 30 * MINUTE });
  });
});

describe('what was decided for a console', () => {
  it.each(['ask', 'always', 'never'] as const)('is done: %s', async (decided) => {
    const world = await agreed();
    await policy.run(world.worker().fob, { console: CONSOLE, keep: decided }, EXTENSION);
    world.sent.length = 0;

    const answer = await show(world, signIn(world).access);

    expect(answer.ok).toBe(true);
    expect(world.heads().map(({ keeping, provenance }) => `${keeping} ${provenance}`)).toEqual(
      { ask: ['offered borrowed'], always: ['kept own'], never: [] }[decided],
    );
    expect(world.sent.length > 0).toBe(decided !== 'never');
  });

  it.each([
    ['pause', pause, 'paused'],
    ['leave alone', watch, 'watched'],
  ] as const)('does not undo what the person decided for one session: %s', async (_, verb, keeping) => {
    const world = await agreed();
    await policy.run(world.worker().fob, { console: CONSOLE, keep: 'always' }, EXTENSION);
    await show(world, signIn(world).access);
    await verb.run(world.worker().fob, { session: idIn(world) }, EXTENSION);
    world.pass(20 * MINUTE);

    await show(world, signIn(world).access);

    expect(headOf(world)?.keeping).toBe(keeping);
  });
});

describe('what the vendor says of a session', () => {
  it('that it does not answer leaves a claim a claim, to be asked about when it is shown again', async () => {
    const world = await agreed();
    const { access } = signIn(world);
    world.weather.push({ status: 503 });

    expect(await show(world, access)).toMatchObject({ failure: { code: 'vendor_down' } });
    expect(headOf(world)).not.toHaveProperty('confirmedAt');
    await show(world, access);
    expect(headOf(world)?.confirmedAt).toBe(world.now());
  });

  it('that it does not know the token of a mere claim ends it', async () => {
    const world = await agreed();
    world.weather.push({ status: 401 });

    expect(await show(world, signIn(world).access)).toEqual({ ok: false, failure: { code: 'unauthorized' } });
    expect(world.heads()).toEqual([]);
  });

  it('that the person was taken out of the tenant, after it was kept, needs a sign-in and ends nothing', async () => {
    const world = await agreed();
    await show(world, signIn(world).access);
    const id = idIn(world);
    const { fob } = world.worker();
    await keep.run(fob, { session: id }, EXTENSION);
    world.vendor.members.delete('tenant-a');

    expect(await confirm(fob, id)).toEqual({ ok: false, failure: { code: 'tenant_refused' } });
    expect(headOf(world, id)?.trouble).toEqual({ code: 'tenant_refused', at: world.now(), times: 1 });
    const asked = world.sent.length;
    world.pass(60 * MINUTE);
    await start(world.worker().fob);
    expect(world.sent).toHaveLength(asked);
  });

  it('that it does not take the token of a kept session leaves the refresh token to be tried, a minute later', async () => {
    const world = await agreed();
    await show(world, signIn(world).access);
    const id = idIn(world);
    await keep.run(world.worker().fob, { session: id }, EXTENSION);
    world.pass(10 * SECOND);
    world.weather.push({ status: 401 });

    await confirm(world.worker().fob, id);

    expect(headOf(world, id)).toMatchObject({ refused: { access: 'unauthorized' } });
    expect(world.alarm).toBe(world.now() + 50 * SECOND);
    world.pass(50 * SECOND);
    await start(world.worker().fob);
    expect(headOf(world, id)).not.toHaveProperty('trouble');
    expect(world.vendor.presented).toHaveLength(1);
  });

  it('comes too late for a session that was forgotten', async () => {
    const world = await agreed();
    await show(world, signIn(world).access);
    const id = idIn(world);
    const { fob } = world.worker();
    const asking = confirm(fob, id);
    await forget.run(fob, { session: id }, EXTENSION);

    expect(await asking).toMatchObject({ ok: false });
    expect(world.heads()).toEqual([]);
  });
});

describe('a vendor whose clock is ahead', () => {
  const AHEAD = 6 * HOUR;

  it('does not make a token seem to live longer, at first sight or later, on this or another of its sessions', async () => {
    const world = makeWorld();
    const { fob } = world.worker();
    await consent.run(fob, {}, EXTENSION);
    const { handle } = world.vendor;
    world.vendor.handle = (request, now) => ({ ...handle(request, after(now, AHEAD)), startedAt: now });
    const shownIn = async (tenant: string) => {
      const { access } = world.vendor.signIn(tenant, after(world.now(), AHEAD));
      return capture.run(fob, { access }, consoleIn(TAB));
    };

    const later = () => {
      world.pass(MINUTE);
      return shownIn('tenant-a');
    };

    const answers = [await shownIn('tenant-a'), await shownIn('tenant-b'), await later()];

    const ends = answers.map((answer) => (answer.ok ? (answer.value.expiresAt ?? 0) - world.now() : 0));
    for (const left of ends) expect(Math.abs(left - 30 * MINUTE)).toBeLessThanOrEqual(61 * SECOND);
    for (const { token } of world.heads()) {
      expect(Math.abs((token.expiresAt ?? 0) - world.now() - 30 * MINUTE)).toBeLessThanOrEqual(61 * SECOND);
    }
  });
});

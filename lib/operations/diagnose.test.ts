import { describe, expect, it } from 'vitest';
import { MINUTE } from '../core/time';
import type { Diagnosis } from '../core/view';
import type { TestVendor } from '../testing/vendor';
import { consoleIn, EXTENSION, makeWorld, type Weather, type World } from '../testing/world';
import { SCHEMA } from '../vault/records';
import { capture } from './capture';
import { diagnose, repair, timeline } from './diagnose';
import { keep } from './keep';
import { consent } from './settings';
import { start, wake } from './wake';

const TAB = 7;

async function kept(): Promise<World & { id: string; issued: string[] }> {
  const world = makeWorld();
  const issued: string[] = [];
  const { handle } = world.vendor;
  const note = (value: unknown) => issued.push(...(JSON.stringify(value).match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []));
  const handled: TestVendor['handle'] = (request, now) => {
    const answer = handle(request, now);
    note(answer.json);
    return answer;
  };
  world.vendor.handle = handled;
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  const pair = world.vendor.signIn('tenant-a', world.now());
  note(pair);
  await capture.run(fob, { access: pair.access }, consoleIn(TAB));
  const id = world.tabs.get(TAB)?.session ?? '';
  await keep.run(fob, { session: id }, EXTENSION);
  return Object.assign(world, { id, issued });
}

const told = async (world: World & { id: string }) => {
  const answer = await timeline.run(world.worker().fob, { session: world.id }, EXTENSION);
  return answer.ok ? answer.value : [];
};
async function found(world: World): Promise<Diagnosis> {
  const answer = await diagnose.run(world.worker().fob, {}, EXTENSION);
  if (!answer.ok) throw new Error(answer.failure.code);
  return answer.value;
}
/** What the browser keeps is changed behind Fob's back. */
function spoil(world: World): void {
  for (const key of world.disk.local.keys()) if (key.startsWith('sealed:')) world.spoil(key, 7);
}

describe('the timeline', () => {
  it('says what happened, oldest first, with the codes of what went wrong', async () => {
    const world = await kept();
    world.pass(25 * MINUTE);
    world.weather.push({ status: 503 });
    await wake(world.worker().fob);

    const said = (await told(world)).map(({ what, code, rung }) => [what, rung ?? code].filter(Boolean).join(' '));

    expect(said).toEqual([
      'keeping_set',
      'renewal_started mint',
      'renewed mint',
      'renewal_started rotate',
      'renewal_failed vendor_down',
    ]);
  });

  it('is of a session there is', async () => {
    const { fob } = (await kept()).worker();

    const answer = await timeline.run(fob, { session: '__proto__' }, EXTENSION);

    expect(answer).toEqual({ ok: false, failure: { code: 'unknown_session' } });
  });

  it('holds no secret and no name, whatever happens', async () => {
    const world = await kept();
    const weathers: readonly Weather[] = ['lost_before', 'lost_after', { status: 503 }, { status: 401 }, 'fine'];
    for (const weather of weathers) {
      world.pass(27 * MINUTE);
      world.weather.push(weather);
      await start(world.worker().fob);
    }

    const text = JSON.stringify(await told(world));

    expect(world.issued.length).toBeGreaterThan(4);
    expect(text).toContain('unanswered');
    expect(world.issued.flatMap((token) => token.split('.')).filter((part) => text.includes(part))).toEqual([]);
    expect(text).not.toMatch(/canary|eyJ|ana|tenant|example|https?:/i);
  });
});

describe('a diagnosis', () => {
  it('of a Fob that is well names its wake, its consent and its sessions', async () => {
    const world = await kept();

    const { session } = (await found(world)).sessions[0] ?? {};

    expect(await found(world)).toMatchObject({
      consentAt: world.now(),
      alarmAt: world.alarm,
      wakeAt: world.alarm,
      stores: { local: { state: 'well' }, copy: { state: 'well' } },
      sessions: [{ isReadable: true }],
    });
    expect(session).toMatchObject({ id: world.id, keeping: 'kept' });
    expect(await told(world)).toEqual((await found(world)).sessions[0]?.timeline);
  });

  it('wants no wake where nothing is kept', async () => {
    const world = makeWorld();

    expect(await found(world)).toEqual({ stores: world.stores, sessions: [] });
  });

  it('finds the wake missing, and changes nothing by looking', async () => {
    const world = await kept();
    world.alarm = undefined;
    const before = world.text();

    expect(await found(world)).not.toHaveProperty('alarmAt');
    expect(await found(world)).toHaveProperty('wakeAt');
    expect(world.text()).toBe(before);
  });

  it('tells how far a vendor’s clock is ahead', async () => {
    const world = await kept();
    world.rewrite(`head:${world.id}`, (head) => ({ ...head, clockAheadMs: -6 * MINUTE }));

    expect((await found(world)).sessions).toMatchObject([{ clockAheadMs: -6 * MINUTE }]);
  });

  it('finds a seal that cannot be opened', async () => {
    const world = await kept();
    spoil(world);

    expect((await found(world)).sessions).toMatchObject([{ isReadable: false }]);
  });

  it('is there when the vault is not', async () => {
    const world = await kept();
    world.spoil('fob', `${SCHEMA + 1}:0:{}`);

    expect(await found(world)).toEqual({
      alarmAt: world.alarm,
      stores: world.stores,
      unread: 'vault_newer',
      sessions: [],
    });
  });

  it('holds no secret', async () => {
    const world = await kept();

    const text = JSON.stringify(await found(world));

    expect(world.issued.filter((token) => text.includes(token))).toEqual([]);
    expect(text).not.toMatch(/eyJ|"access"|"refresh"|canary/);
  });
});

describe('a repair', () => {
  it('plans the wake that is missing', async () => {
    const world = await kept();
    const planned = world.alarm;
    world.alarm = undefined;

    await repair.run(world.worker().fob, { what: 'wake' }, EXTENSION);

    expect(world.alarm).toBe(planned);
  });

  it('mends the stores', async () => {
    const world = await kept();
    world.stores = { ...world.stores, copy: { state: 'unreadable', mended: 0, lost: 1 } };

    await repair.run(world.worker().fob, { what: 'stores' }, EXTENSION);

    expect((await found(world)).stores.copy.state).toBe('well');
  });

  it('lets go of what cannot be read, and of nothing else', async () => {
    const world = await kept();
    spoil(world);
    const { fob } = world.worker();
    await capture.run(fob, { access: world.vendor.signIn('tenant-b', world.now()).access }, consoleIn(TAB + 1));
    await keep.run(fob, { session: world.tabs.get(TAB + 1)?.session ?? '' }, EXTENSION);

    await repair.run(world.worker().fob, { what: 'unread' }, EXTENSION);

    expect((await found(world)).sessions.map(({ session, isReadable }) => [session.tenant.id, isReadable])).toEqual([
      ['tenant-b', true],
    ]);
  });

  it('lets go of nothing when everything can be read', async () => {
    const world = await kept();

    await repair.run(world.worker().fob, { what: 'unread' }, EXTENSION);

    expect((await found(world)).sessions).toHaveLength(1);
  });
});

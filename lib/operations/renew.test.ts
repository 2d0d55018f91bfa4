import { describe, expect, it } from 'vitest';
import type { SessionId } from '../core/state';
import { after, HOUR, MINUTE, SECOND } from '../core/time';
import { headIn, hears, makeMany, type ManyWorld } from '../testing/many';
import { AGILICUS, CLOUDCHECKR, DAY, ESPER, RUNAI } from '../testing/vendors';
import { EXTENSION, type Weather } from '../testing/world';
import { keep } from './keep';
import { obtain } from './obtain';
import { renew } from './renew';
import { create } from './tokens';
import { viewOf } from './view';
import { start, wake } from './wake';

/** Signs in through Fob, and forgets how that was done. */
async function signedIn(world: ManyWorld, vendor: string, place: string, way: string, values: Record<string, string>) {
  const done = await obtain.run(world.one.fob, { vendor, place, way, values }, EXTENSION);
  if (!done.ok) throw new Error(done.failure.code);
  world.sent.length = 0;
  world.vendors.seen.length = 0;
  return done.value.session;
}
const CLIENT = { client_id: 'client-1', client_secret: 'canary-client-secret' };
const asClient = (world: ManyWorld) => signedIn(world, 'cloudcheckr', CLOUDCHECKR, 'client', CLIENT);
const APP = { client_id: 'app-1', client_secret: 'canary-app-secret' };
const asApplication = (world: ManyWorld) => signedIn(world, 'runai', 'northwind', 'application', APP);
const PERSON = { username: 'ana.ruiz@northwind.example', password: ' canary-password ' };
const asPerson = (world: ManyWorld) => signedIn(world, 'runai', 'northwind', 'password', PERSON);

const headOf = (world: ManyWorld, id: SessionId) => world.heads().find((one) => one.id === id);
/** Goes from alarm to alarm. */
async function live(world: ManyWorld, ms: number): Promise<void> {
  const until = world.now() + ms;
  while (world.now() < until) {
    const next = Math.min(world.alarm ?? until, until);
    world.pass(Math.max(next - world.now(), SECOND));
    await wake(world.one.fob);
  }
}

describe('a session that began with client credentials', () => {
  it.each([
    ['CloudCheckr', asClient],
    ['Run:ai', asApplication],
  ])('asks %s again before its token ends, for as long as it is used', async (_, signIn) => {
    const world = await makeMany();
    const id = await signIn(world);

    await live(world, 11 * HOUR);

    expect(headOf(world, id)).toMatchObject({ keeping: 'kept', provenance: 'own', hasClient: true });
    expect(headOf(world, id)?.token.expiresAt).toBeGreaterThan(world.now());
    expect(headOf(world, id)?.trouble).toBeUndefined();
    expect(headOf(world, id)?.generation).toBeGreaterThan(10);
    const asks = world.vendors.seen.filter(({ path }) => path.endsWith('/token'));
    expect(asks.every(({ token }) => token === '')).toBe(true);
    expect(JSON.stringify(await viewOf(world.one.fob))).toContain('"keeps":"renews"');
  });

  it.each([
    ['CloudCheckr', asClient],
    ['Run:ai', asApplication],
  ])('needs a person once %s refuses the credentials', async (_, signIn) => {
    const world = await makeMany();
    const id = await signIn(world);
    world.vendors.cloudcheckr.clients.clear();
    world.vendors.runai.clients.clear();

    await live(world, 3 * HOUR);

    expect(headOf(world, id)?.trouble).toMatchObject({ code: 'credentials_refused' });
    expect(headOf(world, id)?.trouble?.retryAt).toBeUndefined();
    expect(world.sent).toHaveLength(1);
    const again = await renew.run(world.one.fob, { session: id }, EXTENSION);
    expect(again).toEqual({ ok: false, failure: { code: 'credentials_refused' } });
    expect(world.sent).toHaveLength(1);
  });

  it('is never asked twice at once by a refusal of the token itself', async () => {
    const world = await makeMany();
    await asApplication(world);
    world.pass(50 * MINUTE);
    world.weather.push({ code: 'unauthorized' }, { code: 'unauthorized' }, { code: 'unauthorized' });

    await wake(world.one.fob);

    expect(world.sent).toHaveLength(1);
  });

  it('goes on with them where the refresh token it also got is dead', async () => {
    const world = await makeMany();
    world.vendors.runai.appsRefresh = true;
    const id = await asApplication(world);
    world.vendors.runai.refreshBooks.clear();

    await live(world, 3 * HOUR);

    expect(headOf(world, id)?.token.expiresAt).toBeGreaterThan(world.now());
    expect(headOf(world, id)?.trouble).toBeUndefined();
  });

  it('is asked for again with what was typed, as long as the browser lives and after', async () => {
    const world = await makeMany();
    const id = await asClient(world);
    world.one.kill();
    world.disk.session.clear();
    world.pass(50 * MINUTE);

    await start(world.worker().fob);

    expect(headOf(world, id)).toMatchObject({ generation: 2, confirmedAt: world.now() });
    expect(world.sealed()[id]).toContain('canary-client-secret');
    expect(world.text()).not.toContain('canary');
  });
});

describe("a refresh token of Fob's own at a vendor that cannot mint", () => {
  it('is rotated before the token ends, and none is presented twice', async () => {
    const world = await makeMany();
    const id = await asPerson(world);

    await live(world, 11 * HOUR);

    const { presented } = world.vendors.runai;
    expect(headOf(world, id)?.token.expiresAt).toBeGreaterThan(world.now());
    expect(presented.length).toBeGreaterThan(10);
    expect(new Set(presented).size).toBe(presented.length);
  });

  it.each<[string, Weather]>([
    ['lost', 'lost_after'],
    ['lost on the way', 'lost_before'],
    ['too large', { code: 'too_large' }],
    ['a breakdown', { status: 503 }],
  ])('keeps its distance when the answer is %s', async (_, weather) => {
    const world = await makeMany();
    const id = await asPerson(world);
    world.pass(50 * MINUTE);
    world.weather.push(weather);

    await wake(world.one.fob);
    await wake(world.one.fob);
    world.pass(59 * SECOND);
    await wake(world.one.fob);

    expect(world.sent).toHaveLength(1);
    expect(headOf(world, id)?.unansweredSince).toBeDefined();
  });

  it('keeps its distance when the worker died over it', async () => {
    const world = await makeMany();
    await asPerson(world);
    world.pass(50 * MINUTE);
    const worker = world.worker();
    const { send } = worker.fob;
    Object.assign(worker.fob, {
      send: (...args: Parameters<typeof send>) => {
        return send(...args).then(() => new Promise<never>(() => undefined));
      },
    });
    void wake(worker.fob);
    await new Promise((resolve) => setTimeout(resolve, 0));
    worker.kill();
    world.pass(SECOND);

    await start(world.worker().fob);

    expect(world.sent).toHaveLength(1);
  });

  it('that is dead needs a person', async () => {
    const world = await makeMany();
    const id = await asPerson(world);
    world.vendors.runai.refreshBooks.clear();

    await live(world, 2 * HOUR);

    expect(headOf(world, id)).toMatchObject({ trouble: { code: 'grant_dead' } });
    expect(headOf(world, id)?.unansweredSince).toBeUndefined();
    expect(world.sent).toHaveLength(1);
  });

  it('that is refused after an answer was lost is not said to have been revoked', async () => {
    const world = await makeMany();
    const id = await asPerson(world);
    world.pass(50 * MINUTE);
    world.weather.push('lost_after');
    const askedAt = world.now();
    await wake(world.one.fob);

    await live(world, 2 * HOUR);

    const { fob } = world.one;
    const [seen] = (await viewOf(fob)).sessions;
    expect(seen).toMatchObject({ id, trouble: { code: 'grant_dead' }, unansweredSince: askedAt });
  });

  it.each([
    ['v1', ['v1']],
    ['the path before it', ['legacy']],
  ] as const)('is rotated by %s where the deployment has nothing newer', async (_, offers) => {
    const world = await makeMany();
    const id = await asPerson(world);
    world.vendors.runai.offers = new Set(offers);
    world.pass(50 * MINUTE);

    await wake(world.one.fob);

    expect(headOf(world, id)?.generation).toBe(2);
    expect(world.vendors.runai.presented).toHaveLength(1);
  });

  it('of a token made at Agilicus is presented, and stays good where no other comes', async () => {
    const world = await makeMany();
    await hears(world, AGILICUS, world.vendors.agilicus.signIn('ana', 'org-a', world.now()));
    const wanted = { subject: 'robot', tenant: 'org-a', audiences: ['app'], durationS: 3600, createRefreshToken: true };
    const made = await create.run(world.one.fob, { session: headIn(world)?.id ?? '', wanted }, EXTENSION);
    const id = made.ok ? made.value.session : '';
    await keep.run(world.one.fob, { session: id }, EXTENSION);

    await live(world, 5 * HOUR);

    expect(headOf(world, id)?.token.expiresAt).toBeGreaterThan(world.now());
    expect(headOf(world, id)?.generation).toBeGreaterThan(4);
  });
});

describe('an armed key', () => {
  const armed = async (world: ManyWorld, life: number) => {
    const key = world.vendors.esper.key({ expiresAt: after(world.now(), life) }, world.now());
    const id = await signedIn(world, 'esper', 'northwind', 'key', { key });
    await keep.run(world.one.fob, { session: id }, EXTENSION);
    return id;
  };

  it('is not renewed by a second call while the first is still out after a long sleep', async () => {
    const world = await makeMany();
    const id = await armed(world, 20 * DAY);
    const { fob } = world.one;
    const { send } = fob;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    Object.assign(fob, {
      send: (...args: Parameters<typeof send>) => send(...args).then((one) => held.then(() => one)),
    });
    const first = wake(fob);
    await new Promise((resolve) => setTimeout(resolve, 0));
    Object.assign(fob, { send });
    world.pass(HOUR);

    await wake(fob);
    await wake(fob);
    const renewals = world.sent.filter(({ path }) => path.endsWith('/renew-token/'));
    letGo();
    await first;

    expect(renewals).toHaveLength(1);
    expect(headOf(world, id)).toMatchObject({ generation: 2, provenance: 'entered' });
    expect(headOf(world, id)?.trouble).toBeUndefined();
  });

  it('that lives shorter than that is not exchanged for another again and again', async () => {
    const world = await makeMany();
    const { esper } = world.vendors;
    const { key } = esper;
    esper.key = (of, now) => key({ ...of, expiresAt: after(now, 20 * DAY) }, now);
    const id = await armed(world, 20 * DAY);

    await live(world, 15 * DAY);

    expect(world.sent.filter(({ path }) => path.endsWith('/renew-token/'))).toHaveLength(1);
    expect(headOf(world, id)?.generation).toBe(2);
  });
});

describe("a console's own token of a vendor where Fob may renew none", () => {
  const shown = async (world: ManyWorld) => {
    const { cloudcheckr, esper, runai, agilicus } = world.vendors;
    const now = world.now();
    await hears(world, CLOUDCHECKR, cloudcheckr.signIn('ana', 'customer-a', now), { tab: 1 });
    await hears(world, ESPER, esper.key({ expiresAt: after(now, HOUR) }, now), { tab: 2 });
    await hears(world, RUNAI, runai.signIn('ana', now).access, { tab: 3 });
    await hears(world, AGILICUS, agilicus.signIn('ana', 'org-a', now), { tab: 4 });
  };

  it('is followed when kept, and never presented for a renewal', async () => {
    const world = await makeMany();
    await shown(world);
    for (const { id } of world.heads()) await keep.run(world.one.fob, { session: id }, EXTENSION);
    world.sent.length = 0;

    const view = await viewOf(world.one.fob);
    const asked = await Promise.all(
      world.heads().map(({ id }) => renew.run(world.one.fob, { session: id }, EXTENSION)),
    );
    await live(world, 3 * HOUR);

    expect(view.sessions.map(({ keeps, keeping }) => [keeps, keeping])).toEqual(
      [1, 2, 3, 4].map(() => ['follows', 'kept']),
    );
    expect(asked).toEqual([1, 2, 3, 4].map(() => ({ ok: false, failure: { code: 'not_renewable' } })));
    expect(world.sent).toEqual([]);
    expect(world.heads().every(({ provenance, trouble }) => provenance === 'borrowed' && !trouble)).toBe(true);
  });

  it("is the console's newer one as soon as the console has it", async () => {
    const world = await makeMany();
    await shown(world);
    const ids = world.heads().map(({ id }) => id);
    for (const session of ids) await keep.run(world.one.fob, { session }, EXTENSION);
    world.pass(50 * MINUTE);

    await shown(world);

    expect(
      world
        .heads()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(ids.toSorted());
    for (const head of world.heads()) {
      expect(head).toMatchObject({ provenance: 'borrowed', keeping: 'kept', generation: 2 });
      expect(head.token.expiresAt).toBe(world.now() + HOUR);
      expect(head.confirmedAt).toBe(world.now());
    }
  });

  it('is let alone 12 hours after its console was last used', async () => {
    const world = await makeMany();
    await shown(world);
    for (const { id } of world.heads()) await keep.run(world.one.fob, { session: id }, EXTENSION);

    await live(world, DAY);

    expect(world.heads().map(({ keeping }) => keeping)).toEqual([1, 2, 3, 4].map(() => 'stopped_unused'));
    expect(world.alarm).toBeUndefined();
  });
});

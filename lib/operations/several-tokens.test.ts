import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../core/time';
import { headIn, hears, makeMany, type ManyWorld, tells } from '../testing/many';
import { AGILICUS, APPLICATION, CLOUDCHECKR, ESPER, RUNAI } from '../testing/vendors';
import { EXTENSION } from '../testing/world';
import { remove_deployment } from './hosts';
import { keep } from './keep';
import { move } from './move';
import { obtain } from './obtain';
import { renew } from './renew';
import { reveal } from './reveal';

const enter = async (world: ManyWorld, vendor: string, place: string, typed: string): Promise<string> => {
  const way = vendor === 'esper' ? 'key' : 'token';
  const done = await obtain.run(world.one.fob, { vendor, place, way, values: { [way]: typed } }, EXTENSION);
  return done.ok ? done.value.session : done.failure.code;
};
const asked = (world: ManyWorld): number => world.sent.filter(({ path }) => path === '/auth/v1/token/info').length;

describe('a token the page told of', () => {
  it('is confirmed, with its names, once the vendor is seen to take it', async () => {
    const world = await makeMany();
    const { access } = world.vendors.runai.signIn('ana', world.now());
    await tells(world, RUNAI, access);
    expect(headIn(world)?.confirmedAt).toBeUndefined();
    world.pass(SECOND);

    await hears(world, RUNAI, access);

    expect(headIn(world)).toMatchObject({ confirmedAt: world.now(), generation: 1 });
    expect(world.sealed()[headIn(world)?.id ?? '']).toContain('ana@northwind.example');
  });
});

describe('two tabs of one person with a token each', () => {
  it('are asked about once each, and the one that lives longer is kept', async () => {
    const world = await makeMany();
    const first = world.vendors.cloudcheckr.signIn('ana', 'customer-a', world.now());
    world.pass(MINUTE);
    const second = world.vendors.cloudcheckr.signIn('ana', 'customer-a', world.now());
    await hears(world, CLOUDCHECKR, first, { tab: 1 });
    await hears(world, CLOUDCHECKR, second, { tab: 2 });
    const before = world.text();

    for (let i = 0; i < 5; i += 1) {
      await hears(world, CLOUDCHECKR, first, { tab: 1 });
      await hears(world, CLOUDCHECKR, second, { tab: 2 });
    }

    expect(asked(world)).toBe(2);
    expect(world.heads()).toMatchObject([{ generation: 2 }]);
    expect(world.sealed()[world.heads()[0]?.id ?? '']).toContain(second);
    // Nothing is written for what is known.
    expect(world.text()).toBe(before);
  });
});

describe('what Fob holds of its own', () => {
  it('stays armed for good when its console is used with another key of the same application', async () => {
    const world = await makeMany();
    const id = await enter(world, 'esper', 'northwind', world.vendors.esper.key({}, world.now()));
    await keep.run(world.one.fob, { session: id }, EXTENSION);

    await hears(world, ESPER, world.vendors.esper.key({}, world.now()));

    expect(world.heads()).toMatchObject([{ id, keeping: 'kept', generation: 1 }]);
    expect(world.heads()[0]?.keptUntil).toBeUndefined();
  });

  it('is the key it is, beside another application of the same person, when that one is shown again', async () => {
    const world = await makeMany();
    const other = APPLICATION.replace(/1$/, '2');
    const keys = [APPLICATION, other].map((application) => world.vendors.esper.key({ application }, world.now()));

    for (const [tab, key] of [...keys.entries(), ...keys.entries()])
      await hears(world, ESPER, key, { tab, fob: world.worker().fob });

    expect(world.heads().map(({ ids }) => ids?.['application'])).toEqual([APPLICATION, other]);
    expect([0, 1].map((tab) => headIn(world, tab)?.ids?.['application'])).toEqual([APPLICATION, other]);
  });

  it('and nothing renews is given up for one of the console that outlives it, and for no other', async () => {
    const world = await makeMany();
    const { agilicus } = world.vendors;
    await hears(world, AGILICUS, agilicus.signIn('ana', 'org-a', world.now()));
    const from = headIn(world)?.id ?? '';
    const moved = await move.run(world.one.fob, { session: from, tenant: 'org-b', console: false }, EXTENSION);
    const session = moved.ok ? moved.value.session : '';
    const own = await reveal.run(world.one.fob, { session, as: 'token' }, EXTENSION);

    // As old as the one Fob has, and so no better.
    await hears(world, AGILICUS, agilicus.signIn('ana', 'org-b', world.now()), { tab: 2 });
    expect(await reveal.run(world.one.fob, { session, as: 'token' }, EXTENSION)).toEqual(own);
    world.pass(MINUTE);
    await hears(world, AGILICUS, agilicus.signIn('ana', 'org-b', world.now()), { tab: 2 });

    expect(world.heads().find(({ id }) => id === session)).toMatchObject({ provenance: 'borrowed', root: from });
  });

  it("is asked with no more once the vendor says that it is somebody else's", async () => {
    const world = await makeMany();
    const values = { client_id: 'client-1', client_secret: 'canary-client-secret' };
    const place = { vendor: 'cloudcheckr', place: CLOUDCHECKR, way: 'client', values };
    const done = await obtain.run(world.one.fob, place, EXTENSION);
    const session = done.ok ? done.value.session : '';
    const { books } = world.vendors.cloudcheckr;
    const { set } = books;
    books.set = (access, issued) => set.call(books, access, { ...issued, tenant: 'customer-z' });
    world.pass(50 * MINUTE);
    await renew.run(world.one.fob, { session }, EXTENSION);

    const answer = await move.run(world.one.fob, { session, tenant: 'customer-b', console: false }, EXTENSION);

    expect(world.heads()).toMatchObject([{ refused: { access: 'identity_changed' } }]);
    expect(answer.ok).toBe(false);
    expect(world.vendors.seen.some(({ path }) => path.includes('/exchange/'))).toBe(false);
  });
});

describe('a console that is removed', () => {
  it('is shown in no tab any more', async () => {
    const world = await makeMany();
    await hears(world, AGILICUS, world.vendors.agilicus.signIn('ana', 'org-a', world.now()), { tab: 1 });
    await hears(world, CLOUDCHECKR, world.vendors.cloudcheckr.signIn('ana', 'customer-a', world.now()), { tab: 2 });

    await remove_deployment.run(world.one.fob, { console: AGILICUS }, EXTENSION);

    expect([...world.tabs.keys()]).toEqual([2]);
  });
});

import { expect, it } from 'vitest';
import { MINUTE } from '../core/time';
import { hears, makeMany, type ManyWorld } from '../testing/many';
import { unsigned } from '../testing/odd-answers';
import { SUBJECT } from '../testing/vendor';
import { AGILICUS, CLOUDCHECKR, ESPER } from '../testing/vendors';
import { consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import { capture } from './capture';
import { keep } from './keep';
import { consent } from './settings';

// What pages can do at worst: there are many of them, and one of them lies.

async function agreed(): Promise<World & { fob: ReturnType<World['worker']>['fob'] }> {
  const world = makeWorld();
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  return Object.assign(world, { fob });
}
const keys = (world: World): number => world.disk.local.size + world.disk.session.size;

it('the same token from a hundred tabs is one session, asked about once, and renewed by nobody', async () => {
  const world = await agreed();
  const { access } = world.vendor.signIn('tenant-a', world.now());

  await Promise.all(Array.from({ length: 100 }, (_, tab) => capture.run(world.fob, { access }, consoleIn(tab + 1))));

  expect(world.heads()).toHaveLength(1);
  expect(world.tabs.size).toBe(100);
  expect(world.sent.map(({ path }) => path)).toEqual(['/api/v1/users/me']);
});

type SignIn = (world: ManyWorld) => string;
it.each<[string, string, SignIn]>([
  ['CloudCheckr', CLOUDCHECKR, ({ vendors, now }) => vendors.cloudcheckr.signIn('88213', 'customer-a', now())],
  ['Esper', ESPER, ({ vendors, now }) => vendors.esper.key({}, now())],
  ['Agilicus', AGILICUS, ({ vendors, now }) => vendors.agilicus.signIn('ana', 'org-a', now())],
])('the same token of %s on the wire of a hundred tabs is asked about once', async (_, console, signIn) => {
  const world = await makeMany();
  const access = signIn(world);

  await Promise.all(Array.from({ length: 100 }, (__, tab) => hears(world, console, access, { tab: tab + 1 })));

  expect(world.heads()).toHaveLength(1);
  expect(world.vendors.seen.filter(({ path }) => /token-info|token\/info|introspect/.test(path))).toHaveLength(1);
});

it('a thousand forged tokens leave nothing behind, on disk or in memory, and harm no session that is there', async () => {
  const world = await agreed();
  const { access } = world.vendor.signIn('tenant-a', world.now());
  await capture.run(world.fob, { access }, consoleIn(7));
  const [before, stored] = [world.heads(), keys(world)];
  const seconds = Math.floor(world.now() / 1000);

  for (let i = 0; i < 1000; i += 1) {
    const claims = { typ: 'access', sub: `mallory-${i}`, tenant_id: 'tenant-a', iat: seconds, exp: seconds + 1800 };
    await capture.run(world.fob, { access: unsigned(claims) }, consoleIn(8));
  }

  expect(world.heads()).toEqual(before);
  expect(keys(world)).toBe(stored);
});

it('a forged newer token of the same person stands for nothing that Fob has of its own', async () => {
  const world = await agreed();
  const { access } = world.vendor.signIn('tenant-a', world.now());
  await capture.run(world.fob, { access }, consoleIn(7));
  const id = world.tabs.get(7)?.session ?? '';
  await keep.run(world.fob, { session: id }, EXTENSION);
  const sealed = world.sealed()[id];
  const seconds = Math.floor((world.now() + MINUTE) / 1000);
  const claims = { typ: 'access', sub: SUBJECT, tenant_id: 'tenant-a', iat: seconds, exp: seconds + 86_400 };

  await capture.run(world.fob, { access: unsigned(claims) }, consoleIn(8));

  expect(world.sealed()[id]).toBe(sealed);
});

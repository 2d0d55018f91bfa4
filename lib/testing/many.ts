import type { Outcome } from '../core/failure';
import type { Head } from '../core/state';
import { after } from '../core/time';
import { capture } from '../operations/capture';
import { hear } from '../operations/hear';
import { add_deployment } from '../operations/hosts';
import { consent } from '../operations/settings';
import { deploymentAt } from '../vendors/index';
import { AGILICUS, makeVendors, type TestVendors } from './vendors';
import { EXTENSION, makeWorld, type Worker, type World } from './world';

/** A world in which all vendors answer, the first-run page is accepted, and one Agilicus console is allowed. */
export type ManyWorld = World & { readonly vendors: TestVendors; readonly one: Worker };

/** A new one; `draw` as in any world, `aheadMs`: how far the vendors' clocks are ahead. */
export async function makeMany({
  aheadMs = 0,
  ...how
}: { readonly draw?: () => number; readonly aheadMs?: number } = {}): Promise<ManyWorld> {
  const vendors = makeVendors();
  const world = makeWorld({
    ...how,
    handle: (request, now) => ({ ...vendors.handle(request, after(now, aheadMs)), startedAt: now }),
  });
  const one = world.worker();
  await consent.run(one.fob, {}, EXTENSION);
  await add_deployment.run(one.fob, { vendor: 'agilicus', console: AGILICUS }, EXTENSION);
  return Object.assign(world, { vendors, one });
}

/** What is said of a console's own request, where it is not what is usual. */
type Heard = { tab?: number; page?: string; status?: number; container?: string; to?: string; fob?: Worker['fob'] };

/** A console's own request with a token, to the API of that console, taken by the vendor. */
export async function hears(
  { one }: ManyWorld,
  console: string,
  access: string,
  { tab = 7, page = console, status = 200, to, fob = one.fob, ...rest }: Heard = {},
): Promise<Outcome<unknown>> {
  const there = deploymentAt(console, (await fob.vault.state()).deployments);
  if (!there) throw new Error(`no vendor knows ${console}`);
  const url = new URL(`${to ?? there.deployment.api}/of-the-console`);
  return hear(fob, { tab, page, url, authorization: `Bearer ${access}`, status, ...rest });
}

/** A page of a console tells what it holds. */
export async function tells({ one: { fob } }: ManyWorld, console: string, access: string, tab = 7) {
  const there = deploymentAt(console, (await fob.vault.state()).deployments);
  if (!there) throw new Error(`no vendor knows ${console}`);
  return capture.run(fob, { access }, { kind: 'console', tab, ...there });
}

/** The session a tab shows. */
export function headIn(world: World, tab = 7): Head | undefined {
  return world.heads().find((one) => one.id === world.tabs.get(tab)?.session);
}

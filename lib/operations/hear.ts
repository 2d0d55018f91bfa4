import { heardOn } from '../detect/wire';
import { ok, type Outcome } from '../core/failure';
import type { WireRequest } from '../core/console-tabs';
import { deploymentAt } from '../vendors/index';
import { received } from './capture';
import type { Caller, Fob } from './fob';

/**
 * A console's own request to its vendor has been answered, and a token went with it. Believed only where the page that asked
 * is the console of the deployment that was asked: anything else says nothing about anybody's session.
 */
export async function hear(fob: Fob, one: WireRequest): Promise<Outcome<unknown>> {
  const { deployments } = await fob.vault.state();
  const found = deploymentAt(one.page, deployments);
  const access = heardOn(found, one);
  // A refused token is no session; neither is one the vendor had trouble with.
  if (!found || access === undefined || !(one.status >= 200 && one.status < 300)) return ok(undefined);
  const caller: Extract<Caller, { kind: 'console' }> = {
    kind: 'console',
    tab: one.tab,
    ...found,
    ...(one.container === undefined ? {} : { container: one.container }),
  };
  return received(fob, { access, isAccepted: true }, caller);
}

import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import { confirm } from './confirm';
import { lockedAs, operation } from './fob';
import { noteUse } from './use';
import { wake } from './wake';

/** A person looks at Fob: what is due is done, claims not yet confirmed are asked about, the console in view is read again. */
export const look = operation({
  from: ['extension'],
  input: v.object({ tabId: v.exactOptional(v.pipe(v.number(), v.integer())) }),
  whileLocked: true,
  async run(fob, { tabId }): Promise<Outcome<void>> {
    if ((await lockedAs(fob)) === 'lock') {
      await fob.publish();
      return ok(undefined);
    }
    const seen = tabId === undefined ? undefined : (await fob.tabs.all())[tabId];
    if (tabId !== undefined && seen) await fob.tabs.look(tabId);
    if (seen?.session !== undefined) await noteUse(fob, seen.session);
    await wake(fob);
    const unconfirmed = Object.values((await fob.vault.state()).heads).filter(
      (head) => head.confirmedAt === undefined || head.previous !== undefined,
    );
    const asked = await Promise.all(unconfirmed.map(async ({ id }) => ({ id, answer: await confirm(fob, id) })));
    await fob.publish();
    return asked.find(({ id }) => id === seen?.session)?.answer ?? ok(undefined);
  },
});

/** A console's content script asks whether it may look at all. Before consent, or where it was told not to, it does nothing. */
export const attend = operation({
  from: ['console'],
  whileLocked: true,
  input: v.object({}),
  async run(fob, _, caller): Promise<Outcome<{ mayLook: boolean }>> {
    if (caller.kind !== 'console') return failed({ code: 'origin_refused' });
    const { consent, policies } = await fob.vault.state();
    if ((await lockedAs(fob)) === 'lock') return ok({ mayLook: false });
    return ok({ mayLook: consent !== undefined && policies[caller.deployment.console]?.keep !== 'never' });
  },
});

import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import { MINUTE, type Instant, after } from '../core/time';
import { confirm } from './confirm';
import { KEPT_FOR, operation } from './fob';
import { wake } from './wake';

/** Being used is noted at most this often (ms). */
const USE_NOTED = 15 * MINUTE;

/** A person looks at Fob: what is due is done, claims not yet confirmed are asked about, the console in view is read again. */
export const look = operation({
  from: ['extension'],
  input: v.object({ tabId: v.exactOptional(v.pipe(v.number(), v.integer())) }),
  async run(fob, { tabId }): Promise<Outcome<void>> {
    const seen = tabId === undefined ? undefined : (await fob.tabs.all())[tabId];
    if (tabId !== undefined && seen) await fob.tabs.look(tabId);
    if (seen?.session !== undefined) await noteUse(seen.session);
    const { heads } = await fob.vault.state();
    await wake(fob);
    await Promise.all(
      Object.values(heads).flatMap((head) => (head.confirmedAt === undefined ? [confirm(fob, head.id)] : [])),
    );
    await fob.publish();
    return ok(undefined);

    async function noteUse(id: string): Promise<void> {
      await fob.vault.transact((state, now: Instant) => {
        const head = state.heads[id];
        const isWorth = head?.keeping === 'kept' && now - head.usedAt >= USE_NOTED;
        return {
          events: isWorth ? [{ type: 'used', id, at: now, keptUntil: after(now, KEPT_FOR) }] : [],
          result: undefined,
        };
      });
    }
  },
});

/** A console's content script asks whether it may look at all. Before consent, or where it was told not to, it does nothing. */
export const attend = operation({
  from: ['console'],
  input: v.object({}),
  async run(fob, _, caller): Promise<Outcome<{ mayLook: boolean }>> {
    if (caller.kind !== 'console') return failed({ code: 'origin_refused' });
    const { consent, policies } = await fob.vault.state();
    return ok({ mayLook: consent !== undefined && policies[caller.deployment.console]?.keep !== 'never' });
  },
});

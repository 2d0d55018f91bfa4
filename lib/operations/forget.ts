import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import type { Decision } from '../vault/vault';
import { operation, reachable } from './fob';

/** Removes every record of a session here. At the vendor its token lives until its end: Prowler offers no way to revoke it. */
export const forget = operation({
  from: ['extension'],
  input: v.object({ session: v.string() }),
  async run(fob, { session }, caller): Promise<Outcome<void>> {
    const done = await fob.vault.transact((state, now): Decision<Outcome<void>> =>
      reachable(state, session, caller)
        ? { events: [{ type: 'forgotten', id: session, at: now }], result: ok(undefined) }
        : { events: [], result: failed({ code: 'unknown_session' }) },
    );
    for (const [tab, seen] of Object.entries(await fob.tabs.all())) {
      if (seen.session !== session) continue;
      const { session: _, ...rest } = seen;
      await fob.tabs.set(Number(tab), { ...rest, shows: 'nothing_yet' });
    }
    await fob.publish();
    return done;
  },
});

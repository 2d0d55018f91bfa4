import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import { plan } from '../core/plan';
import type { SessionId } from '../core/state';
import type { Diagnosis, TimelineEntry } from '../core/view';
import { ladderOf } from '../vendors/index';
import { VaultError } from '../vault/stores';
import { type Fob, operation, reachable } from './fob';
import { forget } from './forget';
import { viewOf } from './view';
import { wake } from './wake';

/** What happened to a session, oldest first: the newest forty things. */
export const timeline = operation({
  from: ['extension'],
  input: v.object({ session: v.string() }),
  run: async (fob, { session }, caller): Promise<Outcome<readonly TimelineEntry[]>> =>
    reachable(await fob.vault.state(), session, caller)
      ? ok(await timelineOf(fob, session))
      : failed({ code: 'unknown_session' }),
});

/** Whether everything is in place for Fob to keep its word. Looks and changes nothing. */
export const diagnose = operation({
  from: ['extension'],
  input: v.object({}),
  async run(fob): Promise<Outcome<Diagnosis>> {
    const seen = { ...(await fob.woken()), stores: await fob.stores.health() };
    try {
      const { consent, heads } = await fob.vault.state();
      const { wakeAt } = plan(Object.values(heads), fob.now(), ladderOf);
      const sessions = (await viewOf(fob)).sessions.map(async (session) => {
        const head = heads[session.id];
        return {
          session,
          isReadable: head !== undefined && (await fob.vault.open(head)).ok,
          ...(head?.clockAheadMs ? { clockAheadMs: head.clockAheadMs } : {}),
          timeline: await timelineOf(fob, session.id),
        };
      });
      return ok({
        ...seen,
        ...(consent ? { consentAt: consent.at } : {}),
        ...(wakeAt ? { wakeAt } : {}),
        sessions: await Promise.all(sessions),
      });
    } catch (error) {
      // Then of all times the rest is wanted.
      if (error instanceof VaultError) return ok({ ...seen, unread: error.failure.code, sessions: [] });
      throw error;
    }
  },
});

/**
 * Mends one thing. wake: does what is due and plans the next wake. stores: takes from either store what the other lacks.
 * lost: what was lost has been seen. unread: forgets the sessions whose seal cannot be opened.
 */
export const repair = operation({
  from: ['extension'],
  input: v.object({ what: v.picklist(['wake', 'stores', 'unread', 'lost']) }),
  async run(fob, { what }, caller): Promise<Outcome<void>> {
    if (what === 'wake') await wake(fob);
    if (what === 'stores') await fob.stores.mend();
    if (what === 'lost') await fob.vault.transact(() => ({ events: [{ type: 'damage_seen' }], result: undefined }));
    if (what === 'unread') {
      for (const head of Object.values((await fob.vault.state()).heads)) {
        if (!(await fob.vault.open(head)).ok) await forget.run(fob, { session: head.id }, caller);
      }
    }
    await fob.publish();
    return ok(undefined);
  },
});

/** The journal, which names types a later or an earlier Fob may not know: who shows it leaves those out. */
const timelineOf = async (fob: Fob, id: SessionId): Promise<readonly TimelineEntry[]> =>
  (await fob.vault.journal(id)).map(({ type, ...entry }) => ({ ...entry, what: type as TimelineEntry['what'] }));

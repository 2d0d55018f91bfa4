import * as v from 'valibot';
import type { FailureCode } from '../core/failure';
import { ok, type Outcome } from '../core/failure';
import { forget } from './forget';
import { operation } from './fob';
import { shut } from './lock';
import { revoke } from './tokens';

/** What became of one session: `isRevoked`: its vendor has ended its token. `code`: why it has not, where it could have. */
export type LetGo = { readonly session: string; readonly isRevoked: boolean; readonly code?: FailureCode };

/**
 * Lets go of everything at once: what a vendor can end is ended there, every session is forgotten here whatever the vendor
 * says, and the vault is locked where something locks it. Each is told as it went.
 */
export const lockdown = operation({
  from: ['extension'],
  input: v.object({}),
  async run(fob, _, caller): Promise<Outcome<{ sessions: readonly LetGo[]; isLocked: boolean }>> {
    const heads = Object.keys((await fob.vault.state()).heads);
    const sessions = await Promise.all(
      heads.map(async (session): Promise<LetGo> => {
        // One that cannot be ended is refused unasked, and so forgotten at once: nothing waits for a vendor but its own.
        const ended = await revoke.run(fob, { session, allSessions: false }, caller);
        await forget.run(fob, { session }, caller);
        const code = ended.ok ? undefined : ended.failure.code;
        return { session, isRevoked: ended.ok, ...(code && code !== 'not_offered' ? { code } : {}) };
      }),
    );
    return ok({ sessions, isLocked: (await shut(fob, 'person')).ok });
  },
});

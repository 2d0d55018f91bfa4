import * as v from 'valibot';
import { ok, type Outcome } from '../core/failure';
import type { Instant } from '../core/time';
import { openSession, operation, placed } from './fob';
import { noteUse } from './use';

/** The one way a token leaves the background: to an extension page, because a person pressed Copy there, or holds it in view. */
export const reveal = operation({
  from: ['extension'],
  input: v.object({ session: v.string(), as: v.picklist(['token', 'curl', 'shown']) }),
  async run(fob, input, caller): Promise<Outcome<{ text: string; expiresAt?: Instant; isCleared?: true }>> {
    const session = await openSession(fob, input.session, caller);
    if (!session.ok) return session;
    const { head, vendor, secrets } = session.value;
    await noteUse(fob, head.id);
    const text = input.as === 'curl' ? vendor.curl(placed(head, secrets.access)) : secrets.access;
    const { preferences } = await fob.vault.state();
    const isCleared = input.as !== 'shown' && preferences?.clearsClipboard && (await fob.clearLater?.(text));
    return ok({
      text,
      ...(head.token.expiresAt === undefined ? {} : { expiresAt: head.token.expiresAt }),
      ...(isCleared ? { isCleared } : {}),
    });
  },
});

import * as v from 'valibot';
import { ok, type Outcome } from '../core/failure';
import type { Instant } from '../core/time';
import { openSession, operation, placed } from './fob';
import { noteUse } from './use';

/** The one way a token leaves the background: to an extension page, because a person pressed Copy there. */
export const reveal = operation({
  from: ['extension'],
  input: v.object({ session: v.string(), as: v.picklist(['token', 'curl']) }),
  async run(fob, input, caller): Promise<Outcome<{ text: string; expiresAt?: Instant }>> {
    const session = await openSession(fob, input.session, caller);
    if (!session.ok) return session;
    const { head, vendor, secrets } = session.value;
    await noteUse(fob, head.id);
    const text = input.as === 'token' ? secrets.access : vendor.curl(placed(head, secrets.access));
    return ok({ text, ...(head.token.expiresAt === undefined ? {} : { expiresAt: head.token.expiresAt }) });
  },
});

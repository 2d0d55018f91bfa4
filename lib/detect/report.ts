import type { Outcome } from '../core/failure';
import { type Instant, MINUTE } from '../core/time';
import type { Found } from './session';

/** A session seen again is reported at most this often (ms), so that the background knows the console is in use. */
const SEEN_AGAIN = 15 * MINUTE;

/** What a console's script asks of the background. */
export type Background = {
  readonly now: () => number;
  readonly mayLook: () => Promise<boolean>;
  readonly capture: (found: { access: string; expiresAt?: string }) => Promise<Outcome<{ expiresAt?: Instant }>>;
  readonly signOut: () => Promise<Outcome<unknown>>;
};

/** Tells the background what was found: what is new at once, what is not now and then. */
export function reporter(rim: Background) {
  let last: { readonly access: string | undefined; readonly reportedAt: number } | undefined;
  let expiresAt: Instant | undefined;

  return {
    /** When the token last reported ends, as far as the background says. */
    expiresAt: () => expiresAt,
    /** Whether there is something to tell. */
    isNews: (found: Found): boolean => {
      switch (found.kind) {
        case 'session':
          return last?.access !== found.access || rim.now() - last.reportedAt >= SEEN_AGAIN;
        case 'signed_out':
          return last === undefined || last.access !== undefined;
        case 'unreadable':
          return false;
      }
    },
    async tell(found: Found): Promise<void> {
      switch (found.kind) {
        case 'session': {
          const { access, expiresAt: signInEnds } = found;
          const captured = await rim.capture({
            access,
            ...(signInEnds === undefined ? {} : { expiresAt: signInEnds }),
          });
          // Not taken: it is reported again at the next look.
          if (!captured.ok) return;
          last = { access, reportedAt: rim.now() };
          expiresAt = captured.value.expiresAt;
          return;
        }
        case 'signed_out':
          if ((await rim.signOut()).ok) last = { access: undefined, reportedAt: rim.now() };
          expiresAt = undefined;
          return;
        case 'unreadable':
          return;
      }
    },
  };
}

import type { Outcome } from '../core/failure';
import { type Instant, instant, MINUTE, SECOND } from '../core/time';
import { mayRead } from './reading-rule';
import type { SessionReader } from './session';

/** A page's read longer ago than this is not "just now" (ms). */
const JUST_NOW = 5 * SECOND;
/** A session seen again is reported at most this often (ms), so that the background knows the console is in use. */
const SEEN_AGAIN = 15 * MINUTE;

/** What attending a console needs of its page and of the background. */
type Rim = {
  readonly now: () => number;
  readonly isVisible: () => boolean;
  readonly read: () => Promise<unknown>;
  readonly mayLook: () => Promise<boolean>;
  readonly capture: (found: { access: string; expiresAt?: string }) => Promise<Outcome<{ expiresAt?: Instant }>>;
  readonly signOut: () => Promise<Outcome<unknown>>;
};

/**
 * Attends one console page whose session can be asked for: looks when the page itself has just looked, or when a person
 * looks at Fob; reports what is new, and stays silent about what is not.
 */
export function attendConsole(reader: SessionReader, rim: Rim): { pageHasRead: () => void; lookAgain: () => void } {
  let reading = false;
  let missed = false;
  /** When the page last read: it counts as just now for a moment only, however long Fob was busy meanwhile. */
  let pageReadAt = -Infinity;
  let last: { readonly access: string | undefined; readonly reportedAt: number } | undefined;
  let expiresAt: Instant | undefined;

  async function look(pageJustRead: boolean): Promise<void> {
    if (pageJustRead) pageReadAt = rim.now();
    if (reading) {
      // The page has read beside a look of Fob's own: what it found is not lost, it is looked at next.
      missed ||= pageJustRead;
      return;
    }
    reading = true;
    try {
      await lookOnce();
    } catch {
      // Nothing was reported, so nothing is noted: the next look tries again.
    } finally {
      reading = false;
    }
    if (!missed) return;
    missed = false;
    await look(false);
  }

  async function lookOnce(): Promise<void> {
    if (!(await rim.mayLook())) return;
    const pageJustRead = rim.now() - pageReadAt <= JUST_NOW;
    // Each read of the page's is good for one of Fob's.
    pageReadAt = -Infinity;
    if (!mayRead({ now: instant(rim.now()), pageJustRead, visible: rim.isVisible(), expiresAt })) return;
    await report(await rim.read());
  }

  async function report(answer: unknown): Promise<void> {
    const found = answer === undefined ? undefined : reader.read(answer);
    switch (found?.kind) {
      case 'session': {
        if (last?.access === found.access && rim.now() - last.reportedAt < SEEN_AGAIN) return;
        const { access, expiresAt: signInEnds } = found;
        const captured = await rim.capture({ access, ...(signInEnds === undefined ? {} : { expiresAt: signInEnds }) });
        // Not taken: it is reported again when the page next looks.
        if (!captured.ok) return;
        last = { access, reportedAt: rim.now() };
        expiresAt = captured.value.expiresAt;
        return;
      }
      case 'signed_out':
        if (last !== undefined && last.access === undefined) return;
        if ((await rim.signOut()).ok) last = { access: undefined, reportedAt: rim.now() };
        expiresAt = undefined;
        return;
      case 'unreadable':
      case undefined:
        return;
    }
  }

  return { pageHasRead: () => void look(true), lookAgain: () => void look(false) };
}

import { instant, SECOND } from '../core/time';
import { mayRead } from './reading-rule';
import { type Background, reporter } from './report';
import type { SessionReader } from './session';

/** A page's read longer ago than this is not "just now" (ms). */
const JUST_NOW = 5 * SECOND;

/** What attending a console needs of its page and of the background. */
type Rim = Background & { readonly isVisible: () => boolean; readonly read: () => Promise<unknown> };

/**
 * Attends one console page whose session can be asked for: looks when the page itself has just looked, or when a person
 * looks at Fob; reports what is new, and stays silent about what is not.
 */
export function attendConsole(reader: SessionReader, rim: Rim): { pageHasRead: () => void; lookAgain: () => void } {
  let reading = false;
  let missed = false;
  /** When the page last read: it counts as just now for a moment only, however long Fob was busy meanwhile. */
  let pageReadAt = -Infinity;
  const report = reporter(rim);

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
    const seen = { now: instant(rim.now()), pageJustRead, visible: rim.isVisible(), expiresAt: report.expiresAt() };
    if (!mayRead(seen)) return;
    const answer = await rim.read();
    const found = answer === undefined ? undefined : reader.read(answer);
    if (found && report.isNews(found)) await report.tell(found);
  }

  return { pageHasRead: () => void look(true), lookAgain: () => void look(false) };
}

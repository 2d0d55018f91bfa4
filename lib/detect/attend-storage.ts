import { MINUTE } from '../core/time';
import { type Background, reporter } from './report';
import type { Found } from './session';

/** A session that was not taken is offered again by itself after this time only (ms): a look costs nothing, a message wakes the background. */
const OFFERED_AGAIN = MINUTE;

/**
 * Attends one console page whose session lies in its storage: looks there whenever something may have changed, tells what is
 * new, and stays silent about what is not. Nothing is read before the background has said that it may be.
 */
export function attendStorage(rim: Background & { readonly read: () => Found }): {
  /** Something has happened, or a person looks. */
  look: () => void;
  /** Time has passed. */
  glance: () => void;
  /** The page is about to go: what it has just cleared away is seen now or never. */
  leave: () => void;
} {
  const report = reporter(rim);
  let mayLook: Promise<boolean> | undefined;
  let isTelling = false;
  /** Whether a session was seen here, and no sign-out since. */
  let hasSeen = false;
  let offered: { readonly what: string; readonly at: number } | undefined;

  async function look(isGlance: boolean): Promise<void> {
    if (isTelling) return;
    isTelling = true;
    try {
      // A refusal is asked about again when something happens; a permission is not, since the background judges what it is told anyway.
      if (mayLook === undefined || (!isGlance && !(await mayLook))) mayLook = rim.mayLook();
      if (!(await mayLook)) return;
      const found = rim.read();
      hasSeen ||= found.kind === 'session';
      // An empty place says something only where a session was seen before: another tab may have one of its own.
      if (!report.isNews(found) || (found.kind === 'signed_out' && !hasSeen)) return;
      const what = found.kind === 'session' ? found.access : found.kind;
      if (isGlance && offered?.what === what && rim.now() - offered.at < OFFERED_AGAIN) return;
      offered = { what, at: rim.now() };
      await report.tell(found);
      if (found.kind === 'signed_out') hasSeen = report.isNews(found);
    } catch {
      // Nothing was told, so nothing is noted: the next look tries again.
      mayLook = undefined;
    } finally {
      isTelling = false;
    }
  }

  return {
    look: () => void look(false),
    glance: () => void look(true),
    leave() {
      if (hasSeen && rim.read().kind === 'signed_out') void report.tell({ kind: 'signed_out' }).catch(() => {});
    },
  };
}

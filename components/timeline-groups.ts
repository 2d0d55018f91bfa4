import type { SessionEvent } from '../lib/core/event';
import type { TimelineEntry } from '../lib/core/view';

type Kind = 'renewal' | 'captured' | 'moved_in' | 'entered' | 'adopted' | 'keeping_set' | 'signed_out' | 'revoked';

/** One thing a person is told of: what made it up, oldest first. */
export type Happening = {
  readonly kind: Kind;
  readonly entries: readonly TimelineEntry[];
  /** How many alike are told as this one. */
  readonly times: number;
};

/** What each event is told as; nothing: it changed nothing a person would ask about, or there is nothing left to tell it of. */
const kinds: { readonly [What in SessionEvent['type']]: Kind | undefined } = {
  renewal_started: 'renewal',
  renewal_failed: 'renewal',
  renewed: 'renewal',
  key_reinstated: 'renewal',
  captured: 'captured',
  moved_in: 'moved_in',
  entered: 'entered',
  adopted: 'adopted',
  keeping_set: 'keeping_set',
  signed_out: 'signed_out',
  revoked: 'revoked',
  sighted: undefined,
  used: undefined,
  confirmed: undefined,
  forgotten: undefined,
};

/** A journal as a person reads it, newest first: one renewal, however often it was tried, is one happening, and so are many that all went well. */
export function happeningsOf(entries: readonly TimelineEntry[]): readonly Happening[] {
  const told: Happening[] = [];
  for (const entry of entries) {
    // A later Fob may have written what this one does not know.
    const kind = Object.hasOwn(kinds, entry.what) ? kinds[entry.what] : undefined;
    const last = told.at(-1);
    if (!kind) continue;
    if (kind === 'renewal' && last?.kind === kind && isOpen(last, entry)) told.push(joined(told.pop() ?? last, entry));
    else told.push({ kind, entries: [entry], times: 1 });
  }
  const newest = told.pop();
  const runs: Happening[] = [];
  for (const one of told) {
    const last = runs.at(-1);
    if (last?.kind === one.kind && wentWell(last) && wentWell(one)) {
      runs[runs.length - 1] = { ...joined(last, ...one.entries), times: last.times + 1 };
    } else runs.push(one);
  }
  return newest ? [newest, ...runs.toReversed()] : [];
}

const joined = (one: Happening, ...more: readonly TimelineEntry[]): Happening => ({
  ...one,
  entries: [...one.entries, ...more],
});

/** Whether a renewal goes on with this entry. A key that was made may turn out not to be taken. */
const isOpen = ({ entries }: Happening, next: TimelineEntry): boolean =>
  entries.at(-1)?.what !== 'renewed' || next.what === 'key_reinstated';

/** Whether there is nothing to tell but that a newer token came. */
const wentWell = ({ entries }: Happening): boolean =>
  ['renewed', 'adopted'].includes(entries.at(-1)?.what ?? '') && entries.every(({ code, dueAt }) => !code && !dueAt);

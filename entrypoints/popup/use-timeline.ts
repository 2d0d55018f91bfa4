import { useEffect, useState } from 'preact/hooks';
import type { Failure } from '../../lib/core/failure';
import type { SessionView, TimelineEntry } from '../../lib/core/view';
import { call } from '../../lib/rpc/client';

/** What is known of a session's history, asked anew whenever the session is not what it was. */
export function useTimeline(session: SessionView): {
  readonly entries: readonly TimelineEntry[] | undefined;
  readonly failure: Failure | undefined;
  readonly onAgain: () => void;
} {
  const [entries, setEntries] = useState<readonly TimelineEntry[]>();
  const [failure, setFailure] = useState<Failure>();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    void call('timeline', { session: session.id }).then((answer) => {
      if (!isCurrent) return;
      setFailure(answer.ok ? undefined : answer.failure);
      if (answer.ok) setEntries(answer.value);
    });
    return () => {
      isCurrent = false;
    };
  }, [session, asked]);
  return { entries, failure, onAgain: () => setAsked(asked + 1) };
}

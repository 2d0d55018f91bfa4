import { useEffect, useState } from 'preact/hooks';
import { present } from '../../components/names';
import type { View } from '../../lib/core/view';
import { call } from '../../lib/rpc/client';
import { onSnapshot, readSnapshot } from '../../lib/rpc/snapshot';

/** What the page knows without asking: the sessions, and what the person has chosen. */
export type Known = Pick<View, 'sessions' | 'preferences'>;

/** The sessions Fob has and the person's choices, as they change. */
export function useKnown(): Known {
  const [known, setKnown] = useState<Known>({ sessions: [] });
  useEffect(() => {
    const stop = onSnapshot(setKnown);
    const read = (): Promise<void> => readSnapshot().then((view) => view && setKnown(view));
    // The background may have slept since the browser started: then the sessions are there once it is awake.
    void read()
      .then(() => call('policies', {}))
      .then(read);
    return stop;
  }, []);
  present(known.preferences?.isMasked);
  return known;
}

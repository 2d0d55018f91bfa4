import { useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../../lib/core/view';
import { call } from '../../lib/rpc/client';
import { onSnapshot, readSnapshot } from '../../lib/rpc/snapshot';

/** The sessions Fob has, as they change. */
export function useSessions(): readonly SessionView[] {
  const [sessions, setSessions] = useState<readonly SessionView[]>([]);
  useEffect(() => {
    const stop = onSnapshot((view) => setSessions(view.sessions));
    const read = (): Promise<void> => readSnapshot().then((view) => view && setSessions(view.sessions));
    // The background may have slept since the browser started: then the sessions are there once it is awake.
    void read()
      .then(() => call('policies', {}))
      .then(read);
    return stop;
  }, []);
  return sessions;
}

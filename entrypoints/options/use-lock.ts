import { useEffect, useState } from 'preact/hooks';
import type { View } from '../../lib/core/view';
import { call } from '../../lib/rpc/client';
import { onSnapshot, readSnapshot } from '../../lib/rpc/snapshot';

/** What is known of the lock, and the sessions it would let end; undefined until the background has told. */
export function useLock(): Pick<View, 'lock' | 'sessions'> | undefined {
  const [view, setView] = useState<View>();
  useEffect(() => {
    const stop = onSnapshot(setView);
    void call('look', {})
      .then(readSnapshot)
      .then((first) => first && setView(first));
    return stop;
  }, []);
  return view;
}

import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Failure } from '../../lib/core/failure';
import type { View } from '../../lib/core/view';
import { activeTab } from '../../lib/rpc/active-tab';
import { call } from '../../lib/rpc/client';
import { onSnapshot, readSnapshot } from '../../lib/rpc/snapshot';

/** The tab the popup was opened over. */
export type ActiveTab = { readonly id: number; readonly url?: string };

/** What the popup knows: the last read model, the tab in view, and how to look again. */
export type Seen = {
  /** The last known read model: painted before the background is awake. */
  readonly view: View | undefined;
  readonly tab: ActiveTab | undefined;
  /** Why the view may be old. */
  readonly failure: Failure | undefined;
  readonly lookAgain: () => void;
};

/** What there is to show, and whether somebody keeps it fresh. */
export function useView(): Seen {
  const [view, setView] = useState<View>();
  const [tab, setTab] = useState<ActiveTab>();
  const [failure, setFailure] = useState<Failure>();

  const look = useCallback(async () => {
    const active = await activeTab();
    setTab(active);
    const looked = await call('look', active ? { tabId: active.id } : {});
    setFailure(looked.ok ? undefined : looked.failure);
    if (looked.ok) {
      const fresh = await readSnapshot();
      if (fresh) setView(fresh);
    }
  }, []);

  useEffect(() => {
    let newest = false;
    const stop = onSnapshot((fresh) => {
      newest = true;
      setView(fresh);
    });
    void readSnapshot().then((first) => {
      if (first && !newest) setView(first);
    });
    void look();
    return stop;
  }, [look]);

  return { view, tab, failure, lookAgain: () => void look() };
}

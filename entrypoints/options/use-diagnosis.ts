import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Failure } from '../../lib/core/failure';
import type { Instant } from '../../lib/core/time';
import type { Diagnosis, SessionView } from '../../lib/core/view';
import { isAllowed, onPermissions } from '../../lib/platform/permissions';
import { call } from '../../lib/rpc/client';
import { nameOf, type OwnHost } from './built-in-hosts';
import type { UsedHost } from './checks';
import { originOf } from './origins';

/** What was found, and when. */
export type Found = { readonly diagnosis: Diagnosis; readonly hosts: readonly UsedHost[]; readonly at: Instant };

/** Looks whether everything is in place: when the page opens, whenever a permission changes, and when asked to. */
export function useDiagnosis() {
  const [found, setFound] = useState<Found>();
  const [failure, setFailure] = useState<Failure>();
  const [isLooking, setLooking] = useState(false);
  const look = useCallback(async (): Promise<void> => {
    setLooking(true);
    const [seen, own] = await Promise.all([call('diagnose', {}), call('deployments', {})]);
    if (seen.ok) {
      const used = usedHosts(
        seen.value.sessions.map(({ session }) => session),
        own.ok ? own.value : [],
      );
      const hosts = await Promise.all(used.map(async (one) => ({ ...one, isAllowed: await isAllowed(one.origin) })));
      setFound({ diagnosis: seen.value, hosts, at: Date.now() as Instant });
    }
    setFailure(seen.ok ? undefined : seen.failure);
    setLooking(false);
  }, []);
  useEffect(() => {
    void look();
    return onPermissions(() => void look());
  }, [look]);
  return { found, failure, isLooking, look };
}

/** Each host once; one that is both is the console's, whose sign-ins would go unnoticed. */
function usedHosts(sessions: readonly SessionView[], own: readonly OwnHost[]): readonly Omit<UsedHost, 'isAllowed'>[] {
  const all = [
    ...own.map((one) => ({ vendor: nameOf(one.vendor), console: one.console, api: one.api })),
    ...sessions.map((one) => ({ vendor: one.vendor.name, console: one.console, api: originOf(one.apiHost) })),
  ];
  const hosts = new Map<string, Omit<UsedHost, 'isAllowed'>>();
  for (const { vendor, console, api } of all) {
    hosts.set(console, { origin: console, vendor, what: 'console' });
    if (!hosts.has(api)) hosts.set(api, { origin: api, vendor, what: 'api' });
  }
  return [...hosts.values()];
}

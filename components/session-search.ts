import type { SessionView } from '../lib/core/view';
import { hostOf, personName, tenantName } from './names';
import { searchNames } from './search-names';

/** The sessions a query finds: by tenant, person, vendor and host. */
export function findSessions(sessions: readonly SessionView[], query: string): readonly SessionView[] {
  const words = sessions.map((session) =>
    [
      tenantName(session.tenant),
      personName(session),
      session.person.email ?? '',
      session.vendor.name,
      hostOf(session.console),
    ].join(' '),
  );
  return searchNames(words, query).flatMap(({ index }) => sessions[index] ?? []);
}

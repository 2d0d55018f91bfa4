import type { SessionView } from '../lib/core/view';
import { hostIn } from './names';
import { searchNames } from './search-names';

/** The sessions a query finds: by tenant, person, vendor and host. */
export function findSessions(sessions: readonly SessionView[], query: string): readonly SessionView[] {
  // As it is, not as it is shown: what is masked is found all the same.
  const words = sessions.map(({ tenant, person, subject, vendor, console }) =>
    [
      tenant.name || tenant.id,
      person.name ?? '',
      person.email ?? '',
      person.name || person.email ? '' : subject,
      vendor.name,
      hostIn(console),
    ].join(' '),
  );
  return searchNames(words, query).flatMap(({ index }) => sessions[index] ?? []);
}

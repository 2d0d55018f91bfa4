import { consoles } from '../../components/consoles';
import type { NeededHost } from '../../components/host-list';
import { hostIn } from '../../components/names';
import type { SessionView } from '../../lib/core/view';

/** A console on somebody's own hosts. */
export type OwnHost = { readonly vendor: string; readonly console: string; readonly api: string };

/** Vendors whose console people run on hosts of their own. `hasApi`: it may be told where its API is. */
export const ownHostVendors: readonly { readonly vendor: string; readonly name: string; readonly hasApi?: true }[] = [
  { vendor: 'prowler', name: 'Prowler', hasApi: true },
  { vendor: 'runai', name: 'Run:ai' },
  { vendor: 'agilicus', name: 'Agilicus' },
];

/** Hosts of the vendors themselves: each by its name, or all of a vendor that gives each tenant one of its own. */
const named: readonly NeededHost[] = consoles.flatMap(({ name, hosts }) =>
  hosts.map((host): NeededHost => ({
    vendor: name,
    host,
    for: host.startsWith('*') ? 'both' : /^(?:app-|cloud\.)/.test(host) ? 'console' : 'api',
  })),
);

/** Where Fob reads and whom it asks: vendor by vendor, for the hosts it comes with, those people added, and every session. */
export function neededHosts(
  sessions: readonly SessionView[],
  own: readonly OwnHost[],
  allowed: readonly string[] = [],
): readonly NeededHost[] {
  const found = new Map(named.map((one) => [one.host, one]));
  const all = [
    ...own.map((one) => ({ vendor: nameOf(one.vendor), console: hostIn(one.console), api: hostIn(one.api) })),
    ...sessions.map((one) => ({ vendor: one.vendor.name, console: hostIn(one.console), api: one.apiHost })),
  ];
  for (const { vendor, console, api } of all) {
    if (console === api) found.set(console, { host: console, vendor, for: 'both' });
    else {
      found.set(console, { host: console, vendor, for: 'console' });
      found.set(api, { host: api, vendor, for: 'api' });
    }
  }
  // A permission has no port, and one that nothing is there for can be taken back all the same.
  const known = new Set([...found.keys()].map((host) => host.replace(/:\d+$/, '')));
  for (const host of allowed) if (!known.has(host)) found.set(host, { host, vendor: '', for: 'nothing' });
  const vendors = [...new Set([...found.values()].map(({ vendor }) => vendor))];
  return vendors.flatMap((vendor) => [...found.values()].filter((one) => one.vendor === vendor));
}

/** What a vendor is called. */
export const nameOf = (vendor: string): string => ownHostVendors.find((one) => one.vendor === vendor)?.name ?? vendor;

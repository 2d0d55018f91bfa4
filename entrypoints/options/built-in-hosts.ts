import type { NeededHost } from '../../components/host-list';
import { hostOf } from '../../components/names';
import type { SessionView } from '../../lib/core/view';

/** A console on somebody's own hosts. */
export type OwnHost = { readonly vendor: string; readonly console: string; readonly api: string };

/** Vendors whose console people run on hosts of their own. `hasApi`: it may be told where its API is. */
export const ownHostVendors: readonly { readonly vendor: string; readonly name: string; readonly hasApi?: true }[] = [
  { vendor: 'prowler', name: 'Prowler', hasApi: true },
  { vendor: 'runai', name: 'Run:ai' },
  { vendor: 'agilicus', name: 'Agilicus' },
];

const regions = ['us', 'eu', 'au', 'gov'];

/** What the browser let Fob reach when it was installed, as the manifest names it. */
export const installed: readonly { readonly name: string; readonly hosts: readonly string[] }[] = [
  { name: 'Prowler', hosts: ['cloud.prowler.com', 'api.prowler.com'] },
  {
    name: 'CloudCheckr',
    hosts: ['app', 'api', 'auth'].map((what) => `${what}-${regions.join('/')}.cloudcheckr.com`),
  },
  { name: 'Esper', hosts: ['*.esper.cloud'] },
  { name: 'Run:ai', hosts: ['*.run.ai'] },
  { name: 'Agilicus', hosts: ['api.agilicus.com'] },
];

/** Hosts of the vendors themselves that have a name of their own. Those of one tenant are known once it has a session. */
const named: readonly NeededHost[] = [
  { vendor: 'Prowler', host: 'cloud.prowler.com', for: 'console' },
  { vendor: 'Prowler', host: 'api.prowler.com', for: 'api' },
  ...regions.flatMap((region): NeededHost[] => [
    { vendor: 'CloudCheckr', host: `app-${region}.cloudcheckr.com`, for: 'console' },
    { vendor: 'CloudCheckr', host: `api-${region}.cloudcheckr.com`, for: 'api' },
    { vendor: 'CloudCheckr', host: `auth-${region}.cloudcheckr.com`, for: 'api' },
  ]),
  { vendor: 'Agilicus', host: 'api.agilicus.com', for: 'api' },
];

/** Where Fob reads and whom it asks: vendor by vendor, for the hosts it comes with, those people added, and every session. */
export function neededHosts(sessions: readonly SessionView[], own: readonly OwnHost[]): readonly NeededHost[] {
  const found = new Map(named.map((one) => [one.host, one]));
  const all = [
    ...own.map((one) => ({ vendor: nameOf(one.vendor), console: hostOf(one.console), api: hostOf(one.api) })),
    ...sessions.map((one) => ({ vendor: one.vendor.name, console: hostOf(one.console), api: one.apiHost })),
  ];
  for (const { vendor, console, api } of all) {
    if (console === api) found.set(console, { host: console, vendor, for: 'both' });
    else {
      found.set(console, { host: console, vendor, for: 'console' });
      found.set(api, { host: api, vendor, for: 'api' });
    }
  }
  const vendors = [...new Set([...found.values()].map(({ vendor }) => vendor))];
  return vendors.flatMap((vendor) => [...found.values()].filter((one) => one.vendor === vendor));
}

/** What a vendor is called. */
export const nameOf = (vendor: string): string => ownHostVendors.find((one) => one.vendor === vendor)?.name ?? vendor;

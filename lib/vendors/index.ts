import type { OwnDeployment } from '../core/state';
import type { Deployment, Rung, Vendor } from '../core/vendor';
import { agilicus } from './agilicus';
import { cloudcheckr } from './cloudcheckr';
import { esper } from './esper';
import { prowler } from './prowler';
import { runai } from './runai';

/** Every vendor Fob knows. One line each: all else follows from the value. */
export const vendors = [prowler, cloudcheckr, esper, runai, agilicus] as const satisfies readonly Vendor[];

/** The vendor of that id. A record of one Fob no longer knows has none. */
export function vendorOf(id: string): Vendor | undefined {
  return vendors.find((one) => one.id === id);
}

/** The ways a vendor's tokens can be renewed; none for a vendor Fob no longer knows. */
export const ladderOf = (id: string): readonly Rung[] => vendorOf(id)?.renewal ?? [];

/** Whose console an address is, and which API belongs to it. `own`: consoles on somebody's own hosts, by origin. */
export function deploymentAt(
  address: string,
  own: Readonly<Record<string, OwnDeployment>> = {},
): { vendor: Vendor; deployment: Deployment } | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const added = Object.hasOwn(own, url.origin) ? own[url.origin] : undefined;
  const vendorThere = added && vendorOf(added.vendor);
  if (added && vendorThere) return { vendor: vendorThere, deployment: { console: added.console, api: added.api } };
  for (const vendor of vendors) {
    const deployment = vendor.deployment(url);
    if (deployment !== undefined) return { vendor, deployment };
  }
  return undefined;
}

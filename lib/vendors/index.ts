import type { Deployment, Vendor } from '../core/vendor';
import { prowler } from './prowler';

/** Every vendor Fob knows. One line each: all else follows from the value. */
export const vendors = [prowler] as const satisfies readonly Vendor[];

/** The vendor of that id. A record of one Fob no longer knows has none. */
export function vendorOf(id: string): Vendor | undefined {
  return vendors.find((one) => one.id === id);
}

/** Whose console an address is, and which API belongs to it. */
export function deploymentAt(address: string): { vendor: Vendor; deployment: Deployment } | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  for (const vendor of vendors) {
    const deployment = vendor.deployment(url);
    if (deployment !== undefined) return { vendor, deployment };
  }
  return undefined;
}

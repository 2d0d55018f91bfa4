/** A company's own hosts and enterprise. */
export type Tenant = { readonly slug: string; readonly name: string; readonly enterpriseId: string };

/** Where people of a tenant go. */
export const consoleHostOf = ({ slug }: Tenant): string => `${slug}.esper.cloud`;

/** Where the keys of a tenant are good. */
export const apiHostOf = ({ slug }: Tenant): string => `${slug}-api.esper.cloud`;

/** Hosts beside the tenants' that are nobody's, one of them named as a tenant's API is. */
export const siblingHosts: readonly string[] = [
  'id',
  'authn2',
  'mission-control-api',
  'onboarding',
  'downloads',
  'dpcdownloads',
  'ping',
  'mqtt',
  'ota',
  'statserv',
  'eea-services',
].map((name) => `${name}.esper.cloud`);

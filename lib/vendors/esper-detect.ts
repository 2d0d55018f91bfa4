/** One label, and no more, before esper.cloud. */
const TENANT = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;
/** Hosts beside the tenants' that are nobody's console. */
const SIBLINGS = new Set('id authn2 onboarding downloads dpcdownloads ping mqtt ota statserv eea-services'.split(' '));

/** Whether a host is a tenant's console: not its API, not another host of the vendor's, not anybody else's. */
export function isEsperConsole(hostname: string): boolean {
  const [, name = ''] = /^([^.]+)\.esper\.cloud$/.exec(hostname) ?? [];
  return TENANT.test(name) && !name.endsWith('-api') && !SIBLINGS.has(name);
}

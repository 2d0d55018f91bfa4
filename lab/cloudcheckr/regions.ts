/** Where a console of the vendor runs. */
export type Region = 'us' | 'eu' | 'au' | 'gov';

/** Every region, each a world of its own. */
export const regions: readonly Region[] = ['us', 'eu', 'au', 'gov'];

/** The hosts of a region. */
export type RegionHosts = { readonly console: string; readonly api: string; readonly auth: string };

/** The names a region is reached by. */
export const hostsOf = (region: Region): RegionHosts => ({
  console: `app-${region}.cloudcheckr.com`,
  api: `api-${region}.cloudcheckr.com`,
  auth: `auth-${region}.cloudcheckr.com`,
});

/** The older product's hosts, its API among them, which are no part of this one. */
export const legacyHosts: readonly string[] = [
  'app.cloudcheckr.com',
  'eu.cloudcheckr.com',
  'au.cloudcheckr.com',
  'gov.cloudcheckr.com',
  'api.cloudcheckr.com',
];

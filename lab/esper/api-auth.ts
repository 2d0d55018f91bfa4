import type { Deployment } from './deployment';
import { invalidKey, noCredentials } from './errors';
import type { Key } from './keys';
import type { Tenant } from './tenants';

/** Reads the Authorization header: the tenant's live key it bears, or a refusal. */
export function authenticate({ keys }: Deployment, authorization: string | undefined, tenant: Tenant): Key {
  const [scheme = '', text = '', ...more] = (authorization ?? '').split(/\s+/);
  if (scheme.toLowerCase() !== 'bearer') throw noCredentials();
  const key = keys.find(text, tenant);
  if (key === undefined || more.length > 0 || keys.stateOf(key) !== 'live') throw invalidKey();
  return key;
}

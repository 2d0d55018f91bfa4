import type { Deployment } from './deployment';
import { authenticationFailed, tokenNotValid, type Family } from './errors';
import { passwordStamp } from './password';
import type { Person } from './world';

/** Who asks, and for which tenant. */
export type Caller = { readonly person: Person; readonly tenantId: string };

/** Reads the Authorization header: nobody when it is absent or of an unknown scheme, and a 401 when it is there and wrong. */
export function authenticate(deployment: Deployment, authorization: string, family: Family): Caller | undefined {
  // The order, and the case, in which the vendor looks.
  if (authorization.startsWith('Api-Key ')) return byApiKey(deployment, authorization.slice('Api-Key '.length));
  const [scheme, token = '', ...more] = authorization.split(/\s+/).filter((part) => part !== '');
  if (scheme !== 'Bearer') return undefined;
  if (token === '' || more.length > 0) {
    throw authenticationFailed(
      'Authorization header must contain two space-delimited values',
      'bad_authorization_header',
    );
  }
  return byAccessToken(deployment, token, family);
}

function byAccessToken({ mint, world }: Deployment, token: string, family: Family): Caller {
  const verdict = mint.judge(token, 'access');
  if (!verdict.ok) throw tokenNotValid(verdict.why, family);
  const { sub, hash_password: stamp, tenant_id: tenantId } = verdict.claims;
  const person = world.people.find(({ id }) => id === sub);
  if (person === undefined) throw authenticationFailed('User not found', 'user_not_found');
  if (!person.isActive) throw authenticationFailed('User is inactive', 'user_inactive');
  if (passwordStamp(person.passwordHash) !== stamp) {
    throw authenticationFailed("The user's password has been changed.", 'password_changed');
  }
  return { person, tenantId };
}

function byApiKey({ world, now }: Deployment, key: string): Caller {
  const [prefix = '', secret] = key.split('.', 2);
  const sameKind = world.apiKeys.some((one) => one.prefix === prefix);
  const found = world.apiKeys.find((one) => one.key === key);
  if (secret === undefined || (sameKind && found === undefined)) throw authenticationFailed('Invalid API Key.');
  const person = world.people.find(({ id }) => id === found?.userId);
  if (found === undefined || person === undefined) throw authenticationFailed('No entity matching this api key.');
  if (found.revoked) throw authenticationFailed('This API Key has been revoked.');
  if (found.expiresAt <= now()) throw authenticationFailed('API Key has already expired.');
  return { person, tenantId: found.tenantId };
}

import type { Deployment } from './deployment';
import { unauthorized } from './errors';
import type { TokenRecord } from './mint';
import { membershipIn, type Person } from './world';

/** The environment the API's requests come with. */
export type ApiEnv = { Bindings: { readonly clientAddress: string } };

/** Who asks, and with which token. */
export type Caller = { readonly person: Person; readonly record: TokenRecord; readonly isOwner: boolean };

/** The token in an Authorization header. */
export const bearerIn = (authorization: string | undefined): string | undefined =>
  /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]?.trim();

/** Reads the bearer. */
export function authenticate({ mint, world }: Deployment, authorization: string | undefined): Caller {
  const { is, record } = mint.judge(bearerIn(authorization) ?? '');
  if (is !== 'live' || record.isRefresh === true) throw unauthorized();
  const person = world.people.find(({ id }) => id === record.sub);
  if (person === undefined || !person.isActive) throw unauthorized();
  return { person, record, isOwner: membershipIn(world, person.id, record.org)?.role === 'owner' };
}

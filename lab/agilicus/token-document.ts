import type { Deployment } from './deployment';
import type { TokenRecord } from './mint';
import type { TimeForm } from './settings';
import { membershipIn, type Membership, type Person } from './world';

/** What a token's document leaves out, or adds as lists do. */
export type DocumentOptions = { readonly excludeRoles?: boolean; readonly asListItem?: boolean };

/** A token as introspection and lists show it. */
export function tokenDocument(
  { world, settings }: Deployment,
  record: TokenRecord,
  { excludeRoles = false, asListItem = false }: DocumentOptions = {},
): Record<string, unknown> {
  const { sub, org, jti, session, iat, exp, audiences, hosts = [], scopes } = record;
  const person = world.people.find(({ id }) => id === sub);
  const first = {
    sub,
    org,
    ...(excludeRoles ? {} : { roles: rolesOf(membershipIn(world, sub, org)) }),
    jti,
    iat: moment(iat, settings.tokenTimes),
    exp: moment(exp, settings.tokenTimes),
    hosts,
    aud: audiences,
    session,
  };
  const listed = asListItem ? { revoked: record.revoked, updated: new Date(record.updatedAt).toISOString() } : {};
  if (settings.release === 'first') return { ...first, ...(asListItem ? { scopes } : {}), ...listed };
  return {
    ...first,
    scopes,
    ...(person === undefined ? {} : { sub_email: person.email, user: userDocument(person) }),
    root_org: world.orgs.find(({ id }) => id === org)?.rootId,
    creating_sub: record.creatingSub,
    creating_org: record.creatingOrg,
    masquerading: false,
    resource_permissions: [],
    last_mfa_time: record.mfaAt,
    ...(record.isRefresh === true ? { refresh_token_jti: jti } : {}),
    ...listed,
    ...(settings.unknownKeys ? { x_shard: 'a1', trust_level: 2 } : {}),
  };
}

/** A user as documents carry them. */
export const userDocument = ({ id, name, email, isActive }: Person): Record<string, unknown> => ({
  id,
  email,
  full_name: name,
  first_name: name.split(' ')[0],
  last_name: name.split(' ').slice(1).join(' '),
  type: 'user',
  enabled: isActive,
});

/** What somebody's place lets them be, by application. */
export const rolesOf = (membership: Membership | undefined): Record<string, string[]> =>
  membership === undefined
    ? {}
    : {
        'urn:api:agilicus:applications': [membership.role],
        'urn:api:agilicus:users': [membership.role],
      };

function moment(seconds: number, form: TimeForm): number | string {
  switch (form) {
    case 'number':
      return seconds;
    case 'text':
      return String(seconds);
    case 'iso':
      return new Date(seconds * 1000).toISOString();
  }
}

import type { Deployment } from './deployment';
import { membershipsOf, rolesOf, type Membership, type Person, type Role, type Tenant } from './world';

/** A JSON:API resource. */
export type Resource = { readonly type: string; readonly id: string } & Readonly<Record<string, unknown>>;

const identifier = (type: string, { id }: { readonly id: string }): { type: string; id: string } => ({ type, id });

const iso = (at: number): string => new Date(at).toISOString();

/** A person, as `/users/me` shows them to themselves: all memberships, but the roles of the active tenant only. */
export function userResource({ world, settings }: Deployment, person: Person, activeTenantId: string): Resource {
  const memberships = membershipsOf(world, person.id);
  const roles = rolesOf(world, person.id, activeTenantId);
  return {
    ...identifier('users', person),
    attributes: {
      name: person.name,
      email: person.email,
      company_name: person.companyName,
      date_joined: iso(person.joinedAt),
    },
    relationships: {
      memberships: {
        data: memberships.map((one) => ({
          ...identifier('memberships', one),
          ...(settings.tellsActiveMembership ? { meta: { active: one.tenantId === activeTenantId } } : {}),
        })),
        meta: { count: memberships.length },
      },
      roles: { data: roles.map((one) => identifier('roles', one)), meta: { count: roles.length } },
    },
  };
}

/** A membership. */
export const membershipResource = (one: Membership): Resource => ({
  ...identifier('memberships', one),
  attributes: { role: one.role, date_joined: iso(one.joinedAt) },
  relationships: {
    user: { data: { type: 'users', id: one.userId } },
    tenant: { data: { type: 'tenants', id: one.tenantId } },
  },
});

/** A role. */
export const roleResource = (one: Role): Resource => ({
  ...identifier('roles', one),
  attributes: {
    name: one.name,
    ...one.permissions,
    permission_state: Object.values(one.permissions).every(Boolean) ? 'unlimited' : 'limited',
    inserted_at: iso(one.insertedAt),
    updated_at: iso(one.insertedAt),
  },
});

/** A tenant by its name only, as it is included elsewhere. */
export const tenantName = (one: Tenant): Resource => ({
  ...identifier('tenants', one),
  attributes: { name: one.name },
});

/** A tenant with the memberships of everybody in it. */
export function tenantResource({ world }: Deployment, one: Tenant): Resource {
  const memberships = world.memberships.filter(({ tenantId }) => tenantId === one.id);
  return {
    ...tenantName(one),
    relationships: {
      memberships: {
        meta: { count: memberships.length },
        data: memberships.map((membership) => identifier('memberships', membership)),
      },
    },
  };
}

import { randomUUID } from 'node:crypto';
import type { ServerClock } from '../settings';
import { hashPassword } from './password';

/** Somebody with an account. */
export type Person = {
  readonly id: string;
  name: string;
  readonly email: string;
  readonly companyName: string;
  readonly joinedAt: number;
  /** In clear, for tests to type in; the servers compare the hash. */
  password: string;
  passwordHash: string;
  isActive: boolean;
};

/** An organization. */
export type Tenant = { readonly id: string; readonly name: string; readonly insertedAt: number; updatedAt: number };

/** A person's place in a tenant. */
export type Membership = {
  readonly id: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly role: 'owner' | 'member';
  readonly joinedAt: number;
};

/** What somebody may do in a tenant. */
export type Permissions = {
  readonly manage_users: boolean;
  readonly manage_account: boolean;
  readonly manage_integrations: boolean;
  readonly manage_providers: boolean;
  readonly manage_scans: boolean;
  readonly unlimited_visibility: boolean;
};

/** A named set of permissions, held in one tenant by one person. */
export type Role = {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly permissions: Permissions;
  readonly insertedAt: number;
};

/** A long-lived key of one person for one tenant. */
export type ApiKey = {
  readonly key: string;
  readonly prefix: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly expiresAt: number;
  revoked: boolean;
};

/** The vendor's database. */
export type World = {
  readonly people: Person[];
  readonly tenants: Tenant[];
  readonly memberships: Membership[];
  readonly roles: Role[];
  readonly apiKeys: ApiKey[];
};

/** An empty database. */
export const emptyWorld = (): World => ({ people: [], tenants: [], memberships: [], roles: [], apiKeys: [] });

/** What is needed to open an account. */
export type NewPerson = {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly companyName?: string;
};

/** Adds a person without any tenant. */
export function addPerson(
  world: World,
  now: ServerClock,
  { name, email, password, companyName = '' }: NewPerson,
): Person {
  const person: Person = {
    id: randomUUID(),
    name,
    email,
    companyName,
    joinedAt: now(),
    password,
    passwordHash: hashPassword(password),
    isActive: true,
  };
  world.people.push(person);
  return person;
}

/** Adds a tenant without any member. */
export function addTenant(world: World, now: ServerClock, name: string): Tenant {
  // Orders by time must hold for tenants made within one millisecond too.
  const insertedAt = Math.max(now(), (world.tenants.at(-1)?.insertedAt ?? 0) + 1);
  const tenant = { id: randomUUID(), name, insertedAt, updatedAt: insertedAt };
  world.tenants.push(tenant);
  return tenant;
}

/** Adds a person to a tenant, with the permissions that go with the place. */
export function addMembership(
  world: World,
  now: ServerClock,
  { person, tenant, role = 'member' }: { person: Person; tenant: Tenant; role?: Membership['role'] },
): Membership {
  const joinedAt = Math.max(now(), (world.memberships.at(-1)?.joinedAt ?? 0) + 1);
  const membership: Membership = { id: randomUUID(), userId: person.id, tenantId: tenant.id, role, joinedAt };
  world.memberships.push(membership);
  world.roles.push({
    id: randomUUID(),
    name: role === 'owner' ? 'admin' : 'analyst',
    userId: person.id,
    tenantId: tenant.id,
    permissions: permissionsOf(role),
    insertedAt: joinedAt,
  });
  return membership;
}

const permissionsOf = (role: Membership['role']): Permissions => ({
  manage_users: role === 'owner',
  manage_account: role === 'owner',
  manage_integrations: role === 'owner',
  manage_providers: role === 'owner',
  manage_scans: true,
  unlimited_visibility: role === 'owner',
});

/** A person's memberships, the oldest first. */
export const membershipsOf = (world: World, userId: string): Membership[] =>
  world.memberships.filter((one) => one.userId === userId).sort((a, b) => a.joinedAt - b.joinedAt);

/** Whether the person belongs to the tenant. */
export const isMember = (world: World, userId: string, tenantId: string): boolean =>
  world.memberships.some((one) => one.userId === userId && one.tenantId === tenantId);

/** What the person may do in the tenant. */
export const rolesOf = (world: World, userId: string, tenantId: string): Role[] =>
  world.roles.filter((one) => one.userId === userId && one.tenantId === tenantId);

/** The person with this address, in whatever case it is written. */
export const personByEmail = (world: World, email: string): Person | undefined =>
  world.people.find((one) => one.email.toLowerCase() === email.toLowerCase());

/** Removes everything from `list` that matches, in place. */
export function removeWhere<T>(list: T[], matches: (one: T) => boolean): void {
  list.splice(0, list.length, ...list.filter((one) => !matches(one)));
}

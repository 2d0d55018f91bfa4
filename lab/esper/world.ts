import type { Tenant } from './tenants';

/** Somebody with a login in one tenant; the same person may have one in another. */
export type User = {
  readonly id: number;
  readonly tenant: Tenant;
  readonly name: string;
  readonly username: string;
  readonly email: string;
  /** In clear, for tests to type in. */
  password: string;
  isActive: boolean;
};

/** A made device, for consoles to show. */
export type Device = {
  readonly id: string;
  readonly tenant: Tenant;
  readonly name: string;
  readonly model: string;
  readonly state: string;
};

/** The vendor's database, apart from its keys. */
export type World = { readonly tenants: readonly Tenant[]; readonly users: User[]; readonly devices: Device[] };

/** What is needed to open a login. */
export type NewUser = {
  readonly name: string;
  readonly email: string;
  readonly tenant: Tenant;
  readonly password?: string;
};

let made = 0;

/** A password nobody else has, recognisable wherever it leaks to. */
const canaryPassword = (): string => `canary-esper-pw-${(++made).toString(36).padStart(4, '0')}-Aa1!`;

/** Adds somebody to a tenant. */
export function addUser(world: World, { name, email, tenant, password = canaryPassword() }: NewUser): User {
  const user: User = {
    id: 4100 + world.users.length,
    tenant,
    name,
    username: email.split('@', 1)[0] ?? name,
    email,
    password,
    isActive: true,
  };
  world.users.push(user);
  return user;
}

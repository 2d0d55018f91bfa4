import { randomUUID } from 'node:crypto';
import { canaryPassword } from '../prowler/fixtures';
import { hashPassword } from '../prowler/password';

/** A customer: one host, one realm, tokens of its own. */
export type Tenant = {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly realm: string;
  /** What its tokens say they are from. */
  readonly issuer: string;
};

/** Somebody, whatever tenants they have accounts in. */
export type Person = { readonly name: string; readonly email: string; password: string; passwordHash: string };

/** A person's account in one tenant's realm. */
export type Account = {
  readonly id: string;
  readonly person: Person;
  readonly tenant: Tenant;
  readonly isAdmin: boolean;
  isActive: boolean;
};

/** Credentials of a program: a tenant's own, or a key that acts for a person. */
export type Application = {
  readonly id: string;
  readonly name: string;
  readonly tenant: Tenant;
  /** Absent for a service account. */
  readonly account?: Account;
  secret: string;
  revoked: boolean;
};

/** The vendor's database. */
export type World = {
  readonly tenants: readonly Tenant[];
  readonly people: Person[];
  readonly accounts: Account[];
  readonly applications: Application[];
};

/** Adds a person without any account. */
export function addPerson(
  world: World,
  { name, email, password = canaryPassword() }: { name: string; email: string; password?: string },
): Person {
  const person = { name, email, password, passwordHash: hashPassword(password) };
  world.people.push(person);
  return person;
}

/** Gives a person an account in a tenant. */
export function addAccount(world: World, person: Person, tenant: Tenant, isAdmin = false): Account {
  const account: Account = { id: randomUUID(), person, tenant, isAdmin, isActive: true };
  world.accounts.push(account);
  return account;
}

/** Adds credentials for a program. */
export function addApplication(
  world: World,
  given: { readonly name: string; readonly tenant: Tenant; readonly account?: Account },
): Application {
  const application: Application = { id: randomUUID(), secret: canarySecret(), revoked: false, ...given };
  world.applications.push(application);
  return application;
}

/** A secret recognisable wherever it leaks to. */
export const canarySecret = (): string => `canary-secret-${randomUUID().replaceAll('-', '')}`;

/** The account of a person in a tenant. */
export const accountOf = (world: World, person: Person, tenant: Tenant): Account | undefined =>
  world.accounts.find((one) => one.person === person && one.tenant === tenant);

/** The active account with this address in one of the tenants. */
export const accountByEmail = (world: World, email: string, tenants: readonly Tenant[]): Account | undefined =>
  world.accounts.find(
    ({ person, tenant, isActive }) =>
      isActive && tenants.includes(tenant) && person.email.toLowerCase() === email.toLowerCase(),
  );

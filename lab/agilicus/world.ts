import { canaryPassword } from '../prowler/fixtures';
import { hashPassword } from '../prowler/password';
import type { ServerClock } from '../settings';
import { newId } from './ids';

/** A domain with an issuer and consoles of its own: the vendor's, or a customer's name for it. */
export type Domain = { readonly name: string; readonly issuerId: string };

/** An organisation, which may be part of another. */
export type Org = {
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
  readonly parentId?: string;
  readonly rootId: string;
  readonly createdAt: number;
  updatedAt: number;
  enabled: boolean;
};

/** Somebody with an account at a domain's issuer. */
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly domain: Domain;
  password: string;
  passwordHash: string;
  isActive: boolean;
};

/** A person's place in an organisation. */
export type Membership = { readonly userId: string; readonly orgId: string; readonly role: 'owner' | 'viewer' };

/** The vendor's database. */
export type World = {
  readonly domains: readonly Domain[];
  readonly orgs: Org[];
  readonly people: Person[];
  readonly memberships: Membership[];
};

/** The address of a domain's issuer. */
export const issuerOf = ({ name }: Domain): string => `https://auth.${name}`;

/** Adds an organisation, under another one or at the root. */
export function addOrg(
  world: World,
  now: ServerClock,
  { name, domain, parent }: { readonly name: string; readonly domain: Domain; readonly parent?: Org },
): Org {
  const id = newId();
  const org: Org = {
    id,
    name,
    domain,
    ...(parent === undefined ? {} : { parentId: parent.id }),
    rootId: parent?.rootId ?? id,
    createdAt: now(),
    updatedAt: now(),
    enabled: true,
  };
  world.orgs.push(org);
  return org;
}

/** Adds a person without any organisation. */
export function addPerson(
  world: World,
  given: { readonly name: string; readonly email: string; readonly domain: Domain; readonly password?: string },
): Person {
  const { name, email, domain, password = canaryPassword() } = given;
  const person = { id: newId(), name, email, domain, password, passwordHash: hashPassword(password), isActive: true };
  world.people.push(person);
  return person;
}

/** Where the person belongs, the oldest place first: that is where a sign-in begins. */
export const membershipsOf = (world: World, userId: string): Membership[] =>
  world.memberships.filter((one) => one.userId === userId);

/** The person's place in the organisation. */
export const membershipIn = (world: World, userId: string, orgId: string): Membership | undefined =>
  world.memberships.find((one) => one.userId === userId && one.orgId === orgId);

/** The organisation and everything below it. */
export function withChildren(world: World, org: Org): Org[] {
  const children = world.orgs.filter(({ parentId }) => parentId === org.id);
  return [org, ...children.flatMap((child) => withChildren(world, child))];
}

/** The active person with this address at a domain. */
export const personByEmail = (world: World, email: string, domain: Domain): Person | undefined =>
  world.people.find((one) => one.isActive && one.domain === domain && one.email.toLowerCase() === email.toLowerCase());

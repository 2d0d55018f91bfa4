import { randomBytes, randomUUID } from 'node:crypto';
import type { ServerClock } from '../settings';
import type { Region } from './regions';

/** A tenant. Partners have customers under them, and those may have their own: three levels. */
export type Customer = {
  readonly id: string;
  readonly region: Region;
  readonly name: string;
  readonly parentId: string | null;
  readonly signupType: 'Partner' | 'Direct';
  readonly createdAt: number;
  disabledAt: number | null;
};

/** Who a token is for, whichever way it was asked for. */
type Owner = {
  readonly region: Region;
  readonly customerId: string;
  roles: readonly string[];
  /** Customers allowed besides those the roles open. */
  readonly grants: Set<string>;
};

/** Somebody who signs in at the console. */
export type User = Owner & {
  readonly kind: 'user';
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** In clear, for tests to type in. */
  password: string;
  isActive: boolean;
};

/** A machine, with up to five access keys. */
export type ApiClient = Owner & {
  readonly kind: 'client';
  readonly id: string;
  readonly accessKeys: { readonly secret: string; readonly expiresAt: number; revoked: boolean }[];
};

/** A user or a machine. */
export type Principal = User | ApiClient;

/** The vendor's database. */
export type World = {
  readonly customers: Map<string, Customer>;
  readonly users: User[];
  readonly clients: ApiClient[];
};

/** An empty database. */
export const emptyWorld = (): World => ({ customers: new Map(), users: [], clients: [] });

/** The role that opens everything under one's own customer. */
export const partnerRole = 'PartnerSysAdmin';

/** What is needed to open a customer: its parent's region is its own. */
export type NewCustomer = { readonly name: string } & (
  { readonly parent: Customer } | { readonly region: Region; readonly parent?: undefined }
);

/** Adds a customer without anybody in it. */
export function addCustomer(world: World, now: ServerClock, input: NewCustomer): Customer {
  const { name, parent } = input;
  const customer: Customer = {
    id: randomUUID(),
    region: parent === undefined ? input.region : parent.region,
    name,
    parentId: parent?.id ?? null,
    signupType: parent === undefined ? 'Direct' : 'Partner',
    createdAt: now(),
    disabledAt: null,
  };
  world.customers.set(customer.id, customer);
  return customer;
}

let made = 0;

/** A secret nobody else has, recognisable wherever it leaks to. */
const canary = (kind: string): string => `canary-${kind}-${(++made).toString(36).padStart(4, '0')}`;

/** What is needed to open an account. */
export type NewUser = {
  readonly name: string;
  readonly email: string;
  readonly customer: Customer;
  readonly roles?: readonly string[];
  readonly password?: string;
};

/** Adds somebody to a customer. */
export function addUser(world: World, { customer, roles = ['BasicUser'], ...account }: NewUser): User {
  const user: User = {
    kind: 'user',
    id: randomUUID(),
    password: `${canary('cmx-pw')}-Aa1!`,
    ...account,
    region: customer.region,
    customerId: customer.id,
    roles,
    grants: new Set(),
    isActive: true,
  };
  world.users.push(user);
  return user;
}

/** Adds a machine to a customer, without an access key. */
export function addClient(world: World, customer: Customer, roles: readonly string[]): ApiClient {
  if (roles.length > 10) throw new Error('a client holds ten roles at most');
  const client: ApiClient = {
    kind: 'client',
    id: randomBytes(16).toString('hex'),
    region: customer.region,
    customerId: customer.id,
    roles,
    grants: new Set(),
    accessKeys: [],
  };
  world.clients.push(client);
  return client;
}

/** Gives a machine one more access key. */
export function addAccessKey({ accessKeys }: ApiClient, expiresAt: number): string {
  if (accessKeys.length >= 5) throw new Error('a client holds five access keys at most');
  const secret = `${canary('cmx-key')}-${randomBytes(24).toString('base64url')}`;
  accessKeys.push({ secret, expiresAt, revoked: false });
  return secret;
}

/** Whether a customer is the other one, or somewhere under it. */
export function isWithin(world: World, customer: Customer, ancestorId: string): boolean {
  for (let at: Customer | undefined = customer; at !== undefined; at = world.customers.get(at.parentId ?? '')) {
    if (at.id === ancestorId) return true;
  }
  return false;
}

/** Whether a customer is among those somebody may see and be moved to. */
export const reaches = (world: World, who: Principal, customer: Customer): boolean =>
  customer.region === who.region &&
  (customer.id === who.customerId ||
    who.grants.has(customer.id) ||
    (who.roles.includes(partnerRole) && isWithin(world, customer, who.customerId)));

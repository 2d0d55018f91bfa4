import type { Site } from '../front';
import { knownTokenIdsIn, type TokenIds } from '../ledger';
import type { ServerClock } from '../settings';
import { createApi, createAuth } from './api';
import { tokenState, type TokenState } from './api-auth';
import { createCodes } from './codes';
import { createConsole } from './console';
import type { Deployment } from './deployment';
import { plant, type FixtureCustomers, type FixturePeople } from './fixtures';
import { hostsOf, legacyHosts, regions } from './regions';
import type { CloudCheckrSettings } from './settings';
import { createMint } from './tokens';
import {
  addAccessKey,
  addClient,
  addCustomer,
  addUser,
  emptyWorld,
  type ApiClient,
  type Customer,
  type NewCustomer,
  type NewUser,
  type Principal,
  type User,
} from './world';

/** What tests arrange behind the vendor's servers, and the truth they check against. */
export type CloudCheckr = {
  readonly people: FixturePeople;
  readonly customers: FixtureCustomers;
  addCustomer(input: NewCustomer): Customer;
  /** Makes customers by number under a parent, 10,000 if need be. */
  addCustomers(parent: Customer, count: number): Customer[];
  /** Closes a customer: it stays in lists, and no token is given for it. */
  disableCustomer(customer: Customer): void;
  addUser(input: NewUser): User;
  /** Allows a customer that the roles do not open. */
  allow(who: Principal, customer: Customer): void;
  withdraw(who: Principal, customer: Customer): void;
  deactivate(user: User): void;
  deleteUser(user: User): void;
  addClient(customer: Customer, roles?: readonly string[]): ApiClient;
  addAccessKey(client: ApiClient, options?: { expiresAt?: number }): string;
  revokeAccessKey(client: ApiClient, secret: string): void;
  /** A token as sign-in gives it, without any request; for another customer as if exchanged. */
  issueToken(owner: Principal, options?: { customer?: Customer; lifeMs?: number }): string;
  revokeToken(token: string): void;
  /** What the servers say to a token now. */
  stateOf(token: string): TokenState;
  /** The id a token has in the ledger. */
  idOf(token: string): string | undefined;
  /** Every token ever issued, whole, for searches after leaks. In memory only. */
  issuedTokens(): string[];
};

/** A vendor's part of the lab: its hosts, and its tokens as the ledger knows them. */
export type CloudCheckrParts = {
  readonly cloudcheckr: CloudCheckr;
  readonly sites: ReadonlyMap<string, Site>;
  tokenIdsIn(text: string): TokenIds;
};

const DAY = 24 * 3_600_000;

/** Starts the vendor in all its regions, with its people and customers. */
export function createCloudCheckr(settings: CloudCheckrSettings, now: ServerClock): CloudCheckrParts {
  const world = emptyWorld();
  const planted = plant(world, () => now() - 400 * DAY);
  const mint = createMint(settings, now);
  const cloudcheckr: CloudCheckr = {
    ...planted,
    addCustomer: (input) => addCustomer(world, now, input),
    addCustomers: (parent, count) =>
      Array.from({ length: count }, (_, index) =>
        addCustomer(world, now, { name: `Customer ${String(index + 1).padStart(5, '0')}`, parent }),
      ),
    disableCustomer: (customer) => void (customer.disabledAt = now()),
    addUser: (input) => addUser(world, input),
    allow: (who, customer) => void who.grants.add(customer.id),
    withdraw: (who, customer) => void who.grants.delete(customer.id),
    deactivate: (user) => void (user.isActive = false),
    deleteUser: (user) => void world.users.splice(world.users.indexOf(user), 1),
    addClient: (customer, roles = ['BasicUser']) => addClient(world, customer, roles),
    addAccessKey: (client, { expiresAt = now() + 90 * DAY } = {}) => addAccessKey(client, expiresAt),
    revokeAccessKey({ accessKeys }, secret) {
      for (const key of accessKeys) key.revoked ||= key.secret === secret;
    },
    issueToken: (owner, { customer, lifeMs } = {}) =>
      mint.issue(owner, {
        ...(customer === undefined ? {} : { customerId: customer.id }),
        ...(lifeMs === undefined ? {} : { lifeMs }),
      }).token,
    revokeToken(token) {
      for (const one of mint.issued) if (one.token === token) one.ended = 'revoked';
    },
    stateOf(token) {
      const region = mint.issued.find((one) => one.token === token)?.owner.region;
      return region === undefined ? 'not_ours' : tokenState({ world, mint, settings, now }, token, region);
    },
    idOf: (token) => mint.idOf(token),
    issuedTokens: () => mint.issued.map(({ token }) => token),
  };
  return {
    cloudcheckr,
    sites: sitesOf({ world, mint, settings, now }),
    tokenIdsIn: (text) => knownTokenIdsIn(text, mint.idOf),
  };
}

function sitesOf(deployment: Deployment): Map<string, Site> {
  const sites = new Map<string, Site>();
  for (const region of regions) {
    const hosts = hostsOf(region);
    const codes = createCodes(deployment.now);
    const webConsole = createConsole(deployment.settings, region);
    const api = createApi(deployment, { region, codes });
    const auth = createAuth(deployment, { region, codes });
    sites.set(hosts.console, { tokensInAnswers: 'disclosed', fetch: (request, env) => webConsole.fetch(request, env) });
    sites.set(hosts.api, { tokensInAnswers: 'issued', fetch: (request, env) => api.fetch(request, env) });
    sites.set(hosts.auth, { tokensInAnswers: 'issued', fetch: (request, env) => auth.fetch(request, env) });
  }
  for (const host of legacyHosts) sites.set(host, { tokensInAnswers: 'disclosed', fetch: legacyPage });
  return sites;
}

const legacyPage = (): Response =>
  new Response('<!doctype html><html lang="en"><title>CloudCheckr</title><h1>CloudCheckr Classic</h1></html>', {
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  });

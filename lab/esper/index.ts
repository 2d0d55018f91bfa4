import type { Site } from '../front';
import { knownTokenIdsIn, type TokenIds } from '../ledger';
import type { ServerClock } from '../settings';
import { createApi } from './api';
import { createConsole } from './console';
import type { Deployment } from './deployment';
import { planted, type FixturePeople, type FixtureTenants } from './fixtures';
import { createKeyRing, type Key, type KeyOrder, type KeyState } from './keys';
import type { EsperSettings } from './settings';
import { apiHostOf, consoleHostOf, siblingHosts } from './tenants';
import { addUser, type NewUser, type User } from './world';

/** What tests arrange behind the vendor's servers, and the truth they check against. */
export type Esper = {
  readonly people: FixturePeople;
  readonly tenants: FixtureTenants;
  addUser(input: NewUser): User;
  /** Keys die with their user. */
  deactivate(user: User): void;
  deleteUser(user: User): void;
  /** A key as the console gives it, without any request: for an app of its own unless told, null for none. */
  issueKey(user: User, order?: KeyOrder): string;
  revokeKey(key: string): void;
  /** Ends a key's time at once. */
  expireKey(key: string): void;
  /** What the console calls Replace: another key for the same app, and the old one is dead. */
  replaceKey(key: string): string;
  /** Whom a key is for, and the app it can be renewed for. */
  detailsOf(key: string): {
    readonly enterprise: string;
    readonly developerApp: string | undefined;
    readonly expiresAt: number | null;
  };
  stateOf(key: string): KeyState;
  /** The id a key has in the ledger. */
  idOf(key: string): string | undefined;
  /** Every key of somebody that works now: each renewal adds one. */
  liveKeys(user: User): string[];
  /** Every secret ever issued, whole, for searches after leaks: nothing in a key itself is recognisable. In memory only. */
  issuedTokens(): string[];
};

/** A vendor's part of the lab: its hosts, and its keys as the ledger knows them. */
export type EsperParts = {
  readonly esper: Esper;
  readonly sites: ReadonlyMap<string, Site>;
  tokenIdsIn(text: string): TokenIds;
};

/** Starts the vendor with its tenants and people. */
export function createEsper(settings: EsperSettings, now: ServerClock): EsperParts {
  const { world, people, tenants } = planted();
  const keys = createKeyRing(world, settings, now);
  const known = (key: string): Key => {
    const found = keys.find(key);
    if (found === undefined) throw new Error('no key of this lab');
    return found;
  };
  const esper: Esper = {
    people,
    tenants,
    addUser: (input) => addUser(world, input),
    deactivate: (user) => void (user.isActive = false),
    deleteUser: (user) => void world.users.splice(world.users.indexOf(user), 1),
    issueKey: (user, order) => keys.issue(user, order).key,
    revokeKey: (key) => keys.end(known(key), 'revoked'),
    expireKey: (key) => void (known(key).expiresAt = now()),
    replaceKey(key) {
      const old = known(key);
      keys.end(old, 'replaced');
      return keys.issue(old.user, { developerApp: old.developerApp ?? null }).key;
    },
    detailsOf(key) {
      const { user, developerApp, expiresAt } = known(key);
      return { enterprise: user.tenant.enterpriseId, developerApp, expiresAt };
    },
    stateOf(key) {
      const found = keys.find(key);
      return found === undefined ? 'not_ours' : keys.stateOf(found);
    },
    idOf: (key) => keys.idOf(key),
    liveKeys: (user) =>
      keys.issued.filter((one) => one.user === user && keys.stateOf(one) === 'live').map(({ key }) => key),
    issuedTokens: () => keys.issued.flatMap(({ key, refreshToken }) => [key, refreshToken]),
  };
  return {
    esper,
    sites: sitesOf({ world, keys, settings, now }),
    tokenIdsIn: (text) => knownTokenIdsIn(text, keys.idOf),
  };
}

function sitesOf(deployment: Deployment): Map<string, Site> {
  const sites = new Map<string, Site>();
  for (const tenant of deployment.world.tenants) {
    const webConsole = createConsole(deployment, tenant);
    const api = createApi(deployment, tenant);
    sites.set(consoleHostOf(tenant), {
      tokensInAnswers: (path) => (path === '/login' ? 'issued' : 'disclosed'),
      fetch: (request, env) => webConsole.fetch(request, env),
    });
    sites.set(apiHostOf(tenant), {
      // Token info shows the very key it is asked with.
      tokensInAnswers: (path) => (path.endsWith('/token-info/') ? 'disclosed' : 'issued'),
      fetch: (request, env) => api.fetch(request, env),
    });
  }
  for (const host of siblingHosts) sites.set(host, { tokensInAnswers: 'disclosed', fetch: siblingPage });
  return sites;
}

const siblingPage = (): Response =>
  new Response('<!doctype html><html lang="en"><title>Esper</title><h1>Esper</h1></html>', {
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  });

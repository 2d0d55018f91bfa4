import type { Site } from '../front';
import type { TokenIds } from '../ledger';
import { canaryPassword } from '../prowler/fixtures';
import { hashPassword } from '../prowler/password';
import type { ServerClock } from '../settings';
import { createCodes } from './codes';
import type { Deployment } from './deployment';
import { fixtureTenants, plantPeople, type FixturePeople, type FixtureTenants } from './fixtures';
import { externalToken, isReuse } from './grants';
import { createMint, type Issued, type TokenSet } from './mint';
import { createSessions } from './sessions';
import type { RunaiSettings } from './settings';
import { createSigner } from './signing';
import { createSites } from './sites';
import {
  accountOf,
  addAccount,
  addApplication,
  addPerson,
  canarySecret,
  type Account,
  type Application,
  type Person,
  type Tenant,
  type World,
} from './world';

/** What the servers would say to a token now, and why. */
export type TokenState = 'live' | 'spent' | 'session_over' | 'expired' | 'user_gone' | 'not_ours';

/** A token the servers made, by its id. */
export type OutstandingToken = Pick<Issued, 'jti' | 'kind' | 'client' | 'exp'> & {
  readonly sub: string;
  readonly tenant: string;
  readonly state: TokenState;
};

/** What tests arrange behind the vendor's servers, and the truth they check against. */
export type Runai = {
  readonly people: FixturePeople;
  readonly tenants: FixtureTenants;
  addUser(input: { name: string; email: string; password?: string }): Person;
  addAccount(person: Person, tenant: Tenant, options?: { isAdmin?: boolean }): Account;
  /** Ends sessions, and refuses bearers too. */
  deactivate(person: Person, tenant: Tenant): void;
  /** Leaves tokens alone, as the realms do. Returns the new password. */
  changePassword(person: Person, password?: string): string;
  addServiceAccount(tenant: Tenant, name: string): Application;
  addAccessKey(person: Person, tenant: Tenant, name?: string): Application;
  /** The old secret is dead at once. Returns the new one. */
  regenerateSecret(application: Application): string;
  revokeApplication(application: Application): void;
  /** Tokens as sign-in gives them, without any request. The client defaults to the console's. */
  issueTokens(person: Person, tenant: Tenant, client?: string): Required<TokenSet>;
  /** A code as the realm's sign-in gives it, without PKCE. */
  issueCode(person: Person, tenant: Tenant, redirectUri: string): string;
  /** A token of the identity provider behind a realm. */
  externalToken(person: Person, tenant: Tenant): string;
  /** Ends every session of the person in the tenant, as an administrator does. */
  endSessions(person: Person, tenant: Tenant): void;
  /** Every token and code ever issued, whole, for searches after leaks. In memory only. */
  issuedTokens(): string[];
  outstanding(): OutstandingToken[];
  stateOf(token: string): TokenState;
};

/** The vendor in a lab: the tests' side, its hosts, and how its tokens are told in a text. */
export type RunaiInLab = {
  readonly runai: Runai;
  readonly sites: ReadonlyMap<string, Site>;
  tokenIdsIn(text: string): TokenIds;
};

/** Starts the vendor's control planes and realms with their people and keys. */
export async function createRunai(settings: RunaiSettings, now: ServerClock): Promise<RunaiInLab> {
  const tenants = fixtureTenants();
  const world: World = { tenants: Object.values(tenants), people: [], accounts: [], applications: [] };
  const people = plantPeople(world, tenants);
  const signer = await createSigner();
  const mint = createMint(settings, now, signer);
  const sessions = createSessions(settings, now);
  const codes = createCodes(now);
  const deployment: Deployment = { world, mint, sessions, codes, settings, now };
  const account = (person: Person, tenant: Tenant): Account => {
    const found = accountOf(world, person, tenant);
    if (found === undefined) throw new Error(`${person.name} has no account in ${tenant.name}`);
    return found;
  };
  const stateOf = (token: string): TokenState => tokenState(deployment, token);
  const runai: Runai = {
    people,
    tenants,
    addUser: (input) => addPerson(world, input),
    addAccount: (person, tenant, { isAdmin = false } = {}) => addAccount(world, person, tenant, isAdmin),
    deactivate(person, tenant) {
      account(person, tenant).isActive = false;
      sessions.endAllOf(account(person, tenant));
    },
    changePassword(person, password = canaryPassword()) {
      person.password = password;
      person.passwordHash = hashPassword(password);
      return password;
    },
    addServiceAccount: (tenant, name) => addApplication(world, { name, tenant }),
    addAccessKey: (person, tenant, name = 'laptop') =>
      addApplication(world, { name, tenant, account: account(person, tenant) }),
    regenerateSecret: (application) => (application.secret = canarySecret()),
    revokeApplication: (application) => void (application.revoked = true),
    issueTokens: (person, tenant, client = settings.defaultClient) =>
      mint.forSession(sessions.open(account(person, tenant)), client),
    issueCode: (person, tenant, redirectUri) =>
      codes.issue({ session: sessions.open(account(person, tenant)), client: settings.defaultClient, redirectUri }),
    externalToken: (person, tenant) => externalToken(account(person, tenant)),
    endSessions: (person, tenant) => sessions.endAllOf(account(person, tenant)),
    issuedTokens: () => [...mint.issued.map(({ token }) => token), ...codes.issued],
    outstanding: () =>
      mint.issued.map(({ token, jti, kind, client, exp, tenant, account: owner, application }) => {
        const sub = owner?.id ?? application?.id ?? '';
        return { jti, kind, client, exp, sub, tenant: tenant.host, state: stateOf(token) };
      }),
    stateOf,
  };
  return { runai, sites: createSites(deployment, signer), tokenIdsIn: mint.tokenIdsIn };
}

function tokenState({ mint, sessions, settings, now }: Deployment, token: string): TokenState {
  const found = mint.find(token);
  if (found === undefined) return 'not_ours';
  const { kind, exp, session, account, client } = found;
  if (exp <= now() / 1000) return 'expired';
  if (account?.isActive === false) return 'user_gone';
  if (session === undefined) return 'live';
  const isOver = !sessions.isLive(session) || (kind === 'refresh' && !session.clients.has(client));
  if (isOver && (kind === 'refresh' || settings.endedSessionsKillBearers)) return 'session_over';
  return kind === 'refresh' && isReuse(found, settings, now()) ? 'spent' : 'live';
}

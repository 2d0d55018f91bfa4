import type { Site } from '../front';
import type { TokenIds } from '../ledger';
import { canaryPassword } from '../prowler/fixtures';
import { hashPassword } from '../prowler/password';
import type { ServerClock } from '../settings';
import { usualAudiences } from './audiences';
import type { Deployment } from './deployment';
import { fixtureDomains, plant, type FixtureDomains, type FixtureOrgs, type FixturePeople } from './fixtures';
import { createIssuerStore } from './issuer-store';
import { createMint, type TokenRecord } from './mint';
import type { AgilicusSettings } from './settings';
import { createSigner } from './signing';
import { createSites } from './sites';
import {
  addOrg,
  addPerson,
  issuerOf,
  membershipsOf,
  type Domain,
  type Membership,
  type Org,
  type Person,
  type World,
} from './world';

/** What the servers would say to a token now. */
export type TokenState = 'live' | 'expired' | 'revoked' | 'user_gone' | 'not_ours';

/** A token the servers made, by its id. */
export type OutstandingToken = Pick<TokenRecord, 'jti' | 'sub' | 'org' | 'session' | 'iat' | 'exp' | 'revoked'>;

/** What tests arrange behind the vendor's servers, and the truth they check against. */
export type Agilicus = {
  readonly people: FixturePeople;
  readonly orgs: FixtureOrgs;
  readonly domains: FixtureDomains;
  addUser(input: { name: string; email: string; domain?: Domain; password?: string }): Person;
  addOrg(name: string, options?: { domain?: Domain; parent?: Org }): Org;
  /** Makes organisations by number and puts the person in each, 300 if need be. */
  addOrgs(person: Person, count: number): Org[];
  addMember(person: Person, org: Org, role?: Membership['role']): void;
  /** Expels: tokens for the organisation live on, and no more can be had. */
  removeMember(person: Person, org: Org): void;
  disableOrg(org: Org): void;
  deactivate(person: Person): void;
  /** Leaves tokens alone. Returns the new password. */
  changePassword(person: Person, password?: string): string;
  /** A token as sign-in gives it, without any request. The organisation defaults to the first. */
  issueToken(person: Person, org?: Org, options?: { scopes?: readonly string[]; expInMs?: number }): string;
  /** Ends one token, or everything the person has. */
  revoke(token: string): void;
  revokeAllOf(person: Person): void;
  /** Every token, code and refresh token ever issued, whole, for searches after leaks. In memory only. */
  issuedTokens(): string[];
  outstanding(): OutstandingToken[];
  stateOf(token: string): TokenState;
  /** What the issuer would say to a refresh token. */
  stateOfRefresh(token: string): 'live' | 'spent' | 'expired' | 'not_ours';
};

/** The vendor in a lab: the tests' side, its hosts, and how its tokens are told in a text. */
export type AgilicusInLab = {
  readonly agilicus: Agilicus;
  readonly sites: ReadonlyMap<string, Site>;
  tokenIdsIn(text: string): TokenIds;
};

const usualScopes = ['urn:agilicus:users', 'urn:agilicus:applications', 'urn:agilicus:organisations'];

/** Starts the vendor's API, issuers and consoles with their people and keys. */
export async function createAgilicus(settings: AgilicusSettings, now: ServerClock): Promise<AgilicusInLab> {
  const domains = fixtureDomains();
  const world: World = { domains: Object.values(domains), orgs: [], people: [], memberships: [] };
  const planted = plant(world, now, domains);
  const signer = await createSigner();
  const mint = createMint(settings, now, signer);
  const store = createIssuerStore(settings, now, mint);
  const endAtIssuers = (userId: string): void => store.endAllOf(userId);
  const deployment: Deployment = { world, mint, signer, settings, now, endAtIssuers };
  const addMember: Agilicus['addMember'] = (person, org, role = 'viewer') =>
    void world.memberships.push({ userId: person.id, orgId: org.id, role });
  const agilicus: Agilicus = {
    ...planted,
    domains,
    addUser: ({ domain = domains.northwind, ...account }) => addPerson(world, { ...account, domain }),
    addOrg: (name, { domain = domains.northwind, parent } = {}) =>
      addOrg(world, now, { name, domain: parent?.domain ?? domain, ...(parent === undefined ? {} : { parent }) }),
    addOrgs: (person, count) =>
      Array.from({ length: count }, (_, index) => {
        const name = `Organisation ${String(index + 1).padStart(3, '0')}`;
        const org = addOrg(world, now, { name, domain: person.domain });
        addMember(person, org);
        return org;
      }),
    addMember,
    removeMember(person, org) {
      const kept = world.memberships.filter((one) => one.userId !== person.id || one.orgId !== org.id);
      world.memberships.splice(0, Infinity, ...kept);
    },
    disableOrg(org) {
      org.enabled = false;
      org.updatedAt = now();
    },
    deactivate: (person) => void (person.isActive = false),
    changePassword(person, password = canaryPassword()) {
      person.password = password;
      person.passwordHash = hashPassword(password);
      return password;
    },
    issueToken(person, org, { scopes = usualScopes, expInMs = settings.accessLifeMs } = {}) {
      const orgId = org?.id ?? membershipsOf(world, person.id)[0]?.orgId;
      if (orgId === undefined) throw new Error('a token needs an organisation, and this person has none');
      const exp = Math.floor((now() + expInMs) / 1000);
      const issuer = issuerOf(person.domain);
      return mint.issue({ sub: person.id, org: orgId, issuer, audiences: usualAudiences, scopes, exp }).token;
    },
    revoke(token) {
      const { record } = mint.judge(token);
      if (record !== undefined) mint.revoke(record);
    },
    revokeAllOf(person) {
      mint.records.filter(({ sub }) => sub === person.id).forEach((record) => mint.revoke(record));
      endAtIssuers(person.id);
    },
    issuedTokens: () => [...mint.issued],
    outstanding: () =>
      mint.records.map(({ jti, sub, org, session, iat, exp, revoked }) => ({
        jti,
        sub,
        org,
        session,
        iat,
        exp,
        revoked,
      })),
    stateOf: (token) => tokenState(deployment, token),
    stateOfRefresh: (token) => store.stateOfRefresh(token),
  };
  return { agilicus, sites: createSites(deployment, store), tokenIdsIn: mint.tokenIdsIn };
}

function tokenState({ mint, world }: Deployment, token: string): TokenState {
  const { is, record } = mint.judge(token);
  if (is === 'unknown') return 'not_ours';
  const isGone = !world.people.some(({ id, isActive }) => id === record.sub && isActive);
  return is === 'live' && isGone ? 'user_gone' : is;
}

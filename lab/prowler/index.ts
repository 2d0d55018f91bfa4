import { randomBytes } from 'node:crypto';
import type { LabSettings, ServerClock } from '../settings';
import type { Deployment } from './deployment';
import { canaryPassword, plant, type FixturePeople, type FixtureTenants } from './fixtures';
import { hashPassword, passwordStamp } from './password';
import { createMint, type Claims, type Pair } from './tokens';
import {
  addMembership,
  addPerson,
  addTenant,
  emptyWorld,
  membershipsOf,
  removeWhere,
  type Membership,
  type Person,
  type Tenant,
} from './world';

/** What the server would say to a token now, and why. */
export type TokenState =
  'live' | 'rotated' | 'revoked' | 'expired' | 'password_changed' | 'user_gone' | 'wrong_type' | 'not_ours';

/** A token the servers made, by its id. */
export type OutstandingToken = Pick<Claims, 'jti' | 'typ' | 'sub' | 'tenant_id' | 'iat' | 'exp'> & {
  readonly state: TokenState;
};

/** What tests arrange behind the vendor's servers, and the truth they check against. */
export type Prowler = {
  readonly people: FixturePeople;
  readonly tenants: FixtureTenants;
  addUser(input: { name: string; email: string; password?: string; companyName?: string }): Person;
  addTenant(name: string): Tenant;
  /** Makes tenants by number and puts the person in each, 300 if need be. */
  addTenants(person: Person, count: number): Tenant[];
  addMember(person: Person, tenant: Tenant, role?: Membership['role']): Membership;
  /** Expels: access tokens live on, recorded refresh tokens do not, and rotated ones were never recorded. */
  removeMember(person: Person, tenant: Tenant): void;
  /** Leaves the membership and takes every permission in the tenant. */
  removeRoles(person: Person, tenant: Tenant): void;
  /** Kills every token of the person. Returns the new password. */
  changePassword(person: Person, password?: string): string;
  deactivate(person: Person): void;
  deleteUser(person: Person): void;
  addApiKey(person: Person, tenant: Tenant, options?: { expiresAt?: number }): string;
  revokeApiKey(key: string): void;
  /** A pair as sign-in gives it, without any request. The tenant defaults to the oldest. */
  issuePair(person: Person, tenant?: Tenant): Pair;
  /** Every token ever issued, whole, for searches after leaks. In memory only. */
  issuedTokens(): string[];
  outstanding(): OutstandingToken[];
  stateOfRefresh(token: string): TokenState;
  stateOfAccess(token: string): TokenState;
};

const DAY = 24 * 3_600_000;

/** Starts the vendor's database with its people and keys. */
export async function createProwler(
  settings: LabSettings,
  now: ServerClock,
): Promise<{ prowler: Prowler; deployment: Deployment }> {
  const world = emptyWorld();
  // The accounts are older than the lab: pages show when somebody joined.
  const planted = plant(world, () => now() - 400 * DAY, settings.userCount);
  const mint = await createMint(settings, now);
  const deployment: Deployment = { world, mint, settings, now };
  const stateOf = (token: string, typ: Claims['typ']): TokenState => tokenState(deployment, token, typ);
  const prowler: Prowler = {
    ...planted,
    addUser: ({ password = canaryPassword(), ...account }) => addPerson(world, now, { ...account, password }),
    addTenant: (name) => addTenant(world, now, name),
    addTenants: (person, count) =>
      Array.from({ length: count }, (_, index) => {
        const tenant = addTenant(world, now, `Tenant ${String(index + 1).padStart(3, '0')}`);
        addMembership(world, now, { person, tenant });
        return tenant;
      }),
    addMember: (person, tenant, role = 'member') => addMembership(world, now, { person, tenant, role }),
    removeMember(person, tenant) {
      const theirs = { userId: person.id, tenantId: tenant.id };
      removeWhere(world.memberships, (one) => same(one, theirs));
      removeWhere(world.roles, (one) => same(one, theirs));
      for (const { claims, recorded } of mint.issued) {
        if (recorded && claims.sub === person.id) mint.blacklist(claims.jti);
      }
    },
    removeRoles: (person, tenant) =>
      removeWhere(world.roles, (one) => same(one, { userId: person.id, tenantId: tenant.id })),
    changePassword(person, password = canaryPassword()) {
      person.password = password;
      person.passwordHash = hashPassword(password);
      return password;
    },
    deactivate: (person) => void (person.isActive = false),
    deleteUser(person) {
      removeWhere(world.people, (one) => one === person);
      removeWhere(world.memberships, ({ userId }) => userId === person.id);
      removeWhere(world.roles, ({ userId }) => userId === person.id);
    },
    addApiKey(person, tenant, { expiresAt = now() + 365 * DAY } = {}) {
      const prefix = `pk_${randomBytes(6).toString('base64url').slice(0, 8).replaceAll(/[-_]/g, 'x')}`;
      const key = `${prefix}.${randomBytes(72).toString('base64url')}`;
      world.apiKeys.push({ key, prefix, userId: person.id, tenantId: tenant.id, expiresAt, revoked: false });
      return key;
    },
    revokeApiKey(key) {
      for (const one of world.apiKeys) one.revoked ||= one.key === key;
    },
    issuePair(person, tenant) {
      const tenantId = tenant?.id ?? membershipsOf(world, person.id)[0]?.tenantId;
      if (tenantId === undefined) throw new Error('a pair needs a tenant, and this person has none');
      return mint.pair(person, tenantId);
    },
    issuedTokens: () => mint.issued.map(({ token }) => token),
    outstanding: () =>
      mint.issued.map(({ token, claims: { jti, typ, sub, tenant_id, iat, exp } }) => {
        const state = stateOf(token, typ);
        return { jti, typ, sub, tenant_id, iat, exp, state };
      }),
    stateOfRefresh: (token) => stateOf(token, 'refresh'),
    stateOfAccess: (token) => stateOf(token, 'access'),
  };
  return { prowler, deployment };
}

type Place = { readonly userId: string; readonly tenantId: string };

const same = (one: Place, other: Place): boolean => one.userId === other.userId && one.tenantId === other.tenantId;

function tokenState({ mint, world }: Deployment, token: string, typ: Claims['typ']): TokenState {
  const verdict = mint.judge(token, typ);
  if (!verdict.ok) return verdict.why === 'invalid' ? 'not_ours' : verdict.why;
  const { jti, sub, hash_password: stamp } = verdict.claims;
  if (mint.isBlacklisted(jti)) return mint.isRotated(jti) ? 'rotated' : 'revoked';
  const person = world.people.find(({ id }) => id === sub);
  if (person === undefined || (typ === 'access' && !person.isActive)) return 'user_gone';
  return passwordStamp(person.passwordHash) === stamp ? 'live' : 'password_changed';
}

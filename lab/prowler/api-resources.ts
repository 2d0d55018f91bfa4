import type { Hono } from 'hono';
import type { Caller } from './api-auth';
import { readFields } from './api-body';
import { listPage, refuseUnknownParameters, type ListRules } from './api-list';
import { mountClosed, mountOpen, type ApiEnv } from './api-view';
import type { Deployment } from './deployment';
import { membershipResource, roleResource, tenantName, tenantResource, userResource, type Resource } from './documents';
import { fieldError, forbidden, invalidFields, notFound, parseError } from './errors';
import {
  addMembership,
  addPerson,
  addTenant,
  isMember,
  membershipsOf,
  personByEmail,
  rolesOf,
  type Tenant,
} from './world';

const meta = { version: 'v1' };

// No `Vary: Authorization` goes with it: a browser may replay one account's answer to another.
const cached = { headers: { 'Cache-Control': 'max-age=3600, stale-while-revalidate=60' } };

/** Mounts people, tenants and memberships. */
export function mountResources(app: Hono<ApiEnv>, deployment: Deployment): void {
  mountUsers(app, deployment);
  mountTenants(app, deployment);
  mountClosed(app, '/api/v1/providers', deployment, {
    family: 'resource',
    GET({ url }, { person, tenantId }) {
      if (rolesOf(deployment.world, person.id, tenantId).length === 0) {
        throw forbidden('User has no role in this tenant.');
      }
      return list(url, [], { sortBy: {}, filters: {} }, tenantName);
    },
  });
}

function mountUsers(app: Hono<ApiEnv>, deployment: Deployment): void {
  const { world, now } = deployment;
  mountClosed(app, '/api/v1/users/me', deployment, {
    family: 'resource',
    GET: ({ url }, caller) => me(deployment, url, caller),
  });
  mountOpen(app, '/api/v1/users', deployment, {
    family: 'resource',
    async POST({ request }) {
      const fields = await readFields(request, 'users', {
        name: { as: 'text' },
        password: { as: 'text' },
        email: { as: 'text' },
        company_name: { as: 'text', optional: true },
      });
      refuseBadAccount(deployment, fields);
      const { company_name: companyName = '', ...account } = fields;
      const person = addPerson(world, now, { ...account, companyName });
      const tenant = addTenant(world, now, `${person.email.split('@')[0]} default tenant`);
      addMembership(world, now, { person, tenant, role: 'owner' });
      return Response.json({ data: userResource(deployment, person, tenant.id), meta }, { status: 201 });
    },
  });
}

function refuseBadAccount({ world }: Deployment, { password, email }: { password: string; email: string }): void {
  const errors = [];
  if (password.length < 12) {
    const detail = 'This password is too short. It must contain at least 12 characters.';
    errors.push(fieldError('password', detail, 'password_too_short'));
  }
  if (!/^\S+@\S+\.\S+$/.test(email)) errors.push(fieldError('email', 'Enter a valid email address.', 'invalid'));
  if (personByEmail(world, email)) {
    errors.push(fieldError('email', 'Please check the email address and try again.', 'unique'));
  }
  if (errors.length > 0) throw invalidFields(errors);
}

const includable = ['roles', 'memberships', 'memberships.tenant'];

function me(deployment: Deployment, url: URL, { person, tenantId }: Caller): Response {
  const { world } = deployment;
  const include = (url.searchParams.get('include') ?? '').split(',').filter((name) => name !== '');
  if (include.some((name) => !includable.includes(name))) {
    throw parseError(`This endpoint does not support the include parameter for path ${include.join(',')}`);
  }
  const memberships = membershipsOf(world, person.id);
  const wants = (name: string): boolean => include.some((one) => one === name || one.startsWith(`${name}.`));
  const included: Resource[] = [
    ...(wants('memberships') ? memberships.map(membershipResource) : []),
    ...(wants('roles') ? rolesOf(world, person.id, tenantId).map(roleResource) : []),
    ...(wants('memberships.tenant')
      ? world.tenants.filter(({ id }) => memberships.some((one) => one.tenantId === id)).map(tenantName)
      : []),
  ].sort((a, b) => (`${a.type} ${a.id}` < `${b.type} ${b.id}` ? -1 : 1));
  return Response.json({
    data: userResource(deployment, person, tenantId),
    ...(include.length === 0 ? {} : { included }),
    meta,
  });
}

const tenantRules: ListRules<Tenant> = {
  sortBy: {
    name: ({ name }) => name,
    inserted_at: ({ insertedAt }) => insertedAt,
    updated_at: ({ updatedAt }) => updatedAt,
  },
  filters: {
    search: ({ name }, wanted) => contains(name, wanted),
    name: ({ name }, wanted) => name === wanted,
    'name.icontains': ({ name }, wanted) => contains(name, wanted),
    inserted_at: ({ insertedAt }, wanted) => dayOf(insertedAt) === wanted,
    'inserted_at.gte': ({ insertedAt }, wanted) => dayOf(insertedAt) >= wanted,
    'inserted_at.lte': ({ insertedAt }, wanted) => dayOf(insertedAt) <= wanted,
  },
};

const contains = (name: string, wanted: string): boolean => name.toLowerCase().includes(wanted.toLowerCase());

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function mountTenants(app: Hono<ApiEnv>, deployment: Deployment): void {
  const { world, now } = deployment;
  const own = (caller: Caller): Tenant[] => world.tenants.filter(({ id }) => isMember(world, caller.person.id, id));
  const ownById = (caller: Caller, id: string): Tenant => {
    const tenant = own(caller).find((one) => one.id === id);
    if (tenant === undefined) throw notFound('No Tenant matches the given query.');
    return tenant;
  };
  const resource = (tenant: Tenant): Resource => tenantResource(deployment, tenant);
  mountClosed(app, '/api/v1/tenants', deployment, {
    family: 'resource',
    GET({ url }, caller) {
      const newestFirst = own(caller).sort((a, b) => b.insertedAt - a.insertedAt);
      return list(url, newestFirst, tenantRules, resource);
    },
    async POST({ request }, { person }) {
      const { name } = await readFields(request, 'tenants', { name: { as: 'text' } });
      const tenant = addTenant(world, now, name);
      addMembership(world, now, { person, tenant, role: 'owner' });
      return Response.json({ data: resource(tenant), meta }, { status: 201 });
    },
  });
  mountClosed(app, '/api/v1/tenants/:id', deployment, {
    family: 'resource',
    GET({ url, param }, caller) {
      refuseUnknownParameters(url);
      return Response.json({ data: resource(ownById(caller, param('id'))), meta }, cached);
    },
  });
  mountClosed(app, '/api/v1/tenants/:id/memberships', deployment, {
    family: 'resource',
    GET({ url, param }, caller) {
      const tenant = ownById(caller, param('id'));
      const all = world.memberships.filter(({ tenantId }) => tenantId === tenant.id);
      const mine = all.filter(({ userId }) => userId === caller.person.id);
      const seen = mine.some(({ role }) => role === 'owner') ? all : mine;
      return list(url, seen, { sortBy: { date_joined: ({ joinedAt }) => joinedAt }, filters: {} }, membershipResource);
    },
  });
}

function list<T>(url: URL, all: readonly T[], rules: ListRules<T>, resourceOf: (one: T) => Resource): Response {
  const { page, links, pagination } = listPage(url, all, rules);
  return Response.json({ links, data: page.map(resourceOf), meta: { pagination, ...meta } }, cached);
}

import type { Hono } from 'hono';
import { authenticate, type ApiEnv, type Caller } from './api-auth';
import { flagIn, limitIn } from './api-body';
import type { Deployment } from './deployment';
import { forbidden, invalid, notFound } from './errors';
import { momentIn } from './when';
import { issuerOf, membershipIn, withChildren, type Org } from './world';

/** Mounts where one can be. */
export function mountOrgs(app: Hono<ApiEnv>, deployment: Deployment): void {
  const { world, settings } = deployment;
  const caller = (authorization: string | undefined): Caller => authenticate(deployment, authorization);
  const visible = ({ person }: Caller): Org[] => world.orgs.filter(({ id }) => canSee(deployment, person.id, id));
  const visibleById = (who: Caller, id: string): Org => {
    const found = visible(who).find((one) => one.id === id);
    if (found === undefined) throw notFound('Organisation does not exist');
    return found;
  };

  // Without `/v1`, as the vendor has it.
  app.get('/users/:id/orgs', ({ req }) => {
    const who = caller(req.header('authorization'));
    const person = world.people.find(({ id }) => id === req.param('id'));
    if (person === undefined) throw notFound('User does not exist');
    if (person !== who.person && !who.isOwner) throw forbidden('Not permitted to see this user');
    const url = new URL(req.url);
    const orgs = world.orgs
      .filter(({ id }) => membershipIn(world, person.id, id) !== undefined)
      .filter(filterOf(deployment, url))
      .map((org) => orgDocument(deployment, org));
    return Response.json(settings.orgsOfUser === 'array' ? orgs : { limit: orgs.length, orgs });
  });

  app.get('/v1/orgs', ({ req }) => {
    const who = caller(req.header('authorization'));
    const url = new URL(req.url);
    const asked = url.searchParams.get('org_id');
    const org = asked === null ? undefined : visible(who).find(({ id }) => id === asked);
    const children = flagIn(url, 'list_children') === true;
    const scope = asked === null ? visible(who) : org === undefined ? [] : children ? withChildren(world, org) : [org];
    return page(deployment, url, scope.filter(filterOf(deployment, url, { withoutOrgId: true })));
  });

  app.get('/v1/orgs/:id', ({ req }) => {
    const who = caller(req.header('authorization'));
    return Response.json(orgDocument(deployment, visibleById(who, req.param('id'))));
  });

  app.get('/v1/orgs/:id/orgs', ({ req }) => {
    const who = caller(req.header('authorization'));
    const url = new URL(req.url);
    const below = withChildren(world, visibleById(who, req.param('id'))).slice(1);
    return page(deployment, url, below.filter(filterOf(deployment, url)));
  });
}

/** One sees where one belongs, and an owner sees what is below. */
function canSee({ world }: Deployment, userId: string, orgId: string): boolean {
  const own = membershipIn(world, userId, orgId);
  const org = world.orgs.find(({ id }) => id === orgId);
  if (own !== undefined || org?.parentId === undefined) return own !== undefined;
  return world.orgs.some(
    (above) =>
      membershipIn(world, userId, above.id)?.role === 'owner' &&
      withChildren(world, above).some(({ id }) => id === orgId),
  );
}

function filterOf(
  { now }: Deployment,
  url: URL,
  { withoutOrgId = false }: { readonly withoutOrgId?: boolean } = {},
): (one: Org) => boolean {
  const query = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  const enabled = flagIn(url, 'enabled');
  const since = query('updated_since');
  const sinceMs = since === undefined ? -Infinity : momentIn(since, now());
  if (sinceMs === undefined) throw invalid("'updated_since' is not a date");
  const [issuer, orgId, name, subdomain] = [
    query('issuer'),
    query('org_id'),
    query('organisation'),
    query('subdomain'),
  ];
  return (one) =>
    (enabled === undefined || one.enabled === enabled) &&
    (issuer === undefined || issuerOf(one.domain) === issuer) &&
    (withoutOrgId || orgId === undefined || one.id === orgId) &&
    (name === undefined || one.name === name) &&
    (subdomain === undefined || one.domain.name === subdomain) &&
    one.updatedAt >= sinceMs;
}

/** In order of their ids, from behind the one that the last page ended with. */
function page(deployment: Deployment, url: URL, orgs: readonly Org[]): Response {
  const limit = limitIn(url, 500);
  const after = url.searchParams.get('page_at_id');
  const rest = orgs.toSorted((a, b) => (a.id < b.id ? -1 : 1)).filter(({ id }) => id > (after ?? ''));
  const shown = rest.slice(0, limit);
  const more = rest.length > limit || deployment.settings.pageAtIdAlways;
  const next = shown.at(-1)?.id ?? after ?? '';
  return Response.json({
    limit,
    orgs: shown.map((org) => orgDocument(deployment, org)),
    ...(after !== null && more ? { page_at_id: next } : {}),
  });
}

const orgDocument = ({ settings }: Deployment, org: Org): Record<string, unknown> => ({
  id: org.id,
  organisation: org.name,
  subdomain: org.domain.name,
  issuer: issuerOf(org.domain),
  issuer_id: org.domain.issuerId,
  ...(org.parentId === undefined ? {} : { parent_id: org.parentId }),
  root_org_id: org.rootId,
  admin_state: org.enabled ? 'active' : 'disabled',
  status: { current_state: org.enabled ? 'active' : 'disabled' },
  created: new Date(org.createdAt).toISOString(),
  updated: new Date(org.updatedAt).toISOString(),
  ...(settings.unknownKeys ? { x_cluster: 'ca-1', trust_on_first_use_duration: 86_400 } : {}),
});

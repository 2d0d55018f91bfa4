import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { authenticate, type ApiEnv, type Caller } from './api-view';
import type { Deployment } from './deployment';
import { ApiProblem, forbidden } from './errors';
import type { Tenant } from './world';

/** Mounts what the console asks for: who one is, what there is, and what the tenant has set. */
export function mountResources(app: Hono<ApiEnv>, deployment: Deployment, tenants: readonly Tenant[]): void {
  const { world, sessions, settings } = deployment;
  const caller = (authorization: string | undefined): Caller => authenticate(deployment, authorization, tenants);

  // Open to anybody: the console reads its realm here before anybody has signed in.
  app.get('/v1/k8s/config', () => {
    const [tenant] = tenants;
    if (tenant === undefined) throw new ApiProblem(404, 'Not Found');
    const { host, realm, issuer } = tenant;
    const authUrl = issuer.slice(0, issuer.indexOf('/realms/'));
    return Response.json({ authRealm: realm, authUrl, authClientId: 'runai-admin-ui', baseUrl: `https://${host}` });
  });

  app.get('/v1/k8s/auth/me', ({ req }) => {
    const { tenant, account, application } = caller(req.header('authorization'));
    return Response.json({
      userId: account?.id ?? application?.id,
      email: account?.person.email ?? application?.name,
      name: account?.person.name ?? application?.name,
      tenantId: tenant.id,
      tenantName: tenant.name,
      roles: [account?.isAdmin === true ? 'System administrator' : 'Viewer'],
    });
  });

  app.get('/api/v1/clusters', ({ req }) => {
    const { tenant } = caller(req.header('authorization'));
    return Response.json(clustersOf(tenant));
  });

  app.get('/api/v1/security/settings', ({ req }) => {
    caller(req.header('authorization'));
    return Response.json({ browserSessionTimeout: { idleTimeout: settings.idleTimeoutMinutes } });
  });

  app.post('/api/v1/users/:id/logout', ({ req }) => {
    const { tenant, account } = caller(req.header('authorization'));
    const target = world.accounts.find((one) => one.id === req.param('id') && one.tenant === tenant);
    if (account === undefined || (account !== target && !account.isAdmin)) throw forbidden();
    if (target === undefined) throw new ApiProblem(404, 'Not Found');
    sessions.endAllOf(target);
    return new Response(null, { status: 204 });
  });
}

/** A tenant's clusters: made up, and the same each time. */
function clustersOf({ id }: Tenant): object[] {
  const dice = createHash('sha256').update(id).digest();
  return ['training', 'research', 'inference'].map((name, index) => ({
    uuid: `${dice.subarray(index, index + 4).toString('hex')}-0000-4000-8000-000000000000`,
    name,
    status: { state: index === 2 ? 'Disconnected' : 'Connected' },
    gpus: 8 + ((dice[index] ?? 0) % 9) * 8,
    workloads: 3 + ((dice[index + 3] ?? 0) % 40),
  }));
}

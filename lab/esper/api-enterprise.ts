import type { Hono } from 'hono';
import { authenticate } from './api-auth';
import type { Deployment } from './deployment';
import { notFound } from './errors';
import type { Tenant } from './tenants';

/** Mounts what the tenant's console shows: the enterprise, and its devices. */
export function mountEnterprise(app: Hono, deployment: Deployment, tenant: Tenant): void {
  const enter = (authorization: string | undefined, enterprise: string): void => {
    authenticate(deployment, authorization, tenant);
    if (enterprise !== tenant.enterpriseId) throw notFound();
  };

  app.get('/api/enterprise/:enterprise/', (context) => {
    enter(context.req.header('authorization'), context.req.param('enterprise'));
    return context.json({ id: tenant.enterpriseId, name: tenant.name, short_code: tenant.slug });
  });

  app.get('/api/enterprise/:enterprise/device/', (context) => {
    enter(context.req.header('authorization'), context.req.param('enterprise'));
    const results = deployment.world.devices
      .filter((one) => one.tenant === tenant)
      .map(({ id, name, model, state }) => ({ id, device_name: name, device_model: model, state }));
    return context.json({ count: results.length, next: null, previous: null, results });
  });
}

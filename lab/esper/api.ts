import { Hono } from 'hono';
import { openTo } from '../cloudcheckr/cors';
import { mountEnterprise } from './api-enterprise';
import { mountTokens } from './api-tokens';
import type { Deployment } from './deployment';
import { ApiProblem, notFound, problemAnswer } from './errors';
import { mountPersonalTokens } from './personal-tokens';
import { consoleHostOf, type Tenant } from './tenants';

/** The API host of a tenant, open to the pages of the tenant's own console only. */
export function createApi(deployment: Deployment, tenant: Tenant): Hono {
  const app = new Hono();
  app.use(openTo(`https://${consoleHostOf(tenant)}`));
  mountTokens(app, deployment, tenant);
  mountEnterprise(app, deployment, tenant);
  mountPersonalTokens(app, deployment, tenant);
  // The slash belongs to these paths: without it a reader is sent on.
  app.get('/api/v1/token-info', (context) => context.redirect('/api/v1/token-info/', 301));
  const problem = (error: ApiProblem): Response => problemAnswer(error, deployment.settings);
  app.notFound(() => problem(notFound()));
  app.onError((error) => {
    if (!(error instanceof ApiProblem)) throw error;
    return problem(error);
  });
  return app;
}

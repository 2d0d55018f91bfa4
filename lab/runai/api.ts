import { Hono } from 'hono';
import { mountResources } from './api-resources';
import { mountTokens } from './api-tokens';
import type { ApiEnv } from './api-view';
import type { Deployment } from './deployment';
import { ApiProblem, noSuchPath } from './errors';
import { createGrants } from './grants';
import { answerOAuth } from './oauth-token';
import { surfaceOf } from './versions';
import type { Tenant } from './world';

/** The control plane's API for the tenants of one host. It gives pages of other origins no leave to read it. */
export function createApi(deployment: Deployment, tenants: readonly Tenant[]): Hono<ApiEnv> {
  const { settings } = deployment;
  const grants = createGrants(deployment, tenants);
  const app = new Hono<ApiEnv>();
  mountTokens(app, { deployment, grants });
  app.post('/api/v2/token', async ({ req }) => {
    const { v2Grants } = surfaceOf(settings.version);
    if (v2Grants.length === 0) return noSuchPath();
    const kept = settings.v2KeepsRefresh ? (['refresh_token'] as const) : [];
    return answerOAuth(req.raw, { grants, offered: [...v2Grants, ...kept], client: settings.defaultClient });
  });
  mountResources(app, deployment, tenants);
  app.notFound(() => noSuchPath());
  app.onError((error) => {
    if (error instanceof ApiProblem) return error.answer();
    throw error;
  });
  return app;
}

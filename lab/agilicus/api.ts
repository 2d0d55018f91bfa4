import { Hono, type Context } from 'hono';
import type { ApiEnv } from './api-auth';
import { mountIntrospection } from './api-introspect';
import { mountOrgs } from './api-orgs';
import { mountTokenList } from './api-token-list';
import { mountTokens } from './api-tokens';
import type { Deployment } from './deployment';
import { ApiProblem } from './errors';

/** The vendor's API, one for all domains, open to the pages of their consoles. */
export function createApi(deployment: Deployment, consoleOrigins: ReadonlySet<string>): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const allowed = (context: Context): string | undefined => {
    const origin = context.req.header('origin');
    if (origin === undefined || deployment.settings.cors === 'none') return undefined;
    return deployment.settings.cors === 'any' || consoleOrigins.has(origin) ? origin : undefined;
  };
  app.use(async (context, next) => {
    const origin = allowed(context);
    if (context.req.method === 'OPTIONS') return preflight(origin);
    await next();
    context.res.headers.set('Vary', 'Origin');
    if (origin !== undefined) context.res.headers.set('Access-Control-Allow-Origin', origin);
    return undefined;
  });
  mountIntrospection(app, deployment);
  mountTokens(app, deployment);
  mountTokenList(app, deployment);
  mountOrgs(app, deployment);
  app.notFound(() => new ApiProblem(404, 'not_found', 'The requested URL was not found').answer());
  app.onError((error) => {
    if (error instanceof ApiProblem) return error.answer();
    throw error;
  });
  return app;
}

const preflight = (origin: string | undefined): Response =>
  new Response(null, {
    status: 204,
    headers:
      origin === undefined
        ? {}
        : {
            'Access-Control-Allow-Origin': origin,
            'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Request-ID',
            'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
            'Access-Control-Max-Age': '600',
            Vary: 'Origin',
          },
  });

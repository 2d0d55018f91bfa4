import { randomUUID } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { mountResources } from './api-resources';
import { mountTokenEndpoints } from './api-tokens';
import type { ApiEnv } from './api-view';
import type { Deployment } from './deployment';
import { ApiProblem } from './errors';

/** The vendor's API: tokens, people and tenants, open to the browser pages of one origin only. */
export function createApi(deployment: Deployment, consoleOrigin: string): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use(async (context, next) => {
    if (context.req.method === 'OPTIONS') return preflight(context, consoleOrigin);
    await next();
    dress(context, consoleOrigin);
    return undefined;
  });
  mountTokenEndpoints(app, deployment);
  mountResources(app, deployment);
  app.notFound((context) => context.html(notFoundPage, 404));
  app.onError((error) => {
    if (!(error instanceof ApiProblem)) throw error;
    return Response.json({ errors: error.errors }, { status: error.status, headers: error.headers });
  });
  return app;
}

/** Headers that go with every answer. */
function dress(context: Context<ApiEnv>, consoleOrigin: string): void {
  const { headers } = context.res;
  if (headers.get('content-type') === 'application/json') headers.set('Content-Type', 'application/vnd.api+json');
  headers.set('Transaction-ID', transactionId(context.req.header('transaction-id')));
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('X-Frame-Options', 'DENY');
  headers.set('Referrer-Policy', 'same-origin');
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  if (context.req.header('origin') === consoleOrigin) headers.set('Access-Control-Allow-Origin', consoleOrigin);
}

function transactionId(asked: string | undefined): string {
  const digits = asked?.replaceAll('-', '') ?? '';
  return /^[0-9a-f]{32}$/i.test(digits) ? (asked ?? '') : randomUUID().replaceAll('-', '');
}

/** An answer without permission is still a 200: it is the browser that stops. */
function preflight(context: Context<ApiEnv>, consoleOrigin: string): Response {
  const headers = new Headers();
  if (context.req.header('origin') === consoleOrigin) {
    headers.set('Access-Control-Allow-Origin', consoleOrigin);
    headers.set(
      'Access-Control-Allow-Headers',
      'accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with',
    );
    headers.set('Access-Control-Allow-Methods', 'DELETE, GET, OPTIONS, PATCH, POST, PUT');
    headers.set('Access-Control-Max-Age', '86400');
  }
  return new Response(null, { status: 200, headers });
}

const notFoundPage = `
<!doctype html>
<html lang="en">
<head>
  <title>Not Found</title>
</head>
<body>
  <h1>Not Found</h1><p>The requested resource was not found on this server.</p>
</body>
</html>
`;

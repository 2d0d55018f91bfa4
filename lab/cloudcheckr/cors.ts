import type { MiddlewareHandler } from 'hono';

/** Lets the pages of one origin call and read, and nobody else's. */
export const openTo =
  (origin: string): MiddlewareHandler =>
  async (context, next) => {
    const welcome = context.req.header('origin') === origin;
    if (context.req.method === 'OPTIONS') {
      return new Response(null, {
        status: 204,
        headers: {
          Vary: 'Origin',
          ...(welcome
            ? {
                'Access-Control-Allow-Origin': origin,
                'Access-Control-Allow-Headers': 'authorization, content-type, accept',
                'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
                'Access-Control-Max-Age': '600',
              }
            : {}),
        },
      });
    }
    await next();
    context.res.headers.append('Vary', 'Origin');
    if (welcome) context.res.headers.set('Access-Control-Allow-Origin', origin);
    return undefined;
  };

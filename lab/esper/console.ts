import { randomBytes } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { consoleScript } from './console-script';
import { consoleStyle } from './console-style';
import type { Deployment } from './deployment';
import type { Key } from './keys';
import { apiHostOf, type Tenant } from './tenants';

const cookieName = 'sessionid';
const cookieTraits = { path: '/', httpOnly: true, secure: true, sameSite: 'Lax' } as const;

/** The console of a tenant: one page, its script, and the session that gives a page its key again after it was reloaded. */
export function createConsole({ world, keys, settings }: Deployment, tenant: Tenant): Hono {
  const sessions = new Map<string, Key>();
  const contentSecurityPolicy = [
    "default-src 'self'",
    `connect-src 'self' https://${apiHostOf(tenant)}`,
    "frame-ancestors 'none'",
  ].join('; ');
  const app = new Hono();

  app.post('/login', async (context) => {
    const { email, password } = await context.req.json<Record<string, unknown>>().catch(() => ({}) as never);
    const user = world.users.find(
      (one) => one.tenant === tenant && one.isActive && one.email === email && one.password === password,
    );
    if (user === undefined) return context.json({ message: 'Invalid email or password.' }, 401);
    const key = keys.issue(user, {
      lifeMs: settings.consoleKeyLifeMs,
      ...(settings.consoleKeyHasApp ? {} : { developerApp: null }),
    });
    const id = randomBytes(32).toString('base64url');
    sessions.set(id, key);
    setCookie(context, cookieName, id, cookieTraits);
    return handedOut(context, key);
  });

  app.post('/login/session', (context) => {
    const key = sessions.get(getCookie(context, cookieName) ?? '');
    const isOwnPage = context.req.header('origin') === new URL(context.req.url).origin;
    if (key === undefined || !isOwnPage || keys.stateOf(key) !== 'live')
      return context.json({ message: 'No session.' }, 401);
    return handedOut(context, key);
  });

  app.post('/logout', (context) => {
    sessions.delete(getCookie(context, cookieName) ?? '');
    setCookie(context, cookieName, '', { ...cookieTraits, maxAge: 0 });
    return context.body(null, 204);
  });

  app.get('/favicon.ico', () => new Response(null, { status: 204 }));
  app.get('/static/console.css', () => asset('text/css', consoleStyle));
  app.get('/static/console.js', () => asset('text/javascript', consoleScript(tenant, settings)));
  app.get('/static/*', (context) => context.text('Not found', 404));
  app.get('*', (context) =>
    context.html(page, 200, { 'Content-Security-Policy': contentSecurityPolicy, 'Cache-Control': 'no-cache' }),
  );
  return app;
}

const handedOut = (context: Context, { key, user }: Key): Response =>
  context.json({ token: key, username: user.name }, 200, { 'Cache-Control': 'no-store' });

const asset = (type: string, text: string): Response =>
  new Response(text, { headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache' } });

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Esper Console</title>
    <link rel="stylesheet" href="/static/console.css" />
  </head>
  <body>
    <div id="app"><main class="alone"><p>Loading…</p></main></div>
    <script src="/static/console.js"></script>
  </body>
</html>
`;

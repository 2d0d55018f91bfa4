import { randomBytes } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { createAuthCookie } from './auth-cookie';
import type { ConsoleApi, ConsoleTenant } from './console-api';
import { consolePage, signInPage, type PageName } from './console-pages';
import { csrfFor, csrfHolds } from './csrf';
import type { Deployment } from './deployment';
import { createSessions, shownSession, type Session, type SessionToken } from './session';

const noStore = { 'Cache-Control': 'private, no-cache, no-store', Expires: '0', Pragma: 'no-cache' };

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' https://js.stripe.com https://www.googletagmanager.com",
  "connect-src 'self' https://api.iconify.design https://js.stripe.com https://www.googletagmanager.com https://*.sentry.io",
  "img-src 'self' https://www.google-analytics.com https://www.googletagmanager.com",
  "font-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "frame-src 'self' https://js.stripe.com https://www.googletagmanager.com",
  "frame-ancestors 'none'",
].join('; ');

type Parts = Pick<Deployment, 'settings' | 'now'> & { readonly api: ConsoleApi };

/** The vendor's web console: pages, and the session behind them. Its API calls are its server's own. */
export function createConsole({ settings, now, api }: Parts): Hono {
  const secret = randomBytes(32).toString('base64');
  const cookie = createAuthCookie(secret, now);
  const sessions = createSessions(api, settings, now);
  const app = new Hono();

  /** Answers with the cookie renewed: each look at a session starts its time anew. */
  const keep = async (context: Context, token: SessionToken): Promise<Session> => {
    const { error, ...rest } = token;
    // A failed switch is told once; a failed renewal stays until one succeeds.
    const stored = error === undefined || error === 'TenantSwitchError' ? rest : token;
    setCookies(context, await cookie.write(stored, cookiesOf(context), settings.sessionMaxAgeMs));
    return shownSession(token, now() + settings.sessionMaxAgeMs);
  };

  const current = async (context: Context): Promise<SessionToken | undefined> => {
    const token = (await cookie.read(cookiesOf(context))) as SessionToken | undefined;
    return token === undefined ? undefined : sessions.kept(token);
  };

  const drop = (context: Context): void => setCookies(context, cookie.clear(cookiesOf(context)));

  app.use(async (context, next) => {
    await next();
    if (context.res.headers.get('content-type')?.startsWith('text/html') === true) {
      context.res.headers.set('Content-Security-Policy', contentSecurityPolicy);
      context.res.headers.set('Cache-Control', 'private, no-cache, no-store, max-age=0, must-revalidate');
    }
  });

  app.get('/api/auth/csrf', (context) => {
    const csrf = csrfFor(cookiesOf(context), secret);
    setCookies(context, csrf.setCookie === undefined ? [] : [csrf.setCookie]);
    return context.json({ csrfToken: csrf.token }, 200, noStore);
  });

  app.get('/api/auth/session', async (context) => {
    const token = await current(context);
    if (token === undefined) drop(context);
    return context.json(token === undefined ? null : await keep(context, token), 200, noStore);
  });

  app.post('/api/auth/session', async (context) => {
    const { csrfToken, data } = await bodyOf(context);
    if (!csrfHolds(cookiesOf(context), csrfToken, secret)) return context.json(null, 400, noStore);
    const token = (await cookie.read(cookiesOf(context))) as SessionToken | undefined;
    if (token === undefined) return context.json(null, 200, noStore);
    const { accessToken, refreshToken } = (data ?? {}) as { accessToken?: string; refreshToken?: string };
    const next = accessToken
      ? await sessions.switched(token, { accessToken, refreshToken })
      : await sessions.kept(token);
    return context.json(await keep(context, next), 200, noStore);
  });

  app.post('/api/auth/callback/credentials', async (context) => {
    const { csrfToken, email, password, callbackUrl } = await bodyOf(context);
    const back = (path: string): Response => goTo(context, path, 302);
    if (!csrfHolds(cookiesOf(context), csrfToken, secret)) return back('/sign-in?csrf=true');
    const token = wellFormed(email, password)
      ? await sessions.signedIn(String(email), String(password)).catch(() => undefined)
      : undefined;
    if (token === undefined) return back('/sign-in?error=CredentialsSignin&code=credentials');
    await keep(context, token);
    return back(safePath(callbackUrl));
  });

  app.post('/api/auth/signout', async (context) => {
    const { csrfToken } = await bodyOf(context);
    if (!csrfHolds(cookiesOf(context), csrfToken, secret)) return goTo(context, '/sign-in?csrf=true', 302);
    drop(context);
    return goTo(context, '/sign-in', 302);
  });

  app.get('/sign-in', async (context) => {
    const token = await current(context);
    if (token !== undefined) await keep(context, token);
    const csrf = csrfFor(cookiesOf(context), secret);
    setCookies(context, csrf.setCookie === undefined ? [] : [csrf.setCookie]);
    const error = context.req.query('error');
    return context.html(
      signInPage({ settings, csrfToken: csrf.token, callbackUrl: safePath(context.req.query('callbackUrl')), error }),
    );
  });

  app.get('/favicon.ico', () => new Response(null, { status: 204 }));

  app.on(['GET', 'POST'], ['/', '/scans', '/findings', '/profile'], async (context) => {
    const token = await current(context);
    const session = token === undefined ? undefined : await keep(context, token);
    if (session?.user === undefined || session.accessToken === undefined) {
      return goTo(context, signInPath(context, session?.error), 307);
    }
    if (context.req.method === 'POST') return serverAction(context, api, session.accessToken);
    const csrf = csrfFor(cookiesOf(context), secret);
    setCookies(context, csrf.setCookie === undefined ? [] : [csrf.setCookie]);
    // The page is made whether or not the API can be asked just now.
    const tenants: readonly ConsoleTenant[] | undefined = await api.tenants(session.accessToken).catch(() => undefined);
    const page = (context.req.path.slice(1) || 'overview') as PageName;
    return context.html(
      consolePage({
        settings,
        page,
        csrfToken: csrf.token,
        user: session.user,
        tenantId: session.tenantId ?? '',
        tenants,
      }),
    );
  });

  app.notFound((context) =>
    context.html('<!doctype html><title>404</title><h1>This page could not be found.</h1>', 404),
  );
  return app;
}

/** The profile page's own way to a tenant: its server asks the API, and the pair comes back in the page's stream. */
async function serverAction(context: Context, api: ConsoleApi, accessToken: string): Promise<Response> {
  const origin = context.req.header('origin');
  if (context.req.header('next-action') === undefined || origin !== new URL(context.req.url).origin) {
    return context.text('Invalid Server Actions request.', 500);
  }
  const { tenantId } = await bodyOf(context);
  const pair = await api.switchTenant(accessToken, String(tenantId)).catch(() => undefined);
  const result =
    pair === undefined
      ? { success: false, error: 'Unable to switch organization. Please try again.' }
      : { success: true, accessToken: pair.access, refreshToken: pair.refresh };
  return context.body(`0:{"a":"$@1","f":"","b":"lab"}\n1:${JSON.stringify(result)}\n`, 200, {
    'Content-Type': 'text/x-component',
    'Cache-Control': 'no-store, must-revalidate',
  });
}

function signInPath(context: Context, error: string | undefined): string {
  const { pathname, search } = new URL(context.req.url);
  const query = new URLSearchParams({ ...(error === undefined ? {} : { error }), callbackUrl: pathname + search });
  return `/sign-in?${query}`;
}

const goTo = (context: Context, path: string, status: 302 | 307): Response => context.redirect(path, status);

const safePath = (asked: unknown): string => (typeof asked === 'string' && /^\/(?![/\\])/.test(asked) ? asked : '/');

const wellFormed = (email: unknown, password: unknown): boolean =>
  typeof email === 'string' && /^\S+@\S+\.\S+$/.test(email) && typeof password === 'string' && password.length >= 12;

async function bodyOf(context: Context): Promise<Record<string, unknown>> {
  const json = context.req.header('content-type')?.startsWith('application/json') === true;
  if (!json) return context.req.parseBody();
  // A body that is no JSON is an empty one to the vendor: it then fails the CSRF check.
  return context.req.json<Record<string, unknown>>().catch(() => ({}));
}

function cookiesOf(context: Context): Map<string, string> {
  const pairs = (context.req.header('cookie') ?? '').split(/;\s*/).filter((pair) => pair.includes('='));
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

function setCookies(context: Context, lines: readonly string[]): void {
  for (const line of lines) context.header('Set-Cookie', line, { append: true });
}

import { randomBytes } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Codes } from './codes';
import type { Deployment } from './deployment';
import { hostsOf, type Region } from './regions';
import { signInPage } from './sign-in-page';
import { consoleClientId } from './tokens';
import type { User } from './world';

const cookieName = 'idsrv';
const loginPath = '/auth/account/login';

/** Mounts the console's sign-in: an authorization code for a page that keeps no secret, as the vendor's kind of server gives. */
export function mountSignIn(
  app: Hono,
  { world, settings, now }: Deployment,
  { region, codes }: { region: Region; codes: Codes },
): void {
  const sessions = new Map<string, { readonly user: User; readonly until: number }>();
  const home = `https://${hostsOf(region).console}`;

  const signedIn = (context: Context): User | undefined => {
    const session = sessions.get(getCookie(context, cookieName) ?? '');
    return session !== undefined && now() < session.until && session.user.isActive && world.users.includes(session.user)
      ? session.user
      : undefined;
  };

  app.get('/auth/connect/authorize', (context) => {
    const {
      client_id,
      redirect_uri = '',
      response_type,
      state = '',
      code_challenge = '',
      prompt,
    } = context.req.query();
    const known = client_id === consoleClientId && redirect_uri === `${home}/auth/callback`;
    if (!known || response_type !== 'code' || code_challenge === '') {
      return context.html(signInPage({ problem: 'This request to sign in is not valid.' }), 400);
    }
    const back = (said: Record<string, string>): Response =>
      context.redirect(`${redirect_uri}?${new URLSearchParams({ ...said, state })}`, 302);
    const user = signedIn(context);
    if (user !== undefined)
      return back({ code: codes.give({ user, redirectUri: redirect_uri, challenge: code_challenge }) });
    if (prompt === 'none') return back({ error: 'login_required' });
    const { pathname, search } = new URL(context.req.url);
    return context.redirect(`${loginPath}?${new URLSearchParams({ ReturnUrl: pathname + search })}`, 302);
  });

  app.get(loginPath, (context) => context.html(signInPage({ returnUrl: context.req.query('ReturnUrl') ?? '' })));

  app.post(loginPath, async (context) => {
    const { Username: email, Password: password, ReturnUrl: asked } = await context.req.parseBody();
    const returnUrl = typeof asked === 'string' ? asked : '';
    const user = world.users.find(
      (one) =>
        one.region === region &&
        one.isActive &&
        typeof email === 'string' &&
        one.email === email.toLowerCase() &&
        one.password === password,
    );
    if (user === undefined) return context.html(signInPage({ returnUrl, problem: 'Invalid username or password.' }));
    const id = randomBytes(32).toString('base64url');
    sessions.set(id, { user, until: now() + settings.sessionLifeMs });
    setCookie(context, cookieName, id, { path: '/', httpOnly: true, secure: true, sameSite: 'Lax' });
    // Only to where this server itself had sent them from.
    return context.redirect(returnUrl.startsWith('/auth/connect/authorize?') ? returnUrl : `${home}/`, 302);
  });

  app.get('/auth/connect/endsession', (context) => {
    sessions.delete(getCookie(context, cookieName) ?? '');
    setCookie(context, cookieName, '', { path: '/', httpOnly: true, secure: true, sameSite: 'Lax', maxAge: 0 });
    return context.redirect(`${home}/`, 302);
  });
}

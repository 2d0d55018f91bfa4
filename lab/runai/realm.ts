import { randomBytes } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { exportJWK } from 'jose';
import { passwordMatches } from '../prowler/password';
import type { ApiEnv } from './api-view';
import type { Deployment } from './deployment';
import { createGrants } from './grants';
import { answerOAuth } from './oauth-token';
import { oauthErrorPage, signInPage } from './realm-pages';
import type { Session } from './sessions';
import type { Signer } from './signing';
import { accountByEmail, type Account, type Tenant } from './world';

/** What a browser came with to the authorization endpoint. */
type Authorization = {
  readonly client: string;
  readonly redirectUri: string;
  readonly state?: string;
  readonly nonce?: string;
  readonly challenge?: string;
};

const clients = ['runai-admin-ui', 'runai-cli', 'runai-cli-sso', 'runai'];

/** One tenant's realm: sign-in pages, and the token endpoint under them. */
export function createRealm(deployment: Deployment, tenant: Tenant, signer: Signer): Hono<ApiEnv> {
  const { sessions, codes, world, settings } = deployment;
  const grants = createGrants(deployment, [tenant]);
  const app = new Hono<ApiEnv>();
  const path = new URL(tenant.issuer).pathname;
  const waiting = new Map<string, Authorization>();
  const signedIn = new Map<string, Session>();

  const sessionOf = (context: Context): Session | undefined => {
    const session = signedIn.get(cookie(context, 'KEYCLOAK_IDENTITY') ?? '');
    return session !== undefined && sessions.isLive(session) ? session : undefined;
  };

  const backWithCode = (context: Context, session: Session, asked: Authorization): Response => {
    const { client, redirectUri, state, nonce, challenge } = asked;
    sessions.touch(session);
    session.clients.add(client);
    const code = codes.issue({
      session,
      client,
      redirectUri,
      ...(challenge === undefined ? {} : { challenge }),
      ...(nonce === undefined ? {} : { nonce }),
    });
    const answer = { ...(state === undefined ? {} : { state }), session_state: session.id, iss: tenant.issuer, code };
    return context.redirect(withQuery(redirectUri, answer), 302);
  };

  const signedInAs = (context: Context, account: Account, asked: Authorization): Response => {
    const session = sessions.open(account);
    const identity = randomBytes(32).toString('base64url');
    signedIn.set(identity, session);
    const answer = backWithCode(context, session, asked);
    setCookie(answer, `KEYCLOAK_IDENTITY=${identity}; Path=${path}/; HttpOnly; Secure; SameSite=None`);
    setCookie(answer, `KEYCLOAK_SESSION=${session.id}; Path=${path}/; Secure; SameSite=None`);
    setCookie(answer, `KC_RESTART=; Path=${path}/; Max-Age=0; HttpOnly; Secure; SameSite=None`);
    return answer;
  };

  app.get(`${path}/.well-known/openid-configuration`, () => {
    const endpoint = `${tenant.issuer}/protocol/openid-connect`;
    return Response.json({
      issuer: tenant.issuer,
      authorization_endpoint: `${endpoint}/auth`,
      token_endpoint: `${endpoint}/token`,
      end_session_endpoint: `${endpoint}/logout`,
      jwks_uri: `${endpoint}/certs`,
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
  });

  app.get(`${path}/protocol/openid-connect/certs`, async () => {
    const key = await exportJWK(signer.publicKey);
    return Response.json({ keys: [{ ...key, kid: signer.keyId, alg: 'RS256', use: 'sig' }] });
  });

  app.get(`${path}/protocol/openid-connect/auth`, (context) => {
    const asked = authorizationIn(context, tenant);
    if (typeof asked === 'string') return context.html(oauthErrorPage(tenant, asked), 400);
    const session = sessionOf(context);
    if (session !== undefined) return backWithCode(context, session, asked);
    if (context.req.query('prompt') === 'none') {
      const { redirectUri, state } = asked;
      return context.redirect(
        withQuery(redirectUri, { error: 'login_required', ...(state === undefined ? {} : { state }) }),
      );
    }
    const id = randomBytes(16).toString('base64url');
    waiting.set(id, asked);
    context.header('Set-Cookie', `AUTH_SESSION_ID=${id}; Path=${path}/; HttpOnly; Secure; SameSite=None`);
    context.header('Set-Cookie', `KC_RESTART=${id}; Path=${path}/; HttpOnly; Secure; SameSite=None`, { append: true });
    return context.html(signInPage(tenant, { action: `${path}/login-actions/authenticate`, failed: false }));
  });

  app.post(`${path}/login-actions/authenticate`, async (context) => {
    const id = cookie(context, 'AUTH_SESSION_ID') ?? '';
    const asked = waiting.get(id);
    if (asked === undefined) return context.html(oauthErrorPage(tenant, 'Your login attempt timed out.'), 400);
    const { username, password } = await context.req.parseBody<{ username?: string; password?: string }>();
    const account = accountByEmail(world, username ?? '', [tenant]);
    if (account === undefined || !passwordMatches(password ?? '', account.person.passwordHash)) {
      return context.html(signInPage(tenant, { action: context.req.path, failed: true }));
    }
    waiting.delete(id);
    return signedInAs(context, account, asked);
  });

  app.on(['GET', 'POST'], `${path}/protocol/openid-connect/logout`, (context) => {
    const session = signedIn.get(cookie(context, 'KEYCLOAK_IDENTITY') ?? '');
    if (session !== undefined) session.ended = true;
    const to = context.req.query('post_logout_redirect_uri');
    const answer = to !== undefined && isOwn(to, tenant) ? context.redirect(to, 302) : context.text('Signed out');
    setCookie(answer, `KEYCLOAK_IDENTITY=; Path=${path}/; Max-Age=0; HttpOnly; Secure; SameSite=None`);
    return answer;
  });

  // The only part of a realm that a page of another origin may ask: the console's.
  app.all(`${path}/protocol/openid-connect/token`, async ({ req }) => {
    const origin = req.header('origin');
    const answer = await tokenAnswer(req.raw);
    if (origin === `https://${tenant.host}`) {
      answer.headers.set('Access-Control-Allow-Origin', origin);
      answer.headers.set('Access-Control-Allow-Credentials', 'true');
      answer.headers.set('Vary', 'Origin');
    }
    return answer;
  });

  const tokenAnswer = async (request: Request): Promise<Response> => {
    if (request.method === 'OPTIONS') {
      const allowed = 'Origin, Accept, X-Requested-With, Content-Type, Authorization';
      return new Response(null, {
        headers: { 'Access-Control-Allow-Headers': allowed, 'Access-Control-Allow-Methods': 'POST, OPTIONS' },
      });
    }
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { Allow: 'POST, OPTIONS' } });
    return answerOAuth(request, {
      grants,
      offered: ['authorization_code', 'client_credentials', 'password', 'refresh_token'],
      client: settings.defaultClient,
    });
  };
  return app;
}

function authorizationIn(context: Context, tenant: Tenant): Authorization | string {
  const query = (name: string): string | undefined => context.req.query(name);
  const client = query('client_id') ?? '';
  if (!clients.includes(client)) return 'Client not found.';
  const redirectUri = query('redirect_uri') ?? '';
  if (!isOwn(redirectUri, tenant)) return 'Invalid parameter: redirect_uri';
  if (query('response_type') !== 'code') return 'Invalid parameter: response_type';
  const [state, nonce, challenge] = [query('state'), query('nonce'), query('code_challenge')];
  if (challenge !== undefined && query('code_challenge_method') !== 'S256') {
    return 'Invalid parameter: code_challenge_method';
  }
  return {
    client,
    redirectUri,
    ...(state === undefined ? {} : { state }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(challenge === undefined ? {} : { challenge }),
  };
}

const isOwn = (address: string, { host }: Tenant): boolean => address.startsWith(`https://${host}/`);

function withQuery(address: string, added: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(added)) url.searchParams.set(name, value);
  return url.href;
}

const setCookie = (answer: Response, line: string): void => answer.headers.append('Set-Cookie', line);

function cookie(context: Context, name: string): string | undefined {
  const pairs = (context.req.header('cookie') ?? '').split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

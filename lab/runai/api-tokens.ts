import type { Hono } from 'hono';
import { readJson, type Fields } from './api-body';
import type { ApiEnv } from './api-view';
import type { Deployment } from './deployment';
import { ApiProblem, missing, noSuchPath } from './errors';
import { externalToken, Refusal, type Grants } from './grants';
import type { TokenSet } from './mint';
import type { RunaiSettings } from './settings';
import { surfaceOf, type V1Grant } from './versions';

type Parts = { readonly deployment: Deployment; readonly grants: Grants };

/** Mounts the four token operations, as far as the version has them. None looks at an Authorization header. */
export function mountTokens(app: Hono<ApiEnv>, { deployment, grants }: Parts): void {
  const { settings } = deployment;
  const surface = () => surfaceOf(settings.version);
  const hasLegacy = (): boolean => settings.keepsLegacyPaths || surface().legacyExchangeAndRefresh;

  app.post('/v1/k8s/auth/oauth/apptoken', async ({ req }) => {
    if (!surface().appToken) return noSuchPath();
    const fields = await readJson(req.raw);
    const given = { id: need(fields, 'id'), name: need(fields, 'name'), secret: need(fields, 'secret') };
    const { access, id } = refused(settings, () => grants.application(given));
    return Response.json({ access_token: access, id_token: id });
  });

  app.get('/v1/k8s/auth/token/exchange', ({ req }) => {
    if (!hasLegacy()) return noSuchPath();
    const redirectUri = needQuery(req.query('redirect_uri'), 'redirect_uri');
    const code = needQuery(req.query('code'), 'code');
    return answer(
      deployment,
      refused(settings, () => grants.code({ code, redirectUri })),
    );
  });

  app.post('/v1/k8s/auth/oauth/tokens/refresh', ({ req }) => {
    if (!hasLegacy()) return noSuchPath();
    const token = needQuery(req.query('refresh_token'), 'refresh_token');
    // There is no room for a client here: it is the one the token was made for.
    const client = deployment.mint.find(token)?.client;
    return answer(
      deployment,
      refused(settings, () => grants.refresh({ token, ...(client === undefined ? {} : { client }) })),
    );
  });

  app.post('/api/v1/token', async ({ req }) => {
    const fields = await readJson(req.raw);
    const asked = need(fields, 'grantType');
    const grant = surface().v1Grants.find((one) => one === asked);
    if (grant === undefined) throw new ApiProblem(400, 'Unsupported grant type', asked);
    return answer(
      deployment,
      refused(settings, () => granted(grant, fields, { deployment, grants })),
    );
  });
}

function granted(grant: V1Grant, fields: Fields, { deployment, grants }: Parts): TokenSet {
  const { defaultClient, pkceVerifierField } = deployment.settings;
  const clientId = fields.text('clientID');
  const client = clientId ?? defaultClient;
  const named = clientId === undefined ? {} : { client: clientId };
  switch (grant) {
    case 'app_token':
      return grants.application({ id: need(fields, 'appID'), secret: need(fields, 'appSecret') });
    case 'client_credentials':
      return grants.application({ id: need(fields, 'clientID'), secret: need(fields, 'clientSecret') });
    case 'refresh_token':
      return grants.refresh({ token: need(fields, 'refreshToken'), ...named });
    case 'exchange_token': {
      const verifier = pkceVerifierField === null ? undefined : fields.text(pkceVerifierField);
      return grants.code({
        code: need(fields, 'code'),
        redirectUri: need(fields, 'redirectUri'),
        ...named,
        ...(verifier === undefined ? {} : { verifier }),
      });
    }
    case 'password':
      return grants.password({ username: need(fields, 'username'), password: need(fields, 'password'), client });
    case 'external_token_exchange':
      return grants.external({ token: need(fields, 'externalToken'), client });
  }
}

/** Lets a realm's refusal out in the control plane's words. */
function refused(settings: RunaiSettings, grant: () => TokenSet): TokenSet {
  try {
    return grant();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const status = { request: 400, credentials: settings.refusedStatus, refresh: settings.deadRefreshStatus } as const;
    throw new ApiProblem(status[error.what], error.error, error.description);
  }
}

function answer({ settings, mint }: Deployment, { access, id, refresh, expiresInS }: TokenSet): Response {
  const surface = surfaceOf(settings.version);
  const account = mint.find(access)?.account;
  const external = surface.answersExternalToken && settings.answersExternalToken && account !== undefined;
  return Response.json({
    accessToken: access,
    idToken: id,
    ...(refresh === undefined ? {} : { refreshToken: refresh }),
    ...(external ? { externalToken: externalToken(account) } : {}),
    ...(surface.answersExpiresIn ? { expiresIn: expiresInS } : {}),
  });
}

function need(fields: Fields, name: string): string {
  const value = fields.text(name);
  if (value === undefined) throw missing(name);
  return value;
}

function needQuery(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw missing(name);
  return value;
}

import { readForm, type Fields } from './api-body';
import { Refusal, type Grants } from './grants';
import type { TokenSet } from './mint';
import type { V2Grant } from './versions';

/** A token endpoint in the form of RFC 6749: the control plane's second version, and the realms' own. */
export type OAuthEndpoint = { readonly grants: Grants; readonly offered: readonly V2Grant[]; readonly client?: string };

/** Answers a request for a token. */
export async function answerOAuth(request: Request, { grants, offered, client }: OAuthEndpoint): Promise<Response> {
  const fields = await readForm(request);
  if (fields === undefined) return oauthError(400, 'invalid_request', 'The body must be a form');
  const asked = fields.text('grant_type');
  if (asked === undefined) return oauthError(400, 'invalid_request', 'Missing form parameter: grant_type');
  const grant = offered.find((one) => one === asked);
  if (grant === undefined) return oauthError(400, 'unsupported_grant_type', 'Unsupported grant_type');
  try {
    return answer(granted(grant, fields, { grants, client: fields.text('client_id') ?? client }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isCredentials = error.error === 'invalid_client' || error.error === 'unauthorized_client';
    const isUser = error.description === 'Invalid user credentials';
    return oauthError(isCredentials || isUser ? 401 : 400, error.error, error.description);
  }
}

function granted(
  grant: V2Grant,
  fields: Fields,
  { grants, client }: { readonly grants: Grants; readonly client: string | undefined },
): TokenSet {
  const named = client === undefined ? {} : { client };
  switch (grant) {
    case 'authorization_code': {
      const verifier = fields.text('code_verifier');
      return grants.code({
        code: need(fields, 'code'),
        redirectUri: need(fields, 'redirect_uri'),
        ...named,
        ...(verifier === undefined ? {} : { verifier }),
      });
    }
    case 'client_credentials':
      return grants.application({ id: need(fields, 'client_id'), secret: need(fields, 'client_secret') });
    case 'password':
      return grants.password({
        username: need(fields, 'username'),
        password: need(fields, 'password'),
        client: client ?? '',
      });
    case 'refresh_token':
      return grants.refresh({ token: need(fields, 'refresh_token'), ...named });
    case 'external_token_exchange':
      return grants.external({ token: need(fields, 'external_token'), client: client ?? '' });
  }
}

const answer = ({ access, id, refresh, expiresInS }: TokenSet): Response =>
  Response.json(
    {
      access_token: access,
      token_type: 'Bearer',
      expires_in: expiresInS,
      ...(refresh === undefined ? {} : { refresh_token: refresh }),
      id_token: id,
      scope: 'openid email profile',
    },
    { headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' } },
  );

const oauthError = (status: 400 | 401, error: string, description: string): Response =>
  Response.json({ error, error_description: description }, { status });

function need(fields: Fields, name: string): string {
  const value = fields.text(name);
  if (value === undefined) throw new Refusal('invalid_request', `Missing form parameter: ${name}`, 'request');
  return value;
}

import type { Context, Hono } from 'hono';
import { tokenResponse } from './api-tokens';
import type { Codes } from './codes';
import type { Deployment } from './deployment';
import type { Region } from './regions';
import { consoleClientId, type IssuedToken } from './tokens';
import type { Principal } from './world';

type Form = Readonly<Record<string, string>>;

/** Mounts the endpoint at which a token is asked for: by a machine with its credentials, by the console with a sign-in's code. */
export function mountConnect(
  app: Hono,
  deployment: Deployment,
  { region, codes }: { region: Region; codes: Codes },
): void {
  app.post('/auth/connect/token', async (context) => {
    const form = await formOf(context);
    switch (form.grant_type) {
      case 'client_credentials':
        return answer(deployment, form, machineIn(deployment, region, { ...form, ...basicIn(context) }));
      case 'authorization_code':
        return answer(deployment, form, userIn(codes, form));
      case undefined:
        return refusal('invalid_request');
      default:
        return refusal('unsupported_grant_type');
    }
  });
}

const noStore = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

const refusal = (error: string): Response => Response.json({ error }, { status: 400, headers: noStore });

function answer({ mint, settings, now }: Deployment, { scope }: Form, owner: Principal | Refused): Response {
  if ('error' in owner) return refusal(owner.error);
  if (scope !== undefined && !scope.split(' ').includes('api')) return refusal('invalid_scope');
  const issued: IssuedToken = mint.issue(owner);
  return Response.json(tokenResponse(issued, settings.tokenResponseOmits, now()), { headers: noStore });
}

type Refused = { readonly error: string };

function machineIn(
  { world, now }: Deployment,
  region: Region,
  { client_id: id, client_secret: secret }: Form,
): Principal | Refused {
  const client = world.clients.find((one) => one.id === id && one.region === region);
  const key = client?.accessKeys.find((one) => one.secret === secret);
  const good = key !== undefined && !key.revoked && now() < key.expiresAt;
  return client !== undefined && good ? client : { error: 'invalid_client' };
}

function userIn(codes: Codes, form: Form): Principal | Refused {
  if (form.client_id !== consoleClientId) return { error: 'invalid_client' };
  const shown = { redirectUri: form.redirect_uri ?? '', verifier: form.code_verifier ?? '' };
  return codes.take(form.code ?? '', shown) ?? { error: 'invalid_grant' };
}

async function formOf(context: Context): Promise<Form> {
  const type = context.req.header('content-type')?.split(';', 1)[0];
  // Anything but a form is an empty one.
  if (type !== 'application/x-www-form-urlencoded') return {};
  return Object.fromEntries(new URLSearchParams(await context.req.text()));
}

/** RFC 6749, 2.3.1: both halves are form-encoded before they are joined. */
function basicIn(context: Context): Form {
  const encoded = /^basic +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (encoded === undefined) return {};
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64')
    .toString()
    .split(/:(.*)/s)
    .map((half) => new URLSearchParams(`_=${half}`).get('_') ?? '');
  return { client_id: id, client_secret: secret };
}

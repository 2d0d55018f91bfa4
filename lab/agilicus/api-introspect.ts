import type { Hono } from 'hono';
import { bearerIn, type ApiEnv } from './api-auth';
import { flagIn, needText, optionalObject, readObject } from './api-body';
import type { Deployment } from './deployment';
import { ApiProblem, invalid, notFound, unauthorized } from './errors';
import type { TokenRecord } from './mint';
import { tokenDocument } from './token-document';
import { membershipIn, withChildren } from './world';

/** Mounts what tells about a token. The first two take it in the body, and nobody has to say who they are. */
export function mountIntrospection(app: Hono<ApiEnv>, deployment: Deployment): void {
  const { mint, world, settings } = deployment;

  app.post('/v1/tokens/introspect', async ({ req }) => {
    const { record, excludeRoles } = await asked(deployment, req.raw);
    return Response.json(tokenDocument(deployment, record, { excludeRoles }));
  });

  app.post('/v1/tokens/introspect_all_sub_orgs', async ({ req }) => {
    if (settings.release === 'first') throw notFound('Not found');
    const { record, excludeRoles } = await asked(deployment, req.raw);
    const org = world.orgs.find(({ id }) => id === record.org);
    const below = org === undefined ? [] : withChildren(world, org).slice(1);
    return Response.json({
      primary_token: tokenDocument(deployment, record, { excludeRoles }),
      sub_org_results: below
        .filter(({ id }) => membershipIn(world, record.sub, id) !== undefined)
        .map(({ id }) => tokenDocument(deployment, { ...record, org: id }, { excludeRoles })),
    });
  });

  app.get('/v1/tokens/introspect_self', ({ req }) => {
    if (settings.release === 'first') throw notFound('Not found');
    const token = bearerIn(req.header('authorization'));
    if (token === undefined) throw unauthorized();
    const { is, record } = mint.judge(token);
    if (is === 'unknown') throw hasJti(token) ? notFound('token not found') : invalid('token missing jti');
    if (is !== 'live') throw unauthorized();
    const excludeRoles = flagIn(new URL(req.url), 'exclude_roles') ?? false;
    return Response.json(tokenDocument(deployment, record, { excludeRoles }));
  });
}

async function asked(
  { mint, settings }: Deployment,
  request: Request,
): Promise<{ readonly record: TokenRecord; readonly excludeRoles: boolean }> {
  const body = await readObject(request);
  const excludeRoles = optionalObject(body, 'introspect_options')?.exclude_roles === true;
  const { is, record } = mint.judge(needText(body, 'token'));
  switch (is) {
    case 'live':
      return { record, excludeRoles };
    case 'revoked':
      throw new Gone();
    case 'expired':
      if (settings.introspectExpiredStatus === 200) return { record, excludeRoles };
      throw new ApiProblem(settings.introspectExpiredStatus, 'token_expired', 'The token has expired');
    case 'unknown':
      throw new ApiProblem(settings.introspectGarbageStatus, 'invalid_token', 'The token is not valid');
  }
}

/** A revoked token, which is told by the status alone. */
class Gone extends ApiProblem {
  constructor() {
    super(410, 'gone', 'Token has been revoked');
  }

  override answer(): Response {
    return new Response(null, { status: 410 });
  }
}

function hasJti(token: string): boolean {
  try {
    return 'jti' in (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object);
  } catch {
    // No JWT at all: there is no id in it either.
    return false;
  }
}

import type { Hono } from 'hono';
import { authenticate, type ApiEnv, type Caller } from './api-auth';
import { needText, readObject } from './api-body';
import { notPermitted, permittedScopes, readCreateRequest, type CreateRequest } from './create-request';
import type { Deployment } from './deployment';
import { ApiProblem, forbidden, invalid, notFound } from './errors';
import type { TokenRecord } from './mint';
import { userDocument } from './token-document';
import { issuerOf, membershipIn, type Org } from './world';

/** Mounts what makes, renews and ends tokens. */
export function mountTokens(app: Hono<ApiEnv>, deployment: Deployment): void {
  const { mint, settings, signer } = deployment;

  app.post('/v1/tokens/reissue', async ({ req }) => {
    const body = await readObject(req.raw);
    const [token, orgId] = [needText(body, 'token'), needText(body, 'org_id')];
    return rawToken(deployment, reissued(deployment, token, orgId));
  });

  app.post('/v1/tokens/revoke', async ({ req }) => {
    const body = await readObject(req.raw);
    // Nothing is said about tokens that cannot be revoked, and nothing is required.
    const { record } = mint.judge(typeof body.token === 'string' ? body.token : '');
    if (record !== undefined) revoke(deployment, record, body.all_sessions === true);
    return new Response(null, { status: 204 });
  });

  app.post('/v1/tokens/bulk_revoke', async ({ req }) => {
    const caller = authenticate(deployment, req.header('authorization'));
    const body = await readObject(req.raw);
    const userId = needText(body, 'user_id');
    if (userId !== caller.person.id && !caller.isOwner) throw forbidden('Not permitted to revoke for this user');
    const fits = ({ sub, org, session }: TokenRecord): boolean =>
      sub === userId &&
      (body.org_id === undefined || body.org_id === org) &&
      (body.session_id === undefined || body.session_id === session);
    mint.records.filter(fits).forEach((record) => mint.revoke(record));
    return Response.json({});
  });

  app.post('/v1/tokens', async ({ req }) => {
    const caller = authenticate(deployment, req.header('authorization'));
    const request = readCreateRequest(await readObject(req.raw), settings.durationUnitMs);
    return created(deployment, caller, request);
  });

  app.post('/v1/tokens/validations', async ({ req }) => {
    const body = await readObject(req.raw);
    permittedScopes(deployment, readCreateRequest(body, settings.durationUnitMs));
    return Response.json(body);
  });

  app.post('/v1/tokens/refresh', async ({ req }) => {
    if (settings.release === 'first') throw notFound('Not found');
    const caller = authenticate(deployment, req.header('authorization'));
    const { is, record } = mint.judge(needText(await readObject(req.raw), 'token'));
    if (is !== 'live' || record.isRefresh !== true || record.sub !== caller.person.id) {
      throw invalid('The token cannot be refreshed');
    }
    const { exp: _, isRefresh: __, ...order } = record;
    const made = mint.issue(order);
    if (!settings.apiRefreshRotates) return rawToken(deployment, made, { status: 201 });
    mint.revoke(record);
    return rawToken(deployment, made, { status: 201, refreshToken: refreshTokenFor(deployment, made.record) });
  });

  app.get('/v1/tokens/jwsk', () => Response.json({ keys: [signer.publicJwk] }));
}

type Made = { readonly token: string; readonly record: TokenRecord };

/** The same rights in another organisation, for as long as the token that was shown: that one stays good. */
function reissued({ mint, world, settings }: Deployment, token: string, orgId: string): Made {
  const dead = (): ApiProblem =>
    new ApiProblem(settings.reissueDeadStatus, 'invalid_token', 'The token reissue request is invalid');
  const { is, record } = mint.judge(token);
  if (is !== 'live' || record.isRefresh === true) throw dead();
  if (record.isReissued === true && settings.reissueFrom === 'root_only') throw dead();
  const org = world.orgs.find(({ id }) => id === orgId);
  if (org === undefined || !org.enabled || membershipIn(world, record.sub, orgId) === undefined) {
    const { reissueForbiddenStatus: status } = settings;
    throw new ApiProblem(status, 'not_permitted', 'The token reissue request is invalid');
  }
  return mint.issue({ ...record, org: org.id, issuer: issuerFor(org), isReissued: org.id !== record.org });
}

function revoke({ mint, settings, endAtIssuers }: Deployment, record: TokenRecord, allSessions: boolean): void {
  mint.revoke(record);
  if (!allSessions) return;
  const ofUser = settings.allSessions === 'of_user';
  for (const other of mint.records) {
    if (ofUser ? other.sub === record.sub : other.session === record.session) mint.revoke(other);
  }
  endAtIssuers(record.sub);
}

function created(deployment: Deployment, caller: Caller, request: CreateRequest): Response {
  const { mint, world, settings, now } = deployment;
  const { sub, org: orgId, audiences, durationMs, hosts, inheritSession, wantsRefreshToken, wantsUser } = request;
  const scopes = permittedScopes(deployment, request);
  const org = world.orgs.find(({ id }) => id === orgId);
  const isOwnerThere = membershipIn(world, caller.person.id, orgId)?.role === 'owner';
  if (org === undefined || (sub !== caller.person.id && !isOwnerThere)) throw notPermitted();
  const wanted = Math.floor((now() + (durationMs ?? settings.accessLifeMs)) / 1000);
  const session = request.session ?? (inheritSession ? caller.record.session : undefined);
  const made = mint.issue({
    sub,
    org: orgId,
    issuer: issuerFor(org),
    audiences,
    scopes,
    hosts,
    exp: settings.createMayOutlive ? wanted : Math.min(wanted, caller.record.exp),
    creatingSub: caller.person.id,
    creatingOrg: caller.record.org,
    ...(session === undefined ? {} : { session }),
  });
  const person = world.people.find(({ id }) => id === sub);
  return rawToken(deployment, made, {
    status: settings.createStatus,
    ...(wantsRefreshToken ? { refreshToken: refreshTokenFor(deployment, made.record) } : {}),
    ...(wantsUser && person !== undefined ? { user: userDocument(person) } : {}),
  });
}

function refreshTokenFor({ mint, settings, now }: Deployment, record: TokenRecord): string {
  const exp = Math.floor((now() + settings.refreshLifeMs) / 1000);
  return mint.issue({ ...record, exp, isRefresh: true }).token;
}

const issuerFor = ({ domain }: Org): string => issuerOf(domain);

type Extras = {
  readonly status?: 200 | 201;
  readonly refreshToken?: string;
  readonly user?: Readonly<Record<string, unknown>>;
};

function rawToken(
  { settings }: Deployment,
  { token, record }: Made,
  { status = 200, refreshToken, user }: Extras = {},
): Response {
  if (settings.release === 'first') return Response.json({ token }, { status });
  const document = {
    token,
    session: record.session,
    time_validity: { duration: Math.round(((record.exp - record.iat) * 1000) / settings.durationUnitMs) },
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(user === undefined ? {} : { user }),
    ...(settings.unknownKeys ? { issued_by: 'a1' } : {}),
  };
  return Response.json(document, { status });
}

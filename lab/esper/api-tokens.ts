import type { Hono } from 'hono';
import { authenticate } from './api-auth';
import { dateText } from './dates';
import type { Deployment } from './deployment';
import { ApiProblem, forbidden } from './errors';
import type { Key } from './keys';
import type { Tenant } from './tenants';

const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

const renewPath = `/api/v0/enterprise/:enterprise{${uuid}}/developerapp/:app{${uuid}}/renew-token/` as const;

/** Mounts the two operations on a key: what it is, and another one like it. */
export function mountTokens(app: Hono, deployment: Deployment, tenant: Tenant): void {
  const { keys, settings } = deployment;

  app.get('/api/v1/token-info/', (context) =>
    context.json(tokenInfo(deployment, authenticate(deployment, context.req.header('authorization'), tenant))),
  );

  app.post(renewPath, (context) => {
    const bearer = authenticate(deployment, context.req.header('authorization'), tenant);
    const { enterprise, app: developerApp } = context.req.param();
    const isTheirs = keys.issued.some((one) => one.user === bearer.user && one.developerApp === developerApp);
    if (enterprise !== tenant.enterpriseId || !isTheirs) throw forbidden();
    const text = context.req.query('access_token');
    if (text === undefined || text === '') throw new ApiProblem(400, 'access_token: This field is required.');
    const old = keys.find(text, tenant);
    const state = old === undefined ? 'not_ours' : keys.stateOf(old);
    const renews = state === 'live' || (state === 'expired' && settings.renewsExpired);
    if (old?.developerApp !== developerApp || !renews) throw new ApiProblem(400, 'access_token: Invalid token.');
    return context.json(renewal(deployment, keys.renew(old)), 201);
  });

  app.on(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], ['/api/v1/token-info/', renewPath], (context) => {
    throw new ApiProblem(405, `Method "${context.req.method}" not allowed.`);
  });
}

function tokenInfo({ settings }: Deployment, key: Key): object {
  const { recordId, user, developerApp, refreshToken, expiresAt } = key;
  const date = (at: number): string => dateText(at, settings.dateForm);
  return without(
    {
      id: settings.idForm === 'string' ? String(recordId) : recordId,
      enterprise: user.tenant.enterpriseId,
      user: String(user.id),
      ...(developerApp === undefined ? {} : { developer_app: developerApp }),
      source_refresh_token: refreshToken,
      token: key.key,
      ...(expiresAt === null ? {} : { expires_on: date(expiresAt) }),
      scope: key.scope,
      created_on: date(key.createdAt),
      updated_on: date(key.updatedAt),
    },
    settings.tokenInfoOmits,
  );
}

/** Not the same names as in token info, nor the same kinds of values. */
function renewal({ settings }: Deployment, key: Key): object {
  const { recordId, user, developerApp = '', expiresAt } = key;
  const { name, enterpriseId } = user.tenant;
  const date = (at: number): string => dateText(at, settings.dateForm);
  const display = settings.renewalIds === 'display';
  return without(
    {
      id: settings.idForm === 'string' ? String(recordId) : recordId,
      user: user.username,
      enterprise: display ? `${name} [${enterpriseId}]` : enterpriseId,
      developerapp: display ? `DeveloperApp object (${developerApp})` : developerApp,
      token: key.key,
      ...(expiresAt === null ? {} : { expires_at: date(expiresAt) }),
      scope: key.scope.join(' '),
      created_on: date(key.createdAt),
      updated_on: date(key.updatedAt),
    },
    settings.renewalOmits,
  );
}

const without = (object: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

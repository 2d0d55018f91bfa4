import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { authenticate } from './api-auth';
import { dateText } from './dates';
import type { Deployment } from './deployment';
import { ApiProblem, notFound } from './errors';
import type { Key } from './keys';
import type { Tenant } from './tenants';

type PersonalToken = { readonly id: string; readonly name: string; readonly description: string; key: Key };

const path = '/api/authn2/v0/personal-access-token/';

/** Mounts what is to follow keys: tokens with a name, which are keys underneath. */
export function mountPersonalTokens(app: Hono, deployment: Deployment, tenant: Tenant): void {
  const { keys, settings, now } = deployment;
  let tokens: PersonalToken[] = [];
  const bearerOf = (context: Context): Key => authenticate(deployment, context.req.header('authorization'), tenant);
  const named = (context: Context): PersonalToken => {
    const { user } = bearerOf(context);
    const found = tokens.find(({ id, key }) => id === context.req.param('id') && key.user === user);
    if (found === undefined) throw notFound();
    return found;
  };
  const legacy = ({ key }: PersonalToken): object => ({
    legacy_token_id: key.recordId,
    legacy_developer_app_id: key.developerApp,
  });

  app.post(path, async (context) => {
    const { user } = bearerOf(context);
    const { name, description, expiry_at: expiry } = await bodyOf(context);
    if (typeof name !== 'string' || typeof description !== 'string') {
      throw new ApiProblem(400, 'name, description: These fields are required.');
    }
    const key = keys.issue(user, { lifeMs: lifeIn(expiry, deployment) });
    const one = { id: randomUUID(), name, description, key };
    tokens.push(one);
    return context.json(shown(one, deployment, key.key));
  });

  app.get(path, (context) => {
    const { user } = bearerOf(context);
    const theirs = tokens.filter(({ key }) => key.user === user);
    return context.json({
      count: theirs.length,
      personal_access_tokens: theirs.map((one) => ({ ...shown(one, deployment, masked(one.key)), ...legacy(one) })),
    });
  });

  app.put(`${path}:id`, async (context) => {
    const one = named(context);
    const lifeMs = lifeIn((await bodyOf(context)).expiry_at, deployment);
    if (settings.personalRenewal === 'new') {
      keys.end(one.key, 'replaced');
      one.key = keys.issue(one.key.user, { lifeMs, developerApp: one.key.developerApp ?? null });
    } else {
      one.key.expiresAt = lifeMs === null ? null : now() + lifeMs;
      one.key.updatedAt = now();
    }
    const token = settings.personalRenewal === 'masked' ? masked(one.key) : one.key.key;
    return context.json({ ...shown(one, deployment, token), ...legacy(one) });
  });

  app.delete(`${path}:id`, (context) => {
    const one = named(context);
    keys.end(one.key, 'revoked');
    tokens = tokens.filter((other) => other !== one);
    return context.body(null, 204);
  });
}

const masked = ({ key }: Key): string => `${key.slice(0, 6)}${'*'.repeat(24)}`;

function shown({ id, name, description, key }: PersonalToken, { settings }: Deployment, token: string): object {
  return {
    id,
    name,
    description,
    created_at: dateText(key.createdAt, settings.dateForm),
    updated_at: dateText(key.updatedAt, settings.dateForm),
    token,
    prefix: key.key.slice(0, 6),
    expiry_at: key.expiresAt === null ? -1 : Math.floor(key.expiresAt / unit(settings.expiryUnit)),
  };
}

const unit = (of: Deployment['settings']['expiryUnit']): number =>
  ({ seconds: 1000, milliseconds: 1, days: 24 * 3_600_000 })[of];

/** How long from now; -1 has no end. */
function lifeIn(expiry: unknown, { settings, now }: Deployment): number | null {
  if (typeof expiry !== 'number' || !Number.isInteger(expiry)) {
    throw new ApiProblem(400, 'expiry_at: A valid integer is required.');
  }
  return expiry === -1 ? null : expiry * unit(settings.expiryUnit) - now();
}

const bodyOf = (context: Context): Promise<Record<string, unknown>> =>
  context.req.json<Record<string, unknown>>().catch(() => {
    throw new ApiProblem(400, 'The body is no JSON.');
  });

import type { Hono } from 'hono';
import { readFields } from './api-body';
import { tokenObtainThrottle } from './api-throttle';
import { mountClosed, mountOpen, type ApiEnv } from './api-view';
import type { Deployment } from './deployment';
import { invalid, refreshRefused, signingKeyMissing } from './errors';
import { passwordMatches, passwordStamp } from './password';
import type { Pair } from './tokens';
import { isMember, membershipsOf, personByEmail, type Person } from './world';

const notAMember = 'Tenant does not exist or user is not a member.';

/** Mounts the three token endpoints. Authentication runs on all of them, so a stale bearer spoils even a good refresh. */
export function mountTokenEndpoints(app: Hono<ApiEnv>, deployment: Deployment): void {
  mountOpen(app, '/api/v1/tokens', deployment, {
    family: 'token',
    throttle: tokenObtainThrottle(deployment),
    async POST({ request }) {
      const fields = await readFields(request, 'tokens', {
        email: { as: 'text' },
        password: { as: 'text' },
        tenant_id: { as: 'uuid', optional: true },
      });
      return document('tokens', obtain(deployment, fields));
    },
  });
  mountOpen(app, '/api/v1/tokens/refresh', deployment, {
    family: 'token',
    async POST({ request }) {
      const { refresh } = await readFields(request, 'tokens-refresh', { refresh: { as: 'text' } });
      return document('tokens-refresh', rotate(deployment, refresh));
    },
  });
  mountClosed(app, '/api/v1/tokens/switch', deployment, {
    family: 'token',
    async POST({ request }, { person }) {
      const { tenant_id: tenantId } = await readFields(request, 'tokens-switch-tenant', { tenant_id: { as: 'uuid' } });
      if (!isMember(deployment.world, person.id, tenantId)) throw invalid(notAMember);
      return document('tokens-switch-tenant', pairFor(deployment, person, tenantId));
    },
  });
}

type Credentials = { readonly email: string; readonly password: string; readonly tenant_id: string | undefined };

function obtain(deployment: Deployment, { email, password, tenant_id: asked }: Credentials): Pair {
  const { world } = deployment;
  const person = personByEmail(world, email);
  if (person === undefined || !person.isActive || !passwordMatches(password, person.passwordHash)) {
    throw invalid('Invalid credentials');
  }
  if (asked !== undefined && !isMember(world, person.id, asked)) throw invalid(notAMember);
  const tenantId = asked ?? membershipsOf(world, person.id)[0]?.tenantId;
  if (tenantId === undefined) throw invalid('User has no memberships.');
  return pairFor(deployment, person, tenantId);
}

/** Neither membership nor being active is asked again: a renewal proves no access. */
function rotate({ mint, world, settings }: Deployment, token: string): Pair {
  const verdict = mint.judge(token, 'refresh');
  if (!verdict.ok || mint.isBlacklisted(verdict.claims.jti)) throw refreshRefused();
  const person = world.people.find(({ id }) => id === verdict.claims.sub);
  if (person === undefined || passwordStamp(person.passwordHash) !== verdict.claims.hash_password)
    throw refreshRefused();
  if (settings.signingKeyMissing) throw signingKeyMissing();
  return mint.rotate(verdict.claims);
}

function pairFor({ mint, settings }: Deployment, person: Person, tenantId: string): Pair {
  if (settings.signingKeyMissing) throw signingKeyMissing();
  return mint.pair(person, tenantId);
}

const document = (type: string, { access, refresh }: Pair): Response =>
  Response.json({ data: { type, attributes: { access, refresh } } });

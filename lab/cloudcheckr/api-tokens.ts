import type { Hono } from 'hono';
import { authenticate } from './api-auth';
import { contentTypeFor } from './content-type';
import type { Deployment } from './deployment';
import { ApiProblem, badRequest } from './errors';
import type { Region } from './regions';
import type { IssuedToken } from './tokens';
import { reaches } from './world';

/** Mounts the two operations on a token: what it is, and one for another customer in its place. */
export function mountTokens(app: Hono, deployment: Deployment, region: Region): void {
  const { world, mint, settings, now } = deployment;

  app.get('/auth/v1/token/info', (context) => {
    const bearer = authenticate(deployment, context.req.header('authorization'), region);
    return json(context.req.header('accept'), tokenInfo(deployment, bearer, region));
  });

  app.put('/auth/v1/token/exchange/:customerId', (context) => {
    const bearer = authenticate(deployment, context.req.header('authorization'), region);
    const customer = world.customers.get(context.req.param('customerId'));
    if (customer?.region !== region) {
      throw new ApiProblem(settings.unknownCustomerStatus, 'NotFound', 'The customer was not found.', {}, 'customerId');
    }
    const mayExchange =
      reaches(world, bearer.owner, customer) &&
      customer.disabledAt === null &&
      (bearer.from === undefined || settings.exchangeOfExchanged === 'allowed');
    if (!mayExchange) {
      throw new ApiProblem(
        settings.refusedCustomerStatus,
        'Forbidden',
        'You do not have access to this customer.',
        {},
        'customerId',
      );
    }
    if (customer.id === bearer.claims.authz_customer_id && settings.exchangeIntoSame === 'refused') {
      throw badRequest('customerId', 'The token is already for this customer.');
    }
    const { exp } = bearer.claims;
    const exchanged = mint.issue(bearer.owner, {
      customerId: customer.id,
      from: bearer,
      ...(settings.exchangeExtends ? {} : { exp }),
    });
    if (settings.exchangeEndsPrevious) bearer.ended = 'exchanged';
    return json(
      context.req.header('accept'),
      tokenResponse(exchanged, settings.tokenResponseOmits, now()),
      settings.exchangeStatus,
    );
  });
}

/** A token as every way of getting one hands it out. */
export function tokenResponse({ token, claims }: IssuedToken, omits: readonly string[], nowMs: number): object {
  return without(
    { access_token: token, expires_in: Math.max(0, claims.exp - Math.floor(nowMs / 1000)), token_type: 'Bearer' },
    omits,
  );
}

function tokenInfo({ settings }: Deployment, { claims, owner }: IssuedToken, region: Region): object {
  return without(
    {
      type: claims.authentication_entity,
      clientId: claims.client_id,
      ...(claims.sub === undefined ? {} : { userId: claims.sub }),
      roles: owner.roles,
      version1Roles: owner.roles.map((role) => `v1-${role}`),
      customerId: claims.authz_customer_id,
      expiration: written(claims.exp, settings.expirationForm),
      ...(settings.models[region] === '2021' ? { hasUserLevelAccess: owner.kind === 'user' } : {}),
    },
    settings.tokenInfoOmits,
  );
}

function written(exp: number, form: Deployment['settings']['expirationForm']): string {
  const bare = new Date(exp * 1000).toISOString().slice(0, 19);
  const endings = { seconds: 'Z', fraction: '.0000000Z', offset: '+00:00', unzoned: '' } as const;
  return bare + endings[form];
}

const without = (object: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** An answer by the name the caller asked for it. */
export const json = (accept: string | undefined, value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status, headers: { 'Content-Type': contentTypeFor(accept) } });

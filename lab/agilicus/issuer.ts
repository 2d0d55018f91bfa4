import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Configuration, KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import { passwordMatches } from '../prowler/password';
import { usualAudiences } from './audiences';
import type { Deployment } from './deployment';
import { cookiesAhead } from './issuer-cookies';
import { clientsOf, consoleOriginsOf } from './issuer-clients';
import { errorPage, signInPage, signOutForm } from './issuer-pages';
import type { IssuerStore } from './issuer-store';
import { whoami } from './issuer-whoami';
import { bridgeTo } from './node-bridge';
import { issuerOf, membershipsOf, personByEmail, type Domain, type Person } from './world';

/** A domain's issuer. */
export type Issuer = (request: Request) => Promise<Response>;

const api = 'https://api.agilicus.com';
const apiScopes = ['urn:agilicus:users', 'urn:agilicus:applications', 'urn:agilicus:organisations'];
/** Makes a domain's issuer. It is put together when somebody first comes to it: most tests never do. */
export function createIssuer(deployment: Deployment, domain: Domain, store: IssuerStore): Issuer {
  let made: Promise<Issuer> | undefined;
  return async (request) =>
    new URL(request.url).pathname === '/v1/whoami'
      ? whoami(deployment, domain, request)
      : (await (made ??= assemble(deployment, domain, store)))(request);
}

async function assemble(deployment: Deployment, domain: Domain, store: IssuerStore): Promise<Issuer> {
  const { mint, now } = deployment;
  const { default: OidcProvider, interactionPolicy } = await import('oidc-provider');
  // What somebody may do is the organisation's to say: nobody is asked for consent.
  const policy = interactionPolicy.base();
  policy.remove('consent');
  const provider = new OidcProvider(issuerOf(domain), configuration(deployment, domain, store, policy));
  provider.proxy = true;
  mountSignIn(provider, deployment, domain);
  const answer = bridgeTo((incoming, outgoing) => void provider.callback()(incoming, outgoing));
  return async (request) => {
    const reply = cookiesAhead(await answer(request), now() - Date.now());
    if (reply.ok && new URL(request.url).pathname === '/token') {
      const made = (await reply.clone().json()) as { access_token?: string; id_token?: string };
      const { access_token: token = '' } = made;
      mint.signed(jtiIn(token), token);
      if (made.id_token !== undefined) mint.note(made.id_token);
    }
    return reply;
  };
}

function configuration(
  deployment: Deployment,
  domain: Domain,
  store: IssuerStore,
  policy: NonNullable<NonNullable<Configuration['interactions']>['policy']>,
): Configuration {
  const { settings, signer, world } = deployment;
  const seconds = (ms: number): number => Math.max(1, Math.floor(ms / 1000));
  const day = 24 * 3600;
  return {
    adapter: (kind) => store.adapter(kind),
    clients: clientsOf(domain),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [signer.privateJwk as never] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access', ...apiScopes],
    claims: { openid: ['sub'], profile: ['name', 'given_name', 'family_name'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => {
      const person = world.people.find((one) => one.id === id && one.isActive);
      return person === undefined ? undefined : { accountId: id, claims: () => claimsOf(person) };
    },
    interactions: { policy, url: (_, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: grantEverything,
    routes: { authorization: '/auth', token: '/token', jwks: '/keys', userinfo: '/userinfo', end_session: '/end' },
    clientBasedCORS: (_, origin) => consoleOriginsOf(domain).includes(origin),
    issueRefreshToken: (_, client) => settings.offlineConsent && client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: () => settings.rotation !== 'static',
    ttl: {
      AccessToken: () => seconds(settings.accessLifeMs),
      IdToken: () => seconds(settings.accessLifeMs),
      RefreshToken: () => seconds(settings.refreshLifeMs),
      AuthorizationCode: 60,
      Interaction: 3600,
      Session: day,
      Grant: 14 * day,
    },
    formats: {
      customizers: {
        jwt(_, token, parts) {
          const sub = 'accountId' in token ? token.accountId : '';
          parts.payload = { ...entered(deployment, domain, sub, [...token.scopes]) };
        },
      },
    },
    async renderError(ctx, { error, error_description: words = error }) {
      ctx.type = 'html';
      ctx.body = (await errorPage(words)).toString();
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        async logoutSource(ctx, form) {
          ctx.body = (await signOutForm(form)).toString();
        },
        postLogoutSuccessSource: (ctx) => void (ctx.body = 'Signed out'),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => api,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: apiScopes.join(' '),
          accessTokenFormat: 'jwt',
          accessTokenTTL: seconds(settings.accessLifeMs),
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

/** Enters the token with the API, which decides what is in it: a sign-in begins where the person first belonged. */
function entered(
  { mint, world }: Deployment,
  domain: Domain,
  sub: string,
  scopes: readonly string[],
): Readonly<Record<string, unknown>> {
  const org = membershipsOf(world, sub)[0]?.orgId ?? '';
  return mint.enter({ sub, org, issuer: issuerOf(domain), audiences: usualAudiences, scopes }).claims;
}

const claimsOf = ({ id, name, email }: Person): { sub: string; [claim: string]: string | boolean } => ({
  sub: id,
  name,
  given_name: name.split(' ')[0] ?? '',
  family_name: name.split(' ').slice(1).join(' '),
  email,
  email_verified: true,
});

async function grantEverything(ctx: KoaContextWithOIDC) {
  const { client, session, provider, result } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const found = known === undefined ? undefined : await provider.Grant.find(known);
  if (found !== undefined) return found;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile email offline_access');
  grant.addResourceScope(api, apiScopes.join(' '));
  await grant.save();
  return grant;
}

function mountSignIn(provider: Provider, { world }: Deployment, domain: Domain): void {
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    await provider.interactionDetails(ctx.req, ctx.res);
    const form = ctx.method === 'POST' ? new URLSearchParams(await bodyOf(ctx.req)) : undefined;
    const person = form === undefined ? undefined : personByEmail(world, form.get('email') ?? '', domain);
    if (person === undefined || !passwordMatches(form?.get('password') ?? '', person.passwordHash)) {
      ctx.type = 'html';
      ctx.body = (await signInPage(domain, { action: ctx.path, failed: form !== undefined })).toString();
      return undefined;
    }
    const to = await provider.interactionResult(ctx.req, ctx.res, { login: { accountId: person.id } });
    ctx.redirect(to);
    ctx.status = 303;
    return undefined;
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function jtiIn(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? 'e30', 'base64url').toString()) as { jti?: string };
  return claims.jti ?? '';
}

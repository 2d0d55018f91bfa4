import type { Hono } from 'hono';
import type { Site } from '../front';
import { createApi } from './api';
import type { ApiEnv } from './api-view';
import { createConsole } from './console';
import type { Deployment } from './deployment';
import { sharedHost } from './fixtures';
import { createRealm } from './realm';
import type { Signer } from './signing';

type Fetching = Pick<Hono<ApiEnv>, 'fetch'>;

/** Every host of the vendor, by name: a tenant's has its console and API; the realms are where its issuer says. */
export function createSites(deployment: Deployment, signer: Signer): Map<string, Site> {
  const { tenants } = deployment.world;
  const realms = new Map<string, Fetching>(tenants.map((one) => [one.issuer, createRealm(deployment, one, signer)]));
  const tenantSites = tenants.map((tenant): [string, Site] => [
    tenant.host,
    site({ realms, api: createApi(deployment, [tenant]), pages: createConsole(deployment.settings, tenant) }),
  ]);
  const shared = tenants.filter(({ issuer }) => new URL(issuer).host === sharedHost);
  return new Map([...tenantSites, [sharedHost, site({ realms, api: createApi(deployment, shared) })]]);
}

type Parts = {
  readonly realms: ReadonlyMap<string, Fetching>;
  readonly api: Fetching;
  /** The shared host has none. */
  readonly pages?: Fetching;
};

function site({ realms, api, pages }: Parts): Site {
  return {
    tokensInAnswers: 'issued',
    fetch(request, env) {
      const { origin, pathname } = new URL(request.url);
      if (pathname === '/favicon.ico') return new Response(null, { status: 204 });
      const realm = /^\/auth\/realms\/[^/]+/.exec(pathname)?.[0];
      if (realm !== undefined) {
        return (
          realms.get(origin + realm)?.fetch(request, env) ??
          Response.json({ error: 'Realm does not exist' }, { status: 404 })
        );
      }
      const isPage = request.method === 'GET' && !/^\/(?:api|v1)\//.test(pathname);
      return (isPage ? (pages ?? api) : api).fetch(request, env);
    },
  };
}

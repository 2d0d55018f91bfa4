import type { Site } from '../front';
import { createApi } from './api';
import { createConsole } from './console';
import type { Deployment } from './deployment';
import { createIssuer } from './issuer';
import { consoleOriginsOf } from './issuer-clients';
import type { IssuerStore } from './issuer-store';

/** Where the API is, for every domain. */
const apiHost = 'api.agilicus.com';

/** Every host of the vendor, by name: one API, and for each domain an issuer and two consoles. */
export function createSites(deployment: Deployment, store: IssuerStore): Map<string, Site> {
  const { world, settings } = deployment;
  const api = createApi(deployment, new Set(world.domains.flatMap(consoleOriginsOf)));
  const sites = new Map<string, Site>([
    [apiHost, { tokensInAnswers: 'issued', fetch: (request, env) => api.fetch(request, env) }],
  ]);
  for (const domain of world.domains) {
    const issuer = createIssuer(deployment, domain, store);
    sites.set(`auth.${domain.name}`, {
      tokensInAnswers: 'issued',
      fetch: (request) => (isIcon(request) ? noIcon() : issuer(request)),
    });
    for (const name of ['admin', 'profile'] as const) {
      const pages = createConsole(settings, domain, name);
      sites.set(`${name}.${domain.name}`, { tokensInAnswers: 'disclosed', fetch: (request) => pages.fetch(request) });
    }
  }
  return sites;
}

const isIcon = ({ url }: Request): boolean => new URL(url).pathname === '/favicon.ico';

const noIcon = (): Response => new Response(null, { status: 204 });

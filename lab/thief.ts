import type { Site } from './front';

/**
 * The host that no token may ever reach. It welcomes everything from everywhere, so that only the sender's own care keeps
 * things from it; what it was given is in the ledger.
 */
export const thief: Site = {
  tokensInAnswers: 'disclosed',
  fetch: (request) =>
    new Response(request.method === 'OPTIONS' ? null : '{}', {
      headers: {
        'Content-Type': 'application/vnd.api+json',
        'Access-Control-Allow-Origin': request.headers.get('origin') ?? '*',
        'Access-Control-Allow-Headers': request.headers.get('access-control-request-headers') ?? '*',
        'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
        'Access-Control-Allow-Credentials': 'true',
      },
    }),
};

import { Hono } from 'hono';
import { mountCustomers } from './api-customers';
import { mountTokens } from './api-tokens';
import { mountUsers } from './api-users';
import type { Codes } from './codes';
import { mountConnect } from './connect';
import { contentTypeFor } from './content-type';
import { openTo } from './cors';
import type { Deployment } from './deployment';
import { ApiProblem, problemAnswer } from './errors';
import { hostsOf, type Region } from './regions';
import { mountSignIn } from './sign-in';

/** A region, and the codes its sign-in host and token endpoint share. */
type Place = { readonly region: Region; readonly codes: Codes };

/** The API host of a region: tokens and customers. */
export function createApi(deployment: Deployment, place: Place): Hono {
  const app = createAuthOnly(deployment, place);
  mountCustomers(app, deployment, place.region);
  return app;
}

/** The sign-in host of a region, which answers for tokens too. */
export function createAuth(deployment: Deployment, place: Place): Hono {
  const app = createAuthOnly(deployment, place);
  mountSignIn(app, deployment, place);
  return app;
}

function createAuthOnly(deployment: Deployment, place: Place): Hono {
  const app = new Hono();
  app.use(openTo(`https://${hostsOf(place.region).console}`));
  mountConnect(app, deployment, place);
  mountTokens(app, deployment, place.region);
  mountUsers(app, deployment, place.region);
  app.notFound((context) => {
    const problem = new ApiProblem(404, 'NotFound', 'The resource was not found.');
    return problemAnswer(problem, contentTypeFor(context.req.header('accept')), deployment.settings);
  });
  app.onError((error, context) => {
    if (!(error instanceof ApiProblem)) throw error;
    return problemAnswer(error, contentTypeFor(context.req.header('accept')), deployment.settings);
  });
  return app;
}

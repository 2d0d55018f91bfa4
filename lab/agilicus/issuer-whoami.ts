import { importJWK, jwtVerify } from 'jose';
import { usualAudiences } from './audiences';
import type { Deployment } from './deployment';
import { clientsOf, consoleOriginsOf } from './issuer-clients';
import { rolesOf } from './token-document';
import { issuerOf, membershipIn, membershipsOf, type Domain, type Person } from './world';

/** The issuer's older exchange: an ID token for a token of the API, and who one is. Nothing renews what it gives. */
export async function whoami(deployment: Deployment, domain: Domain, request: Request): Promise<Response> {
  const origin = request.headers.get('origin') ?? '';
  const answer =
    request.method === 'OPTIONS' ? new Response(null, { status: 204 }) : await answerTo(deployment, domain, request);
  if (consoleOriginsOf(domain).includes(origin)) {
    answer.headers.set('Access-Control-Allow-Origin', origin);
    answer.headers.set('Access-Control-Allow-Headers', 'Content-Type');
    answer.headers.set('Vary', 'Origin');
  }
  return answer;
}

async function answerTo(deployment: Deployment, domain: Domain, request: Request): Promise<Response> {
  if (request.method !== 'POST') return new Response(null, { status: 405 });
  const person = await personIn(deployment, domain, await request.text());
  if (person === undefined) {
    return Response.json({ error_code: 'unauthorized', error_message: 'The ID token is not valid' }, { status: 401 });
  }
  const { world, mint } = deployment;
  const org = membershipsOf(world, person.id)[0]?.orgId ?? '';
  const issuer = issuerOf(domain);
  const { token } = mint.issue({ sub: person.id, org, issuer, audiences: usualAudiences, scopes: [] });
  const [first, ...last] = person.name.split(' ');
  return Response.json({
    provider: issuer,
    token,
    first_name: first,
    last_name: last.join(' '),
    email: person.email,
    roles: rolesOf(membershipIn(world, person.id, org)),
  });
}

async function personIn({ world, signer }: Deployment, domain: Domain, body: string): Promise<Person | undefined> {
  try {
    const { id_token: given } = JSON.parse(body) as { id_token?: string };
    const { payload } = await jwtVerify(given ?? '', await importJWK(signer.publicJwk as never, 'ES256'), {
      issuer: issuerOf(domain),
      audience: clientsOf(domain).map(({ client_id: id }) => id),
    });
    return world.people.find(({ id, isActive }) => id === payload.sub && isActive);
  } catch {
    // Whatever is wrong with it, nobody is there.
    return undefined;
  }
}

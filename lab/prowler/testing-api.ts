import type { Lab } from '../index';
import { send, type Call, type Reply } from '../testing-client';
import type { Pair } from './tokens';

/** An error as tests compare it. */
export type ShownError = { detail: string; status: string; code: string; source?: { pointer: string } };

const jsonApi = 'application/vnd.api+json';

/** Calls a path of the API, as JSON:API unless the headers say otherwise. */
export function call(lab: Lab, path: string, { headers = {}, ...rest }: Call = {}): Promise<Reply> {
  const type = rest.body === undefined ? {} : { 'Content-Type': jsonApi };
  return send(lab.port, `https://api.prowler.com/api/v1${path}`, { ...rest, headers: { ...type, ...headers } });
}

/** Posts one resource. */
export const post = (
  lab: Lab,
  path: string,
  { type, attributes, bearer }: { type: string; attributes: object; bearer?: string },
): Promise<Reply> =>
  call(lab, path, {
    method: 'POST',
    body: { data: { type, attributes } },
    headers: bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` },
  });

/** Signs in. */
export const obtain = (lab: Lab, attributes: object): Promise<Reply> =>
  post(lab, '/tokens', { type: 'tokens', attributes });

/** Spends a refresh token. */
export const refresh = (lab: Lab, token: string): Promise<Reply> =>
  post(lab, '/tokens/refresh', { type: 'tokens-refresh', attributes: { refresh: token } });

/** Asks for a pair in a tenant. */
export const switchTo = (lab: Lab, tenantId: string, bearer: string): Promise<Reply> =>
  post(lab, '/tokens/switch', { type: 'tokens-switch-tenant', attributes: { tenant_id: tenantId }, bearer });

/** Reads a path as the bearer. */
export const read = (lab: Lab, path: string, bearer: string): Promise<Reply> =>
  call(lab, path, { headers: { Authorization: `Bearer ${bearer}` } });

/** The pair in an answer. */
export const pairIn = (reply: Reply): Pair => (reply.json() as { data: { attributes: Pair } }).data.attributes;

/** The errors in an answer. */
export const errorsIn = (reply: Reply): ShownError[] => (reply.json() as { errors: ShownError[] }).errors;

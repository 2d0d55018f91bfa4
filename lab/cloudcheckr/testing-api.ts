import type { Lab } from '../index';
import { send, type Reply } from '../testing-client';
import { hostsOf, type Region } from './regions';

/** The error model, as far as tests compare it. */
export type ShownError = { readonly httpStatusCode: number; readonly code: string; readonly target: string | null };

/** A call of the API: of region us, and without a token, unless it says otherwise. */
export type ApiCall = {
  readonly method?: string;
  readonly bearer?: string;
  readonly accept?: string;
  readonly region?: Region;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Calls a path of a region's API. */
export const call = (
  lab: Lab,
  path: string,
  { method = 'GET', bearer, accept = 'application/json', region = 'us', headers = {} }: ApiCall = {},
): Promise<Reply> =>
  send(lab.port, `https://${hostsOf(region).api}${path}`, {
    method,
    headers: {
      Accept: accept,
      ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
      ...headers,
    },
  });

/** Asks what a token is. */
export const info = (lab: Lab, bearer: string, more: ApiCall = {}): Promise<Reply> =>
  call(lab, '/auth/v1/token/info', { ...more, bearer });

/** Asks for a token for a customer. */
export const exchange = (lab: Lab, customerId: string, bearer: string, more: ApiCall = {}): Promise<Reply> =>
  call(lab, `/auth/v1/token/exchange/${customerId}`, { ...more, method: 'PUT', bearer });

/** Asks for a token with a form. */
export const connect = (
  lab: Lab,
  form: Record<string, string>,
  { headers = {}, host = hostsOf('us').auth }: { headers?: Record<string, string>; host?: string } = {},
): Promise<Reply> =>
  send(lab.port, `https://${host}/auth/connect/token`, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  });

/** The token in an answer. */
export const tokenIn = (reply: Reply): string => (reply.json() as { access_token: string }).access_token;

/** The error in an answer. */
export const errorIn = (reply: Reply): ShownError => (reply.json() as { error: ShownError }).error;

/** A page of a list as it comes. */
export type ShownPage = {
  readonly totalCount: number;
  readonly items: readonly (Record<string, unknown> & { readonly id: string; readonly name: string })[];
  readonly pagination?: { readonly previousKey?: string; readonly nextKey?: string | null };
};

/** Lists customers. */
export const customers = async (lab: Lab, bearer: string, query = '', more: ApiCall = {}): Promise<ShownPage> =>
  (await call(lab, `/customer/v1/customers${query}`, { ...more, bearer })).json() as ShownPage;

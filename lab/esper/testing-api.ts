import type { Lab } from '../index';
import { send, type Reply } from '../testing-client';
import { apiHostOf, type Tenant } from './tenants';

/** A call of an API: Northwind's, and without a key, unless it says otherwise. */
export type ApiCall = {
  readonly method?: string;
  readonly bearer?: string;
  readonly tenant?: Tenant;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** Calls a path of a tenant's API. */
export const call = (
  lab: Lab,
  path: string,
  { bearer, tenant = lab.esper.tenants.northwind, headers = {}, ...rest }: ApiCall = {},
): Promise<Reply> =>
  send(lab.port, `https://${apiHostOf(tenant)}/api${path}`, {
    ...rest,
    headers: {
      Accept: 'application/json',
      ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
      ...(rest.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
  });

/** Asks what a key is. */
export const tokenInfo = (lab: Lab, bearer: string, more: ApiCall = {}): Promise<Reply> =>
  call(lab, '/v1/token-info/', { ...more, bearer });

/** What a renewal says, where it does not follow from the key alone. */
export type Renewal = {
  readonly bearer?: string;
  readonly enterprise?: string;
  readonly app?: string;
  readonly query?: string;
};

/** Renews a key, by itself unless another bearer is named. */
export const renew = (
  lab: Lab,
  key: string,
  { bearer = key, enterprise, app, query }: Renewal = {},
): Promise<Reply> => {
  const details = lab.esper.detailsOf(key);
  const path = `/v0/enterprise/${enterprise ?? details.enterprise}/developerapp/${app ?? details.developerApp}/renew-token/`;
  return call(lab, path + (query ?? `?access_token=${key}`), { method: 'POST', bearer });
};

/** The key in an answer. */
export const keyIn = (reply: Reply): string => (reply.json() as { token: string }).token;

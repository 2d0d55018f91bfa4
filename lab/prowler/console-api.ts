import { request } from 'node:https';
import type { Socket } from 'node:net';
import type { Pair } from './tokens';

/** What the API said to the console's server; a connection that failed throws. */
export type ApiAnswer = { readonly status: number; readonly json: unknown };

/** The person as the console keeps them. */
export type ConsoleUser = {
  readonly name: string;
  readonly email: string;
  readonly companyName: string;
  readonly dateJoined: string;
  readonly permissions: Readonly<Record<string, boolean>>;
};

/** The console server's own way to the API: over the network as anybody's, so that it meets the same faults. */
export type ConsoleApi = {
  signIn(email: string, password: string): Promise<Pair | undefined>;
  refresh(refreshToken: string): Promise<Pair | undefined>;
  switchTenant(accessToken: string, tenantId: string): Promise<Pair | undefined>;
  /** Throws when the person holds no role in the token's tenant, as when the API does not answer. */
  user(accessToken: string): Promise<ConsoleUser>;
  tenants(accessToken: string): Promise<readonly ConsoleTenant[]>;
};

/** A tenant of the signed-in person. */
export type ConsoleTenant = { readonly id: string; readonly name: string; readonly role: string };

type Route = {
  readonly host: string;
  /** The lab's port, known once it listens. */
  port(): number;
  /** Told of each connection before anything is sent on it. */
  onSocket(socket: Socket): void;
};

/** Makes the console server's client. */
export function createConsoleApi(route: Route): ConsoleApi {
  const post = (path: string, type: string, attributes: object, accessToken?: string): Promise<ApiAnswer> =>
    send(route, { method: 'POST', path, body: JSON.stringify({ data: { type, attributes } }), accessToken });
  const get = async (path: string, accessToken: string): Promise<unknown> => {
    const { status, json } = await send(route, { method: 'GET', path, accessToken });
    if (status !== 200) throw new Error(`the API answered ${status}`);
    return json;
  };
  return {
    signIn: async (email, password) => pairIn(await post('/tokens', 'tokens', { email, password })),
    refresh: async (refresh) => pairIn(await post('/tokens/refresh', 'tokens-refresh', { refresh })),
    switchTenant: async (accessToken, tenantId) =>
      pairIn(await post('/tokens/switch', 'tokens-switch-tenant', { tenant_id: tenantId }, accessToken)),
    user: async (accessToken) => userIn((await get('/users/me?include=roles', accessToken)) as Me),
    tenants: async (accessToken) =>
      tenantsIn((await get('/users/me?include=roles,memberships,memberships.tenant', accessToken)) as Me),
  };
}

type Sending = {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly accessToken: string | undefined;
};

const jsonApi = 'application/vnd.api+json';

function send({ host, port, onSocket }: Route, { method, path, body, accessToken }: Sending): Promise<ApiAnswer> {
  return new Promise((answered, failed) => {
    const outgoing = request({
      host: '127.0.0.1',
      port: port(),
      servername: host,
      path: `/api/v1${path}`,
      method,
      agent: false,
      // The lab's own certificate, on this computer's own loopback.
      rejectUnauthorized: false,
      headers: {
        Host: host,
        Accept: jsonApi,
        'User-Agent': 'node',
        ...(body === undefined ? {} : { 'Content-Type': jsonApi, 'Content-Length': Buffer.byteLength(body) }),
        ...(accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` }),
      },
    });
    outgoing.on('socket', (socket) => socket.once('connect', () => onSocket(socket)));
    outgoing.on('error', failed);
    outgoing.on('response', (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('error', failed);
      incoming.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        answered({ status: incoming.statusCode ?? 0, json: parsed(text) });
      });
    });
    outgoing.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller finds nothing in it, which is what the vendor's client makes of it too.
    return undefined;
  }
}

function pairIn({ status, json }: ApiAnswer): Pair | undefined {
  const found = (json as { data?: { attributes?: Partial<Pair> } } | undefined)?.data?.attributes;
  const { access, refresh } = found ?? {};
  return status === 200 && access !== undefined && refresh !== undefined ? { access, refresh } : undefined;
}

type Included = {
  readonly type: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string | boolean>>;
  readonly relationships?: { readonly tenant?: { readonly data: { readonly id: string } } };
};

type Me = {
  readonly data: {
    readonly attributes: {
      readonly name: string;
      readonly email: string;
      readonly company_name: string;
      readonly date_joined: string;
    };
  };
  readonly included?: readonly Included[];
};

function userIn({ data: { attributes: person }, included = [] }: Me): ConsoleUser {
  const role = included.find(({ type }) => type === 'roles');
  if (role === undefined) throw new Error('the person holds no role in this tenant');
  const may = (name: string): boolean => role.attributes[name] === true;
  return {
    name: person.name,
    email: person.email,
    companyName: person.company_name,
    dateJoined: person.date_joined,
    permissions: Object.fromEntries(permissionNames.map((name) => [name, may(name)])),
  };
}

const permissionNames = [
  'manage_users',
  'manage_account',
  'manage_providers',
  'manage_scans',
  'manage_integrations',
  'manage_billing',
  'manage_alerts',
  'manage_lighthouse_ai_configuration',
  'unlimited_visibility',
];

const tenantsIn = ({ included = [] }: Me): ConsoleTenant[] =>
  included
    .filter(({ type }) => type === 'memberships')
    .map(({ attributes, relationships }) => {
      const id = relationships?.tenant?.data.id ?? '';
      const tenant = included.find((one) => one.type === 'tenants' && one.id === id);
      return { id, name: String(tenant?.attributes.name ?? ''), role: String(attributes.role) };
    })
    .sort((a, b) => a.name.localeCompare(b.name));

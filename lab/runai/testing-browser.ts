import { createHash, randomBytes } from 'node:crypto';
import type { Lab } from '../index';
import { send, type Call, type Reply } from '../testing-client';
import { createJar } from './testing-jar';
import type { Person, Tenant } from './world';

/** A browser as far as the realm can tell: it keeps cookies, by host and path. */
export type TestBrowser = {
  /** Where the console leads to sign in. */
  authorizationUrl(changes?: Readonly<Record<string, string | undefined>>): string;
  readonly verifier: string;
  get(address: string): Promise<Reply>;
  post(address: string, fields: Readonly<Record<string, string>>): Promise<Reply>;
  /** Signs in at the realm and comes back with an address that carries a code. */
  signIn(person: Person): Promise<URL>;
};

/** Opens a browser without any cookie, at a tenant's console. */
export function openBrowser(lab: Lab, tenant: Tenant): TestBrowser {
  const jar = createJar();
  const verifier = randomBytes(32).toString('base64url');
  const ask = async (address: string, given: Call = {}): Promise<Reply> => {
    const url = new URL(address);
    const reply = await send(lab.port, address, {
      ...given,
      headers: { Cookie: jar.headerFor(url), ...given.headers },
    });
    jar.keep(url, reply.setCookies);
    return reply;
  };
  const browser: TestBrowser = {
    verifier,
    authorizationUrl(changes = {}) {
      const query = {
        response_type: 'code',
        client_id: 'runai-admin-ui',
        redirect_uri: `https://${tenant.host}/login/callback`,
        scope: 'openid email profile',
        state: 'state-1',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...changes,
      };
      const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
      return `${tenant.issuer}/protocol/openid-connect/auth?${new URLSearchParams(given).toString()}`;
    },
    get: (address) => ask(address),
    post: (address, fields) =>
      ask(address, {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
    async signIn({ email, password }) {
      const known = await ask(browser.authorizationUrl());
      if (known.headers.location !== undefined) return new URL(known.headers.location);
      const reply = await browser.post(`${tenant.issuer}/login-actions/authenticate`, { username: email, password });
      return new URL(reply.headers.location ?? 'https://nowhere.example/');
    },
  };
  return browser;
}

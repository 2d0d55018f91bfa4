import { createHash, randomBytes } from 'node:crypto';
import type { Lab } from '../index';
import { createJar } from '../runai/testing-jar';
import { send, type Call, type Reply } from '../testing-client';
import { issuerOf, type Domain, type Person } from './world';

/** What the issuer answers a grant with. */
export type IssuerTokens = {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
};

/** A browser as far as the issuer can tell: it keeps cookies and follows to where it is sent. */
export type TestBrowser = {
  /** Goes to the issuer for a client, and stays where it ends: the form, or the client's address with a code. */
  authorize(changes?: Readonly<Record<string, string | undefined>>): Promise<{ url: URL; reply?: Reply }>;
  /** Signs in and comes back with the code. */
  signIn(person: Person, password?: string): Promise<URL>;
  /** Asks the issuer's token endpoint as a page of the console does. */
  grant(fields: Readonly<Record<string, string>>, origin?: string): Promise<Reply>;
  /** Signs in and exchanges the code. */
  tokens(person: Person): Promise<IssuerTokens>;
};

/** Opens a browser without any cookie, for the administrators' console of a domain. */
export function openBrowser(lab: Lab, domain: Domain = lab.agilicus.domains.northwind): TestBrowser {
  const jar = createJar();
  const issuer = issuerOf(domain);
  const redirectUri = `https://admin.${domain.name}/callback`;
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
  const follow = async (address: string, given?: Call): Promise<{ url: URL; reply?: Reply }> => {
    const url = new URL(address);
    if (url.origin !== issuer) return { url };
    const reply = await ask(address, given);
    const to = reply.headers.location;
    return to === undefined ? { url, reply } : follow(new URL(to, url).href);
  };
  const browser: TestBrowser = {
    authorize(changes = {}) {
      const query = {
        client_id: 'agilicus-builtin-portal',
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid profile email offline_access urn:agilicus:users',
        state: 'state-1',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...changes,
      };
      const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
      return follow(`${issuer}/auth?${new URLSearchParams(given).toString()}`);
    },
    async signIn({ email, password: own }, password = own) {
      const { url } = await browser.authorize();
      if (!url.pathname.startsWith('/interaction/')) return url;
      const form = new URLSearchParams({ email, password }).toString();
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      return (await follow(url.href, { method: 'POST', body: form, headers })).url;
    },
    grant: (fields, origin = `https://admin.${domain.name}`) =>
      ask(`${issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: 'agilicus-builtin-portal', ...fields }).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: origin },
      }),
    async tokens(person) {
      const code = (await browser.signIn(person)).searchParams.get('code') ?? '';
      const exchange = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
      return (await browser.grant(exchange)).json() as IssuerTokens;
    },
  };
  return browser;
}

import type { Lab, Person } from '../index';
import { send, type Call, type Reply } from '../testing-client';
import type { Session } from './session';

/** A browser as far as the console's server can tell: it keeps cookies, and asks for things. */
export type TestBrowser = {
  readonly cookies: Map<string, string>;
  get(path: string): Promise<Reply>;
  postJson(path: string, body: unknown): Promise<Reply>;
  postForm(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Reply>;
  csrf(): Promise<string>;
  signIn(person: Person): Promise<Reply>;
  session(): Promise<Session | null>;
};

const origin = 'https://cloud.prowler.com';

/** Opens a browser without any cookie. */
export function openBrowser(lab: Lab): TestBrowser {
  const cookies = new Map<string, string>();
  const ask = async (path: string, { headers = {}, ...rest }: Call = {}): Promise<Reply> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await send(lab.port, origin + path, {
      ...rest,
      headers: { ...(cookie === '' ? {} : { Cookie: cookie }), ...headers },
    });
    for (const line of reply.setCookies) keep(cookies, line);
    return reply;
  };
  const browser: TestBrowser = {
    cookies,
    get: (path) => ask(path),
    postJson: (path, body) =>
      ask(path, { method: 'POST', body, headers: { 'Content-Type': 'application/json', Origin: origin } }),
    postForm: (path, fields, headers = {}) =>
      ask(path, {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: origin, ...headers },
      }),
    csrf: async () => ((await ask('/api/auth/csrf')).json() as { csrfToken: string }).csrfToken,
    async signIn({ email, password }) {
      const csrfToken = await browser.csrf();
      return browser.postForm('/api/auth/callback/credentials', { csrfToken, email, password, callbackUrl: '/' });
    },
    session: async () => (await ask('/api/auth/session')).json() as Session | null,
  };
  return browser;
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';', 1);
  const name = pair.slice(0, pair.indexOf('='));
  if (line.includes('Max-Age=0')) cookies.delete(name);
  else cookies.set(name, pair.slice(name.length + 1));
}

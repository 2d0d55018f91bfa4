import type { Lab } from '../index';
import { send, type Call, type Reply } from '../testing-client';

/** A host of the vendor, as tests call it. */
export type TestHost = {
  call(path: string, call?: Call): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
  form(path: string, fields: Readonly<Record<string, string>>): Promise<Reply>;
  /** Asks `POST /api/v1/token`. */
  grant(body: unknown): Promise<Reply>;
  /** Reads a path as the bearer. */
  read(path: string, bearer: string): Promise<Reply>;
};

/** Addresses one host; Northwind's when none is named. */
export function hostOf(lab: Lab, host = 'northwind.run.ai'): TestHost {
  const call = (path: string, given: Call = {}): Promise<Reply> => send(lab.port, `https://${host}${path}`, given);
  const post = (path: string, body: unknown): Promise<Reply> =>
    call(path, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  return {
    call,
    post,
    form: (path, fields) =>
      call(path, {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
    grant: (body) => post('/api/v1/token', body),
    read: (path, bearer) => call(path, { headers: { Authorization: `Bearer ${bearer}` } }),
  };
}

/** A token answer of the control plane. */
export type TokenAnswer = {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
};

/** The tokens in an answer. */
export const tokensIn = (reply: Reply): TokenAnswer => reply.json() as TokenAnswer;

/** What a token says, unverified. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

import type { Lab } from '../index';
import { send, type Call, type Reply } from '../testing-client';

/** Calls a path of the API. */
export const call = (lab: Lab, path: string, given: Call = {}): Promise<Reply> =>
  send(lab.port, `https://api.agilicus.com${path}`, given);

/** Posts a body, as the bearer if there is one. */
export const post = (lab: Lab, path: string, body: unknown, bearer?: string): Promise<Reply> =>
  call(lab, path, {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/json',
      ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
    },
  });

/** Reads a path as the bearer. */
export const read = (lab: Lab, path: string, bearer: string): Promise<Reply> =>
  call(lab, path, { headers: { Authorization: `Bearer ${bearer}` } });

/** A document in an answer. */
export const documentIn = (reply: Reply): Record<string, unknown> => reply.json() as Record<string, unknown>;

/** The token in an answer. */
export const tokenIn = (reply: Reply): string => (reply.json() as { token: string }).token;

/** What a token says, unverified. */
export const claimsOf = (token: string): { exp: number; iat: number; jti: string; org: string; sub: string } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as ReturnType<typeof claimsOf>;

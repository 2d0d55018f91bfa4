import { createHash, randomBytes } from 'node:crypto';
import type { ServerClock } from '../settings';
import type { User } from './world';

/** What a sign-in's code stands for. */
export type Grant = { readonly user: User; readonly redirectUri: string; readonly challenge: string };

/** The codes a sign-in host gives out, each good once and for a minute. */
export type Codes = {
  give(grant: Grant): string;
  /** Whoever shows the code, the address it went to and the word it was bound to is who signed in. */
  take(code: string, shown: { readonly redirectUri: string; readonly verifier: string }): User | undefined;
};

/** Starts without any code. */
export function createCodes(now: ServerClock): Codes {
  const open = new Map<string, Grant & { readonly until: number }>();
  return {
    give(grant) {
      const code = `canary-code-${randomBytes(24).toString('base64url')}`;
      open.set(code, { ...grant, until: now() + 60_000 });
      return code;
    },
    take(code, { redirectUri, verifier }) {
      const grant = open.get(code);
      open.delete(code);
      const bound = createHash('sha256').update(verifier).digest('base64url');
      const good = grant?.redirectUri === redirectUri && grant.challenge === bound && now() < grant.until;
      return good ? grant.user : undefined;
    },
  };
}

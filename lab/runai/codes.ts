import { randomUUID } from 'node:crypto';
import type { ServerClock } from '../settings';
import type { Session } from './sessions';

/** What an authorization code stands for. */
export type CodeGrant = {
  readonly session: Session;
  readonly client: string;
  readonly redirectUri: string;
  /** The S256 challenge, when there was one. */
  readonly challenge?: string;
  readonly nonce?: string;
};

/** Authorization codes: for one use, within a minute. */
export type Codes = {
  issue(grant: CodeGrant): string;
  /** What the code stands for; `used` when somebody was here before. */
  take(code: string): CodeGrant | 'used' | 'unknown';
  /** Every code ever made. */
  readonly issued: readonly string[];
};

const LIFE = 60_000;

/** Starts without any. */
export function createCodes(now: ServerClock): Codes {
  const grants = new Map<string, { grant: CodeGrant; until: number; used: boolean }>();
  return {
    issue(grant) {
      const code = `${randomUUID()}.${grant.session.id}.${randomUUID()}`;
      grants.set(code, { grant, until: now() + LIFE, used: false });
      return code;
    },
    take(code) {
      const found = grants.get(code);
      if (found === undefined) return 'unknown';
      if (found.used) return 'used';
      found.used = true;
      return found.until > now() ? found.grant : 'unknown';
    },
    get issued() {
      return [...grants.keys()];
    },
  };
}

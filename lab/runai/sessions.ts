import { randomUUID } from 'node:crypto';
import type { ServerClock } from '../settings';
import type { RunaiSettings } from './settings';
import type { Account } from './world';

/** A person's session in a realm, with the clients that take part in it. */
export type Session = {
  readonly id: string;
  readonly account: Account;
  readonly clients: Set<string>;
  activeAt: number;
  ended: boolean;
};

/** The realms' sessions. */
export type Sessions = {
  open(account: Account): Session;
  /** Whether it goes on: not ended, not idle for too long. */
  isLive(session: Session): boolean;
  /** Notes activity. */
  touch(session: Session): void;
  byId(id: string): Session | undefined;
  endAllOf(account: Account): void;
};

/** Starts with nobody signed in. */
export function createSessions(settings: RunaiSettings, now: ServerClock): Sessions {
  const all = new Map<string, Session>();
  return {
    open(account) {
      const session: Session = { id: randomUUID(), account, clients: new Set(), activeAt: now(), ended: false };
      all.set(session.id, session);
      return session;
    },
    isLive({ ended, activeAt }) {
      const idleMs = settings.idleTimeoutMinutes * 60_000;
      return !ended && (idleMs === 0 || now() < activeAt + idleMs);
    },
    touch: (session) => void (session.activeAt = now()),
    byId: (id) => all.get(id),
    endAllOf(account) {
      for (const session of all.values()) session.ended ||= session.account === account;
    },
  };
}

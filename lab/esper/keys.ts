import { randomInt, randomUUID } from 'node:crypto';
import type { ServerClock } from '../settings';
import type { EsperSettings } from './settings';
import type { Tenant } from './tenants';
import type { User, World } from './world';

/** An API key: opaque, and all there is to know about it is kept here. */
export type Key = {
  readonly recordId: number;
  readonly key: string;
  readonly user: User;
  readonly developerApp: string | undefined;
  readonly refreshToken: string;
  readonly scope: readonly string[];
  readonly createdAt: number;
  updatedAt: number;
  /** Null never ends. */
  expiresAt: number | null;
  /** When it stops working before its time, and why. */
  end: { readonly at: number; readonly why: 'revoked' | 'replaced' | 'renewed' } | undefined;
};

/** What the servers would say to a key now, and why. */
export type KeyState = 'live' | 'expired' | 'revoked' | 'replaced' | 'renewed' | 'user_gone' | 'not_ours';

/** What a key is made of. An app of its own unless told; null for none. */
export type KeyOrder = { readonly developerApp?: string | null; readonly lifeMs?: number | null };

/** Makes keys and judges them. */
export type KeyRing = {
  issue(user: User, order?: KeyOrder): Key;
  /** Another key for the same app. The old one goes on, or not, as the settings say. */
  renew(old: Key): Key;
  find(key: string, tenant?: Tenant): Key | undefined;
  stateOf(key: Key): KeyState;
  end(key: Key, why: 'revoked' | 'replaced'): void;
  /** The id a key has in the ledger. */
  idOf(key: string): string | undefined;
  readonly issued: readonly Key[];
};

const scope = ['read', 'write', 'update', 'introspection', 'sdk', 'register'];

/** Starts without any key. */
export function createKeyRing(world: World, settings: EsperSettings, now: ServerClock): KeyRing {
  const keys = new Map<string, Key>();
  let lastRecord = 569;
  const ring: KeyRing = {
    get issued() {
      return [...keys.values()];
    },
    issue(user, { developerApp = randomUUID(), lifeMs = settings.keyLifeMs } = {}) {
      const one: Key = {
        recordId: ++lastRecord,
        key: opaque(),
        user,
        developerApp: developerApp ?? undefined,
        refreshToken: opaque(),
        scope,
        createdAt: now(),
        updatedAt: now(),
        expiresAt: lifeMs === null ? null : now() + lifeMs,
        end: undefined,
      };
      keys.set(one.key, one);
      return one;
    },
    renew(old) {
      if (settings.renewedKeyLivesMs !== null) old.end = { at: now() + settings.renewedKeyLivesMs, why: 'renewed' };
      return ring.issue(old.user, { developerApp: old.developerApp ?? null });
    },
    find(key, tenant) {
      const one = keys.get(key);
      return tenant === undefined || one?.user.tenant === tenant ? one : undefined;
    },
    stateOf(one) {
      if (one.end !== undefined && one.end.at <= now()) return one.end.why;
      // Keys die with their user.
      if (!one.user.isActive || !world.users.includes(one.user)) return 'user_gone';
      return one.expiresAt !== null && one.expiresAt <= now() ? 'expired' : 'live';
    },
    end: (one, why) => void (one.end = { at: now(), why }),
    idOf(key) {
      const one = keys.get(key);
      return one === undefined ? undefined : `esper-key-${one.recordId}`;
    },
  };
  return ring;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Thirty letters and digits in both cases. Nothing in them can be recognised: who looks for leaks needs the list. */
const opaque = (): string => Array.from({ length: 30 }, () => letters[randomInt(letters.length)]).join('');

import { createHash } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { ServerClock } from '../settings';
import type { Mint } from './mint';
import type { AgilicusSettings } from './settings';

/** What the issuers keep: sessions, grants, codes and refresh tokens. */
export type IssuerStore = {
  adapter(kind: string): Adapter;
  /** Ends everything of a person. */
  endAllOf(userId: string): void;
  /** What the issuer would say to a refresh token. */
  stateOfRefresh(token: string): 'live' | 'spent' | 'expired' | 'not_ours';
};

type Kept = { readonly kind: string; readonly payload: AdapterPayload; spentAt?: number };

/** Opens a store whose moments are by the servers' clock, though the issuer itself knows this computer's only. */
export function createIssuerStore(settings: AgilicusSettings, now: ServerClock, mint: Mint): IssuerStore {
  const kept = new Map<string, Kept>();
  const aheadS = (): number => Math.round((now() - Date.now()) / 1000);
  const key = (kind: string, id: string): string => `${kind}:${id}`;
  const shown = ({ kind, payload, spentAt }: Kept): AdapterPayload => {
    const moved = shifted(payload, -aheadS());
    const isSpent = spentAt !== undefined && !(kind === 'RefreshToken' && isInGrace(settings, spentAt, now()));
    return isSpent ? { ...moved, consumed: Math.floor(spentAt / 1000) } : moved;
  };
  const removeWhere = (matches: (one: Kept) => boolean): void => {
    for (const [name, one] of kept) if (matches(one)) kept.delete(name);
  };

  return {
    adapter: (kind) => ({
      async upsert(id, payload) {
        if (kind === 'RefreshToken') mint.note(id, refreshIdOf(id));
        if (kind === 'AuthorizationCode') mint.note(id);
        kept.set(key(kind, id), { kind, payload: shifted(payload, aheadS()) });
      },
      async find(id) {
        const found = kept.get(key(kind, id));
        return found === undefined ? undefined : shown(found);
      },
      async findByUid(uid) {
        const found = [...kept.values()].find((one) => one.kind === kind && one.payload.uid === uid);
        return found === undefined ? undefined : shown(found);
      },
      async findByUserCode() {
        return undefined;
      },
      async consume(id) {
        const found = kept.get(key(kind, id));
        if (found !== undefined) found.spentAt ??= now();
      },
      async destroy(id) {
        kept.delete(key(kind, id));
      },
      async revokeByGrantId(grantId) {
        removeWhere(({ payload }) => payload.grantId === grantId);
      },
    }),
    endAllOf: (userId) => removeWhere(({ payload }) => payload.accountId === userId),
    stateOfRefresh(token) {
      const found = kept.get(key('RefreshToken', token));
      if (found === undefined) return 'not_ours';
      if ((found.payload.exp ?? 0) <= now() / 1000) return 'expired';
      return shown(found).consumed === undefined ? 'live' : 'spent';
    },
  };
}

/** An id for a token that says none: nobody gets back from it to the token. */
const refreshIdOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 22);

const isInGrace = ({ rotation, graceMs }: AgilicusSettings, spentAt: number, nowMs: number): boolean =>
  rotation === 'grace' && nowMs <= spentAt + graceMs;

const moments = ['iat', 'exp', 'iiat', 'loginTs', 'authTime'] as const;

function shifted(payload: AdapterPayload, seconds: number): AdapterPayload {
  const moved: AdapterPayload = { ...payload };
  for (const name of moments) {
    const at = moved[name];
    if (typeof at === 'number') moved[name] = at + seconds;
  }
  return moved;
}

import type { Deployment } from './deployment';
import { throttled } from './errors';

/** Counts requests per client. */
export type Throttle = { admit(client: string): void };

const WINDOW = 60_000;

/** The throttle of the sign-in endpoint: so many in any minute, failures included. A refused request does not count. */
export function tokenObtainThrottle({ settings, now }: Pick<Deployment, 'settings' | 'now'>): Throttle {
  const seen = new Map<string, number[]>();
  return {
    admit(client) {
      const limit = settings.tokenObtainPerMinute;
      if (limit === null) return;
      const recent = (seen.get(client) ?? []).filter((at) => at > now() - WINDOW);
      seen.set(client, recent);
      const oldest = recent.at(0);
      if (oldest !== undefined && recent.length >= limit) throw throttled(Math.ceil((oldest + WINDOW - now()) / 1000));
      recent.push(now());
    },
  };
}

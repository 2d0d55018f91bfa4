import { SECOND } from './time';

/** So many at once, and so many a second after that. */
export type Rate = { readonly burst: number; readonly perSecond: number };

/** Buckets held at most: of more keys than that, the one that was asked about longest ago starts full again. */
const HELD = 256;

/**
 * A token bucket for each key: says whether one more may pass at `now` (epoch ms). A clock that is set back neither fills a
 * bucket nor keeps one empty.
 */
export function limiter(): (key: string, rate: Rate, now: number) => boolean {
  const buckets = new Map<string, { readonly left: number; readonly at: number }>();
  return (key, { burst, perSecond }, now) => {
    const last = buckets.get(key) ?? { left: burst, at: now };
    const left = Math.min(burst, last.left + (Math.max(0, now - last.at) / SECOND) * perSecond);
    buckets.delete(key);
    buckets.set(key, { left: left < 1 ? left : left - 1, at: now });
    const [oldest] = buckets.keys();
    if (buckets.size > HELD && oldest !== undefined) buckets.delete(oldest);
    return left >= 1;
  };
}

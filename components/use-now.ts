import { useEffect, useState } from 'preact/hooks';
import type { Instant } from '../lib/core/time';

/** The time now; draws again that often, so that what is left is never shown much too long. */
export function useNow(everyMs: number): Instant {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return Date.now() as Instant;
}

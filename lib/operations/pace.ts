import { limiter, type Rate } from '../core/limiter';
import type { Fob } from './fob';

const limiters = new WeakMap<Fob, ReturnType<typeof limiter>>();

/** Whether one more of what `key` names may pass now. Kept as long as the background lives, and written nowhere. */
export function passes(fob: Fob, key: string, rate: Rate): boolean {
  const may = limiters.get(fob) ?? limiter();
  limiters.set(fob, may);
  return may(key, rate, fob.now());
}

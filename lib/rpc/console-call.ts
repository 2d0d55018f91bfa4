import { failed } from '../core/failure';
import { limiter } from '../core/limiter';
import { after, instant, SECOND } from '../core/time';
import { call as send } from './client';

/** What a console's page can bring its script to ask: of one kind, and of all. */
const OF_A_KIND = { burst: 5, perSecond: 5 };
const IN_ALL = { burst: 50, perSecond: 50 };
/** How long a call waits for its turn at most, how often it looks (ms), and how many wait. */
const PATIENCE = 2 * SECOND;
const LOOK = SECOND / 10;
const LINE = 20;

/** The same call at a bearable pace: one too many waits its turn, and what would wait too long is refused. */
export function paced(ask: typeof send, now: () => number, wait: (ms: number) => Promise<unknown>): typeof send {
  const may = limiter();
  let waiting = 0;
  return async (name, input) => {
    const from = now();
    for (;;) {
      if (may(name, OF_A_KIND, now()) && may('', IN_ALL, now())) return ask(name, input);
      if (waiting >= LINE || Math.abs(now() - from) >= PATIENCE)
        return failed({ code: 'rate_limited', retryAt: after(instant(now()), SECOND) });
      waiting += 1;
      await wait(LOOK);
      waiting -= 1;
    }
  };
}

/** How the scripts on a console ask the background: a page that makes them ask without end is not passed on. */
export const call = paced(send, Date.now, (ms) => new Promise((resolve) => setTimeout(resolve, ms)));

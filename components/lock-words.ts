import { i18n } from '#i18n';
import { HOUR, type Instant } from '../lib/core/time';
import type { LockView } from '../lib/core/view';
import { timeWords } from './time-words';

/** Since when it is locked, and by whom. */
export function sinceWords({ since }: LockView, now: Instant): string {
  if (!since) return i18n.t('lock.browser');
  const time = timeWords(since.at, now);
  switch (since.why) {
    case 'person':
      return i18n.t('lock.person', { time });
    case 'away':
      return i18n.t('lock.away', { time });
    case 'screen':
      return i18n.t('lock.screen', { time });
  }
}

/** How many sessions end before the next full hour that is more than an hour away. */
export function endsWords({ count: all = 0, ends = [] }: LockView, now: Instant): string {
  const until = ((Math.floor(now / HOUR) + 2) * HOUR) as Instant;
  const count = ends.filter((at) => at < until).length;
  const time = timeWords(until, now);
  return count === 0 ? i18n.t('lock.endsNone', { time }) : i18n.t('lock.ends', count, { count, all, time });
}

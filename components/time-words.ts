import { i18n } from '#i18n';
import { HOUR, type Instant, MINUTE } from '../lib/core/time';
import { wordsLocale } from './locale';

const DAY = 24 * HOUR;

/** How long is left: `<1 min`, `23 min`, `1 h 52 min`, `41 days`. Rounded down: a life is never promised longer than it is. */
export function leftWords(leftMs: number, locale = wordsLocale()): string {
  const number = (value: number): string => new Intl.NumberFormat(locale).format(value);
  if (leftMs < MINUTE) return i18n.t('timeUnderMinute');
  const minutes = Math.floor((leftMs % HOUR) / MINUTE);
  if (leftMs < HOUR) return i18n.t('timeMinutes', { minutes: number(minutes) });
  if (leftMs >= 2 * DAY) {
    const days = Math.floor(leftMs / DAY);
    return i18n.t('timeDays', days, { days: number(days) });
  }
  const hours = number(Math.floor(leftMs / HOUR));
  return minutes === 0
    ? i18n.t('timeHours', { hours })
    : i18n.t('timeHoursMinutes', { hours, minutes: number(minutes) });
}

/** The same for somebody who hears it: `23 minutes`, `1 hour 52 minutes`. */
export function leftSpoken(leftMs: number, locale = wordsLocale()): string {
  const unit = (value: number, of: 'day' | 'hour' | 'minute'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: of, unitDisplay: 'long' }).format(value);
  if (leftMs < MINUTE) return i18n.t('timeUnderMinuteSpoken');
  if (leftMs >= 2 * DAY) return unit(Math.floor(leftMs / DAY), 'day');
  const hours = Math.floor(leftMs / HOUR);
  const minutes = Math.floor((leftMs % HOUR) / MINUTE);
  return [hours > 0 && unit(hours, 'hour'), minutes > 0 && unit(minutes, 'minute')].filter(Boolean).join(' ');
}

/** A point in time as people say it: `14:37`, `tomorrow 12:54`, `Wed 08:10`, `29 December`. */
export function timeWords(at: Instant, now: Instant, locale = wordsLocale()): string {
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(at);
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  if (days === 0) return time;
  if (days === 1) return i18n.t('timeTomorrow', { time });
  if (days === -1) return i18n.t('timeYesterday', { time });
  if (Math.abs(days) < 7) return `${new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(at)} ${time}`;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

const midnight = (at: Instant): number => new Date(at).setHours(0, 0, 0, 0);

import { type Instant, MINUTE } from '../core/time';
import type { Diagnosis } from '../core/view';
import browser from './browser';

/** The name of the one alarm. */
export const WAKE = 'wake';
/** An alarm this near to the wanted time is left as it is (ms): setting it anew would move its period. */
const NEAR = 500;
/** Near a renewal the alarm repeats soon, so that a worker killed as it fired is woken again (minutes). */
const PERIOD = { soon: 1, calm: 15 };
const SOON = 10 * MINUTE;

/**
 * Plans the one wake. With a period beside its time: a one-shot is gone once it has fired, even if the worker died before
 * it did anything.
 */
export async function arm(wakeAt: Instant | undefined, now: Instant): Promise<void> {
  if (wakeAt === undefined) {
    await browser.alarms.clear(WAKE);
    return;
  }
  const current = await browser.alarms.get(WAKE);
  const periodInMinutes = wakeAt - now < SOON ? PERIOD.soon : PERIOD.calm;
  if (current?.periodInMinutes === periodInMinutes && Math.abs(current.scheduledTime - wakeAt) < NEAR) return;
  await browser.alarms.create(WAKE, { when: wakeAt, periodInMinutes });
}

const WOKE = 'woke';

/** Notes that the alarm woke Fob now, for whoever looks whether it does: in memory, until the browser closes. */
export const noteWake = (dueAt: number): Promise<void> =>
  browser.storage.session.set({ [WOKE]: { at: Date.now(), dueAt } });

/** When the browser will wake Fob, as it says itself, and when it last did. */
export async function woken(): Promise<Pick<Diagnosis, 'alarmAt' | 'woke'>> {
  const [alarm, noted] = await Promise.all([browser.alarms.get(WAKE), browser.storage.session.get(WOKE)]);
  const woke = noted[WOKE] as Diagnosis['woke'];
  return { ...(alarm ? { alarmAt: alarm.scheduledTime as Instant } : {}), ...(woke ? { woke } : {}) };
}

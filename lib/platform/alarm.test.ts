import { beforeEach, describe, expect, it, vi } from 'vitest';
import { after, HOUR, type Instant, instant, MINUTE, SECOND } from '../core/time';
import { arm, noteWake, woken } from './alarm';

type Alarm = { name: string; scheduledTime: number; periodInMinutes?: number };

const kept = vi.hoisted(() => ({
  alarm: undefined as Alarm | undefined,
  created: 0,
  session: {} as Record<string, unknown>,
}));
vi.mock('./browser', () => ({
  default: {
    alarms: {
      get: async (name: string) => (kept.alarm?.name === name ? kept.alarm : undefined),
      clear: async () => void (kept.alarm = undefined),
      create: async (name: string, { when, periodInMinutes }: { when: number; periodInMinutes?: number }) => {
        kept.created += 1;
        kept.alarm = { name, scheduledTime: when, ...(periodInMinutes === undefined ? {} : { periodInMinutes }) };
      },
    },
    storage: {
      session: {
        get: async () => ({ ...kept.session }),
        set: async (items: object) => void Object.assign(kept.session, items),
      },
    },
  },
}));

const NOW = instant(Date.UTC(2026, 0, 15, 9));
const within = (ms: number): Instant => after(NOW, ms);

/** Goes off as in a browser: what has a period comes again, a one-shot is gone. */
function goOff(): void {
  const { alarm } = kept;
  if (!alarm) throw new Error('no alarm is planned');
  const { periodInMinutes } = alarm;
  kept.alarm =
    periodInMinutes === undefined
      ? undefined
      : { ...alarm, scheduledTime: alarm.scheduledTime + periodInMinutes * MINUTE };
}

beforeEach(() => void Object.assign(kept, { alarm: undefined, created: 0, session: {} }));

describe('the one alarm', () => {
  it.each([
    ['in a moment', 30 * SECOND, MINUTE],
    ['in an hour', 60 * MINUTE, 15 * MINUTE],
    ['in the past', -MINUTE, MINUTE],
  ])('wanted %s comes again after a worker that died as it went off', async (_, ms, againMs) => {
    await arm(within(ms), NOW);
    goOff();

    expect((await woken()).alarmAt).toBe(within(ms + againMs));
  });

  it('is left as it is where it is right: a new one would put its period off', async () => {
    await arm(within(MINUTE), NOW);
    await arm(within(MINUTE + 400), NOW);

    expect(kept.created).toBe(1);
    expect(kept.alarm?.scheduledTime).toBe(within(MINUTE));
  });

  it.each([
    ['another time', 2 * MINUTE, NOW],
    ['another period, near it as it was far off before', MINUTE, within(-HOUR)],
  ])('is planned anew for %s', async (_, ms, planned) => {
    await arm(within(MINUTE), planned);
    await arm(within(ms), NOW);

    expect(kept.created).toBe(2);
    expect(kept.alarm).toMatchObject({ scheduledTime: within(ms), periodInMinutes: 1 });
  });

  it('is taken away when nothing is kept', async () => {
    await arm(within(MINUTE), NOW);
    await arm(undefined, NOW);

    expect(await woken()).toEqual({});
  });

  it('has its last time told, and the one it was planned for', async () => {
    vi.useFakeTimers({ now: within(MINUTE) });
    await noteWake(NOW);
    vi.useRealTimers();

    expect(await woken()).toEqual({ woke: { at: within(MINUTE), dueAt: NOW } });
  });
});

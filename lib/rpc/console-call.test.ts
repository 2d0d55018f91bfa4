import { describe, expect, it } from 'vitest';
import { ok } from '../core/failure';
import { SECOND } from '../core/time';
import type { call } from './client';
import { paced } from './console-call';

/** A script's calls by a clock that only waiting moves, and what reached the background. */
function script() {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const heard: { name: string; at: number }[] = [];
  const ask = ((name: string) => {
    heard.push({ name, at: now });
    return Promise.resolve(ok({}));
  }) as unknown as typeof call;
  const wait = (ms: number): Promise<void> => new Promise((wake) => void sleepers.push({ at: now + ms, wake }));
  return {
    heard,
    call: paced(ask, () => now, wait),
    pass: async (ms: number) => {
      for (const end = now + ms; now < end; now += 10) {
        for (const one of sleepers.splice(0)) {
          if (one.at <= now) one.wake();
          else sleepers.push(one);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

describe('the calls of a console script', () => {
  it('go out at once, as long as they are as many as a console needs', async () => {
    const { call, heard } = script();

    expect(await Promise.all([1, 2, 3, 4, 5].map(() => call('attend', {})))).toEqual(Array(5).fill(ok({})));
    await call('panel', {});

    expect(heard).toHaveLength(6);
  });

  it('wait for their turn, so that the last word is not lost', async () => {
    const { call, heard, pass } = script();
    const answers = Array.from({ length: 8 }, () => call('attend', {}));

    await pass(SECOND);

    expect(await Promise.all(answers)).toEqual(Array(8).fill(ok({})));
    expect(heard.at(-1)?.at).toBeGreaterThanOrEqual(600);
  });

  it('are five a second of a kind, and fifty in all, in a flood of ten thousand', async () => {
    const { call, heard, pass } = script();
    const names = ['attend', 'panel', 'sign_out'] as const;
    const answers: Promise<{ ok: boolean }>[] = [];
    for (let tenth = 0; tenth < 100; tenth += 1) {
      for (let i = 0; i < 100; i += 1) answers.push(call(names[i % 3] ?? 'attend', {}));
      await pass(100);
    }
    await pass(3 * SECOND);

    const passed = (await Promise.all(answers)).filter((answer) => answer.ok);
    expect(answers).toHaveLength(10_000);
    expect(passed).toHaveLength(heard.length);
    for (const name of names) {
      const at = heard.flatMap((one) => (one.name === name ? [one.at] : []));
      for (const from of at)
        expect(at.filter((one) => one >= from && one < from + SECOND).length).toBeLessThanOrEqual(10);
      expect(at.length).toBeLessThanOrEqual(5 + 5 * 13);
    }
  });

  it('are fifty at once, of however many kinds', async () => {
    const { call, heard } = script();

    for (let kind = 0; kind < 20; kind += 1) for (let i = 0; i < 5; i += 1) void call(`kind ${kind}` as 'attend', {});
    await Promise.resolve();

    expect(heard).toHaveLength(50);
  });

  it('are refused with a time to come back where too many wait', async () => {
    const { call } = script();
    const answers = Array.from({ length: 100 }, () => call('attend', {}));

    expect(await answers.at(-1)).toEqual({ ok: false, failure: { code: 'rate_limited', retryAt: SECOND } });
  });
});

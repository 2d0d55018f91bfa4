import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limiter } from './limiter';
import { HOUR, SECOND } from './time';

const rate = { burst: 5, perSecond: 5 };
/** How many of `count` pass at one moment. */
const passing = (may: ReturnType<typeof limiter>, count: number, now: number, key = 'a'): number =>
  Array.from({ length: count }, () => may(key, rate, now)).filter(Boolean).length;

describe('a limiter', () => {
  it('lets a burst pass, and then as many as time has brought', () => {
    const may = limiter();

    expect(passing(may, 100, 0)).toBe(5);
    expect(passing(may, 100, 199)).toBe(0);
    expect(passing(may, 100, 400)).toBe(2);
    expect(passing(may, 100, HOUR)).toBe(5);
  });

  it('has a bucket for each key', () => {
    const may = limiter();

    expect([passing(may, 9, 0, 'a'), passing(may, 9, 0, 'b'), passing(may, 9, 0, '__proto__')]).toEqual([5, 5, 5]);
  });

  it('goes on at its pace after the clock was set back', () => {
    const may = limiter();
    passing(may, 5, HOUR);

    expect(passing(may, 9, 0)).toBe(0);
    expect(passing(may, 9, SECOND)).toBe(5);
  });

  it('holds no more keys than it can bear', () => {
    const may = limiter();
    passing(may, 5, 0, 'first');
    for (let key = 0; key < 255; key += 1) may(`key ${key}`, rate, 0);
    expect(may('first', rate, 0)).toBe(false);

    for (let key = 0; key < 256; key += 1) may(`other ${key}`, rate, 0);

    expect(may('first', rate, 0)).toBe(true);
  });

  it('never lets more pass than a burst and what time brought, and never stays shut, whenever it is asked', () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 500, noNaN: true })), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (waits, burst, perSecond) => {
        const may = limiter();
        let now = 0;
        let passed = 0;
        for (const wait of waits) {
          now += wait;
          if (may('a', { burst, perSecond }, now)) passed += 1;
          expect(passed).toBeLessThanOrEqual(burst + (now / SECOND) * perSecond + 1e-6);
        }

        expect(may('a', { burst, perSecond }, now + SECOND / perSecond + 0.01)).toBe(true);
      }),
    );
  });
});

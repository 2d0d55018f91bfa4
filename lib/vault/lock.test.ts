import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, instant, MINUTE } from '../core/time';
import { type KeyRim, nextTryAt, openKeyRing, ROUNDS, type Secret } from './lock';
import { type Lasting, written } from './records';

/** What outlives a worker; `left`: writes until it dies, in the middle of one: what it awaits then never comes. */
function makeWorld() {
  const stored: Partial<Record<Lasting, unknown>> = {};
  const world = {
    stored,
    device: undefined as string | undefined,
    held: undefined as string | undefined,
    broken: new Set<Lasting>(),
    derived: 0,
    ring: (rounds = 10, left = Infinity) => openKeyRing(rim(rounds, left), rounds),
    /** A browser that starts anew. */
    restart: () => void (world.held = undefined),
  };
  let drawn = 0;
  const opens = (by: Secret): string | undefined =>
    by === 'device' ? world.device : `${by.passphrase} ${by.salt} ${by.rounds}`;
  function rim(_: number, left: number): KeyRim {
    const effect = async (act: () => void): Promise<void> => {
      left -= 1;
      if (left < 0) await new Promise<never>(() => undefined);
      act();
    };
    return {
      read: async (store) => {
        if (world.broken.has(store)) throw new Error('no answer');
        return stored[store];
      },
      write: (store, wrap) => {
        if (world.broken.has(store)) return Promise.reject(new Error('no answer'));
        return effect(() => void (stored[store] = wrap));
      },
      held: async () => world.held,
      hold: (raw) => effect(() => void (world.held = raw)),
      wrap: async (raw, by) => {
        if (by === 'device') world.device ??= `device-${(drawn += 1)}`;
        return JSON.stringify([opens(by), raw]);
      },
      unwrap: async (key, by) => {
        if (by !== 'device') world.derived += 1;
        const [opener, raw] = JSON.parse(key) as [string, string];
        return opener === opens(by) ? raw : undefined;
      },
      dropDevice: () => effect(() => void (world.device = undefined)),
      draw: () => `drawn-${(drawn += 1)}`,
    };
  }
  return world;
}
type TestWorld = ReturnType<typeof makeWorld>;

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

async function protectedBy(passphrase: string): Promise<{ world: TestWorld; raw: string }> {
  const world = makeWorld();
  const ring = world.ring();
  const raw = await ring.raw();
  expect(await ring.protect(passphrase)).toBe(true);
  return { world, raw: raw! };
}

describe('the key ring', () => {
  it('opens by itself without a passphrase, in the next browser too', async () => {
    const world = makeWorld();
    const raw = await world.ring().raw();

    world.restart();

    expect(raw).toBeDefined();
    expect(await world.ring().raw()).toBe(raw);
    expect(await world.ring().settings()).toBeUndefined();
  });

  it('takes over a key that was wrapped before there were passphrases', async () => {
    const world = makeWorld();
    const raw = await world.ring().raw();
    const bare = (JSON.parse(String(world.stored.local).split(':').slice(2).join(':')) as { key: string }).key;
    // As it was stored: a bare text without a colon.
    const old = bare.replaceAll(':', '');
    world.stored.local = old;
    world.stored.copy = old;
    world.restart();

    expect(await world.ring().raw()).toBe(raw);
    await settle();
    expect(world.stored.copy).toBe(written({ revision: -1, key: old }));
  });

  it('is shut in the next browser once it has a passphrase, and the device key is gone', async () => {
    const { world, raw } = await protectedBy('correct horse');
    expect(world.device).toBeUndefined();

    world.restart();
    const ring = world.ring();

    expect(await ring.raw()).toBeUndefined();
    expect(await ring.settings()).toEqual({ mode: 'lock' });
    expect(await ring.unlock('wrong horse')).toBe(false);
    expect(await ring.raw()).toBeUndefined();
    expect(await ring.unlock('correct horse')).toBe(true);
    expect(await ring.raw()).toBe(raw);
    expect(world.held).toBe(raw);
  });

  it('lets its key go when it is shut, from what the browser remembers too', async () => {
    const { world } = await protectedBy('correct horse');
    const ring = world.ring();
    await ring.raw();

    await ring.shut();

    expect(world.held).toBeUndefined();
    expect(await ring.raw()).toBeUndefined();
    expect(await world.ring().raw()).toBeUndefined();
  });

  it('stays open when it is shut without a passphrase: nothing would be kept from anybody', async () => {
    const world = makeWorld();
    const ring = world.ring();
    const raw = await ring.raw();

    await ring.shut();

    expect(world.held).toBe(raw);
    expect(await ring.raw()).toBe(raw);
  });

  it('derives once for an unlock, and anew by the shipped figure where that is higher', async () => {
    const { world, raw } = await protectedBy('correct horse');
    world.restart();
    world.derived = 0;
    expect(await world.ring().unlock('correct horse')).toBe(true);
    await settle();
    expect(world.derived).toBe(1);

    world.restart();
    expect(await world.ring(20).unlock('correct horse')).toBe(true);
    await settle();

    expect(String(world.stored.copy)).toContain('"rounds":20');
    expect(world.stored.local).toBe(world.stored.copy);
    world.restart();
    const ring = world.ring(20);
    expect(await ring.unlock('correct horse')).toBe(true);
    expect(await ring.raw()).toBe(raw);
  });

  it('keeps a higher figure than the shipped one', async () => {
    const { world } = await protectedBy('correct horse');
    world.restart();

    expect(await world.ring(5).unlock('correct horse')).toBe(true);
    await settle();

    expect(String(world.stored.copy)).toContain('"rounds":10');
  });

  it('opens by the passphrase where only one store answers', async () => {
    for (const broken of ['copy', 'local'] as const) {
      const { world, raw } = await protectedBy('correct horse');
      world.restart();
      world.broken.add(broken);

      const ring = world.ring();

      expect(await ring.raw()).toBeUndefined();
      expect(await ring.unlock('correct horse')).toBe(true);
      expect(await ring.raw()).toBe(raw);
    }
  });

  it('makes no new key where the store beside the device key does not answer', async () => {
    const world = makeWorld();
    const raw = await world.ring().raw();
    world.restart();
    world.broken.add('copy');

    await expect(world.ring().raw()).rejects.toThrow('no answer');
    world.broken.clear();
    expect(await world.ring().raw()).toBe(raw);
  });

  it('sets no passphrase where one of the stores would keep the old wrap', async () => {
    for (const broken of ['copy', 'local'] as const) {
      const world = makeWorld();
      const ring = world.ring();
      const raw = await ring.raw();
      world.broken.add(broken);

      expect(await ring.protect('correct horse')).toBe(false);

      world.broken.clear();
      world.restart();
      expect(await world.ring().raw()).toBe(raw);
    }
  });

  it('wraps the key in memory again where both stores have lost it', async () => {
    const world = makeWorld();
    const raw = await world.ring().raw();
    delete world.stored.local;
    delete world.stored.copy;

    expect(await world.ring().raw()).toBe(raw);
    await settle();
    world.restart();

    expect(await world.ring().raw()).toBe(raw);
  });

  it('makes nothing anew beside a key that a later Fob has wrapped', async () => {
    const world = makeWorld();
    await world.ring().raw();
    world.restart();
    world.stored.copy = '99:00000000:{}';
    const before = { ...world.stored };

    await expect(world.ring().raw()).rejects.toMatchObject({ failure: { code: 'vault_newer' } });
    expect(world.stored).toEqual(before);
  });

  it('keeps what was decided when the passphrase is another', async () => {
    const { world } = await protectedBy('correct horse');
    const ring = world.ring();
    await ring.raw();
    await ring.decide({ mode: 'screen', awayMin: 15 });

    await ring.protect('battery staple');

    expect(await ring.settings()).toEqual({ mode: 'screen', awayMin: 15 });
    await ring.protect(undefined);
    expect(await ring.settings()).toBeUndefined();
    expect(await ring.decide({ mode: 'lock' })).toBe(false);
  });

  /** What opens it: the passphrases that may have been chosen by then, or nothing at all. */
  async function opensBy(world: TestWorld, secrets: readonly (string | undefined)[], raw: string): Promise<boolean> {
    world.restart();
    for (const secret of secrets) {
      const ring = world.ring();
      if ((await ring.raw()) === undefined && (secret === undefined || !(await ring.unlock(secret)))) continue;
      return (await ring.raw()) === raw;
    }
    return false;
  }

  it('is opened by the old secret or the new one, for any history and a death at any step', async () => {
    const secret = fc.constantFrom(undefined, 'correct horse', 'battery staple', 'tr0ub4dor');
    const act = fc.record({ secret, left: fc.integer({ min: 0, max: 8 }), rounds: fc.constantFrom(10, 20) });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 6 }), async (acts) => {
        const world = makeWorld();
        const raw = (await world.ring().raw())!;
        let current: string | undefined;
        for (const { secret: next, left, rounds } of acts) {
          const ring = world.ring(rounds, left);
          const done = await Promise.race([ring.protect(next), settle().then(() => 'dead' as const)]);
          // A worker that was killed while it wrote: either may count, and what was said to be done does.
          const may = done === true ? [next] : [current, next];
          expect(await opensBy(world, may, raw)).toBe(true);
          await settle();
          const found = (await world.ring().settings()) === undefined ? undefined : (await whichOf(world, may))!;
          current = found;
        }
      }),
      { numRuns: 300 },
    );
  });

  async function whichOf(world: TestWorld, may: readonly (string | undefined)[]): Promise<string | undefined> {
    for (const one of may) if (one !== undefined && (await world.ring().unlock(one))) return one;
    throw new Error('nothing that was chosen opens it');
  }

  it('is shipped with the rounds that were promised', () => {
    expect(ROUNDS).toBe(1_000_000);
  });
});

describe('a wrong passphrase', () => {
  const at = instant(1_000_000_000);
  it.each([
    [1, 0],
    [2, 0],
    [3, 2000],
    [4, 4000],
    [8, 64_000],
    [12, 15 * MINUTE],
    [4000, 15 * MINUTE],
  ])('after %i in a row waits %i ms', (times, wait) => {
    expect(nextTryAt({ times, at }, at)).toBe(after(at, wait));
  });

  it('keeps nobody out by a clock that has been put back', () => {
    expect(nextTryAt({ times: 50, at }, instant(at - 1))).toBe(at - 1);
  });
});

import { describe, expect, it } from 'vitest';
import { failed, ok } from '../core/failure';
import { after, type Instant, instant, MINUTE } from '../core/time';
import { attendConsole } from './attend';
import { prowlerSession } from './prowler';

const START = instant(Date.UTC(2026, 0, 15, 9));
const CANARY = 'canary-refresh-0123456789';

/** A console's page with its session, and a background that hears of it; everything it hears is written down. */
function makePage() {
  const page = {
    now: START,
    isVisible: true,
    mayLook: true,
    answer: { accessToken: 'a', refreshToken: CANARY, expires: '2026-01-16T09:00:00.000Z' } as unknown,
    tokenEnds: after(START, 30 * MINUTE) as Instant | undefined,
    takes: true,
    breaks: undefined as 'mayLook' | 'read' | 'capture' | 'signOut' | undefined,
    asked: [] as string[],
    reads: 0,
    readsAtOnce: 0,
    mostAtOnce: 0,
    heard: [] as unknown[],
    /** Held, reads do not end until it is let go. */
    held: undefined as Promise<void> | undefined,
  };
  const say = <T>(name: typeof page.breaks & string, value: () => T): Promise<T> => {
    page.asked.push(name);
    return page.breaks === name ? Promise.reject(new Error(`${name} broke`)) : Promise.resolve(value());
  };
  const attention = attendConsole(prowlerSession, {
    now: () => page.now,
    isVisible: () => page.isVisible,
    mayLook: () => say('mayLook', () => page.mayLook),
    read: async () => {
      page.reads += 1;
      page.readsAtOnce += 1;
      page.mostAtOnce = Math.max(page.mostAtOnce, page.readsAtOnce);
      await page.held;
      page.readsAtOnce -= 1;
      return say('read', () => page.answer);
    },
    capture: (found) =>
      say('capture', () => {
        page.heard.push(found);
        if (!page.takes) return failed({ code: 'consent_missing' });
        return ok(page.tokenEnds === undefined ? {} : { expiresAt: page.tokenEnds });
      }),
    signOut: () =>
      say('signOut', () => {
        page.heard.push('signed out');
        return page.takes ? ok(undefined) : failed({ code: 'not_answering' });
      }),
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return Object.assign(page, {
    settle,
    pageHasRead: async () => {
      attention.pageHasRead();
      await settle();
    },
    lookAgain: async () => {
      attention.lookAgain();
      await settle();
    },
    raw: attention,
    pass: (ms: number) => {
      page.now = after(page.now, ms);
    },
  });
}
const reported = { access: 'a', expiresAt: '2026-01-16T09:00:00.000Z' };

describe('attending a console', () => {
  it('reports what the page has just read, without the refresh token', async () => {
    const page = makePage();

    await page.pageHasRead();

    expect(page.heard).toEqual([reported]);
    expect(JSON.stringify(page.heard)).not.toContain(CANARY);
  });

  it('reads nothing of its own accord before the page has', async () => {
    const page = makePage();

    await page.lookAgain();

    expect(page.reads).toBe(0);
  });

  it('looks again when a person looks at Fob, while the end last seen is far away', async () => {
    const page = makePage();
    await page.pageHasRead();
    page.pass(10 * MINUTE);

    await page.lookAgain();

    expect(page.reads).toBe(2);
  });

  it.each([
    ['the end is near', (page: ReturnType<typeof makePage>) => page.pass(29 * MINUTE + 1)],
    ['the token has ended', (page: ReturnType<typeof makePage>) => page.pass(60 * MINUTE)],
    ['the tab is out of view', (page: ReturnType<typeof makePage>) => void (page.isVisible = false)],
    ['the person has not agreed', (page: ReturnType<typeof makePage>) => void (page.mayLook = false)],
  ])('does not look again where %s', async (_, happens) => {
    const page = makePage();
    await page.pageHasRead();
    happens(page);

    await page.lookAgain();

    expect(page.reads).toBe(1);
  });

  it('does not look again where the end of the token is not known', async () => {
    const page = makePage();
    page.tokenEnds = undefined;
    await page.pageHasRead();

    await page.lookAgain();

    expect(page.reads).toBe(1);
  });

  it('reads nothing before consent, though the page has', async () => {
    const page = makePage();
    page.mayLook = false;

    await page.pageHasRead();

    expect([page.reads, page.heard]).toEqual([0, []]);
  });

  it('is never two reads at once, and loses no word of the page', async () => {
    const page = makePage();
    let letGo = () => {};
    page.held = new Promise((resolve) => (letGo = resolve));
    await page.pageHasRead();
    for (let i = 0; i < 10; i += 1) await page.pageHasRead();
    await page.lookAgain();
    page.answer = { accessToken: 'b' };
    letGo();
    await page.settle();

    expect(page.mostAtOnce).toBe(1);
    expect(page.reads).toBe(2);
  });

  it('looks after the page although a look of its own was under way, and refused', async () => {
    const page = makePage();
    page.raw.lookAgain();
    page.raw.pageHasRead();
    await page.settle();

    expect(page.heard).toEqual([reported]);
  });

  it('reports the same token once in a quarter of an hour, however often the page reads', async () => {
    const page = makePage();
    for (let i = 0; i < 100; i += 1) {
      await page.pageHasRead();
      page.pass(MINUTE / 4);
    }

    expect(page.heard).toEqual([reported, reported]);
  });

  it('reports a newer token at once', async () => {
    const page = makePage();
    await page.pageHasRead();
    page.answer = { accessToken: 'b' };

    await page.pageHasRead();

    expect(page.heard).toEqual([reported, { access: 'b' }]);
  });

  it('reports again what was not taken', async () => {
    const page = makePage();
    page.takes = false;
    await page.pageHasRead();
    page.takes = true;

    await page.pageHasRead();
    await page.pageHasRead();

    expect(page.heard).toEqual([reported, reported]);
  });

  it('reports a sign-out once', async () => {
    const page = makePage();
    await page.pageHasRead();
    page.answer = null;

    for (let i = 0; i < 5; i += 1) await page.pageHasRead();

    expect(page.heard).toEqual([reported, 'signed out']);
  });

  it('reports a sign-out again that was not heard', async () => {
    const page = makePage();
    page.answer = null;
    page.takes = false;
    await page.pageHasRead();
    page.takes = true;

    for (let i = 0; i < 3; i += 1) await page.pageHasRead();

    expect(page.heard).toEqual(['signed out', 'signed out']);
  });

  it('reports who signs in after a sign-out, though it is the same token', async () => {
    const page = makePage();
    const answer = page.answer;
    await page.pageHasRead();
    page.answer = null;
    await page.pageHasRead();
    page.answer = answer;

    await page.pageHasRead();

    expect(page.heard).toEqual([reported, 'signed out', reported]);
  });

  it('does not look again of its own accord after a sign-out', async () => {
    const page = makePage();
    await page.pageHasRead();
    page.answer = null;
    await page.pageHasRead();

    await page.lookAgain();

    expect(page.reads).toBe(2);
  });

  it.each([undefined, {}, 'x', { error: 'RefreshAccessTokenError' }])(
    'says nothing of an answer like %j',
    async (answer) => {
      const page = makePage();
      page.answer = answer;

      await page.pageHasRead();

      expect(page.heard).toEqual([]);
    },
  );

  it.each(['mayLook', 'read', 'capture'] as const)('tries again after %s broke', async (name) => {
    const page = makePage();
    page.breaks = name;
    await page.pageHasRead();
    page.breaks = undefined;

    await page.pageHasRead();

    expect(page.heard).toEqual([reported]);
  });

  it('tries again after telling of a sign-out broke', async () => {
    const page = makePage();
    page.answer = null;
    page.breaks = 'signOut';
    await page.pageHasRead();
    page.breaks = undefined;

    await page.pageHasRead();

    expect(page.heard).toEqual(['signed out']);
  });
});

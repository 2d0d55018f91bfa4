import { describe, expect, it } from 'vitest';
import { failed, ok } from '../core/failure';
import { MINUTE } from '../core/time';
import { attendStorage } from './attend-storage';
import type { Found } from './session';

const session = (access: string): Found => ({ kind: 'session', access });
const signedOut: Found = { kind: 'signed_out' };

/** A page with what lies in its storage, and a background that hears of it. */
function makePage() {
  const page = {
    now: 1_000_000,
    found: session('a'),
    mayLook: true,
    takes: true,
    breaks: false,
    asked: 0,
    reads: 0,
    heard: [] as string[],
  };
  const attention = attendStorage({
    now: () => page.now,
    read: () => {
      page.reads += 1;
      return page.found;
    },
    mayLook: () => {
      page.asked += 1;
      return page.breaks ? Promise.reject(new Error('broke')) : Promise.resolve(page.mayLook);
    },
    capture: ({ access }) => {
      page.heard.push(access);
      return Promise.resolve(page.takes ? ok({}) : failed({ code: 'not_answering' }));
    },
    signOut: () => {
      page.heard.push('signed out');
      return Promise.resolve(ok(undefined));
    },
  });
  const settled = (act: () => void) => async (): Promise<void> => {
    act();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return Object.assign(page, {
    look: settled(attention.look),
    glance: settled(attention.glance),
    leave: settled(attention.leave),
  });
}

describe('attending a page', () => {
  it('tells what lies there once, and again when it is another', async () => {
    const page = makePage();

    await page.look();
    await page.glance();
    page.found = session('b');
    await page.glance();

    expect(page.heard).toEqual(['a', 'b']);
  });

  it('asks the background once, however often it looks', async () => {
    const page = makePage();

    for (let times = 0; times < 10; times++) await page.glance();

    expect(page.asked).toBe(1);
  });

  it('tells now and then that the console is in use', async () => {
    const page = makePage();
    await page.look();

    page.now += 15 * MINUTE;
    await page.glance();

    expect(page.heard).toEqual(['a', 'a']);
  });

  it('reads nothing before it may, and asks again only when something happens', async () => {
    const page = makePage();
    page.mayLook = false;

    await page.look();
    await page.glance();
    await page.glance();
    expect([page.asked, page.reads]).toEqual([1, 0]);
    page.mayLook = true;
    await page.look();

    expect(page.heard).toEqual(['a']);
  });

  it('offers again what was not taken, by itself once a minute and at once when something happens', async () => {
    const page = makePage();
    page.takes = false;
    await page.look();

    await page.glance();
    expect(page.heard).toEqual(['a']);
    await page.look();
    expect(page.heard).toEqual(['a', 'a']);
    page.now += MINUTE;
    await page.glance();

    expect(page.heard).toEqual(['a', 'a', 'a']);
  });

  it('goes on after the background was not there', async () => {
    const page = makePage();
    page.breaks = true;
    await page.look();

    page.breaks = false;
    await page.glance();

    expect(page.heard).toEqual(['a']);
  });

  it('says nothing of what it cannot read', async () => {
    const page = makePage();
    await page.look();

    page.found = { kind: 'unreadable' };
    await page.look();
    await page.leave();

    expect(page.heard).toEqual(['a']);
  });
});

describe('a sign-out', () => {
  it('is told where a session was, once', async () => {
    const page = makePage();
    await page.look();
    page.found = signedOut;

    await page.glance();
    await page.glance();
    await page.leave();

    expect(page.heard).toEqual(['a', 'signed out']);
  });

  it('is seen as the page goes', async () => {
    const page = makePage();
    await page.look();
    page.found = signedOut;

    await page.leave();

    expect(page.heard).toEqual(['a', 'signed out']);
  });

  it('is seen as the page goes, even before the background has taken the session', async () => {
    const page = makePage();
    page.takes = false;
    await page.look();
    page.found = signedOut;

    await page.leave();

    expect(page.heard).toEqual(['a', 'signed out']);
  });

  it('is none where no session was seen: another tab may have its own', async () => {
    const page = makePage();
    page.found = signedOut;

    await page.look();
    await page.leave();

    expect(page.heard).toEqual([]);
  });

  it('is followed by a sign-in', async () => {
    const page = makePage();
    await page.look();
    page.found = signedOut;
    await page.look();
    page.found = session('a');

    await page.glance();

    expect(page.heard).toEqual(['a', 'signed out', 'a']);
  });
});

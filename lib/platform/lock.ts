import type { Locked } from '../core/view';
import type { Tries } from '../vault/lock';
import browser from './browser';

const SINCE = 'locked';
const TRIES = 'tries';

/** That Fob is locked: in memory, as the open key is. */
export const since = async (): Promise<Locked | undefined> =>
  (await browser.storage.session.get(SINCE))[SINCE] as Locked | undefined;

/** Notes that Fob is locked, or is no more. */
export const noteSince = (locked: Locked | undefined): Promise<void> =>
  locked ? browser.storage.session.set({ [SINCE]: locked }) : browser.storage.session.remove(SINCE);

/** The wrong passphrases in a row. */
export const tries = async (): Promise<Tries | undefined> =>
  (await browser.storage.local.get(TRIES))[TRIES] as Tries | undefined;

/** Counts a wrong passphrase, or forgets of them. */
export const noteTries = (counted: Tries | undefined): Promise<void> =>
  counted ? browser.storage.local.set({ [TRIES]: counted }) : browser.storage.local.remove(TRIES);

let wantedMin: number | undefined;

/** Has the browser tell when nobody has been there for so many minutes, where it lets Fob know. */
export async function watch(awayMin: number | undefined): Promise<void> {
  wantedMin = awayMin;
  if (awayMin !== undefined) browser.idle?.setDetectionInterval(awayMin * 60);
}

let isHearing = false;

/** Hears that nobody is there, or that the computer's screen was locked (Firefox does not say that). Without the permission, of nothing. */
export function onAway(listener: (why: 'away' | 'screen') => void): void {
  if (isHearing || !browser.idle) return;
  isHearing = true;
  browser.idle.onStateChanged.addListener((state) => {
    if (state === 'locked') listener('screen');
    // A browser that has just started tells by its own figure, until it is given Fob's.
    else if (state === 'idle')
      void browser.idle.queryState((wantedMin ?? 1) * 60).then((now) => now !== 'active' && listener('away'));
  });
}

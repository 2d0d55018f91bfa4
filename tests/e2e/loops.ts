import { appendFileSync, mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../lab';
import type { LedgerEntry } from '../../lab/ledger';
import type { Outcome } from '../../lib/core/failure';
import type { View } from '../../lib/core/view';
import type { Browser, Page } from './driver/driver';
import { ask, seen } from './person';
import { REFRESH } from './sessions';

/** Whether the loops go round as often as it takes to believe them, and not only once to see that they go round. */
export const isSoak = process.env.FOB_SOAK === '1';

/** How often a loop goes round: `--times` of the command, if it was given. */
export const times = ({ short, long }: { readonly short: number; readonly long: number }): number =>
  isSoak ? Number(process.env.FOB_SOAK_TIMES ?? long) : short;

/** How long a loop may take (ms): the long ones take what they take. */
export const patience = (shortMs: number): number => (isSoak ? 4 * 3_600_000 : shortMs);

/** Says what a loop counted; the command prints it again at its end. */
export function report(loop: string, browser: Browser, figures: Record<string, number>): void {
  const line = { loop, browser: browser.name, ...figures };
  if (!isSoak) return;
  mkdirSync('test-output', { recursive: true });
  appendFileSync('test-output/soak.jsonl', `${JSON.stringify(line)}\n`);
}

/** What becomes of a refresh token that was spent, at three kinds of vendor (ms it is honoured). */
export const vendors = [
  ['strict', 0],
  ['with a grace window', 60_000],
  ['static', 24 * 3_600_000],
] as const;

/** Asks from a page that stays open, and waits for no answer: the worker may not live to give it. */
export async function tell(page: Page, fob: string, input: unknown): Promise<void> {
  await page.evaluate(
    (message: unknown) => {
      const scope = globalThis as unknown as { browser?: typeof browser; chrome: typeof browser };
      void (scope.browser ?? scope.chrome).runtime.sendMessage(message).catch(() => {});
    },
    { fob, input },
  );
}

/**
 * Waits for a moment to kill at, drawn anew each time: any, as the request reaches the vendor, or as its answer leaves there.
 * Where that moment does not come, it is over after a second.
 */
export async function momentAround(lab: Lab, from: number): Promise<void> {
  const draw = Math.random();
  if (draw < 0.4) {
    await sleep(Math.random() * 300);
    return;
  }
  const isThere = (entry: LedgerEntry | undefined) =>
    entry !== undefined && (draw < 0.65 || entry.status !== undefined);
  for (const end = performance.now() + 1000; performance.now() < end; await sleep(1)) {
    if (isThere(lab.ledger.of(REFRESH)[from])) break;
  }
  await sleep(Math.random() * 25);
}

/**
 * Waits until nothing is asked for with any of them, and in the long loops until nothing is wrong: what a kill cut off may be
 * asked again a minute later only.
 */
export async function settled(on: Browser, timeoutMs = 100_000): Promise<void> {
  await ask(on, 'look', {});
  let left: readonly object[] = [];
  const isSettled = ({ sessions }: View): boolean => {
    left = sessions
      .filter(
        ({ askingSince, trouble }) =>
          askingSince !== undefined || (trouble && (isSoak || trouble.retryAt === undefined)),
      )
      .map(({ keeping, provenance, token, askingSince, unansweredSince, trouble }) => {
        return { now: Date.now(), keeping, provenance, token, askingSince, unansweredSince, trouble };
      });
    return left.length === 0;
  };
  await seen(on, 'every session settled', isSettled, timeoutMs).catch((cause: unknown) => {
    throw new Error(`not settled: ${JSON.stringify(left)}`, { cause });
  });
}

/** The access token Fob holds for a session, asked for as by a person who copies it. */
export async function tokenOf(on: Browser, session: string): Promise<string> {
  const revealed = await ask<Outcome<{ text: string }>>(on, 'reveal', { session, as: 'token' });
  return revealed.ok ? revealed.value.text : revealed.failure.code;
}

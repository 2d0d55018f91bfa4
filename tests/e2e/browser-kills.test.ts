import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import type { KeepingPolicy } from '../../lib/core/view';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { isSoak, patience, report, settled, times, tokenOf } from './loops';
import { ask, leaksIn, sharedRefreshTokens, twicePresented, viewOf } from './person';
import { sessionIn, settle, type Home } from './sessions';

const KILLS = times({ short: 3, long: 200 });
/** One grant is renewed at most once a minute, and a start of the browser takes seconds. */
const SESSIONS = isSoak ? 15 : KILLS;
/** Consoles whose policy is written: each at most once between two kills, so that a lost write shows. */
const CONSOLES = Array.from({ length: 40 }, (_, index) => `https://w${index}.esper.cloud`);

type Write = { readonly console: string; readonly keep: KeepingPolicy };
type Done = { readonly written: number; readonly renewed: Outcome<{ expiresAt?: number }> | null };

let lab: Lab;
let fob: Browser;
let home: Home;
let sessions: string[];

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  home = await settle(fob, lab, SESSIONS);
  sessions = [];
  for (const tenant of home.tenants) sessions.push(await sessionIn(fob, home, tenant));
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

/** Runs in a page of Fob's own: writes one after the other and has a session renewed beside it. */
function write(writes: readonly Write[], session: string | null): void {
  type Stage = { browser?: typeof browser; chrome: typeof browser; done: Done; all: Promise<unknown> };
  const scope = globalThis as unknown as Stage;
  const { runtime } = scope.browser ?? scope.chrome;
  scope.done = { written: 0, renewed: null };
  const writing = async () => {
    for (const input of writes) {
      await runtime.sendMessage({ fob: 'policy', input });
      scope.done = { ...scope.done, written: scope.done.written + 1 };
    }
  };
  const renewing = async () => {
    if (session === null) return;
    const renewed = (await runtime.sendMessage({ fob: 'renew', input: { session } })) as Done['renewed'];
    scope.done = { ...scope.done, renewed };
  };
  scope.all = Promise.all([writing(), renewing()]);
}
const soFar = (): Done => (globalThis as unknown as { done: Done }).done;
const whenAll = (): Promise<Done> => {
  const scope = globalThis as unknown as { done: Done; all: Promise<unknown> };
  return scope.all.then(() => scope.done);
};

it(
  'loses no write that was said to be done when the whole browser is killed',
  async () => {
    const policies = new Map<string, KeepingPolicy>(CONSOLES.map((console) => [console, 'ask']));
    const renewedAt = new Map<string, number>();
    const lost: string[] = [];
    const counted = { kills: 0, writes: 0, renewals: 0 };
    while (counted.kills < KILLS) {
      const stage: Page = await fob.extensionPage('options.html#settings');
      const next = sessions.find((one) => Date.now() - (renewedAt.get(one) ?? 0) > 62_000) ?? null;
      const isRightAfter = Math.random() < 0.5;
      const writes = CONSOLES.toSorted(() => Math.random() - 0.5)
        .slice(0, isRightAfter ? 1 + Math.floor(Math.random() * 5) : CONSOLES.length)
        .map((console): Write => ({ console, keep: nextOf(policies.get(console)!) }));
      await stage.evaluate(write, writes, next);
      if (!isRightAfter) await sleep(Math.random() * 250);
      const { written, renewed } = await stage.evaluate(isRightAfter ? whenAll : soFar);
      if (next !== null) renewedAt.set(next, Date.now());

      await fob.sigkill();

      counted.kills += 1;
      counted.writes += written;
      await ask(fob, 'look', {});
      const found = await ask<{ value: readonly Write[] }>(fob, 'policies', {});
      for (const [index, { console, keep }] of writes.entries()) {
        const now = found.value.find((one) => one.console === console)?.keep ?? 'ask';
        // One that was on its way may be there or not.
        if (index < written && now !== keep) lost.push(`${console} ${keep}`);
        policies.set(console, now);
      }
      const view = await viewOf(fob);
      if (renewed?.ok) {
        counted.renewals += 1;
        const end = view?.sessions.find(({ id }) => id === next)?.token.expiresAt ?? 0;
        if (end < (renewed.value.expiresAt ?? 0)) lost.push(`the renewal of ${next}`);
      }
      const gone = sessions.filter((one) => !view?.sessions.some(({ id }) => id === one));
      lost.push(...gone.map((one) => `the session ${one}`));
    }

    await settled(fob);
    const alive: string[] = [];
    for (const id of sessions) if (lab.prowler.stateOfAccess(await tokenOf(fob, id)) === 'live') alive.push(id);
    report('browser kills', fob, {
      kills: counted.kills,
      'writes done before': counted.writes,
      'renewals done before': counted.renewals,
      'lost writes': lost.length,
      sessions: sessions.length,
      alive: alive.length,
      'presented twice': twicePresented(lab).length,
    });
    expect(lost).toEqual([]);
    expect(counted.writes).toBeGreaterThan(0);
    expect(alive).toEqual(sessions);
    expect(twicePresented(lab)).toEqual([]);
    expect(sharedRefreshTokens(lab)).toEqual([]);
    expect(await leaksIn(fob, lab)).toEqual([]);
  },
  patience(240_000),
);

/** Another than it is. */
function nextOf(keep: KeepingPolicy): KeepingPolicy {
  return keep === 'ask' ? 'always' : keep === 'always' ? 'never' : 'ask';
}

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { MoveResult, TenantList } from '../../lib/core/view';
import type { Browser } from './driver/driver';
import { launch } from './driver/launch';
import { agree, ask, leaksIn, seen, sharedRefreshTokens, signIn, twicePresented, viewOf } from './person';

/** Sessions the kills are spread over, so that each may be renewed again: one grant at most once a minute. */
const SESSIONS = 25;
/** One before and one after the minute has passed, for each session. */
const ROUNDS = 2;

let lab: Lab;
let browser: Browser;

beforeAll(async () => {
  lab = await startLab();
  lab.prowler.addTenants(lab.prowler.people.ana, SESSIONS);
  browser = await launch({ network: lab });
});

afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

it('loses no session and spends nothing twice when the worker is killed fifty times around an answer', async () => {
  await agree(browser);
  await signIn(browser, lab.prowler.people.ana);
  const first = await seen(browser, 'the session', (view) =>
    view.sessions.find((one) => one.confirmedAt !== undefined),
  );
  await ask(browser, 'keep', { session: first.id });
  const list = await ask<{ value: TenantList }>(browser, 'tenants', { session: first.id });
  const sessions: string[] = [];
  for (const tenant of list.value.items.filter((one) => /^Tenant \d+$/.test(one.name))) {
    const moved = await ask<{ value: MoveResult }>(browser, 'move', {
      session: first.id,
      tenant: tenant.id,
      console: false,
    });
    sessions.push(moved.value.session);
  }
  expect(sessions).toHaveLength(SESSIONS);

  let kills = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = Date.now();
    for (const session of sessions) {
      // Half of the answers are late, so that a kill finds the request on its way, at the server, and on its way back.
      if (Math.random() < 0.5) {
        lab.faults.add({
          host: 'api.prowler.com',
          path: '/api/v1/tokens/refresh',
          kind: 'delay',
          ms: Math.random() * 150,
          when: Math.random() < 0.5 ? 'before' : 'after',
          times: 1,
        });
      }
      const asked = ask(browser, 'renew', { session }).catch(() => undefined);
      await sleep(Math.random() * 120);
      await browser.killWorker();
      kills += 1;
      await Promise.race([asked, sleep(1000)]);
      lab.faults.clear();
    }
    if (round === 0) {
      await browser.restart();
      await sleep(Math.max(0, startedAt + 65_000 - Date.now()));
    }
  }
  expect(kills).toBe(50);
  await ask(browser, 'look', {});

  await seen(
    browser,
    'every session settled',
    (view) => view.sessions.every((one) => one.askingSince === undefined && !one.trouble),
    60_000,
  );
  const view = await viewOf(browser);
  const kept = view?.sessions.filter((one) => one.keeping === 'kept') ?? [];
  expect(kept).toHaveLength(SESSIONS + 1);
  expect(kept.filter((one) => (one.token.expiresAt ?? 0) < Date.now())).toEqual([]);
  expect(kept.filter((one) => one.nextRenewalAt === undefined)).toEqual([]);
  expect(twicePresented(lab)).toEqual([]);
  expect(sharedRefreshTokens(lab)).toEqual([]);
  expect(await leaksIn(browser, lab)).toEqual([]);

  await sleep(62_000);
  const renewed = await Promise.all(kept.map((one) => ask<{ ok: boolean }>(browser, 'renew', { session: one.id })));
  expect(renewed.filter((one) => !one.ok)).toEqual([]);
  expect(twicePresented(lab)).toEqual([]);
}, 400_000);

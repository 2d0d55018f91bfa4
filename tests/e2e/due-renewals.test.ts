import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { isSoak, patience, report, settled, tell, times, tokenOf } from './loops';
import { sharedRefreshTokens, twicePresented, viewOf } from './person';
import { sessionIn, settle } from './sessions';

const LIFE = 120_000;
/** A renewal is due at 85 % of a life at the latest, and the browser's alarm comes again within a minute: a little for the rest (ms). */
const LATEST = 0.85 * LIFE + 60_000 + 15_000;
const KILLS = times({ short: 40, long: 1000 });
const SESSIONS = isSoak ? 20 : 6;
/** The short loop lasts a life and a little, so that every session is due once (ms). */
const PACE = isSoak ? 0 : (LIFE + 10_000) / KILLS;

let lab: Lab;
let fob: Browser;
let stage: Page;
let sessions: string[];

beforeAll(async () => {
  lab = await startLab({ accessLifeMs: LIFE });
  fob = await launch({ network: lab });
  const home = await settle(fob, lab, SESSIONS);
  sessions = [];
  for (const tenant of home.tenants) sessions.push(await sessionIn(fob, home, tenant));
  stage = await fob.extensionPage('options.html#settings');
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

/** When Fob was given an access token, by the tenant it is for: the lab's word. */
function givenTimes(): Map<string, number[]> {
  const tenantOf = new Map(lab.prowler.outstanding().map(({ jti, tenant_id }) => [jti, tenant_id]));
  const given = new Map<string, number[]>();
  for (const { at, issued } of lab.ledger.of({ holder: 'extension', host: 'api.prowler.com' })) {
    for (const jti of issued.access) {
      const tenant = tenantOf.get(jti) ?? '';
      given.set(tenant, [...(given.get(tenant) ?? []), at]);
    }
  }
  return given;
}

/** Whether the worker comes by itself. */
async function woken(withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(25)) if (await fob.workerAlive()) return true;
  return false;
}

it(
  'misses no renewal that is due, however often the worker is killed',
  async () => {
    let kills = 0;
    let byAlarm = 0;
    while (kills < KILLS) {
      const startedAt = Date.now();
      // By its own alarm as often as by somebody who asks.
      const isByItself = await woken(Math.random() < 0.5 ? 0 : 2000);
      if (isByItself) byAlarm += 1;
      else await tell(stage, 'look', {});
      await woken(3000);
      await sleep(Math.random() * 250);
      await fob.killWorker();
      kills += 1;
      await sleep(Math.max(0, startedAt + PACE - Date.now()));
    }
    const endedAt = Date.now();
    await settled(fob);

    const gaps = [...givenTimes().values()].flatMap((given) =>
      [...given, endedAt].flatMap((at, index, all) => (index === 0 ? [] : [at - all[index - 1]!])),
    );
    const kept = (await viewOf(fob))?.sessions.filter(({ id }) => sessions.includes(id)) ?? [];
    const alive = [];
    for (const { id } of kept) if (lab.prowler.stateOfAccess(await tokenOf(fob, id)) === 'live') alive.push(id);
    const renewals = [...givenTimes().values()].reduce((sum, given) => sum + given.length - 1, 0);
    report('worker kills, renewals due', fob, {
      kills,
      'woken by the alarm': byAlarm,
      sessions: sessions.length,
      alive: alive.length,
      renewals,
      'after the end of the token': gaps.filter((gap) => gap > LIFE).length,
      missed: gaps.filter((gap) => gap > LATEST).length,
      'longest wait (s)': Math.round(Math.max(...gaps) / 1000),
      'presented twice': twicePresented(lab).length,
    });
    expect(renewals).toBeGreaterThanOrEqual(sessions.length);
    expect(gaps.filter((gap) => gap > LATEST)).toEqual([]);
    expect(alive.toSorted()).toEqual(sessions.toSorted());
    expect(twicePresented(lab)).toEqual([]);
    expect(sharedRefreshTokens(lab)).toEqual([]);
  },
  patience(300_000),
);

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { isSoak, momentAround, report, settled, tell, times, tokenOf, vendors } from './loops';
import { ask, leaksIn, sharedRefreshTokens, twicePresented, viewOf } from './person';
import { REFRESH, sessionIn, settle, type Home } from './sessions';

/** At each of the three vendors. */
const KILLS = times({ short: 4, long: 67 });
/** Sessions they are spread over: one grant is renewed at most once a minute. */
const SESSIONS = Math.min(KILLS, 25);

let lab: Lab;
let fob: Browser;
let home: Home;
let stage: Page;
let places: string[];

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  home = await settle(fob, lab, vendors.length * SESSIONS);
  places = [...home.tenants];
  stage = await fob.extensionPage('options.html#settings');
});

beforeEach(() => {
  lab.faults.clear();
  lab.ledger.clear();
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

it.each(vendors)(
  'loses no session when the worker is killed around answers of a vendor that is %s',
  async (vendor, spentRefreshLivesMs) => {
    lab.settings.spentRefreshLivesMs = spentRefreshLivesMs;
    const sessions: string[] = [];
    while (sessions.length < SESSIONS) sessions.push(await sessionIn(fob, home, places.pop()));
    lab.ledger.clear();

    let kills = 0;
    while (kills < KILLS) {
      const roundAt = Date.now();
      for (const session of sessions.slice(0, KILLS - kills)) {
        if (Math.random() < 0.5) {
          const when = Math.random() < 0.5 ? 'before' : 'after';
          lab.faults.add({ ...REFRESH, kind: 'delay', ms: Math.random() * 150, when, times: 1 });
        }
        const before = lab.ledger.of(REFRESH).length;
        await tell(stage, 'renew', { session });
        await momentAround(lab, before);
        await fob.killWorker();
        kills += 1;
        lab.faults.clear();
      }
      if (kills < KILLS) await sleep(Math.max(0, roundAt + 62_000 - Date.now()));
    }

    await settled(fob);
    const kept = (await viewOf(fob))?.sessions.filter(({ id }) => sessions.includes(id)) ?? [];
    const alive = [];
    for (const { id } of kept) if (lab.prowler.stateOfAccess(await tokenOf(fob, id)) === 'live') alive.push(id);
    const rotations = lab.ledger.of(REFRESH).filter(({ status }) => status === 200).length;
    const lostAnswers = lab.ledger.of(REFRESH).filter(({ status }) => status === undefined).length;
    const twice = twicePresented(lab);
    report(`worker kills, vendor ${vendor}`, fob, {
      kills,
      sessions: SESSIONS,
      alive: alive.length,
      answered: rotations,
      'cut off': lostAnswers,
      'presented twice': twice.length,
    });
    expect(alive.toSorted()).toEqual(sessions.toSorted());
    expect(kept.filter(({ keeping, nextRenewalAt }) => keeping !== 'kept' || nextRenewalAt === undefined)).toEqual([]);
    // Where a spent token is refused, showing it again could end what follows from it.
    expect(spentRefreshLivesMs === 0 ? twice : []).toEqual([]);
    expect(sharedRefreshTokens(lab)).toEqual([]);
    expect(await leaksIn(fob, lab)).toEqual([]);

    if (!isSoak) return;
    await sleep(62_000);
    for (const session of sessions) expect(await ask(fob, 'renew', { session })).toMatchObject({ ok: true });
  },
);

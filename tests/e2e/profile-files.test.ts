import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser } from './driver/driver';
import { launch } from './driver/launch';
import { backUp, harm, type Harm, type Store } from './driver/profile-files';
import { report, settled, tokenOf } from './loops';
import { ask, sharedRefreshTokens, twicePresented } from './person';
import { sessionIn, settle, type Home } from './sessions';

const CONSOLE = 'https://cloud.prowler.com/';
/** What a person reads who has to do something: nothing is said to be well that is not. */
const TOLD =
  /lost|damaged|could not be read|cannot be read|sign in|signed in again|Fob keeps your console sign-ins alive/i;

/** Whose storage has no tables: SQLite. */
const isFirefox = process.env.FOB_E2E_BROWSER === 'firefox';

let lab: Lab;
let fob: Browser | undefined;
let home: Home;
let places: string[];
const became: Record<string, number> = { healed: 0, told: 0, neither: 0 };

beforeAll(async () => {
  lab = await startLab();
});

afterEach(({ task }) => {
  if (task.result?.state === 'fail') became['neither']! += 1;
});

afterAll(async () => {
  if (fob) report('harm to the profile’s files', fob, became);
  await fob?.close();
  await lab?.close();
});

/** A browser with a kept session: the one there is, unless what it kept was lost. */
async function atHome(): Promise<Browser> {
  if (fob !== undefined && lab.prowler.stateOfAccess(await tokenOf(fob, home.session.id)) === 'live') return fob;
  await fob?.close();
  fob = await launch({ network: lab });
  home = await settle(fob, lab, 14);
  places = [...home.tenants];
  return fob;
}

/** A session renewed just now, so that its newest grant is the last thing written; and what is done to the files meanwhile. */
async function afterHarm(
  stores: readonly Store[],
  how: Harm,
): Promise<{ on: Browser; session: string; token: string }> {
  const on = await atHome();
  const session = await sessionIn(on, home, places.pop());
  const backups = stores.map((store) => join(on.profileFolder, '..', `backup-${store}`));
  await on.restart(() => {
    if (how === 'older') stores.forEach((store, index) => backUp(on, store, backups[index]!));
  });
  expect(await ask(on, 'renew', { session })).toMatchObject({ ok: true });
  const token = await tokenOf(on, session);

  await on.restart(() => stores.forEach((store, index) => harm(on, store, how, backups[index])));

  for (const backup of backups) rmSync(backup, { recursive: true, force: true });
  await ask(on, 'look', {});
  return { on, session, token };
}

const isHealed = async (on: Browser, session: string, token: string): Promise<boolean> =>
  (await tokenOf(on, session)) === token && lab.prowler.stateOfAccess(token) === 'live';

/** What the popup says at the console. */
async function words(on: Browser): Promise<string> {
  const page = await on.open(CONSOLE);
  const popup = await on.popup(page);
  await popup.waitFor('Fob');
  const text = await popup.text();
  await popup.close();
  return text;
}

const oneStore = (['truncate', 'zero', 'delete', 'flip', 'delete_all', 'older'] as const).map((how) => [how] as const);

it.each(oneStore)('has the newest of everything after harm to storage.local: %s', async (how) => {
  const { on, session, token } = await afterHarm(['local'], how);

  expect(await isHealed(on, session, token)).toBe(true);
  await settled(on);
  // Healed in both: the next start finds nothing amiss.
  await on.restart();
  await ask(on, 'look', {});
  expect(await isHealed(on, session, token)).toBe(true);
  expect(twicePresented(lab)).toEqual([]);
  expect(sharedRefreshTokens(lab)).toEqual([]);
  became['healed']! += 1;
});

it.skipIf(isFirefox)('has the newest of everything when storage.local opens and cannot be read', async () => {
  const on = await atHome();
  // More than its log holds, so that what is there becomes a table.
  await on.inExtension(async () => {
    await browser.storage.local.set({ filler: 'x'.repeat(5_000_000) });
    await browser.storage.local.remove('filler');
  });
  const token = await tokenOf(on, home.session.id);

  await on.restart(() => harm(on, 'local', 'tables'));

  await ask(on, 'look', {});
  expect(await isHealed(on, home.session.id, token)).toBe(true);
  became['healed']! += 1;
  // From now on it has the copy alone: what comes is for a browser with both.
  await on.close();
  fob = undefined;
});

it.each(oneStore)('has the newest of everything, or says what is lost, after harm to the copy: %s', async (how) => {
  const { on, session, token } = await afterHarm(['copy'], how);

  // The key that opens what is sealed lies beside the copy: without it the seals stay shut, and that is said.
  const healed = await isHealed(on, session, token);
  expect(healed ? 'lost' : await words(on)).toMatch(TOLD);
  // Chromium may drop a cut database only at the start after the one that read it.
  await on.restart();
  await ask(on, 'look', {});
  expect((await isHealed(on, session, token)) ? 'lost' : await words(on)).toMatch(TOLD);
  expect(twicePresented(lab)).toEqual([]);
  expect(sharedRefreshTokens(lab)).toEqual([]);
  became[healed ? 'healed' : 'told']! += 1;
});

it('says so when both stores are gone', async () => {
  const { on, session, token } = await afterHarm(['local', 'copy'], 'delete_all');

  expect(await isHealed(on, session, token)).toBe(false);
  expect(await words(on)).toMatch(TOLD);
  expect(twicePresented(lab)).toEqual([]);
  became['told']! += 1;
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { ask, leaksIn, seen } from './person';
import { REFRESH, settle, type Home } from './sessions';

const SECRET = 'canary correct horse';

let lab: Lab;
let fob: Browser;
let home: Home;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  home = await settle(fob, lab, 1);
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

const refreshed = () => lab.ledger.of(REFRESH).length;
const lockIs = (is: string) => seen(fob, `that it is ${is}`, ({ lock }) => lock?.is === is);
const key = async (): Promise<unknown> => (await fob.storage()).session['dataKey'];

/** Nothing of any token, of the passphrase or of a name is readable in what the browser keeps for Fob. */
async function expectNothingToRead(): Promise<void> {
  const { local, session } = await fob.storage();
  const { ana } = lab.prowler.people;
  expect(await leaksIn(fob, lab, [SECRET])).toEqual([]);
  expect(JSON.stringify([local, session])).not.toContain(ana.email);
  expect(session['view']).toMatchObject({ sessions: [], tabs: {} });
}

async function typeInto(popup: Page, passphrase: string): Promise<void> {
  await popup.field('Passphrase').fill(passphrase);
  await popup.button('Unlock').click();
}

it('is given a passphrase by a person, and locked: then there is nothing to read, and nothing renews', async () => {
  const options = await fob.extensionPage('options.html#security');
  await options.field('New passphrase').fill(SECRET);
  await options.field('The same once more').fill(SECRET);
  await options.button('Set a passphrase').click();
  await options.waitFor('From now on this passphrase opens Fob');
  await lockIs('open');

  await options.button('Lock now').click();
  // What it means for which session is said before it happens.
  await options.waitFor('What is not renewed until you unlock');
  await options.button('Lock').click();

  await lockIs('lock');
  await until('the key to be gone', async () => ((await key()) === undefined ? true : undefined));
  await expectNothingToRead();
  const before = refreshed();
  expect(await ask(fob, 'renew', { session: home.session.id })).toMatchObject({ failure: { code: 'vault_locked' } });
  expect(await ask(fob, 'reveal', { session: home.session.id, as: 'token' })).toMatchObject({
    failure: { code: 'vault_locked' },
  });
  expect(refreshed()).toBe(before);
  await options.close();
});

it('is locked after a start of the browser, and a wrong passphrase opens nothing', async () => {
  await fob.restart();
  home = { ...home, page: await fob.open('https://cloud.prowler.com/') };
  const popup = await fob.popup(home.page);
  await popup.waitFor('Fob is locked');

  await typeInto(popup, 'canary wrong horse');

  await popup.waitFor('That does not open the vault');
  await expectNothingToRead();
  expect(await key()).toBeUndefined();
  await popup.close();
});

it('renews again once it is unlocked', async () => {
  const popup = await fob.popup(home.page);
  await popup.waitFor('Fob is locked');

  await typeInto(popup, SECRET);

  await lockIs('open');
  await seen(fob, 'the session', ({ sessions }) => sessions.find(({ id }) => id === home.session.id));
  await popup.close();
  const before = refreshed();
  const renewed = await until(
    'a renewal that may be',
    async () => {
      const answer = await ask<{ ok: boolean }>(fob, 'renew', { session: home.session.id });
      return answer.ok || refreshed() > before ? answer : undefined;
    },
    { timeoutMs: 75_000, everyMs: 3000 },
  );
  expect(renewed).toMatchObject({ ok: true });
  expect(await leaksIn(fob, lab, [SECRET])).toEqual([]);
}, 120_000);

it('renews behind a locked screen, and shows nothing', async () => {
  await ask(fob, 'lock_settings', { mode: 'screen' });
  await ask(fob, 'lock', {});

  await lockIs('screen');

  await expectNothingToRead();
  expect(await key()).toBeDefined();
  await fob.restart();
  await ask(fob, 'look', {});
  await lockIs('lock');
  expect(await key()).toBeUndefined();
});

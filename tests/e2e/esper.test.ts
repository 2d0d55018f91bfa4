import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import * as esper from './consoles/esper';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { agree, ask, leaksIn, seen, viewOf } from './person';

const DAY = 24 * 3_600_000;
const INFO = '/api/v1/token-info/';
const RENEW = /\/renew-token\/$/;

let lab: Lab;
let fob: Browser;
/** Nia's console in Northwind. */
let page: Page;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  await agree(fob);
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

beforeEach(() => lab.faults.clear());

const asked = (path: string | RegExp, tenant = 'contoso') =>
  lab.ledger.of({ holder: 'extension', host: `${tenant}-api.esper.cloud`, path });

const spoil = (fault: Omit<FaultOrder, 'host' | 'holder'>, tenant = 'contoso'): void => {
  lab.faults.add({ host: `${tenant}-api.esper.cloud`, holder: 'extension', ...fault } as FaultOrder);
};

const enter = (place: string, key: string) =>
  ask<Outcome<{ session: string }>>(fob, 'obtain', { vendor: 'esper', place, way: 'key', values: { key } });

/** Gives Fob a key of Omar's in Contoso with so many days left. */
async function keyWith(days: number): Promise<{ key: string; id: string }> {
  const key = lab.esper.issueKey(lab.esper.people.omar, { lifeMs: days * DAY });
  const entered = await enter('contoso', key);
  if (!entered.ok) throw new Error(entered.failure.code);
  return { key, id: entered.value.session };
}

const sessionOf = (id: string) => seen(fob, 'the session', ({ sessions }) => sessions.find((one) => one.id === id));

const forget = (id: string) => ask(fob, 'forget', { session: id });

/** Opens the popup on a key of Contoso's. */
async function openKey(): Promise<Page> {
  const popup = await fob.popup(page);
  await popup.button('contoso').click();
  await popup.waitFor('How it stays alive');
  return popup;
}

/** Presses Renew, and Renew again where it says what follows from it. */
async function renewIn(popup: Page): Promise<void> {
  await popup.button('Renew…').click();
  await popup.waitFor('Renew this key now?');
  await popup.button('Renew').click();
  await popup.waitUntilGone('Renew this key now?');
}

/**
 * Has the next call to Contoso go on a connection of its own. On one that was used before, a browser sends a POST anew when the
 * connection ends instead of an answer, unseen by Fob.
 */
async function useNewConnection(): Promise<void> {
  spoil({ path: INFO, kind: 'truncate', times: 1 });
  await enter('contoso', 'canary-no-key');
}

/** Lets a worker that would send something by itself do so: a new one, woken by somebody who looks. */
async function letItActByItself(): Promise<void> {
  await fob.killWorker();
  await ask(fob, 'look', {});
}

it('hears a key on the console’s wire, asks whose it is, once, and says so', async () => {
  page = await esper.signIn(fob, 'northwind', lab.esper.people.nia);
  const session = await seen(fob, 'the session', ({ sessions }) => sessions[0]);

  expect(asked(INFO, 'northwind')).toHaveLength(1);
  expect(session).toMatchObject({
    provenance: 'borrowed',
    keeps: 'follows',
    tenant: { id: lab.esper.tenants.northwind.enterpriseId, name: 'northwind' },
  });
  expect((await fob.icon(page)).title).toContain('northwind');
  const panel = fob.panel(page);
  await panel.waitFor('northwind');
  await panel.waitFor('Follow this sign-in?');
  await page.screenshot('test-output/esper-panel.png');
  const popup = await fob.popup(page);
  await popup.waitFor('northwind');
  await popup.waitFor(/23 h/);
  await popup.close();
});

it('follows the console where nothing of Fob’s renews, and says so', async () => {
  const panel = fob.panel(page);
  await panel.button('Follow the console').click();
  await panel.waitFor('Follows the console');
  await panel.button(/northwind/).click();
  await panel.waitFor(/Whenever the console renews, Fob takes the newer token/);
  expect((await fob.icon(page)).title).toContain('Follows the console');

  const { id } = await seen(fob, 'the session', ({ sessions }) => sessions[0]);
  expect(await ask(fob, 'renew', { session: id })).toMatchObject({ failure: { code: 'not_renewable' } });
  await letItActByItself();
  expect(asked(RENEW, 'northwind')).toEqual([]);
});

it.each([
  ['refuses it', undefined, 'unauthorized'],
  ['has trouble of its own', { kind: 'status', status: 503 }, 'vendor_down'],
  ['asks for a pause', { kind: 'status', status: 429, retryAfter: 70 }, 'rate_limited'],
  ['answers with a page', { kind: 'html' }, 'response_not_conform'],
  ['stops in the middle', { kind: 'truncate' }, 'unanswered'],
  ['points elsewhere', { kind: 'redirect' }, 'redirected'],
] as const)('stores no key that was pasted when token info %s', async (_, fault, code) => {
  const key = lab.esper.issueKey(lab.esper.people.omar);
  if (fault) spoil({ path: INFO, ...fault } as never);
  else lab.esper.revokeKey(key);

  expect(await enter('contoso', key)).toMatchObject({ failure: { code } });
  expect((await viewOf(fob))?.sessions).toHaveLength(1);
  expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
});

it('takes a key that was pasted with enterprise, app and end as token info says them', async () => {
  const { id, key } = await keyWith(29);

  const { enterprise, developerApp, expiresAt } = lab.esper.detailsOf(key);
  const session = await sessionOf(id);
  expect(session).toMatchObject({
    provenance: 'entered',
    keeps: 'key',
    tenant: { id: enterprise, name: 'contoso' },
    ids: { application: developerApp },
  });
  expect(Math.abs((session.token.expiresAt ?? 0) - (expiresAt ?? 0))).toBeLessThan(1000);
  const popup = await openKey();
  await popup.waitFor(enterprise);
  await popup.screenshot('test-output/esper-key.png');
  await popup.close();
  await forget(id);
});

it('asks before it renews a key that is not armed, sends nothing by itself, and renews it once when told', async () => {
  const { id, key } = await keyWith(29);
  const before = asked(RENEW).length;
  await letItActByItself();
  expect(asked(RENEW)).toHaveLength(before);
  const popup = await openKey();
  await popup.waitFor('It can be renewed now.');
  await popup.button('Renew…').click();
  await popup.waitFor(/nothing is sent a second time by itself/);
  await popup.screenshot('test-output/esper-renew-ask.png');
  await popup.button('Not now').click();
  await popup.waitUntilGone('Renew this key now?');
  expect(asked(RENEW)).toHaveLength(before);

  await renewIn(popup);

  await popup.waitFor(/Renewed, until/);
  await popup.screenshot('test-output/esper-renewed.png');
  await popup.close();
  const [call, ...more] = asked(RENEW).slice(before);
  expect(more).toEqual([]);
  expect(call).toMatchObject({ method: 'POST', queryNames: ['access_token'], status: 201 });
  expect(call?.presented.access).toEqual([lab.esper.idOf(key)]);
  const renewed = await sessionOf(id);
  expect((renewed.token.expiresAt ?? 0) - Date.now()).toBeGreaterThan(990 * DAY);
  expect(renewed).toMatchObject({ provenance: 'entered', keeping: 'offered' });
  const last = asked(INFO).at(-1);
  expect(last?.id).toBeGreaterThan(call?.id ?? 0);
  expect(last?.presented.access).toEqual(call?.issued.access);
  await forget(id);
});

it.each([
  ['may not', { kind: 'status', status: 403 }, /This sign-in may not do that in .*contoso/, false],
  ['must wait', { kind: 'status', status: 429, retryAfter: 70 }, /Esper asked Fob to wait/, false],
  ['meets trouble', { kind: 'status', status: 503 }, /A new key may exist there/, true],
  ['hears a page', { kind: 'html' }, /A new key may exist there/, true],
  ['hears half an answer', { kind: 'truncate' }, /A new key may exist there/, true],
  ['hears nothing after the server acted', { kind: 'drop_after_commit' }, /A new key may exist there/, true],
  ['is pointed elsewhere', { kind: 'redirect' }, /Esper pointed to another host/, false],
] as const)(
  'says what happened when a renewal %s, and never sends it again by itself',
  async (_, fault, words, isUnsure) => {
    const { id, key } = await keyWith(29);
    const before = asked(RENEW).length;
    await useNewConnection();
    spoil({ path: RENEW, ...fault } as never);
    const popup = await openKey();

    await renewIn(popup);

    await popup.waitFor(words);
    if (fault.kind === 'drop_after_commit') await popup.screenshot('test-output/esper-unanswered.png');
    await popup.close();
    lab.faults.clear();
    await letItActByItself();
    expect(asked(RENEW)).toHaveLength(before + 1);
    const session = await sessionOf(id);
    expect(session.unansweredSince !== undefined).toBe(isUnsure);
    expect(session.nextRenewalAt).toBeUndefined();
    expect(lab.esper.stateOf(key)).toBe('live');
    expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
    await forget(id);
  },
);

it('renews a key that is armed 30 days before its end, by itself, once, and asks whose the new one is', async () => {
  const { id, key } = await keyWith(29);
  const before = asked(RENEW).length;
  const popup = await openKey();
  await popup.button('Arm').click();

  const renewed = await seen(
    fob,
    'the new key',
    ({ sessions }) =>
      sessions.find(
        (one) => one.id === id && one.lastRenewedAt !== undefined && (one.confirmedAt ?? 0) >= one.lastRenewedAt,
      ),
    40_000,
  );
  await popup.waitFor(/Armed: Fob renews it/);
  await popup.screenshot('test-output/esper-armed.png');
  await popup.close();
  await letItActByItself();

  const [call, ...more] = asked(RENEW).slice(before);
  expect(more).toEqual([]);
  expect(call?.presented.access).toEqual([lab.esper.idOf(key)]);
  expect(asked(INFO).at(-1)?.presented.access).toEqual(call?.issued.access);
  expect(renewed).toMatchObject({ keeping: 'kept', keeps: 'key', provenance: 'entered' });
  expect((renewed.nextRenewalAt ?? 0) - Date.now()).toBeGreaterThan(900 * DAY);
  await forget(id);
});

it('leaves a key that is armed alone after an answer that never came, until somebody asks', async () => {
  const { id } = await keyWith(29);
  const before = asked(RENEW).length;
  await useNewConnection();
  spoil({ path: RENEW, kind: 'drop_after_commit' });
  await ask(fob, 'keep', { session: id });

  await seen(
    fob,
    'that it is not known',
    ({ sessions }) => sessions.find((one) => one.id === id && one.unansweredSince !== undefined),
    40_000,
  );
  lab.faults.clear();
  await letItActByItself();
  await letItActByItself();
  expect(asked(RENEW)).toHaveLength(before + 1);
  const popup = await openKey();
  await popup.waitFor(
    /A new key may exist there\. The one you have still works, and Fob sends nothing again by itself/,
  );
  await popup.close();
  await forget(id);
});

it('keeps the old key where the new one is refused', async () => {
  const { id, key } = await keyWith(29);
  spoil({ path: INFO, kind: 'status', status: 401 });

  await ask(fob, 'renew', { session: id });

  const session = await sessionOf(id);
  expect((session.token.expiresAt ?? 0) - Date.now()).toBeLessThan(30 * DAY);
  const shown = await ask<Outcome<{ text: string }>>(fob, 'reveal', { session: id, as: 'token' });
  expect(shown.ok && lab.esper.idOf(shown.value.text)).toBe(lab.esper.idOf(key));
  await forget(id);
});

it('says months before when a key that is not armed will be asked about', async () => {
  const { id } = await keyWith(90);

  const popup = await openKey();
  await popup.waitFor(/Not armed: Fob asks you/);
  await popup.close();
  await forget(id);
});

it.each([
  ['a host that is no tenant’s', 'id.esper.cloud'],
  ['an API', 'northwind-api.esper.cloud/x'],
  ['another’s host', 'esper.cloud.thief.example'],
])('sends no key to %s', async (_, place) => {
  const before = lab.ledger.of({ holder: 'extension' }).length;
  const answer = await enter(place, 'canary-key-0');

  expect(
    lab.ledger
      .of({ holder: 'extension' })
      .slice(before)
      .filter(({ host }) => !/^northwind-api\./.test(host)),
  ).toEqual([]);
  expect(answer.ok).toBe(false);
});

it('leaves no key, new, old or carried in a query, where it does not belong', async () => {
  const { id, key } = await keyWith(29);
  const heard: string[] = [JSON.stringify(await ask(fob, 'renew', { session: id }))];
  spoil({ path: RENEW, kind: 'status', status: 403 });
  const other = await keyWith(29);
  heard.push(JSON.stringify(await ask(fob, 'renew', { session: other.id })));
  heard.push(JSON.stringify(await viewOf(fob)));

  expect(asked(RENEW).at(-1)?.queryNames).toEqual(['access_token']);
  expect(await leaksIn(fob, lab, [key, other.key])).toEqual([]);
  expect(lab.esper.issuedTokens().filter((one) => heard.join().includes(one))).toEqual([]);
  const elsewhere = lab.ledger.entries.filter(
    ({ host, holder, presented }) =>
      holder === 'extension' && presented.access.length > 0 && !host.endsWith('-api.esper.cloud'),
  );
  expect(elsewhere).toEqual([]);
  expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
  await forget(other.id);
});

it('forgets everything it is told to', async () => {
  const popup = await openKey();
  await popup.button('Forget').click();
  await popup.waitFor(/Forget .*contoso/);
  await popup.css('dialog button:last-of-type').click();
  await popup.waitFor(/Forgotten here/);
  await popup.close();
  await page.close();
  for (const { id } of (await viewOf(fob))?.sessions ?? []) await forget(id);

  const { local, session } = await fob.storage();
  const left = [...Object.keys(local), ...Object.keys(session)].filter((name) =>
    /^(head|sealed|tenants|journal):/.test(name),
  );
  expect(left).toEqual([]);
  expect(await leaksIn(fob, lab)).toEqual([]);
});

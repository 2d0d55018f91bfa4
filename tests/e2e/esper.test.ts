import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from '../../lab';
import type { FaultHandle } from '../../lab/faults';
import type { LedgerEntry } from '../../lab/ledger';
import type { Outcome } from '../../lib/core/failure';
import * as esper from './consoles/esper';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { agree, ask, leaksIn, seen, viewOf } from './person';
import { signInBy } from './sign-in-form';

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

const asked = (path: string | RegExp, tenant = 'contoso') =>
  lab.ledger.of({ holder: 'extension', host: `${tenant}-api.esper.cloud`, path });

let spoiled: FaultHandle[] = [];
const spoil = (fault: unknown): void => {
  const at = { host: 'contoso-api.esper.cloud', holder: 'extension' };
  spoiled.push(lab.faults.add({ ...at, ...(fault as object) } as FaultOrder));
};
const mend = (): void => {
  for (const one of spoiled) one.remove();
  spoiled = [];
};

// Each test has Contoso to itself. What takes its time is in other tenants meanwhile.
afterEach(async () => {
  mend();
  for (const one of (await viewOf(fob))?.sessions ?? []) {
    if (one.console === esper.consoleOf('contoso')) await ask(fob, 'forget', { session: one.id });
  }
});

/** Hands a key over on the page of sign-ins, with the tenant as a person names it. */
const handOver = (where: string, key: string): Promise<Page> =>
  signInBy(fob, { vendor: 'Esper', where, values: { Key: key } });

const enter = (place: string, key: string) =>
  ask<Outcome<{ session: string }>>(fob, 'obtain', { vendor: 'esper', place, way: 'key', values: { key } });

/** Gives Fob somebody's key with so many days left; Omar's in Contoso unless told. */
async function keyWith(days: number, user = lab.esper.people.omar): Promise<{ key: string; id: string }> {
  const key = lab.esper.issueKey(user, { lifeMs: days * DAY });
  const entered = await enter(user.tenant.slug, key);
  if (!entered.ok) throw new Error(entered.failure.code);
  return { key, id: entered.value.session };
}

const sessionOf = (id: string) => seen(fob, 'the session', ({ sessions }) => sessions.find((one) => one.id === id));

/** Opens the popup on the key of a tenant. */
async function openKey(tenant = 'contoso'): Promise<Page> {
  const popup = await fob.popup(page);
  await popup.button(tenant).click();
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
 * Has the next call to a tenant go on a connection of its own. On one that was used before, a browser sends a POST anew when the
 * connection ends instead of an answer, unseen by Fob.
 */
async function useNewConnection(tenant = 'contoso'): Promise<void> {
  spoil({ host: `${tenant}-api.esper.cloud`, path: INFO, kind: 'truncate', times: 1 });
  await enter(tenant, 'canary-no-key');
}

/** That Fob sent it once. What a browser sends anew by itself comes at once; Fob would wait a minute. */
function expectSentOnce(calls: readonly LedgerEntry[], mayRepeat = true): void {
  expect(calls.length).toBeGreaterThan(0);
  expect(mayRepeat || calls.length === 1).toBe(true);
  expect((calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0)).toBeLessThan(10_000);
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

/** Keys that were armed, and what is waited for while everything else is looked at. */
const armed: { renewed?: { id: string; key: string }; lost?: { id: string } } = {};

it('arms a key for one renewal, and says that it is', async () => {
  const { priya, nia } = lab.esper.people;
  armed.lost = await keyWith(29, nia);
  await useNewConnection('northwind');
  // Not Contoso's: it stays until its time has come.
  lab.faults.add({ host: 'northwind-api.esper.cloud', path: RENEW, kind: 'drop_after_commit' });
  expect(await ask(fob, 'keep', { session: armed.lost.id })).toMatchObject({ ok: true });

  armed.renewed = await keyWith(29, priya);
  const popup = await openKey('fabrikam-labs');
  await popup.button('Arm').click();
  await popup.waitFor('Armed: Fob renews it within a minute.');
  await popup.close();
});

it.each([
  ['refuses it', undefined, 'Esper no longer accepts this token'],
  ['has trouble of its own', { kind: 'status', status: 503 }, 'Esper has trouble of its own (503)'],
  ['asks for a pause', { kind: 'status', status: 429, retryAfter: 70 }, /Esper asked Fob to wait until/],
  ['answers with a page', { kind: 'html' }, 'Esper answered in a way Fob does not know'],
  ['stops in the middle', { kind: 'truncate' }, 'Esper was asked and nothing came back'],
  ['points elsewhere', { kind: 'redirect' }, 'Esper pointed to another host'],
] as const)(
  'says what happened, and stores no key that was handed over, when token info %s',
  async (_, fault, words) => {
    const key = lab.esper.issueKey(lab.esper.people.omar);
    if (fault) spoil({ path: INFO, ...fault });
    else lab.esper.revokeKey(key);
    const before = asked(INFO).length;

    const form = await handOver('contoso', key);

    await form.waitFor(words);
    expect(await form.field('Key').value()).toBe('');
    if (!fault) await form.screenshot('test-output/esper-form-refused.png');
    await form.close();
    expect(
      asked(INFO)
        .slice(before)
        .map(({ presented }) => presented.access),
    ).toEqual([[lab.esper.idOf(key)]]);
    expect((await viewOf(fob))?.sessions.map((one) => one.console)).not.toContain(esper.consoleOf('contoso'));
    expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
  },
);

it('takes a key that was handed over with enterprise, app and end as token info says them', async () => {
  const key = lab.esper.issueKey(lab.esper.people.omar, { lifeMs: 29 * DAY });
  const form = await handOver('https://contoso.esper.cloud/devices', key);
  await form.waitFor(/You have a token for .*contoso/);
  await form.screenshot('test-output/esper-form.png');
  await form.close();

  const { enterprise, developerApp, expiresAt } = lab.esper.detailsOf(key);
  const session = await seen(fob, 'the session', ({ sessions }) =>
    sessions.find((one) => one.console === esper.consoleOf('contoso')),
  );
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
    spoil({ path: RENEW, ...fault });
    const popup = await openKey();

    await renewIn(popup);

    await popup.waitFor(words);
    if (fault.kind === 'drop_after_commit') await popup.screenshot('test-output/esper-unanswered.png');
    await popup.close();
    mend();
    const sent = asked(RENEW).slice(before);
    expectSentOnce(sent, fault.kind === 'drop_after_commit');
    await letItActByItself();
    expect(asked(RENEW)).toHaveLength(before + sent.length);
    const session = await sessionOf(id);
    expect(session.unansweredSince !== undefined).toBe(isUnsure);
    expect(session.nextRenewalAt).toBeUndefined();
    expect(lab.esper.stateOf(key)).toBe('live');
    expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
  },
);

it('keeps the old key where the new one is refused', async () => {
  const { id, key } = await keyWith(29);
  spoil({ path: INFO, kind: 'status', status: 401 } as never);

  await ask(fob, 'renew', { session: id });

  const session = await sessionOf(id);
  expect((session.token.expiresAt ?? 0) - Date.now()).toBeLessThan(30 * DAY);
  const shown = await ask<Outcome<{ text: string }>>(fob, 'reveal', { session: id, as: 'token' });
  expect(shown.ok && lab.esper.idOf(shown.value.text)).toBe(lab.esper.idOf(key));
});

it('says months before when a key that is not armed will be asked about', async () => {
  await keyWith(90);

  const popup = await openKey();
  await popup.waitFor(/Not armed: Fob asks you/);
  await popup.close();
});

it.each(['id.esper.cloud', 'esper.cloud.thief.example', 'northwind.esper.cloud.thief.example'])(
  'sends no key to %s, which is no tenant',
  async (place) => {
    const before = lab.ledger.of({ holder: 'extension' }).length;

    expect(await enter(place, 'canary-key-0')).toMatchObject({ failure: { code: 'invalid_input', field: 'place' } });

    expect(lab.ledger.of({ holder: 'extension' })).toHaveLength(before);
  },
);

it('renews a key that is armed 30 days before its end, by itself, once, and asks whose the new one is', async () => {
  const { id = '', key = '' } = armed.renewed ?? {};
  const renewed = await seen(
    fob,
    'the new key',
    ({ sessions }) =>
      sessions.find(
        (one) => one.id === id && one.lastRenewedAt !== undefined && (one.confirmedAt ?? 0) >= one.lastRenewedAt,
      ),
    40_000,
  );
  const popup = await openKey('fabrikam-labs');
  await popup.waitFor(/Armed: Fob renews it/);
  await popup.screenshot('test-output/esper-armed.png');
  await popup.close();
  await letItActByItself();

  const [call, ...more] = asked(RENEW, 'fabrikam-labs');
  expect(more).toEqual([]);
  expect(call?.presented.access).toEqual([lab.esper.idOf(key)]);
  expect(asked(INFO, 'fabrikam-labs').at(-1)?.presented.access).toEqual(call?.issued.access);
  expect(renewed).toMatchObject({ keeping: 'kept', keeps: 'key', provenance: 'entered' });
  expect((renewed.nextRenewalAt ?? 0) - Date.now()).toBeGreaterThan(900 * DAY);
});

it('leaves a key that is armed alone after an answer that never came, until somebody asks', async () => {
  await seen(
    fob,
    'that it is not known',
    ({ sessions }) => sessions.find((one) => one.id === armed.lost?.id && one.unansweredSince !== undefined),
    40_000,
  );
  const sent = asked(RENEW, 'northwind');
  expectSentOnce(sent);
  await letItActByItself();
  expect(asked(RENEW, 'northwind')).toHaveLength(sent.length);

  const popup = await openKey('northwind');
  await popup.waitFor(
    /A new key may exist there\. The one you have still works, and Fob sends nothing again by itself/,
  );
  await popup.screenshot('test-output/esper-lost.png');
  await popup.close();
});

it('leaves no key, new, old or carried in a query, where it does not belong', async () => {
  const { id, key } = await keyWith(29);
  const heard: string[] = [JSON.stringify(await ask(fob, 'renew', { session: id }))];
  spoil({ path: RENEW, kind: 'status', status: 403 } as never);
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
});

it('forgets everything it is told to', async () => {
  await keyWith(400);
  const popup = await openKey();
  await popup.button('Forget').click();
  await popup.waitFor(/Forget .*contoso/);
  await popup.css('dialog button:last-of-type').click();
  await popup.waitFor(/Forgotten here/);
  await popup.close();
  await page.close();
  for (const { id } of (await viewOf(fob))?.sessions ?? []) await ask(fob, 'forget', { session: id });

  const { local, session } = await fob.storage();
  const left = [...Object.keys(local), ...Object.keys(session)].filter((name) =>
    /^(head|sealed|tenants|journal):/.test(name),
  );
  expect(left).toEqual([]);
  expect(await leaksIn(fob, lab)).toEqual([]);
});

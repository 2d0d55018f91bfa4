import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import type { SessionView } from '../../lib/core/view';
import * as agilicus from './consoles/agilicus';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, ask, leaksIn, openSession, pick, search, seen, viewOf } from './person';
import { fill, send, signInBy } from './sign-in-form';

const API = 'https://api.agilicus.com';
const ADMIN = agilicus.consoleOf('northwind.agilicus.cloud');

let lab: Lab;
let fob: Browser;
let admin: Page;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  // Until a test expels her.
  lab.agilicus.addMember(lab.agilicus.people.ana, lab.agilicus.orgs.stores);
  await agree(fob);
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

beforeEach(() => lab.faults.clear());

const asked = (path: string | RegExp) => lab.ledger.of({ holder: 'extension', host: 'api.agilicus.com', path });
const spoil = (fault: Omit<FaultOrder, 'host' | 'holder'>): void => {
  lab.faults.add({ host: 'api.agilicus.com', holder: 'extension', times: 1, ...fault } as FaultOrder);
};
const jtiOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).jti;
/** The token a session works with, as somebody sees it who copies it. */
async function tokenOf({ id }: SessionView): Promise<string> {
  const shown = await ask<Outcome<{ text: string }>>(fob, 'reveal', { session: id, as: 'token' });
  if (!shown.ok) throw new Error(shown.failure.code);
  return shown.value.text;
}
const moveTo = (from: SessionView, tenant: string) =>
  ask<Outcome<{ session: string }>>(fob, 'move', { session: from.id, tenant, console: false });
const ownIn = (tenant: string) =>
  seen(fob, `the token of ${tenant}`, ({ sessions }) =>
    sessions.find((one) => one.provenance === 'own' && one.tenant.id === tenant && one.confirmedAt !== undefined),
  );
const forget = (id: string) => ask(fob, 'forget', { session: id });

/** What goes wrong on the way to any answer, and what it is called. */
const troubles = [
  ['is refused', { kind: 'status', status: 403 }, 'forbidden'],
  ['must wait', { kind: 'status', status: 429, retryAfter: 70 }, 'rate_limited'],
  ['meets trouble', { kind: 'status', status: 503 }, 'vendor_down'],
  ['hears a page', { kind: 'html' }, 'response_not_conform'],
  ['hears half an answer', { kind: 'truncate' }, 'unanswered'],
] as const;

const borrowedAt = (console: string) =>
  seen(fob, `the session of ${console}`, ({ sessions }) =>
    sessions.find((one) => one.console === console && one.provenance === 'borrowed' && one.confirmedAt !== undefined),
  );

/** The page of Fob's own that the popup opened. */
const hostsPage = (): Promise<Page> =>
  until('the page of hosts', async () => {
    for (const one of await fob.pages()) if ((await one.url()).includes('options.html#hosts')) return one;
    return undefined;
  });

it('offers a console on a host that is not allowed, and reads it once the person has allowed it, without a reload', async () => {
  admin = await agilicus.signIn(fob, ADMIN, lab.agilicus.people.ana);
  await fob.grantHosts([ADMIN, API]);
  await admin.bringToFront();
  const popup = await fob.popup(admin);
  await popup.waitFor('Fob may not look at admin.northwind.agilicus.cloud');
  await popup.screenshot('test-output/agilicus-offer.png');
  expect((await viewOf(fob))?.sessions).toEqual([]);
  expect(lab.ledger.of({ holder: 'extension' })).toEqual([]);

  await popup.button(/Allow on this host: Agilicus/).click();
  const page = await hostsPage();
  await until('the popup to make room', async () => ((await popup.isClosed()) ? true : undefined));
  await page.waitFor('Is admin.northwind.agilicus.cloud a console of Agilicus?');
  await page.screenshot('test-output/agilicus-proposal.png');
  await page.button('Allow on this host').click();
  await page.waitFor('Fob may look at admin.northwind.agilicus.cloud now');
  await page.close();

  expect(await borrowedAt(ADMIN)).toMatchObject({
    vendor: { id: 'agilicus' },
    keeps: 'follows',
    tenant: { name: 'Northwind Retail' },
    person: { name: 'Ana Ruiz', email: 'ana.ruiz@northwind.example' },
  });
});

it('asks whose the token is with nothing but the token, once, and says what the vendor says', async () => {
  const [call, ...more] = asked('/v1/tokens/introspect');
  expect(more).toEqual([]);
  expect(call).toMatchObject({ method: 'POST', queryNames: [], status: 200 });
  expect(call?.scheme).toBeUndefined();
  const root = await borrowedAt(ADMIN);
  expect(call?.presented).toEqual({ access: [jtiOf(await tokenOf(root))], refresh: [] });
  expect(root.roles.join()).toContain('owner');
  expect((await fob.icon(admin)).title).toMatch(/Northwind Retail.*Ana Ruiz/);
});

it('says what happened, and stores no token that was handed over, when the vendor does not say whose it is', async () => {
  const { ana } = lab.agilicus.people;
  const { longName } = lab.agilicus.orgs;
  const count = (await viewOf(fob))?.sessions.length;
  const before = asked('/v1/tokens/introspect').length;
  const ended = lab.agilicus.issueToken(ana, longName);
  lab.agilicus.revoke(ended);
  const page = await signInBy(fob, { vendor: 'Agilicus', values: { Token: ended } });
  await page.waitFor('This token was revoked at Agilicus');
  await page.screenshot('test-output/agilicus-form-revoked.png');

  const token = lab.agilicus.issueToken(ana, longName);
  for (const [fault, words] of [
    [{ kind: 'status', status: 503 }, 'Agilicus has trouble of its own (503)'],
    [{ kind: 'html' }, 'Agilicus answered in a way Fob does not know'],
  ] as const) {
    spoil({ path: '/v1/tokens/introspect', ...fault } as never);
    await fill(page, { Token: token });
    await send(page);
    await page.waitFor(words);
  }
  expect((await viewOf(fob))?.sessions).toHaveLength(count ?? 0);

  await fill(page, { Token: token });
  await send(page);
  await page.waitFor(/Signed in as .*Ana Ruiz.* in .*Wide World/);
  await page.close();

  const calls = asked('/v1/tokens/introspect').slice(before);
  expect(calls.map(({ presented }) => presented.access)).toEqual(
    [ended, token, token, token].map((one) => [jtiOf(one)]),
  );
  expect(calls.map(({ status }) => status)).toEqual([410, 503, 200, 200]);
  await forget((await seen(fob, 'hers', ({ sessions }) => sessions.find((one) => one.provenance === 'entered'))).id);
});

it('remembers a console that is not to be looked at', async () => {
  const page = await fob.open(`${agilicus.consoleOf('northwind.agilicus.cloud', 'profile')}/`);
  const popup = await fob.popup(page);
  await popup.button('Not here').click();
  await popup.waitUntilGone('Fob may not look at');
  await popup.close();
  await fob.killWorker();

  const again = await fob.popup(page);
  await again.waitFor('No console in this tab.');
  await new Promise((later) => setTimeout(later, 500));
  expect(await again.has('Fob may not look at')).toBe(false);
  await again.close();
  await page.close();
});

it.each([
  ['angular-oauth2-oidc', 'localStorage'],
  ['rbac', 'sessionStorage'],
  ['oidc-client', 'sessionStorage'],
  ['memory', 'localStorage'],
] as const)(
  'finds the sign-in of a console that keeps it as %s in %s, and its end',
  async (consoleTokens, consoleStorage) => {
    const console = agilicus.consoleOf('cloud.contoso.example');
    if (consoleTokens === 'angular-oauth2-oidc') {
      await fob.grantHosts([console, API]);
      const options = await fob.extensionPage('options.html#hosts');
      await options.role('radio', 'Agilicus').click();
      await options.field('Address of the console').fill(console);
      await options.button('Allow and add').click();
      await options.waitFor('Fob may look at admin.cloud.contoso.example now');
      await options.close();
    }
    Object.assign(lab.settings.agilicus, { consoleTokens, consoleStorage });
    const page = await agilicus.signIn(fob, console, lab.agilicus.people.chloe);

    expect(await borrowedAt(console)).toMatchObject({
      tenant: { name: 'Contoso Health' },
      person: { name: 'Chloe Martin' },
    });

    // The page is looked at anew: that the wire was faster is no sign of what lies in its storage.
    if (consoleTokens !== 'memory') await page.reload();
    await page.button('Sign out').click();
    await page.button(/sign in/i).waitFor();
    if (consoleTokens !== 'memory') {
      await seen(fob, 'the sign-out', ({ sessions }) => !sessions.some((one) => one.console === console));
    }
    Object.assign(lab.settings.agilicus, { consoleTokens: 'oidc-client', consoleStorage: 'localStorage' });
    await page.close();
    for (const one of (await viewOf(fob))?.sessions ?? []) if (one.console === console) await forget(one.id);
  },
);

it('takes no token of another vendor from the console, wherever it lies', async () => {
  const alien = lab.prowler.issuePair(lab.prowler.people.ana).access;
  const page = await fob.open(`${agilicus.consoleOf('cloud.contoso.example')}/`);
  await page.evaluate((token: string) => {
    for (const name of ['access_token', 'token', 'session']) localStorage.setItem(name, token);
    localStorage.setItem('rbac', JSON.stringify({ token }));
  }, alien);
  await page.reload();
  await page.button(/sign in|sign out/i).waitFor();
  await new Promise((later) => setTimeout(later, 1000));

  const jti = String(jtiOf(alien));
  expect(lab.ledger.of({ holder: 'extension' }).filter(({ presented }) => presented.access.includes(jti))).toEqual([]);
  expect((await viewOf(fob))?.sessions.some((one) => one.console.includes('contoso'))).toBe(false);
  await page.evaluate(() => localStorage.clear());
  await page.close();
});

it('follows the console, and takes the newer token when the console has one', async () => {
  await admin.bringToFront();
  const panel = fob.panel(admin);
  await panel.waitFor('Follow this sign-in?');
  await admin.screenshot('test-output/agilicus-panel.png');
  await panel.button('Follow the console').click();
  await panel.waitFor('Follows the console');
  const before = await borrowedAt(ADMIN);
  expect(await ask(fob, 'renew', { session: before.id })).toMatchObject({ failure: { code: 'not_renewable' } });

  const old = await tokenOf(before);
  await new Promise((later) => setTimeout(later, 1100));
  lab.agilicus.revoke(old);
  await admin.button('Reload').click();

  await until('the newer token', async () => ((await tokenOf(await borrowedAt(ADMIN))) === old ? undefined : true), {
    timeoutMs: 15_000,
  });
  expect(lab.agilicus.stateOf(await tokenOf(await borrowedAt(ADMIN)))).toBe('live');
});

/** What a move meets on its way, and what is said of it. */
const refusals = [
  ['must wait', { kind: 'status', status: 429, retryAfter: 70 }, /Agilicus asked Fob to wait until/],
  ['meets trouble', { kind: 'status', status: 503 }, 'Agilicus has trouble of its own (503)'],
  ['hears a page', { kind: 'html' }, 'Agilicus answered in a way Fob does not know'],
  // However often a browser sends it anew by itself.
  ['hears half an answer', { kind: 'truncate', times: 9 }, 'Agilicus was asked and nothing came back'],
  ['is to somewhere one is no member of', undefined, /Agilicus says you are not a member of .*Northwind Stores/],
] as const;

it.each(refusals)('says what happened, and keeps everything as it was, when a move %s', async (_, fault, words) => {
  const { stores } = lab.agilicus.orgs;
  const count = (await viewOf(fob))?.sessions.length;
  const before = asked('/v1/tokens/reissue').length;
  const popup = await fob.popup(admin);
  await popup.waitFor('Northwind Retail');
  await search(popup, 'Northwind Stores', 'northwind st', 'Wide World');
  if (fault) spoil({ path: '/v1/tokens/reissue', ...fault } as never);
  else lab.agilicus.removeMember(lab.agilicus.people.ana, stores);
  await popup.press('Enter');
  await popup.waitFor(words);
  await popup.close();

  const [call] = asked('/v1/tokens/reissue').slice(before);
  expect(call?.faults).toEqual(fault ? [fault.kind] : []);
  expect(call?.status).toBe(fault === undefined ? 400 : 'status' in fault ? fault.status : 200);
  expect((await viewOf(fob))?.sessions).toHaveLength(count ?? 0);
  expect((await borrowedAt(ADMIN)).trouble).toBeUndefined();
});

it('moves from organisation to organisation with the root alone, and says that it is no renewal', async () => {
  const { logistics, longName } = lab.agilicus.orgs;
  const root = await borrowedAt(ADMIN);
  const before = asked('/v1/tokens/reissue').length;
  const popup = await fob.popup(admin);
  await popup.waitFor('Northwind Retail');
  await pick(popup, 'northwind log', 'Northwind Logistics', 'Wide World');
  await popup.waitFor(/You have a token for .*Northwind Logistics/);
  await popup.waitFor('Same end: a move, not a renewal.');
  await popup.screenshot('test-output/agilicus-moved.png');
  await popup.close();
  expect(await ownIn(logistics.id)).toMatchObject({ keeps: 'nothing', tenant: { name: 'Northwind Logistics' } });

  // On from there, which is the root's to do again.
  const onward = await openSession(fob, admin, 'Northwind Logistics');
  await pick(onward, 'wide', 'Wide World', 'Northwind Retail');
  await onward.waitFor(/You have a token for .*Wide World/);
  await onward.waitFor('Same end: a move, not a renewal.');
  await onward.close();
  await ownIn(longName.id);

  const calls = asked('/v1/tokens/reissue').slice(before);
  const presented = { access: [jtiOf(await tokenOf(root))], refresh: [] };
  expect(calls.map((one) => one.presented)).toEqual([presented, presented]);
});

const listAs = (root: SessionView, filter: object) =>
  ask<Outcome<{ items: readonly { jti: string }[] }>>(fob, 'list_tokens', { session: root.id, filter });

it('lists the tokens of an organisation, narrowed down by the vendor', async () => {
  const { logistics } = lab.agilicus.orgs;
  const wanted = lab.agilicus.outstanding().filter(({ org, revoked }) => org === logistics.id && !revoked);
  const page = await fob.extensionPage('options.html#tokens');
  await page.css('form details summary').click();
  await page.field('Organisation, by id').fill(logistics.id);
  for (const [fault, words] of [
    [{ kind: 'status', status: 503 }, 'Agilicus has trouble of its own (503)'],
    [{ kind: 'html' }, /Agilicus answered in a way Fob does not know/],
  ] as const) {
    spoil({ path: '/v1/tokens', method: 'GET', times: 1, ...fault } as never);
    await page.button('Get the list').click();
    await page.waitFor(words);
  }
  await page.button('Get the list').click();
  await page.waitFor(new RegExp(`^${wanted.length} tokens?\\.`, 'm'));
  await page.screenshot('test-output/agilicus-list.png');
  await page.close();

  expect(asked('/v1/tokens').at(-1)).toMatchObject({ method: 'GET', queryNames: ['org'], status: 200 });
});

it.each(troubles)('says what happened when a list %s', async (_, fault, code) => {
  spoil({ path: '/v1/tokens', method: 'GET', ...fault } as never);

  expect(await listAs(await borrowedAt(ADMIN), { limit: 5 })).toMatchObject({ failure: { code } });
});

it('makes a token after the vendor has said that it would, and says what it would not', async () => {
  const { northwind } = lab.agilicus.orgs;
  const page = await fob.extensionPage('options.html#tokens');
  await page.field('Audiences').fill('urn:api:agilicus:gateway');
  await page.field('Scopes optional').fill('urn:agilicus:users');
  const make = page.css('section:last-of-type form');
  await make.waitFor();
  await page.field('Person, by user id').waitFor();
  for (const [fault, words] of [
    [{ kind: 'status', status: 403 }, /may not do that/],
    [{ kind: 'status', status: 503 }, 'Agilicus has trouble of its own (503)'],
  ] as const) {
    spoil({ path: '/v1/tokens/validations', times: 1, ...fault } as never);
    await page.button('Check with Agilicus').click();
    await page.waitFor(words);
  }
  await page.button('Check with Agilicus').click();
  await page.waitFor('Agilicus would allow this');
  expect(asked('/v1/tokens').filter(({ method }) => method === 'POST')).toEqual([]);
  for (const [fault, words] of [
    [{ kind: 'status', status: 403 }, /may not do that/],
    [{ kind: 'html' }, /Agilicus answered in a way Fob does not know/],
  ] as const) {
    spoil({ path: '/v1/tokens', method: 'POST', times: 1, ...fault } as never);
    await page.button('Make the token').click();
    await page.waitFor(words);
    // Refused once, it is asked about anew.
    await page.button('Check with Agilicus').click();
    await page.waitFor('Agilicus would allow this');
  }
  await page.button('Make the token').click();
  await page.waitFor('A token was made');
  await page.screenshot('test-output/agilicus-made.png');
  await page.close();

  // Each making asks once more by itself.
  expect(asked('/v1/tokens/validations').map(({ status }) => status)).toEqual([403, 503, ...Array(6).fill(200)]);
  const made = asked('/v1/tokens').filter(({ method }) => method === 'POST');
  expect(made.map(({ status, faults }) => [status, ...faults])).toEqual([[403, 'status'], [200, 'html'], [201]]);
  const own = await ownIn(northwind.id);
  expect(own).toMatchObject({ keeping: 'paused', tenant: { name: 'Northwind Retail' } });
  await forget(own.id);
});

const order = () => ({
  subject: lab.agilicus.people.ana.id,
  tenant: lab.agilicus.orgs.northwind.id,
  audiences: ['urn:api:agilicus:gateway'],
  durationS: 600,
});

it.each(troubles)('stores nothing when the making of a token %s', async (_, fault, code) => {
  const root = await borrowedAt(ADMIN);
  const count = (await viewOf(fob))?.sessions.length;
  spoil({ path: '/v1/tokens', method: 'POST', ...fault } as never);

  const made = await ask(fob, 'create', { session: root.id, wanted: order() });

  expect(made).toMatchObject({ failure: { code } });
  expect((await viewOf(fob))?.sessions).toHaveLength(count ?? 0);
});

it('asks for no token that the vendor would not make', async () => {
  const root = await borrowedAt(ADMIN);
  const before = asked('/v1/tokens').length;
  const wanted = { ...order(), subject: lab.agilicus.people.ben.id, scopes: ['urn:agilicus:users'] };

  expect(await ask(fob, 'create', { session: root.id, wanted })).toMatchObject({ failure: { code: 'forbidden' } });
  expect(asked('/v1/tokens')).toHaveLength(before);
});

/** Opens the popup on one of the sessions that are not the tab's. */
async function openOther(name: RegExp): Promise<Page> {
  await admin.bringToFront();
  const popup = await fob.popup(admin);
  await popup.button(name).click();
  await popup.waitFor('At Agilicus');
  // The popup has grown by then: what is pressed is where it was found.
  await new Promise((later) => setTimeout(later, 500));
  return popup;
}

it('ends one token at the vendor once the person has confirmed it', async () => {
  const { logistics } = lab.agilicus.orgs;
  const token = await tokenOf(await ownIn(logistics.id));
  const popup = await openOther(/^Northwind Logistics/);
  for (const [status, words] of [
    [503, 'Agilicus has trouble of its own (503)'],
    [403, /Ana Ruiz.* may not do that in .*Northwind Logistics/],
  ] as const) {
    spoil({ path: '/v1/tokens/revoke', kind: 'status', status } as never);
    await popup.button('Revoke…').click();
    await popup.waitFor(/Revoke the token for .*Northwind Logistics/);
    await popup.screenshot('test-output/agilicus-revoke.png');
    await popup.css('dialog button:last-of-type').click();
    await popup.waitFor(words);
  }
  expect(lab.agilicus.stateOf(token)).toBe('live');

  await popup.button('Revoke…').click();
  await popup.css('dialog button:last-of-type').click();
  await popup.waitFor('Revoked at Agilicus.');
  await popup.waitFor('Ended at Agilicus');
  await popup.screenshot('test-output/agilicus-revoked.png');
  await popup.close();

  expect(lab.agilicus.stateOf(token)).toBe('revoked');
  expect(asked('/v1/tokens/revoke').map(({ status }) => status)).toEqual([503, 403, 204]);
  expect(lab.agilicus.stateOf(await tokenOf(await borrowedAt(ADMIN)))).toBe('live');
});

// Its answer has no body that could be cut.
it.each(troubles.filter(([, , code]) => code !== 'unanswered'))(
  'leaves a token as it is when its end %s',
  async (_, fault, code) => {
    const own = await ownIn(lab.agilicus.orgs.longName.id);
    spoil({ path: '/v1/tokens/revoke', ...fault } as never);

    expect(await ask(fob, 'revoke', { session: own.id, allSessions: false })).toMatchObject({ failure: { code } });
  },
);

it('says that a token was ended by somebody else, and comes back with the console', async () => {
  const root = await borrowedAt(ADMIN);
  const old = await tokenOf(root);
  lab.agilicus.revoke(old);

  expect(await ask(fob, 'tenants', { session: root.id, again: true })).toMatchObject({ failure: { code: 'revoked' } });
  await admin.bringToFront();
  const popup = await fob.popup(admin);
  await popup.waitFor('Ended at Agilicus');
  await popup.screenshot('test-output/agilicus-ended.png');
  await popup.close();
  expect(asked('/v1/tokens/introspect').at(-1)).toMatchObject({ status: 410 });

  await new Promise((later) => setTimeout(later, 1100));
  await admin.button('Reload').click();
  await until('the newer token', async () => ((await tokenOf(await borrowedAt(ADMIN))) === old ? undefined : true));
});

it('ends the sign-in behind the console’s token by its names, once the person has confirmed it', async () => {
  const root = await borrowedAt(ADMIN);
  const token = await tokenOf(root);
  spoil({ path: '/v1/tokens/bulk_revoke', kind: 'status', status: 403 } as never);
  await admin.bringToFront();
  const popup = await fob.popup(admin);
  await popup.button('Details').click();
  await popup.button('End session…').click();
  await popup.waitFor(new RegExp(`Ana Ruiz.*\\(.*${lab.agilicus.people.ana.id}`));
  await popup.waitFor(new RegExp(`Northwind Retail.*\\(.*${lab.agilicus.orgs.northwind.id}`));
  await popup.waitFor(new RegExp(`Session: .*${root.ids?.['session'] ?? 'none'}`));
  await popup.screenshot('test-output/agilicus-end-session.png');
  await popup.css('dialog button:last-of-type').click();
  await popup.waitFor(/Ana Ruiz.* may not do that in/);
  expect(lab.agilicus.stateOf(token)).toBe('live');

  await popup.button('End session…').click();
  await popup.css('dialog button:last-of-type').click();
  await popup.waitFor('Agilicus has ended that session.');
  await popup.waitFor('Ended at Agilicus');
  await popup.close();

  expect(lab.agilicus.stateOf(token)).toBe('revoked');
  expect(asked('/v1/tokens/bulk_revoke').map(({ status }) => status)).toEqual([403, 200]);
  await new Promise((later) => setTimeout(later, 1100));
  await admin.button('Reload').click();
  await until('the newer token', async () => ((await tokenOf(await borrowedAt(ADMIN))) === token ? undefined : true));
});

it('ends the session of somebody in the list once the person has confirmed it, and says what kept it from that', async () => {
  const { ben } = lab.agilicus.people;
  const token = lab.agilicus.issueToken(ben);
  const before = asked('/v1/tokens/bulk_revoke').length;
  const page = await fob.extensionPage('options.html#tokens');
  await page.css('form details summary').click();
  await page.field('Person, by user id').fill(ben.id);
  await page.button('Get the list').click();
  for (const [status, words] of [
    [403, /may not do that in .*Northwind Retail/],
    [503, 'Agilicus has trouble of its own (503)'],
  ] as const) {
    spoil({ path: '/v1/tokens/bulk_revoke', kind: 'status', status } as never);
    await page.button(`End this session of ${ben.email}`).click();
    await page.waitFor(`End this session of`);
    await page.css('dialog button:last-of-type').click();
    await page.waitFor(words);
  }
  expect(lab.agilicus.stateOf(token)).toBe('live');

  await page.button(`End this session of ${ben.email}`).click();
  await page.css('dialog button:last-of-type').click();
  await page.waitFor(/The session of .*ben.* was ended/);
  await page.screenshot('test-output/agilicus-list-ended.png');
  await page.close();

  expect(
    asked('/v1/tokens/bulk_revoke')
      .slice(before)
      .map(({ status }) => status),
  ).toEqual([403, 503, 200]);
  expect(lab.agilicus.stateOf(token)).toBe('revoked');
});

it('ends every sign-in only once that is ticked, and says of each what became of it', async () => {
  const root = await borrowedAt(ADMIN);
  await moveTo(root, lab.agilicus.orgs.longName.id);
  const popup = await openOther(/^Wide World Importers/);
  await popup.button('Revoke all…').click();
  await popup.waitFor('End every sign-in tied to this token at Agilicus?');
  await popup.screenshot('test-output/agilicus-revoke-all.png');
  expect(await popup.css('dialog button:last-of-type').isEnabled()).toBe(false);
  await popup.css('dialog input').click();
  await popup.css('dialog button:last-of-type').click();
  await popup.waitFor('Revoked at Agilicus.');
  await popup.close();

  expect(lab.agilicus.stateOf(await tokenOf(root))).toBe('revoked');
  await seen(fob, 'the end of the root', ({ sessions }) => sessions.find((one) => one.id === root.id)?.trouble);
  await admin.button('Reload').click();
  await admin.waitFor('Your session has expired');
});

it('notices that a host is no longer allowed, says so, and looks there no more', async () => {
  await agilicus.enter(admin, lab.agilicus.people.ana);
  const root = await borrowedAt(ADMIN);
  await fob.withholdHosts([API]);

  const page = await fob.extensionPage('options.html#hosts');
  await page.waitFor('Not allowed');
  await page.screenshot('test-output/agilicus-withheld.png');
  await page.close();
  const before = lab.ledger.of({ holder: 'extension' }).length;
  expect(await ask(fob, 'tenants', { session: root.id, again: true })).toMatchObject({
    failure: { code: 'permission_missing', host: 'api.agilicus.com' },
  });
  await fob.withholdHosts([ADMIN]);
  await admin.reload();
  await admin.button('Sign out').waitFor();
  expect(lab.ledger.of({ holder: 'extension' })).toHaveLength(before);
});

it('forgets everything, and has kept nothing that belongs to the console alone', async () => {
  for (const { id } of (await viewOf(fob))?.sessions ?? []) await forget(id);

  const { local, session } = await fob.storage();
  const left = [...Object.keys(local), ...Object.keys(session)].filter((name) =>
    /^(head|sealed|tenants|journal):/.test(name),
  );
  expect(left).toEqual([]);
  expect(JSON.stringify([local, session])).not.toMatch(/Ana|Ruiz|Northwind|Contoso|Wide World/);
  expect(await leaksIn(fob, lab)).toEqual([]);
  const byFob = lab.ledger.of({ holder: 'extension' });
  expect(byFob.flatMap(({ presented }) => presented.refresh)).toEqual([]);
  expect(byFob.filter(({ host }) => host !== 'api.agilicus.com')).toEqual([]);
});

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from '../../lab';
import type { SessionView } from '../../lib/core/view';
import * as runai from './consoles/runai';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { agree, ask, leaksIn, openSession, seen, viewOf } from './person';
import { fill, send, signInBy } from './sign-in-form';

/** Long enough for a browser, short enough to be outlived beside the other tests (ms). */
const LIFE = 120_000;
const HOUR = 3_600_000;
const HOST = 'northwind.run.ai';
const V2 = '/api/v2/token';
const V1 = '/api/v1/token';
const REFRESH = '/v1/k8s/auth/oauth/tokens/refresh';
const EXCHANGE = '/v1/k8s/auth/token/exchange';
const APPTOKEN = '/v1/k8s/auth/oauth/apptoken';

const application = 'Application (client ID and secret)';
const code = 'Authorization code';
const password = 'User name and password';

let lab: Lab;
let fob: Browser;
/** A page of no console: the popup over it shows all sessions alike. */
let desk: Page;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  await agree(fob);
  desk = await fob.extensionPage('options.html#hosts');
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

beforeEach(() => {
  lab.faults.clear();
  lab.settings.runai.version = '2.24';
});

const asked = (path: string) => lab.ledger.of({ holder: 'extension', path });
const spoil = (fault: Omit<FaultOrder, 'host' | 'holder'>): void => {
  lab.faults.add({ host: HOST, holder: 'extension', ...fault } as FaultOrder);
};
const session = (what: string, look: (one: SessionView) => boolean, timeoutMs?: number) =>
  seen(fob, what, ({ sessions }) => sessions.find(look), timeoutMs);

/** What both of these have signed in with ends while everything else is looked at. */
const waiting: { application?: SessionView; person?: SessionView } = {};

it('signs an application in, and says that it keeps it only once the vendor has given a token (app token)', async () => {
  const robot = lab.runai.addServiceAccount(lab.runai.tenants.northwind, 'nightly');
  const page = await signInBy(fob, {
    vendor: 'Run:ai',
    way: application,
    where: 'northwind',
    values: { 'Client ID': robot.id, 'Client secret': 'canary-wrong-secret' },
  });
  await page.waitFor('Run:ai does not know these credentials');
  expect((await viewOf(fob))?.sessions).toEqual([]);

  spoil({ path: V2, kind: 'status', status: 503, times: 1 } as never);
  await fill(page, { 'Client secret': robot.secret });
  await send(page);
  await page.waitFor('Run:ai has trouble of its own (503)');

  lab.settings.runai.accessLifeMs = LIFE;
  await fill(page, { 'Client secret': robot.secret });
  await send(page);
  await page.waitFor('Fob keeps it alive');
  lab.settings.runai.accessLifeMs = HOUR;
  await page.screenshot('test-output/runai-signed-in.png');
  await page.close();

  waiting.application = await session('the application', (one) => one.provenance === 'own');
  expect(waiting.application).toMatchObject({ keeps: 'renews', keeping: 'kept', tenant: { id: 'northwind' } });
  expect(asked(V2).map(({ status }) => status)).toEqual([401, 503, 200]);
});

it('signs a person in, and refreshes with what came of it (grant token)', async () => {
  const { ana } = lab.runai.people;
  const page = await signInBy(fob, {
    vendor: 'Run:ai',
    way: password,
    where: 'https://contoso.run.ai/',
    values: { 'User name': ana.email, Password: 'canary-pw-wrong' },
  });
  await page.waitFor('Run:ai does not know these credentials');
  await fill(page, { 'User name': ana.email });
  await send(page);
  await page.waitFor(/Password.*(empty|needed|missing)|needed/i);
  for (const [fault, words] of [
    [{ kind: 'status', status: 429, retryAfter: 30 }, /Run:ai asked Fob to wait/],
    [{ kind: 'html' }, 'Run:ai answered in a way Fob does not know'],
    [{ kind: 'drop_before_body' }, 'Run:ai was asked and nothing came back'],
  ] as const) {
    lab.faults.add({ host: 'contoso.run.ai', path: V2, holder: 'extension', ...fault } as FaultOrder);
    await fill(page, { Password: ana.password });
    await send(page);
    await page.waitFor(words);
    lab.faults.clear();
  }

  lab.settings.runai.accessLifeMs = LIFE;
  await fill(page, { Password: ana.password });
  await send(page);
  await page.waitFor(/Signed in/);
  lab.settings.runai.accessLifeMs = HOUR;
  await page.close();

  const calls = lab.ledger.of({ holder: 'extension', host: 'contoso.run.ai', path: V2 });
  expect(calls.filter(({ faults }) => faults.length === 0).map(({ status }) => status)).toEqual([401, 200]);
  // A browser sends a POST anew by itself when an old connection ends instead of an answer.
  expect([...new Set(calls.flatMap(({ faults }) => faults))]).toEqual(['status', 'html', 'drop_before_body']);
  waiting.person = await session('the person', (one) => one.console === 'https://contoso.run.ai');
  expect(waiting.person).toMatchObject({ provenance: 'own', person: { email: ana.email } });
  const kept = JSON.stringify(await fob.storage());
  expect(kept).not.toContain(ana.password);
});

it('exchanges a code, and says so first of all when it was used before', async () => {
  lab.settings.runai.version = '2.18';
  const { ben } = lab.runai.people;
  const redirect = `https://${HOST}/login/callback`;
  const issued = lab.runai.issueCode(ben, lab.runai.tenants.northwind, redirect);
  const values = { Code: issued, 'Redirect address': redirect };
  const page = await signInBy(fob, { vendor: 'Run:ai', way: code, where: 'northwind', values });
  await page.waitFor(/Signed in/);

  await fill(page, { Code: issued });
  await send(page);
  await page.waitFor('That code was used already, or has ended');
  await page.screenshot('test-output/runai-code-used.png');
  const unused = lab.runai.issueCode(ben, lab.runai.tenants.northwind, redirect);
  spoil({ path: V1, kind: 'status', status: 503, times: 1 } as never);
  await fill(page, { Code: unused });
  await send(page);
  await page.waitFor('Run:ai has trouble of its own (503)');
  await fill(page, { Code: unused });
  await send(page);
  await page.waitFor(/Signed in/);
  expect(asked(V1).map(({ status }) => status)).toEqual([200, 400, 503, 200]);

  // The one operation that only the oldest have, where the newer one is not there.
  spoil({ path: V1, kind: 'status', status: 404, times: 1 } as never);
  await fill(page, { Code: lab.runai.issueCode(ben, lab.runai.tenants.northwind, redirect) });
  await send(page);
  await page.waitFor(/Signed in/);
  await fill(page, { Code: 'canary-no-code', 'Redirect address': 'not an address' });
  await send(page);
  await page.waitFor(/address/);
  await page.close();

  expect(asked(EXCHANGE).map(({ status }) => status)).toEqual([200]);
  await session('Ben', (one) => one.person.email === ben.email && one.provenance === 'own');
});

it('asks the oldest servers by the application’s name (app token)', async () => {
  lab.settings.runai.version = '2.18';
  const robot = lab.runai.addServiceAccount(lab.runai.tenants.contoso, 'old-install');
  const page = await signInBy(fob, {
    vendor: 'Run:ai',
    way: application,
    where: 'contoso',
    values: {
      'Client ID': robot.id,
      'Client secret': robot.secret,
      'Name of the application optional': 'another-name',
    },
  });
  await page.waitFor('Run:ai does not know these credentials');
  await fill(page, { 'Client secret': robot.secret, 'Name of the application optional': robot.name });
  await send(page);
  await page.waitFor(/Signed in/);
  await page.close();

  expect(asked(APPTOKEN).map(({ status }) => status)).toEqual([400, 200]);
});

it('hears the console’s token, calls its name the token’s own claim, and only follows it', async () => {
  const page = await runai.signIn(fob, 'fabrikam.nv.run.ai', lab.runai.people.ana);
  const heard = await session('the token', (one) => one.console === 'https://fabrikam.nv.run.ai');
  expect(heard).toMatchObject({ provenance: 'borrowed', keeps: 'follows', saidBy: 'token' });
  expect(lab.ledger.of({ holder: 'extension', host: 'fabrikam.nv.run.ai' })).toEqual([]);

  const popup = await fob.popup(page);
  await popup.waitFor('Ana Ruiz');
  await popup.button('Follow the console').click();
  await popup.waitFor('Follows the console');
  await popup.button('Details').click();
  await popup.waitFor(/accepted by Run:ai, .*the name is the token’s own claim/);
  await popup.screenshot('test-output/runai-detail.png');
  await popup.close();
  expect(await ask(fob, 'renew', { session: heard.id })).toMatchObject({ failure: { code: 'not_renewable' } });
  await page.close();
});

it('keeps one person in three tenants of two vendors apart, in two windows', async () => {
  await runai.signIn(fob, HOST, lab.runai.people.ana);
  await runai.signIn(fob, 'contoso.run.ai', lab.runai.people.ben).catch(() => undefined);
  const prowler = await fob.open('https://cloud.prowler.com/');
  await prowler.field(/mail/i).fill(lab.prowler.people.ana.email);
  await prowler.field(/password/i).fill(lab.prowler.people.ana.password);
  await prowler.button('Log in').click();

  const found = await seen(fob, 'all of them', ({ sessions }) => {
    const borrowed = sessions.filter((one) => one.provenance === 'borrowed' && one.person.name !== undefined);
    const places = new Set(borrowed.map((one) => one.console));
    return places.has('https://cloud.prowler.com') && places.has(`https://${HOST}`) ? borrowed : undefined;
  });

  for (const one of found) {
    const isProwler = one.vendor.id === 'prowler';
    expect(one.apiHost).toBe(isProwler ? 'api.prowler.com' : new URL(one.console).host);
    expect(one.person.name).toBe('Ana Ruiz');
  }
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  for (const one of lab.ledger.of({ holder: 'extension' })) {
    expect(one.host === 'api.prowler.com').toBe(!one.host.endsWith('.run.ai'));
  }
});

it('believes no token of another vendor on a Run:ai console', async () => {
  const page = await fob.open(`https://${HOST}/`);
  const before = (await viewOf(fob))?.sessions.length;
  const alien = lab.prowler.issuedTokens()[0] ?? '';
  await page.evaluate(
    (token: string) => fetch('/v1/k8s/config', { headers: { authorization: `Bearer ${token}` } }).then(() => undefined),
    alien,
  );
  await new Promise((later) => setTimeout(later, 500));

  expect((await viewOf(fob))?.sessions.length).toBe(before);
  expect(lab.ledger.of({ host: 'thief.example' })).toEqual([]);
  await page.close();
});

/** Signs somebody new in each time: one session is not asked for twice in a row. */
async function newPerson(name: string): Promise<SessionView> {
  const person = lab.runai.addUser({ name, email: `${name.replace(/\W/g, '.')}@northwind.example`.toLowerCase() });
  lab.runai.addAccount(person, lab.runai.tenants.northwind);
  const values = { username: person.email, password: person.password };
  const signedIn = await ask(fob, 'obtain', { vendor: 'runai', place: 'northwind', way: 'password', values });
  expect(signedIn).toMatchObject({ ok: true });
  return session(`the session of ${name}`, (one) => one.person.email === person.email);
}

/** Each way to refresh, with what makes a server know no other. */
const ways = [
  { way: 'grant token', version: '2.24', path: V2 },
  { way: 'the refresh of old', version: '2.18', path: REFRESH },
] as const;
const troubles = [
  ['has trouble of its own', { kind: 'status', status: 503 }, 'vendor_down', 'Run:ai has trouble of its own (503)'],
  ['answers with a page', { kind: 'html' }, 'response_not_conform', 'Run:ai answered in a way Fob does not know'],
  ['asks for a pause', { kind: 'status', status: 429, retryAfter: 30 }, 'rate_limited', /Run:ai asked Fob to wait/],
] as const;

/** Has the server be as old as this way is. */
function serve({ version, path }: (typeof ways)[number]): void {
  lab.settings.runai.version = version;
  if (path === REFRESH) spoil({ path: V1, kind: 'status', status: 404 } as never);
}

it.each(ways.flatMap((one) => troubles.map((trouble) => [one.way, ...trouble, one] as const)))(
  'says what happened at a click, and keeps what it has, when a renewal by %s %s (refresh)',
  async (_way, _trouble, fault, reason, words, how) => {
    const before = await newPerson(`Kim ${how.version} ${reason}`);
    serve(how);
    spoil({ path: how.path, ...fault } as never);
    const calls = asked(how.path).length;

    const popup = await openSession(fob, desk, 'northwind', before.person.name);
    await popup.button('Renew now').click();
    await popup.waitFor(words);
    await popup.close();

    expect(asked(how.path).slice(calls)).toMatchObject([{ faults: [fault.kind] }]);
    const after = await session('what went wrong', (one) => one.id === before.id && one.trouble !== undefined);
    expect(after).toMatchObject({ token: before.token, keeping: 'kept', trouble: { code: reason } });
  },
);

it.each(ways)('renews at a click by $way, and says until when (refresh)', async (how) => {
  const { person } = await newPerson(`Lou ${how.version}`);
  serve(how);
  const calls = asked(how.path).length;

  const popup = await openSession(fob, desk, 'northwind', person.name);
  await popup.button('Renew now').click();
  await popup.waitFor(/Renewed, until/);
  await popup.close();

  expect(asked(how.path).slice(calls)).toMatchObject([{ status: 200 }]);
});

it('says it when the vendor refuses to renew, and what to do (refresh)', async () => {
  await session('Ben', (one) => one.person.email === lab.runai.people.ben.email && one.provenance === 'own');
  lab.runai.endSessions(lab.runai.people.ben, lab.runai.tenants.northwind);

  const popup = await openSession(fob, desk, 'northwind', lab.runai.people.ben.name);
  await popup.button('Renew now').click();
  await popup.waitFor('Run:ai no longer renews this sign-in');
  await popup.waitFor('Needs sign-in');
  await popup.close();
});

it('has both signed-in tokens renewed before their end, by their own ways (grant token, refresh)', async () => {
  const { application: robot, person } = waiting;
  expect(robot).toBeDefined();
  // A server of the past: the refresh that only they have, with its token in the address.
  lab.settings.runai.version = '2.18';
  lab.faults.add({ host: 'contoso.run.ai', path: V1, holder: 'extension', kind: 'status', status: 404 } as never);

  const later = await session(
    'a later end of the person’s',
    (one) => one.id === person?.id && (one.token.expiresAt ?? 0) > (person.token.expiresAt ?? 0),
    LIFE,
  );
  expect(later.keeping).toBe('kept');
  const refreshed = lab.ledger.of({ holder: 'extension', host: 'contoso.run.ai', path: REFRESH });
  expect(refreshed.map(({ status }) => status)).toEqual([200]);
  lab.faults.clear();
  lab.settings.runai.version = '2.24';

  const again = await session(
    'a later end of the application’s',
    (one) => one.id === robot?.id && (one.token.expiresAt ?? 0) > (robot.token.expiresAt ?? 0),
    LIFE,
  );
  expect(again.keeping).toBe('kept');
  // What was in the address of that call is in nothing that stays.
  expect(await leaksIn(fob, lab)).toEqual([]);
}, 200_000);

it('forgets every record', async () => {
  for (const { id } of (await viewOf(fob))?.sessions ?? []) await ask(fob, 'forget', { session: id });

  const { local, session: memory } = await fob.storage();
  const left = [...Object.keys(local), ...Object.keys(memory)].filter((name) =>
    /^(head|sealed|tenants|journal):/.test(name),
  );
  expect(left).toEqual([]);
});

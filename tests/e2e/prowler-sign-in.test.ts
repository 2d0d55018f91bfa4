import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from '../../lab';
import type { Browser } from './driver/driver';
import { launch } from './driver/launch';
import { agree, ask, leaksIn, seen, viewOf } from './person';
import { fill, send, signInBy } from './sign-in-form';

const TOKENS = '/api/v1/tokens';
const password = 'E-mail and password';
const OWN = 'https://prowler.adventure-works.example';
const OWN_API = 'https://prowler-api.adventure-works.example';

let lab: Lab;
let fob: Browser;

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

const asked = (path: string) => lab.ledger.of({ holder: 'extension', path });
const spoil = (fault: Omit<FaultOrder, 'host' | 'holder'>): void => {
  lab.faults.add({ host: 'api.prowler.com', holder: 'extension', ...fault } as FaultOrder);
};

it('signs a person in with e-mail and password, and says of each refusal what it was (create token)', async () => {
  const { ana } = lab.prowler.people;
  const page = await signInBy(fob, {
    vendor: 'Prowler',
    way: password,
    values: { 'E-mail': ana.email, Password: 'canary-pw-wrong' },
  });
  await page.waitFor('Prowler does not know these credentials');

  await fill(page, { Password: ana.password, 'Tenant id optional': 'not-a-whole-id' });
  await send(page);
  await page.waitFor('That is not a whole id');
  expect(asked(TOKENS)).toHaveLength(1);

  await fill(page, { Password: ana.password, 'Tenant id optional': lab.prowler.tenants.contoso.id });
  for (const [fault, words] of [
    [{ kind: 'status', status: 429, retryAfter: 30 }, /Prowler asked Fob to wait/],
    [{ kind: 'html' }, 'Prowler answered in a way Fob does not know'],
    [{ kind: 'drop_before_body' }, 'Prowler was asked and nothing came back'],
  ] as const) {
    lab.faults.clear();
    spoil({ path: TOKENS, ...fault } as never);
    await fill(page, { Password: ana.password });
    await send(page);
    await page.waitFor(words);
  }
  lab.faults.clear();
  expect((await viewOf(fob))?.sessions).toEqual([]);

  await fill(page, { Password: ana.password });
  await send(page);
  await page.waitFor('Fob keeps it alive');
  const calls = asked(TOKENS);
  expect(calls.filter(({ faults }) => faults.length === 0).map(({ status }) => status)).toEqual([400, 200]);
  // A browser sends a POST anew by itself when an old connection ends instead of an answer.
  expect([...new Set(calls.flatMap(({ faults }) => faults))]).toEqual(['status', 'html', 'drop_before_body']);
  await page.screenshot('test-output/prowler-sign-in.png');
  await page.close();

  const session = await seen(fob, 'the session', ({ sessions }) => sessions[0]);
  expect(session).toMatchObject({ provenance: 'own', keeping: 'kept', tenant: { name: 'Contoso Health' } });
  expect(JSON.stringify(await fob.storage())).not.toContain(ana.password);
  expect(await leaksIn(fob, lab)).toEqual([]);
});

it('takes an API key, says whose it is, and promises no renewal', async () => {
  const { ana } = lab.prowler.people;
  const key = lab.prowler.addApiKey(ana, lab.prowler.tenants.fabrikam);
  const page = await signInBy(fob, {
    vendor: 'Prowler',
    way: 'API key',
    values: { Key: `${key.split('.')[0]}.canary-wrong` },
  });
  await page.waitFor(/Prowler no longer accepts this token|does not know/);
  await fill(page, { Key: key });
  await send(page);
  await page.waitFor(/Signed in as .*Ana Ruiz.* in .*Fabrikam Labs/);
  await page.close();

  const session = await seen(fob, 'the key', ({ sessions }) => sessions.find((one) => one.provenance === 'entered'));
  expect(session).toMatchObject({ keeps: 'nothing', tenant: { name: 'Fabrikam Labs' } });
  expect(await ask(fob, 'renew', { session: session.id })).toMatchObject({ failure: { code: 'not_renewable' } });
  expect(JSON.stringify(await fob.storage())).not.toContain(key);
});

it('finds a self-hosted console once the person has named and allowed it, and keeps its session there', async () => {
  const { ana } = lab.ownProwler.people;
  const page = await fob.open(`${OWN}/`);
  await page.field(/mail/i).fill(ana.email);
  await page.field(/password/i).fill(ana.password);
  await page.button('Log in').click();
  await page.waitFor('Overview');
  await fob.grantHosts([OWN, OWN_API]);

  const popup = await fob.popup(page);
  await popup.waitFor(/Fob may not look at prowler\.adventure-works\.example/);
  await popup.screenshot('test-output/prowler-own-offer.png');
  await popup.button(/Allow on this host: Prowler/).click();
  const hosts = await seenPage(/options\.html#hosts/);
  await hosts.button(/Allow on this host|Allow/).click();
  await hosts.waitFor('Fob may look at prowler.adventure-works.example now');
  await hosts.screenshot('test-output/prowler-own-allowed.png');
  await page.bringToFront();
  await page.reload();

  const session = await seen(fob, 'its session', ({ sessions }) => sessions.find((one) => one.console === OWN));
  expect(session).toMatchObject({ apiHost: new URL(OWN_API).host, provenance: 'borrowed' });
  const kept = await ask(fob, 'keep', { session: session.id });
  expect(kept).toEqual({ ok: true });
  await seen(fob, 'a token of its own', ({ sessions }) =>
    sessions.some((one) => one.id === session.id && one.provenance === 'own'),
  );
  const elsewhere = lab.ledger.of({ holder: 'extension' }).filter(({ host }) => host.includes('adventure-works'));
  expect(new Set(elsewhere.map(({ host }) => host))).toEqual(new Set([new URL(OWN_API).host]));
});

async function seenPage(address: RegExp) {
  for (let tries = 0; ; tries += 1) {
    for (const one of await fob.pages()) if (address.test(await one.url())) return one;
    if (tries > 50) throw new Error(`no page at ${address}`);
    await new Promise((later) => setTimeout(later, 200));
  }
}

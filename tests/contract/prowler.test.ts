import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab, type Person } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import { MINUTE } from '../../lib/core/time';
import type { Deployment, Exchange, Granted, TenantPage } from '../../lib/core/vendor';
import { prowler } from '../../lib/vendors/prowler';
import { runExchange } from './run-exchange';

// Fob's exchanges against the vendor's servers as the contract has them: what is built here is what is answered there.

const deployment: Deployment = { console: 'https://cloud.prowler.com', api: 'https://api.prowler.com' };
const signsIn = prowler.obtain.password.exchanges[0];
let lab: Lab;
let ana: Person;
let northwind: Lab['prowler']['tenants']['northwind'];
let contoso: Lab['prowler']['tenants']['contoso'];

beforeAll(async () => {
  lab = await startLab();
  ({ ana } = lab.prowler.people);
  ({ northwind, contoso } = lab.prowler.tenants);
});

afterAll(() => lab.close());

const run = <In, Out>(exchange: Exchange<In, Out> | undefined, input: In, added = {}): Promise<Outcome<Out>> =>
  runExchange(lab, exchange, input, added);

function rung(name: 'rotate' | 'mint') {
  const found = prowler.renewal.find((one) => one.name === name);
  if (!found) throw new Error(`no rung is called ${name}`);
  return found.exchanges[0];
}

const refreshed = (refresh: string, added = {}): Promise<Outcome<Granted>> =>
  run(rung('rotate'), { deployment, access: '', subject: ana.id, tenant: northwind.id, refresh }, added);

it('says whose token it is, and with which roles', async () => {
  const { access } = lab.prowler.issuePair(ana, northwind);

  const identity = await run(prowler.identify, { deployment, access, tenant: northwind.id });

  expect(identity).toMatchObject({
    ok: true,
    value: { subject: ana.id, labels: { person: 'Ana Ruiz', email: ana.email, tenant: 'Northwind Retail' } },
  });
});

it('rotates, and the new pair lives as long as the vendor says', async () => {
  const pair = lab.prowler.issuePair(ana, northwind);

  const first = await refreshed(pair.refresh);
  const second = first.ok ? await refreshed(first.value.refresh ?? '') : first;

  if (!second.ok) throw new Error(second.failure.code);
  const { issuedAt, expiresAt = 0 } = second.value.token;
  expect(expiresAt - issuedAt).toBe(30 * MINUTE);
});

it('hears that a rotated refresh token is dead', async () => {
  const pair = lab.prowler.issuePair(ana, northwind);
  await refreshed(pair.refresh);

  expect(await refreshed(pair.refresh)).toEqual({ ok: false, failure: { code: 'grant_dead' } });
});

it('never takes the 401 that a stale header brings for the death of a refresh token, which it is not', async () => {
  const pair = lab.prowler.issuePair(ana, northwind);

  const trapped = await refreshed(pair.refresh, { authorization: 'Bearer stale' });

  expect(trapped).toMatchObject({ ok: false, failure: { code: 'unexpected_status', status: 401 } });
  expect(lab.prowler.stateOfRefresh(pair.refresh)).toBe('live');
});

it('is understood only as JSON:API: other content types and Accept headers are refused by name', async () => {
  const pair = lab.prowler.issuePair(ana, northwind);

  expect(await refreshed(pair.refresh, { 'content-type': 'application/json' })).toMatchObject({
    failure: { status: 415 },
  });
  expect(await refreshed(pair.refresh, { accept: 'application/json' })).toMatchObject({ failure: { status: 406 } });
  expect((await refreshed(pair.refresh)).ok).toBe(true);
});

it('mints without ending what was there', async () => {
  const pair = lab.prowler.issuePair(ana, northwind);

  const minted = await run(rung('mint'), { deployment, access: pair.access, subject: ana.id, tenant: northwind.id });

  expect(minted.ok).toBe(true);
  expect(lab.prowler.stateOfRefresh(pair.refresh)).toBe('live');
  expect(lab.prowler.stateOfAccess(pair.access)).toBe('live');
});

it('switches, and is told where it may not go', async () => {
  const { access } = lab.prowler.issuePair(ana, northwind);
  const to = prowler.move?.to;
  if (!to) throw new Error('Prowler can switch');

  expect(await run(to, { deployment, access, tenant: contoso.id })).toMatchObject({
    ok: true,
    value: { tenant: contoso.id },
  });
  expect(await run(to, { deployment, access, tenant: lab.prowler.tenants.longName.id })).toEqual({
    ok: false,
    failure: { code: 'tenant_refused' },
  });
  expect(await run(to, { deployment, access, tenant: 'half' })).toMatchObject({
    failure: { code: 'invalid_input', field: 'tenant_id', detail: 'not_whole_id' },
  });
});

it('learns that a person was taken out of a tenant, though the token still answers', async () => {
  const chloe = lab.prowler.people.chloe;
  lab.prowler.addMember(chloe, contoso);
  const { access } = lab.prowler.issuePair(chloe, contoso);
  lab.prowler.removeMember(chloe, contoso);

  const identity = await run(prowler.identify, { deployment, access, tenant: contoso.id });

  expect(identity).toEqual({ ok: false, failure: { code: 'tenant_refused' } });
});

it('reads every page of a long list of tenants', async () => {
  const ben = lab.prowler.people.ben;
  lab.prowler.addTenants(ben, 250);
  const { access } = lab.prowler.issuePair(ben);
  const placed = { deployment, subject: ben.id, tenant: northwind.id };
  const names = new Set<string>();

  for (let cursor: string | undefined = '1'; cursor !== undefined;) {
    const list: Outcome<TenantPage> = await run(prowler.tenants, { ...placed, access, cursor });
    if (!list.ok) throw new Error('the list was not given');
    for (const { id } of list.value.items) names.add(id);
    cursor = list.value.next;
  }

  expect(names.size).toBe(253);
});

it('signs in, and is told what is wrong when it cannot', async () => {
  const signIn = (password: string, tenant?: string) =>
    run(signsIn, {
      deployment,
      values: { email: ana.email, password, ...(tenant === undefined ? {} : { tenant_id: tenant }) },
    });

  expect(await signIn(ana.password, contoso.id)).toMatchObject({ ok: true, value: { tenant: contoso.id } });
  expect(await signIn('canary-pw-wrong')).toEqual({ ok: false, failure: { code: 'credentials_refused' } });
  expect(await signIn(ana.password, lab.prowler.tenants.longName.id)).toEqual({
    ok: false,
    failure: { code: 'tenant_refused' },
  });
});

it('waits as long as a throttled sign-in is told to', async () => {
  lab.settings.tokenObtainPerMinute = 1;
  const values = { email: ana.email, password: 'canary-pw-wrong' };

  await run(signsIn, { deployment, values });
  const throttled = await run(signsIn, { deployment, values });

  lab.settings.tokenObtainPerMinute = null;
  expect(throttled).toMatchObject({ ok: false, failure: { code: 'rate_limited' } });
});

it('takes an API key by its own scheme, and hears from the vendor which tenant it is for', async () => {
  const key = lab.prowler.addApiKey(ana, contoso);

  expect(await run(prowler.identify, { deployment, access: key })).toMatchObject({
    ok: true,
    value: { subject: ana.id, tenant: contoso.id, labels: { tenant: contoso.name } },
  });
});

it('has to be told the tenant of a key where an older server does not say, and hears whether the key is good', async () => {
  lab.settings.tellsActiveMembership = false;
  const key = lab.prowler.addApiKey(ana, contoso);

  const untold = await run(prowler.identify, { deployment, access: key });
  const told = await run(prowler.identify, { deployment, access: key, tenant: contoso.id });
  const bad = await run(prowler.identify, { deployment, access: `${key}x`, tenant: contoso.id });

  lab.settings.tellsActiveMembership = true;
  expect(untold).toEqual({ ok: false, failure: { code: 'invalid_input', field: 'tenant_id', detail: 'missing' } });
  expect(told).toMatchObject({ ok: true, value: { tenant: contoso.id } });
  expect(bad).toEqual({ ok: false, failure: { code: 'unauthorized' } });
});

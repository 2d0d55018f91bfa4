import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import { esperSettings } from '../../lab/esper/settings';
import { apiHostOf, consoleHostOf } from '../../lab/esper/tenants';
import { HOUR, SECOND } from '../../lib/core/time';
import type { Deployment, Identity } from '../../lib/core/vendor';
import { esper } from '../../lib/vendors/esper';
import { runExchange as run } from './run-exchange';

// Fob's exchanges against the vendor's servers as the contract has them: what is built here is what is answered there.

const DAY = 24 * HOUR;
const ALMOST = 5 * SECOND;
let lab: Lab;
let nia: Lab['esper']['people']['nia'];
let northwind: Deployment;
let contoso: Deployment;

beforeAll(async () => {
  lab = await startLab();
  ({ nia } = lab.esper.people);
  const there = (tenant: Lab['esper']['tenants']['northwind']) => esper.place.read(consoleHostOf(tenant));
  const [one, other] = [there(lab.esper.tenants.northwind), there(lab.esper.tenants.contoso)];
  if (!one || !other) throw new Error('a tenant is not read');
  [northwind, contoso] = [one, other];
});

afterAll(() => lab.close());

afterEach(() => {
  Object.assign(lab.settings.esper, esperSettings);
  lab.faults.clear();
});

const whoIs = (access: string, deployment = northwind) => run(lab, esper.identify, { deployment, access });

async function identityOf(access: string): Promise<Identity> {
  const said = await whoIs(access);
  if (!said.ok) throw new Error(said.failure.code);
  return said.value;
}

/** Renews with what token info says, as a session does. */
async function renewed(
  access: string,
  over: Partial<{ tenant: string; ids: Record<string, string> }> = {},
  as = access,
) {
  const { subject, tenant, ids } = await identityOf(access);
  const known = { deployment: northwind, subject, tenant, ...(ids === undefined ? {} : { ids }), ...over };
  return run(lab, esper.renewal[0]?.exchanges[0], { ...known, access: as });
}

const refused = (failure: object) => ({ ok: false, failure });

describe('token info', () => {
  it('says whose key it is, where, and for which app', async () => {
    const key = lab.esper.issueKey(nia);
    const { enterprise, developerApp } = lab.esper.detailsOf(key);

    const { expiresAt = 0, ids, ...rest } = await identityOf(key);

    expect(rest).toMatchObject({
      subject: String(nia.id),
      tenant: enterprise,
      labels: { roles: ['read', 'write', 'update', 'introspection', 'sdk', 'register'] },
    });
    expect(ids?.['application']).toBe(developerApp);
    expect(Math.abs(expiresAt - Date.now() - 1000 * DAY)).toBeLessThan(ALMOST);
  });

  it.each(
    (['seconds', 'micros', 'python'] as const).flatMap((dateForm) =>
      (['string', 'number'] as const).map((idForm) => [dateForm, idForm] as const),
    ),
  )('is read with dates as %s and ids as %s', async (dateForm, idForm) => {
    Object.assign(lab.settings.esper, { dateForm, idForm });
    const key = lab.esper.issueKey(nia);

    const { expiresAt = 0, ids } = await identityOf(key);

    expect(Math.abs(expiresAt - (lab.esper.detailsOf(key).expiresAt ?? 0))).toBeLessThan(SECOND);
    expect(ids?.['record']).toMatch(/^\d+$/);
  });

  it('of a key without an app names none, and of one without an end no end', async () => {
    const identity = await identityOf(lab.esper.issueKey(nia, { developerApp: null, lifeMs: null }));

    expect(identity.expiresAt).toBeUndefined();
    expect(identity.ids).not.toHaveProperty('application');
  });

  it('may leave out all that is optional', async () => {
    lab.settings.esper.tokenInfoOmits = [
      'user',
      'developer_app',
      'source_refresh_token',
      'token',
      'expires_on',
      'scope',
      'created_on',
      'updated_on',
    ];

    expect(await identityOf(lab.esper.issueKey(nia))).toMatchObject({ labels: { roles: [] } });
  });

  it('without its enterprise breaks the contract', async () => {
    lab.settings.esper.tokenInfoOmits = ['enterprise'];

    expect(await whoIs(lab.esper.issueKey(nia))).toEqual(refused({ code: 'response_not_conform', path: 'enterprise' }));
  });

  it.each(['errors', 'detail', 'text'] as const)(
    'refuses a key that was revoked, with %s for a body',
    async (errorForm) => {
      lab.settings.esper.errorForm = errorForm;
      const key = lab.esper.issueKey(nia);
      lab.esper.revokeKey(key);

      expect(await whoIs(key)).toEqual(refused({ code: 'unauthorized' }));
    },
  );

  it('refuses the key of another tenant', async () => {
    expect(await whoIs(lab.esper.issueKey(nia), contoso)).toEqual(refused({ code: 'unauthorized' }));
  });

  it.each([
    [403, { code: 'forbidden' }],
    [404, { code: 'not_offered' }],
    [429, { code: 'rate_limited' }],
    [500, { code: 'vendor_down', status: 500 }],
  ])('answered %i is %j', async (status, failure) => {
    const key = lab.esper.issueKey(nia);
    lab.faults.add({ host: apiHostOf(nia.tenant), path: '/api/v1/token-info/', kind: 'status', status, times: 1 });

    expect(await whoIs(key)).toMatchObject({ failure });
  });
});

describe('a renewal', () => {
  it.each(['display', 'bare'] as const)(
    'gives another key of the same user, app and enterprise (ids: %s)',
    async (renewalIds) => {
      lab.settings.esper.renewalIds = renewalIds;
      const key = lab.esper.issueKey(nia, { lifeMs: 20 * DAY });
      const before = await identityOf(key);

      const granted = await renewed(key);

      if (!granted.ok) throw new Error(granted.failure.code);
      const { access, token, ids } = granted.value;
      const after = await identityOf(access);
      expect([after.subject, after.tenant, after.ids?.['application']]).toEqual([
        before.subject,
        before.tenant,
        before.ids?.['application'],
      ]);
      expect(ids).toBeUndefined();
      expect(Math.abs((token.expiresAt ?? 0) - token.issuedAt - 1000 * DAY)).toBeLessThan(ALMOST);
      expect(lab.esper.stateOf(key)).toBe('live');
    },
  );

  it('makes another live key each time: nothing takes one back', async () => {
    const user = lab.esper.addUser({ ...nia, email: 'noor@northwind.example' });
    const key = lab.esper.issueKey(user);

    await renewed(key);
    await renewed(key);

    expect(lab.esper.liveKeys(user)).toHaveLength(3);
  });

  it('that names only the key is enough', async () => {
    lab.settings.esper.renewalOmits = [
      'id',
      'user',
      'enterprise',
      'developerapp',
      'expires_at',
      'scope',
      'created_on',
      'updated_on',
    ];

    const granted = await renewed(lab.esper.issueKey(nia));

    expect(granted.ok && (await identityOf(granted.value.access)).expiresAt).toBeGreaterThan(Date.now());
  });

  it('without a key in its answer breaks the contract', async () => {
    lab.settings.esper.renewalOmits = ['token'];

    expect(await renewed(lab.esper.issueKey(nia))).toEqual(refused({ code: 'response_not_conform', path: 'token' }));
  });

  it('is refused for an app or an enterprise that is another’s', async () => {
    const key = lab.esper.issueKey(nia);
    const { enterprise, developerApp = '' } = lab.esper.detailsOf(lab.esper.issueKey(lab.esper.people.omar));

    expect(await renewed(key, { ids: { application: developerApp } })).toEqual(refused({ code: 'forbidden' }));
    expect(await renewed(key, { tenant: enterprise })).toEqual(refused({ code: 'forbidden' }));
  });

  it('is refused with a key that is dead', async () => {
    const key = lab.esper.issueKey(nia);
    const dead = lab.esper.issueKey(nia);
    lab.esper.revokeKey(dead);

    expect(await renewed(key, {}, dead)).toEqual(refused({ code: 'unauthorized' }));
  });

  it('of a key for another app is a bad request', async () => {
    const [key, other] = [lab.esper.issueKey(nia), lab.esper.issueKey(nia)];

    expect(await renewed(key, {}, other)).toEqual(refused({ code: 'invalid_input' }));
  });

  it('says nothing of the key when it goes wrong', async () => {
    const key = lab.esper.issueKey(nia);
    const { tenant, ids } = await identityOf(key);
    lab.faults.add({ host: apiHostOf(nia.tenant), method: 'POST', kind: 'html', times: 1 });

    const said = await renewed(key, { tenant, ...(ids && { ids }) });

    expect(said).toEqual(refused({ code: 'response_not_conform', path: '' }));
    expect(JSON.stringify(said)).not.toContain(key);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import { cloudCheckrSettings } from '../../lab/cloudcheckr/settings';
import type { Customer, Principal } from '../../lab/cloudcheckr/world';
import { HOUR, MINUTE, SECOND } from '../../lib/core/time';
import type { Deployment, TenantPage } from '../../lib/core/vendor';
import { cloudcheckr } from '../../lib/vendors/cloudcheckr';
import { runExchange as run } from './run-exchange';

// Fob's exchanges against the vendor's servers as the contract has them: what is built here is what is answered there.

const us: Deployment = { console: 'https://app-us.cloudcheckr.com', api: 'https://api-us.cloudcheckr.com' };
const eu: Deployment = { console: 'https://app-eu.cloudcheckr.com', api: 'https://api-eu.cloudcheckr.com' };
const ALMOST = 5 * SECOND;
let lab: Lab;
let dana: Lab['cloudcheckr']['people']['dana'];
let customers: Lab['cloudcheckr']['customers'];

beforeAll(async () => {
  lab = await startLab();
  ({ dana } = lab.cloudcheckr.people);
  ({ customers } = lab.cloudcheckr);
});

afterAll(() => lab.close());

afterEach(() => {
  Object.assign(lab.settings.cloudcheckr, cloudCheckrSettings);
  lab.faults.clear();
});

const tokenOf = (owner: Principal = dana, options = {}) => lab.cloudcheckr.issueToken(owner, options);
const whoIs = (access: string, deployment = us) => run(lab, cloudcheckr.identify, { deployment, access });
const exchanged = (access: string, to: Customer) =>
  run(lab, cloudcheckr.move.to, { deployment: us, access, tenant: to.id });
const listed = (access: string, cursor?: string) =>
  run(lab, cloudcheckr.tenants, {
    deployment: us,
    access,
    subject: dana.id,
    tenant: dana.customerId,
    ...(cursor === undefined ? {} : { cursor }),
  });
const application = (client_id: string, client_secret: string, deployment = us) =>
  run(lab, cloudcheckr.obtain.client.exchanges[0], { deployment, values: { client_id, client_secret } });
const asksAgain = (client: Readonly<Record<string, string>>) =>
  run(lab, cloudcheckr.renewal[0]?.exchanges[0], {
    deployment: us,
    access: '',
    subject: client['client_id'] ?? '',
    tenant: customers.partner.id,
    client,
  });

const faulty = (path: string, status: number) =>
  lab.faults.add({ host: 'api-us.cloudcheckr.com', path, kind: 'status', status, retryAfter: 30, times: 1 });

const refused = (failure: object) => ({ ok: false, failure });

describe('token info', () => {
  it('says who a person is by number, where, and until when', async () => {
    const asked = Date.now();

    const identity = await whoIs(tokenOf());

    if (!identity.ok) throw new Error(identity.failure.code);
    const { expiresAt = 0, ...rest } = identity.value;
    expect(rest).toEqual({ subject: dana.id, tenant: customers.partner.id, labels: { roles: ['PartnerSysAdmin'] } });
    expect(Math.abs(expiresAt - asked - HOUR)).toBeLessThan(ALMOST);
  });

  it('says who an application is', async () => {
    const client = lab.cloudcheckr.addClient(customers.contoso);

    expect(await whoIs(tokenOf(client))).toMatchObject({
      value: { subject: client.id, tenant: customers.contoso.id },
    });
  });

  it.each(['seconds', 'fraction', 'offset', 'unzoned'] as const)('is read with its end as %s', async (form) => {
    lab.settings.cloudcheckr.expirationForm = form;

    const identity = await whoIs(tokenOf());

    expect(identity.ok && Math.abs((identity.value.expiresAt ?? 0) - Date.now() - HOUR) < ALMOST).toBe(true);
  });

  it('that leaves out all it may is made good for by the token it is about', async () => {
    lab.settings.cloudcheckr.tokenInfoOmits = ['userId', 'clientId', 'customerId', 'expiration', 'roles'];

    expect(await whoIs(tokenOf())).toMatchObject({
      value: { subject: dana.id, tenant: customers.partner.id, labels: { roles: [] } },
    });
  });

  it('of a token nobody can read has nothing to make good with', async () => {
    lab.settings.cloudcheckr.tokenForm = 'reference';
    lab.settings.cloudcheckr.tokenInfoOmits = ['customerId'];

    expect(await whoIs(tokenOf())).toEqual(refused({ code: 'response_not_conform', path: 'customerId' }));
  });

  it.each(['model', 'none', 'text'] as const)('refuses with %s for a body what has ended', async (errorBody) => {
    lab.settings.cloudcheckr.errorBody = errorBody;

    expect(await whoIs(tokenOf(dana, { lifeMs: -SECOND }))).toEqual(refused({ code: 'unauthorized' }));
  });

  it('refuses a token of another region', async () => {
    expect(await whoIs(tokenOf(), eu)).toEqual(refused({ code: 'unauthorized' }));
  });

  it.each([429, 503])('that is not there for now (%i) is waited for', async (status) => {
    faulty('/auth/v1/token/info', status);

    const said = await whoIs(tokenOf());

    expect(said).toMatchObject({ failure: { code: status === 429 ? 'rate_limited' : 'vendor_down' } });
    expect(said).toHaveProperty('failure.retryAt');
  });
});

describe('the list of customers', () => {
  async function everything(access: string): Promise<{ names: string[]; pages: number }> {
    const names: string[] = [];
    let page: TenantPage | undefined;
    let pages = 0;
    do {
      const read = await listed(access, page?.next);
      if (!read.ok) throw new Error(read.failure.code);
      page = read.value;
      pages += 1;
      names.push(...page.items.map(({ name }) => name));
    } while (page.next !== undefined);
    return { names, pages };
  }

  it.each(['empty', 'null', 'absent'] as const)('is read to its last page, which ends it by %s', async (lastPage) => {
    Object.assign(lab.settings.cloudcheckr, { lastPage, maxPageSize: 2 });

    const { names, pages } = await everything(tokenOf());

    expect(pages).toBe(Math.ceil(names.length / 2));
    expect(names).toContain('Fabrikam Labs West');
    expect(names).toContain('שירותי ענן אדוונצ׳ר');
    expect(names).not.toContain('Proseware');
  });

  it('of a big partner takes few calls', async () => {
    const big = lab.cloudcheckr.addCustomer({ name: 'Big Partners', region: 'us' });
    lab.cloudcheckr.addCustomers(big, 1200);
    const eve = lab.cloudcheckr.addUser({
      name: 'Eve Holt',
      email: 'eve.holt@northwind.example',
      customer: big,
      roles: ['PartnerSysAdmin'],
    });

    const { names, pages } = await everything(tokenOf(eve));

    expect([names.length, pages]).toEqual([1201, 3]);
  });

  it('refuses a token that has ended, and a key nobody gave', async () => {
    expect(await listed(tokenOf(dana, { lifeMs: -SECOND }))).toEqual(refused({ code: 'unauthorized' }));
    expect(await listed(tokenOf(), 'nobody/gave+it')).toEqual(
      refused({ code: 'invalid_input', field: '$paginationKey' }),
    );
  });
});

describe('an exchange', () => {
  it.each([200, 201] as const)(
    'gives a token for the customer asked for (%i), and lets the first one be',
    async (status) => {
      lab.settings.cloudcheckr.exchangeStatus = status;
      const root = tokenOf();

      const moved = await exchanged(root, customers.contoso);

      if (!moved.ok) throw new Error(moved.failure.code);
      expect(await whoIs(moved.value.access)).toMatchObject({
        value: { subject: dana.id, tenant: customers.contoso.id },
      });
      expect(lab.cloudcheckr.stateOf(root)).toBe('live');
    },
  );

  it('keeps the end of the token it was made from, unless the vendor lengthens it', async () => {
    const root = tokenOf(dana, { lifeMs: 10 * MINUTE });
    const lifeOf = async () => {
      const moved = await exchanged(root, customers.contoso);
      return moved.ok ? (moved.value.token.expiresAt ?? 0) - moved.value.token.issuedAt : Number.NaN;
    };

    const kept = await lifeOf();
    lab.settings.cloudcheckr.exchangeExtends = true;
    const lengthened = await lifeOf();

    expect(Math.abs(kept - 10 * MINUTE)).toBeLessThan(ALMOST);
    expect(Math.abs(lengthened - HOUR)).toBeLessThan(ALMOST);
  });

  it('that does not say how long leaves it to token info', async () => {
    lab.settings.cloudcheckr.tokenResponseOmits = ['expires_in', 'token_type'];
    lab.settings.cloudcheckr.tokenForm = 'reference';

    const moved = await exchanged(tokenOf(), customers.contoso);

    if (!moved.ok) throw new Error(moved.failure.code);
    expect(moved.value.token.expiresAt).toBe(moved.value.token.issuedAt + 5 * MINUTE);
    expect(await whoIs(moved.value.access)).toHaveProperty('value.expiresAt');
  });

  it('is refused for a customer that is not one’s own, is not there, or is closed', async () => {
    const closed = lab.cloudcheckr.addCustomer({ name: 'Closed', parent: customers.partner });
    lab.cloudcheckr.disableCustomer(closed);

    for (const customer of [customers.outsider, customers.wingtip, closed]) {
      expect(await exchanged(tokenOf(), customer)).toEqual(refused({ code: 'tenant_refused' }));
    }
  });

  it('is refused with a token that was withdrawn', async () => {
    const token = tokenOf();
    lab.cloudcheckr.revokeToken(token);

    expect(await exchanged(token, customers.contoso)).toEqual(refused({ code: 'unauthorized' }));
  });

  it('without a token in its answer breaks the contract', async () => {
    lab.settings.cloudcheckr.tokenResponseOmits = ['access_token'];

    expect(await exchanged(tokenOf(), customers.contoso)).toEqual(
      refused({ code: 'response_not_conform', path: 'access_token' }),
    );
  });
});

describe('an application', () => {
  it('signs in, and asks again with the same credentials', async () => {
    const client = lab.cloudcheckr.addClient(customers.partner);
    const client_secret = lab.cloudcheckr.addAccessKey(client);

    const first = await application(client.id, client_secret);
    const second = await asksAgain({ client_id: client.id, client_secret });

    for (const granted of [first, second]) {
      if (!granted.ok) throw new Error(granted.failure.code);
      expect(Math.abs((granted.value.token.expiresAt ?? 0) - Date.now() - HOUR)).toBeLessThan(ALMOST);
      expect(await whoIs(granted.value.access)).toMatchObject({
        value: { subject: client.id, tenant: customers.partner.id },
      });
    }
    expect(first.ok && lab.cloudcheckr.stateOf(first.value.access)).toBe('live');
  });

  it('is refused with a key that is wrong, revoked, or of another region', async () => {
    const client = lab.cloudcheckr.addClient(customers.partner);
    const revoked = lab.cloudcheckr.addAccessKey(client);
    lab.cloudcheckr.revokeAccessKey(client, revoked);
    const good = lab.cloudcheckr.addAccessKey(client);

    for (const answer of [
      await application(client.id, 'canary-wrong'),
      await application(client.id, revoked),
      await application(client.id, good, eu),
      await asksAgain({ client_id: client.id, client_secret: revoked }),
    ]) {
      expect(answer).toEqual(refused({ code: 'credentials_refused' }));
    }
  });

  it('is not refused by a server that has trouble', async () => {
    faulty('/auth/connect/token', 502);

    expect(await application('client', 'canary-secret')).toMatchObject({
      failure: { code: 'vendor_down', status: 502 },
    });
  });
});

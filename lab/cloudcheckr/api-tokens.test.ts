// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { claimsOf } from './tokens';
import { errorIn, exchange, info, tokenIn } from './testing-api';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const MINUTE = 60_000;
const dana = () => lab.cloudcheckr.people.dana;
const id = (name: keyof Lab['cloudcheckr']['customers']) => lab.cloudcheckr.customers[name].id;
const pass = (ms: number) => void (lab.settings.clockOffsetMs += ms);

describe('GET /auth/v1/token/info', () => {
  it('tells kind, client, person, roles, customer and expiry, camel-cased', async () => {
    const token = lab.cloudcheckr.issueToken(dana());

    const reply = await info(lab, token);

    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({
      type: 'User',
      clientId: claimsOf(token).client_id,
      userId: dana().id,
      roles: ['PartnerSysAdmin'],
      version1Roles: ['v1-PartnerSysAdmin'],
      customerId: dana().customerId,
      expiration: new Date(claimsOf(token).exp * 1000).toISOString().replace('.000Z', 'Z'),
      hasUserLevelAccess: true,
    });
  });

  it('has no user-level access in the older model', async () => {
    const token = lab.cloudcheckr.issueToken(lab.cloudcheckr.people.freya);

    const reply = await info(lab, token, { region: 'eu' });

    expect(reply.json()).not.toHaveProperty('hasUserLevelAccess');
    expect(reply.json()).toHaveProperty('customerId', id('adventure'));
  });

  it('names no person for a machine', async () => {
    const client = lab.cloudcheckr.addClient(lab.cloudcheckr.customers.partner);

    const reply = await info(lab, lab.cloudcheckr.issueToken(client));

    expect(reply.json()).toMatchObject({ type: 'ApiClient', clientId: client.id, hasUserLevelAccess: false });
    expect(reply.json()).not.toHaveProperty('userId');
  });

  it('leaves out whichever field the settings say', async () => {
    lab.settings.cloudcheckr.tokenInfoOmits = ['expiration', 'customerId', 'roles'];

    const reply = await info(lab, lab.cloudcheckr.issueToken(dana()));

    expect(Object.keys(reply.json() as object)).toEqual([
      'type',
      'clientId',
      'userId',
      'version1Roles',
      'hasUserLevelAccess',
    ]);
  });

  it.each([
    ['seconds', /:\d\dZ$/],
    ['fraction', /:\d\d\.0000000Z$/],
    ['offset', /:\d\d\+00:00$/],
    ['unzoned', /:\d\d$/],
  ] as const)('writes the expiry with %s', async (form, pattern) => {
    lab.settings.cloudcheckr.expirationForm = form;

    const reply = await info(lab, lab.cloudcheckr.issueToken(dana()));

    expect((reply.json() as { expiration: string }).expiration).toMatch(pattern);
  });
});

describe('PUT /auth/v1/token/exchange/{customerId}', () => {
  it('gives a token for the other customer, snake-cased, with no refresh token', async () => {
    const token = lab.cloudcheckr.issueToken(dana());

    const reply = await exchange(lab, id('contoso'), token);

    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({
      access_token: expect.stringMatching(/^eyJ/) as string,
      expires_in: expect.any(Number) as number,
      token_type: 'Bearer',
    });
    expect(claimsOf(tokenIn(reply))).toMatchObject({ sub: dana().id, authz_customer_id: id('contoso') });
    expect((await info(lab, tokenIn(reply))).json()).toMatchObject({ customerId: id('contoso'), userId: dana().id });
  });

  it('hands on what is left of the time, or starts it anew where that is set', async () => {
    const token = lab.cloudcheckr.issueToken(dana());
    const { exp } = claimsOf(token);
    pass(30 * MINUTE);

    const kept = await exchange(lab, id('contoso'), token);
    lab.settings.cloudcheckr.exchangeExtends = true;
    const extended = await exchange(lab, id('contoso'), token);

    expect(claimsOf(tokenIn(kept)).exp).toBe(exp);
    expect((kept.json() as { expires_in: number }).expires_in).toBeLessThanOrEqual(30 * 60);
    expect(claimsOf(tokenIn(extended)).exp).toBeGreaterThanOrEqual(exp + 29 * 60);
  });

  it('leaves the old token alive, or ends it where that is set', async () => {
    const token = lab.cloudcheckr.issueToken(dana());
    await exchange(lab, id('contoso'), token);
    expect((await info(lab, token)).status).toBe(200);

    lab.settings.cloudcheckr.exchangeEndsPrevious = true;
    await exchange(lab, id('contoso'), token);

    expect((await info(lab, token)).status).toBe(401);
    expect(lab.cloudcheckr.stateOf(token)).toBe('exchanged');
  });

  it('goes from an exchanged token onwards and back, unless that is refused', async () => {
    const first = tokenIn(await exchange(lab, id('contoso'), lab.cloudcheckr.issueToken(dana())));

    const back = await exchange(lab, id('partner'), first);
    lab.settings.cloudcheckr.exchangeOfExchanged = 'refused';
    const refused = await exchange(lab, id('partner'), first);

    expect([claimsOf(tokenIn(back)).authz_customer_id, refused.status]).toEqual([id('partner'), 403]);
  });

  it('goes into the customer the token is for already, unless that is refused', async () => {
    const token = lab.cloudcheckr.issueToken(dana());

    const allowed = await exchange(lab, dana().customerId, token);
    lab.settings.cloudcheckr.exchangeIntoSame = 'refused';
    const refused = await exchange(lab, dana().customerId, token);

    expect([allowed.status, refused.status]).toEqual([200, 400]);
    expect(tokenIn(allowed)).not.toBe(token);
  });

  it('reaches two levels down, and nobody else’s customers', async () => {
    const token = lab.cloudcheckr.issueToken(dana());

    const below = await exchange(lab, id('fabrikamWest'), token);
    const beside = await exchange(lab, id('outsider'), token);
    const elsewhere = await exchange(lab, id('adventure'), token);

    expect([below.status, beside.status, elsewhere.status]).toEqual([200, 403, 404]);
    expect(errorIn(beside)).toMatchObject({ httpStatusCode: 403, code: 'Forbidden', target: 'customerId' });
  });

  it('reaches what was allowed besides, until it is withdrawn', async () => {
    const { people, customers } = lab.cloudcheckr;
    const token = lab.cloudcheckr.issueToken(people.freya);

    const allowed = await exchange(lab, customers.wingtip.id, token, { region: 'eu' });
    lab.cloudcheckr.withdraw(people.freya, customers.wingtip);
    const refused = await exchange(lab, customers.wingtip.id, token, { region: 'eu' });

    expect([allowed.status, refused.status]).toEqual([200, 403]);
  });

  it('refuses a disabled customer', async () => {
    lab.cloudcheckr.disableCustomer(lab.cloudcheckr.customers.contoso);

    expect((await exchange(lab, id('contoso'), lab.cloudcheckr.issueToken(dana()))).status).toBe(403);
  });

  it('refuses with the statuses of the settings, which no client declares', async () => {
    Object.assign(lab.settings.cloudcheckr, { refusedCustomerStatus: 404, unknownCustomerStatus: 400 });
    const token = lab.cloudcheckr.issueToken(dana());

    const refused = await exchange(lab, id('outsider'), token);
    const unknown = await exchange(lab, 'nothing', token);

    expect([refused.status, unknown.status]).toEqual([404, 400]);
  });

  it.each([
    ['access_token', ['expires_in', 'token_type']],
    ['expires_in', ['access_token', 'token_type']],
    ['token_type', ['access_token', 'expires_in']],
  ] as const)('leaves out %s where the settings say so', async (omitted, left) => {
    lab.settings.cloudcheckr.tokenResponseOmits = [omitted];

    const reply = await exchange(lab, id('contoso'), lab.cloudcheckr.issueToken(dana()));

    expect(Object.keys(reply.json() as object)).toEqual(left);
  });

  it('answers 201 where that is set', async () => {
    lab.settings.cloudcheckr.exchangeStatus = 201;

    expect((await exchange(lab, id('contoso'), lab.cloudcheckr.issueToken(dana()))).status).toBe(201);
  });

  it('makes references that cannot be read where that is set, and knows them by their ids', async () => {
    lab.settings.cloudcheckr.tokenForm = 'reference';
    const token = lab.cloudcheckr.issueToken(dana());

    const reply = await exchange(lab, id('contoso'), token);

    const entry = lab.ledger.entries[0];
    expect(tokenIn(reply)).toMatch(/^[0-9a-f]{64}$/);
    expect(entry?.presented.access).toEqual([lab.cloudcheckr.idOf(token)]);
    expect(entry?.issued.access).toEqual([lab.cloudcheckr.idOf(tokenIn(reply))]);
  });
});

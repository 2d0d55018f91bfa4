// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { hostsOf } from './regions';
import { connect, info, tokenIn } from './testing-api';
import { claimsOf } from './tokens';
import type { ApiClient } from './world';

let lab: Lab;
let client: ApiClient;
let secret: string;
beforeEach(async () => {
  lab = await startLab();
  client = lab.cloudcheckr.addClient(lab.cloudcheckr.customers.partner, ['PartnerSysAdmin']);
  secret = lab.cloudcheckr.addAccessKey(client);
});
afterEach(() => lab.close());

const grant_type = 'client_credentials';
const basic = (id: string, word: string) => ({
  Authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(word)}`).toString('base64')}`,
});
const inForm = (word = secret) => ({ grant_type, client_id: client.id, client_secret: word, scope: 'api' });

it('takes a machine’s credentials in the form', async () => {
  const reply = await connect(lab, inForm());

  const { expires_in: left, ...rest } = reply.json() as { expires_in: number };
  expect(rest).toEqual({ access_token: tokenIn(reply), token_type: 'Bearer' });
  // What is left of an hour, however long the answer took.
  expect(left).toBeGreaterThan(3500);
  expect(left).toBeLessThanOrEqual(3600);
  expect(reply.headers['cache-control']).toBe('no-store');
  expect(claimsOf(tokenIn(reply))).toMatchObject({
    iss: 'https://auth-us.cloudcheckr.com',
    authentication_entity: 'ApiClient',
    client_id: client.id,
    authz_customer_id: client.customerId,
  });
});

it('takes them as HTTP Basic, and at the API host too', async () => {
  const reply = await connect(lab, { grant_type }, { headers: basic(client.id, secret), host: hostsOf('us').api });

  expect((await info(lab, tokenIn(reply))).status).toBe(200);
});

it('answers again with another token: this is how a machine renews', async () => {
  const first = tokenIn(await connect(lab, inForm()));

  const second = tokenIn(await connect(lab, inForm()));

  expect(second).not.toBe(first);
  expect((await info(lab, first)).status).toBe(200);
});

it('leaves out what the settings say', async () => {
  lab.settings.cloudcheckr.tokenResponseOmits = ['expires_in', 'token_type'];

  expect(Object.keys((await connect(lab, inForm())).json() as object)).toEqual(['access_token']);
});

describe('is refused', () => {
  const cases: Record<string, { error: string; form: () => Record<string, string> }> = {
    'without a grant type': { error: 'invalid_request', form: () => ({}) },
    'for another grant type': {
      error: 'unsupported_grant_type',
      form: () => ({ ...inForm(), grant_type: 'password' }),
    },
    'with a wrong secret': { error: 'invalid_client', form: () => inForm('canary-wrong') },
    'for an unknown client': { error: 'invalid_client', form: () => ({ ...inForm(), client_id: 'x' }) },
    'with a revoked key': {
      error: 'invalid_client',
      form: () => {
        lab.cloudcheckr.revokeAccessKey(client, secret);
        return inForm();
      },
    },
    'with a key past its days': {
      error: 'invalid_client',
      form: () => inForm(lab.cloudcheckr.addAccessKey(client, { expiresAt: Date.now() - 1 })),
    },
    'for another scope': { error: 'invalid_scope', form: () => ({ ...inForm(), scope: 'openid' }) },
    'with a code nobody gave': {
      error: 'invalid_grant',
      form: () => ({ grant_type: 'authorization_code', client_id: 'cmx-web', code: 'x' }),
    },
  };

  it.each(Object.keys(cases))('%s', async (name) => {
    const reply = await connect(lab, cases[name]?.form() ?? {});

    expect([reply.status, reply.json()]).toEqual([400, { error: cases[name]?.error }]);
  });

  it('in another region', async () => {
    const reply = await connect(lab, inForm(), { host: hostsOf('eu').auth });

    expect(reply.json()).toEqual({ error: 'invalid_client' });
  });
});

it('gives five keys to a client and ten roles, and no more', () => {
  for (let made = 1; made < 5; made += 1) lab.cloudcheckr.addAccessKey(client);

  expect(() => lab.cloudcheckr.addAccessKey(client)).toThrow('five access keys');
  expect(() =>
    lab.cloudcheckr.addClient(
      lab.cloudcheckr.customers.partner,
      Array.from({ length: 11 }, (_, role) => `Role${role}`),
    ),
  ).toThrow('ten roles');
});

it('leaves neither secret nor token in the ledger', async () => {
  const token = tokenIn(await connect(lab, inForm()));
  await connect(lab, { grant_type }, { headers: basic(client.id, secret) });

  const everything = JSON.stringify(lab.ledger.entries);

  for (const leak of ['canary-', token]) expect(everything).not.toContain(leak);
  expect(lab.ledger.entries[0]?.issued.access).toEqual([claimsOf(token).jti]);
});

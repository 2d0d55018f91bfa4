// @vitest-environment node
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { send } from '../testing-client';
import { hostsOf, regions } from './regions';
import { exchange, info, tokenIn } from './testing-api';
import { claimsOf } from './tokens';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab({ cloudcheckr: { tokenLifeMs: 120_000 } });
});
afterEach(() => lab.close());

const dana = () => lab.cloudcheckr.people.dana;

it('starts with the settings given, and the usual ones besides', () => {
  expect(lab.settings.cloudcheckr).toMatchObject({ tokenLifeMs: 120_000, exchangeExtends: false });
});

it('is changed from outside, one setting at a time', async () => {
  const reply = await send(lab.port, 'https://control.lab.example/settings', {
    method: 'POST',
    body: { cloudcheckr: { exchangeExtends: true } },
  });

  expect(reply.json()).toMatchObject({ cloudcheckr: { exchangeExtends: true, tokenLifeMs: 120_000 } });
  const token = lab.cloudcheckr.issueToken(dana());
  lab.settings.clockOffsetMs += 60_000;
  const next = tokenIn(await exchange(lab, lab.cloudcheckr.customers.contoso.id, token));
  expect(claimsOf(next).exp).toBeGreaterThan(claimsOf(token).exp);
});

it('leaves the settings of another lab alone', async () => {
  const other = await startLab();

  lab.settings.cloudcheckr.exchangeStatus = 201;

  expect(other.settings.cloudcheckr).toMatchObject({ exchangeStatus: 200, tokenLifeMs: 3_600_000 });
  await other.close();
});

it.each(regions)('has console, API and sign-in in %s', async (region) => {
  const { console: page, api, auth } = hostsOf(region);

  const answers = await Promise.all(
    [`https://${page}/`, `https://${api}/auth/v1/token/info`, `https://${auth}/auth/v1/token/info`].map((address) =>
      send(lab.port, address),
    ),
  );

  expect(lab.hosts).toEqual(expect.arrayContaining([page, api, auth]));
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 401]);
});

it('knows an exchange by ids, and whose answer was lost too', async () => {
  const token = lab.cloudcheckr.issueToken(dana());
  lab.faults.add({ host: 'api-us.cloudcheckr.com', method: 'PUT', kind: 'drop_after_commit', times: 1 });

  await expect(exchange(lab, lab.cloudcheckr.customers.contoso.id, token)).rejects.toThrow();

  const [entry] = lab.ledger.entries;
  expect(entry).toMatchObject({ faults: ['drop_after_commit'], presented: { access: [claimsOf(token).jti] } });
  expect(entry?.issued.access).toEqual([claimsOf(lab.cloudcheckr.issuedTokens().at(-1) ?? '').jti]);
});

it('knows its tokens at the thief’s', async () => {
  const token = lab.cloudcheckr.issueToken(dana());

  await send(lab.port, `https://thief.example/?token=${token}`);

  expect(lab.ledger.entries[0]?.presented.access).toEqual([claimsOf(token).jti]);
  expect(JSON.stringify(lab.ledger.entries)).not.toContain(token);
});

it('refuses more than it is asked when a fault says so, and nothing else', async () => {
  const token = lab.cloudcheckr.issueToken(dana());
  lab.faults.add({
    host: 'api-us.cloudcheckr.com',
    path: '/auth/v1/token/info',
    kind: 'status',
    status: 429,
    retryAfter: 5,
    times: 1,
  });

  const [first, second] = [await info(lab, token), await info(lab, token)];

  expect([first.status, first.headers['retry-after'], second.status]).toEqual([429, '5', 200]);
});

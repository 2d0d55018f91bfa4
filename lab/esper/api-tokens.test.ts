// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { send } from '../testing-client';
import { keyIn, renew, tokenInfo } from './testing-api';

let lab: Lab;
let key: string;
beforeEach(async () => {
  lab = await startLab();
  key = lab.esper.issueKey(nia());
});
afterEach(() => lab.close());

const DAY = 24 * 3_600_000;
const nia = () => lab.esper.people.nia;
const pass = (ms: number) => void (lab.settings.clockOffsetMs += ms);
const untilAbout = (date: unknown, ms: number) => Math.abs(Date.parse(String(date)) - Date.now() - ms) < 60_000;

describe('a key', () => {
  it('is thirty letters and digits that say nothing', () => {
    expect(key).toMatch(/^[A-Za-z0-9]{30}$/);
    expect(lab.esper.issuedTokens()).toContain(key);
  });
});

describe('GET /api/v1/token-info/', () => {
  it('tells record, enterprise, user, app, times and scopes, and the key itself', async () => {
    const reply = await tokenInfo(lab, key);

    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({
      id: '570',
      enterprise: lab.esper.tenants.northwind.enterpriseId,
      user: String(nia().id),
      developer_app: lab.esper.detailsOf(key).developerApp,
      source_refresh_token: expect.stringMatching(/^[A-Za-z0-9]{30}$/) as string,
      token: key,
      expires_on: expect.any(String) as string,
      scope: ['read', 'write', 'update', 'introspection', 'sdk', 'register'],
      created_on: expect.any(String) as string,
      updated_on: expect.any(String) as string,
    });
    expect(untilAbout((reply.json() as { expires_on: string }).expires_on, 1000 * DAY)).toBe(true);
  });

  it('writes the record number as a number where that is set', async () => {
    lab.settings.esper.idForm = 'number';

    expect((await tokenInfo(lab, key)).json()).toHaveProperty('id', 570);
  });

  it('names no app for a key without one, and no end for a key that has none', async () => {
    const bare = lab.esper.issueKey(nia(), { developerApp: null, lifeMs: null });

    const reply = await tokenInfo(lab, bare);

    expect(reply.json()).not.toHaveProperty('developer_app');
    expect(reply.json()).not.toHaveProperty('expires_on');
  });

  it('leaves out whichever field the settings say', async () => {
    lab.settings.esper.tokenInfoOmits = ['token', 'expires_on', 'user', 'scope', 'source_refresh_token'];

    expect(Object.keys((await tokenInfo(lab, key)).json() as object)).toEqual([
      'id',
      'enterprise',
      'developer_app',
      'created_on',
      'updated_on',
    ]);
  });

  it.each([
    ['seconds', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
    ['micros', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/],
    ['python', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00$/],
  ] as const)('writes dates with %s', async (dateForm, pattern) => {
    lab.settings.esper.dateForm = dateForm;

    const { expires_on: date } = (await tokenInfo(lab, key)).json() as { expires_on: string };

    expect(date).toMatch(pattern);
    expect(untilAbout(date, 1000 * DAY)).toBe(true);
  });

  it('gives keys the ninety-one days of old where that is set', async () => {
    lab.settings.esper.keyLifeMs = 7_890_000_000;

    const reply = await tokenInfo(lab, lab.esper.issueKey(nia()));

    expect(untilAbout((reply.json() as { expires_on: string }).expires_on, 7_890_000_000)).toBe(true);
  });
});

describe('POST …/renew-token/', () => {
  it('makes another key, and says so in other words than token info does', async () => {
    const { enterprise, developerApp } = lab.esper.detailsOf(key);

    const reply = await renew(lab, key);

    expect(reply.status).toBe(201);
    expect(reply.json()).toEqual({
      id: '571',
      user: 'nia.adeyemi',
      enterprise: `Northwind Retail [${enterprise}]`,
      developerapp: `DeveloperApp object (${developerApp})`,
      token: expect.stringMatching(/^[A-Za-z0-9]{30}$/) as string,
      expires_at: expect.any(String) as string,
      scope: 'read write update introspection sdk register',
      created_on: expect.any(String) as string,
      updated_on: expect.any(String) as string,
    });
    expect(keyIn(reply)).not.toBe(key);
  });

  it('names bare ids where that is set, as the specification has them', async () => {
    lab.settings.esper.renewalIds = 'bare';
    const { enterprise, developerApp } = lab.esper.detailsOf(key);

    expect((await renew(lab, key)).json()).toMatchObject({ enterprise, developerapp: developerApp });
  });

  it('leaves out whichever field the settings say', async () => {
    lab.settings.esper.renewalOmits = ['expires_at', 'enterprise', 'developerapp', 'scope', 'created_on', 'updated_on'];

    expect(Object.keys((await renew(lab, key)).json() as object)).toEqual(['id', 'user', 'token']);
  });

  it('counts the time of the new key from now', async () => {
    pass(990 * DAY);

    const renewed = keyIn(await renew(lab, key));
    const { expires_on: date } = (await tokenInfo(lab, renewed)).json() as { expires_on: string };

    expect(untilAbout(date, 1990 * DAY)).toBe(true);
    expect(lab.esper.detailsOf(renewed).developerApp).toBe(lab.esper.detailsOf(key).developerApp);
  });

  it('makes one more live key each time, of the same old one too', async () => {
    const [first, second] = [keyIn(await renew(lab, key)), keyIn(await renew(lab, key))];

    expect(lab.esper.liveKeys(nia())).toEqual([key, first, second]);
    expect((await tokenInfo(lab, key)).status).toBe(200);
  });

  it('ends the old key at once where that is set', async () => {
    lab.settings.esper.renewedKeyLivesMs = 0;

    const renewed = keyIn(await renew(lab, key));

    expect([(await tokenInfo(lab, key)).status, (await tokenInfo(lab, renewed)).status]).toEqual([401, 200]);
    expect([lab.esper.stateOf(key), (await renew(lab, key)).status]).toEqual(['renewed', 401]);
  });

  it('ends the old key after a while where that is set', async () => {
    lab.settings.esper.renewedKeyLivesMs = 60_000;
    await renew(lab, key);
    const soon = await tokenInfo(lab, key);

    pass(61_000);

    expect([soon.status, (await tokenInfo(lab, key)).status]).toEqual([200, 401]);
  });

  it('is done by whichever live key of the same person', async () => {
    const other = lab.esper.issueKey(nia());

    expect((await renew(lab, key, { bearer: other })).status).toBe(201);
  });

  it('renews no expired key, or does where that is set', async () => {
    const other = lab.esper.issueKey(nia());
    lab.esper.expireKey(key);

    const refused = await renew(lab, key, { bearer: other });
    lab.settings.esper.renewsExpired = true;
    const renewed = await renew(lab, key, { bearer: other });

    expect([refused.status, renewed.status]).toEqual([400, 201]);
    expect((await renew(lab, key)).status).toBe(401);
  });

  it.each([
    ['nothing', ''],
    ['an empty value', '?access_token='],
    ['a key nobody made', '?access_token=x'],
  ])('answers 400 to %s to renew', async (_, query) => {
    expect((await renew(lab, key, { query })).status).toBe(400);
  });

  it('answers 400 to a key of another app', async () => {
    const other = lab.esper.issueKey(nia());

    expect((await renew(lab, key, { query: `?access_token=${other}` })).status).toBe(400);
  });

  it('answers 403 to another enterprise, and to an app of somebody else', async () => {
    const neighbour = lab.esper.addUser({ ...nia(), name: 'Ned', email: 'ned@northwind.example' });
    const { developerApp } = lab.esper.detailsOf(lab.esper.issueKey(neighbour));

    const elsewhere = await renew(lab, key, { enterprise: lab.esper.tenants.contoso.enterpriseId });
    const theirs = await renew(lab, key, { app: developerApp ?? '' });

    expect([elsewhere.status, theirs.status]).toEqual([403, 403]);
  });

  it.each(['1', 'Northwind Retail [1]'])('knows no path with %s for an id', async (enterprise) => {
    expect((await renew(lab, key, { enterprise: encodeURIComponent(enterprise) })).status).toBe(404);
  });
});

describe('the ledger', () => {
  it('knows keys by record, in headers and in the query, and never holds one', async () => {
    const other = lab.esper.issueKey(nia());
    const renewed = keyIn(await renew(lab, key, { bearer: other }));
    await tokenInfo(lab, renewed);

    const [renewal, asked] = lab.ledger.entries;
    const everything = JSON.stringify(lab.ledger.entries);
    expect(renewal?.queryNames).toEqual(['access_token']);
    expect(renewal?.presented.access).toEqual([other, key].map((one) => lab.esper.idOf(one)));
    expect(renewal?.issued.access).toEqual([lab.esper.idOf(renewed)]);
    expect([asked?.issued.access, asked?.disclosed.access]).toEqual([[], [lab.esper.idOf(renewed)]]);
    for (const secret of lab.esper.issuedTokens()) expect(everything).not.toContain(secret);
  });

  it('sees a key that a redirect takes to the thief, by its record alone', async () => {
    lab.faults.add({ host: 'northwind-api.esper.cloud', method: 'POST', kind: 'redirect', status: 308 });

    const { headers } = await renew(lab, key);

    // Where a careless client would go now.
    const { pathname, search } = new URL(headers.location ?? '');
    await send(lab.port, `https://thief.example${pathname}${search}`, { method: 'POST' });
    const [stolen] = lab.ledger.of({ host: 'thief.example' });
    expect(stolen?.presented.access).toEqual([lab.esper.idOf(key)]);
    expect(JSON.stringify(stolen)).not.toContain(key);
  });

  it('counts a renewal whose answer was lost as issued', async () => {
    lab.faults.add({ host: 'northwind-api.esper.cloud', kind: 'drop_after_commit', times: 1 });

    await expect(renew(lab, key)).rejects.toThrow();

    expect(lab.ledger.entries[0]?.issued.access).toHaveLength(1);
    expect(lab.esper.liveKeys(nia())).toHaveLength(2);
  });
});

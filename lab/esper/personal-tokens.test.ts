// @vitest-environment node
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { call, tokenInfo, type ApiCall } from './testing-api';

let lab: Lab;
let bearer: string;
beforeEach(async () => {
  lab = await startLab();
  bearer = lab.esper.issueKey(lab.esper.people.nia);
});
afterEach(() => lab.close());

type Shown = { id: string; token: string; expiry_at: number } & Record<string, unknown>;

const path = '/authn2/v0/personal-access-token/';
const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * 86_400;
const ask = (method: string, more: Omit<ApiCall, 'bearer'> = {}, id = '') =>
  call(lab, path + id, { ...more, method, bearer });
const make = async (expiry_at: number = inDays(30)) =>
  (await ask('POST', { body: { name: 'CI', description: 'Builds', expiry_at } })).json() as Shown;

it('is made with a name, a description and an end, and is a key', async () => {
  const expiry = inDays(30);

  const made = await make(expiry);

  expect(Object.keys(made)).toEqual([
    'id',
    'name',
    'description',
    'created_at',
    'updated_at',
    'token',
    'prefix',
    'expiry_at',
  ]);
  expect(made.expiry_at).toBe(expiry);
  expect((await tokenInfo(lab, made.token)).status).toBe(200);
});

it.each([{}, { name: 'CI', description: 'Builds' }, { name: 'CI', expiry_at: 1 }, 'no json'])(
  'is not made of %j',
  async (body) => {
    expect((await ask('POST', { body })).status).toBe(400);
  },
);

it('is listed without the token, with its older ids, and -1 for no end', async () => {
  const made = await make(-1);

  const list = (await ask('GET')).json();

  expect(list).toMatchObject({
    count: 1,
    personal_access_tokens: [
      { id: made.id, expiry_at: -1, legacy_token_id: 571, legacy_developer_app_id: expect.any(String) as string },
    ],
  });
  expect(JSON.stringify(list)).not.toContain(made.token);
});

it.each([
  ['same', 200, true],
  ['new', 401, false],
  ['masked', 200, false],
] as const)('is renewed under the same id, its token %s', async (personalRenewal, oldStatus, told) => {
  lab.settings.esper.personalRenewal = personalRenewal;
  const made = await make();

  const renewed = (await ask('PUT', { body: { expiry_at: inDays(90) } }, made.id)).json() as Shown;

  expect([renewed.id, renewed.expiry_at]).toEqual([made.id, inDays(90)]);
  expect(renewed.token === made.token).toBe(told);
  expect((await tokenInfo(lab, made.token)).status).toBe(oldStatus);
});

it('counts its end in days where that is set', async () => {
  lab.settings.esper.expiryUnit = 'days';
  const today = Math.floor(Date.now() / 86_400_000);

  expect((await make(today + 30)).expiry_at).toBe(today + 30);
});

it('is deleted, and then is no key', async () => {
  const made = await make();

  const reply = await ask('DELETE', {}, made.id);

  expect([reply.status, (await tokenInfo(lab, made.token)).status]).toEqual([204, 401]);
  expect((await ask('GET')).json()).toMatchObject({ count: 0 });
});

it('is nobody else’s to see or end', async () => {
  const made = await make();
  bearer = lab.esper.issueKey(lab.esper.addUser({ ...lab.esper.people.nia, email: 'ned@northwind.example' }));

  expect((await ask('GET')).json()).toMatchObject({ count: 0 });
  expect((await ask('DELETE', {}, made.id)).status).toBe(404);
});

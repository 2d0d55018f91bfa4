// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { call, read } from './testing-api';

let lab: Lab;
let bearer: string;
beforeEach(async () => {
  lab = await startLab();
  bearer = lab.agilicus.issueToken(lab.agilicus.people.ana);
});
afterEach(() => lab.close());

const ana = () => lab.agilicus.people.ana;
const orgs = () => lab.agilicus.orgs;
type Orgs = { limit: number; orgs: { id: string; organisation: string }[]; page_at_id?: string };
const ask = async (path: string, as = bearer) => (await read(lab, path, as)).json() as Orgs;
const namesAt = async (path: string, as = bearer) => (await ask(path, as)).orgs.map((one) => one.organisation);

describe('GET /users/{id}/orgs', () => {
  it('lists where the person is', async () => {
    const reply = await ask(`/users/${ana().id}/orgs`);

    expect(reply.limit).toBe(3);
    expect(reply.orgs[0]).toMatchObject({
      id: orgs().northwind.id,
      organisation: 'Northwind Retail',
      issuer: 'https://auth.northwind.agilicus.cloud',
      root_org_id: orgs().northwind.id,
      admin_state: 'active',
      status: { current_state: 'active' },
      created: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
    });
    expect(reply.orgs[1]).toMatchObject({ id: orgs().logistics.id, parent_id: orgs().northwind.id });
  });

  it('lists without a document around in early releases', async () => {
    lab.settings.agilicus.orgsOfUser = 'array';

    const reply = (await read(lab, `/users/${ana().id}/orgs`, bearer)).json();

    expect(reply).toHaveLength(3);
  });

  it('filters', async () => {
    lab.agilicus.disableOrg(orgs().logistics);
    const path = `/users/${ana().id}/orgs`;

    const found = {
      enabled: (await namesAt(`${path}?enabled=true`)).length,
      disabled: await namesAt(`${path}?enabled=false`),
      one: await namesAt(`${path}?org_id=${orgs().northwind.id}`),
      elsewhere: await namesAt(`${path}?issuer=https://auth.cloud.contoso.example`),
    };

    expect(found).toEqual({
      enabled: 2,
      disabled: ['Northwind Logistics'],
      one: ['Northwind Retail'],
      elsewhere: [],
    });
  });

  it('forgets an organisation one was put out of', async () => {
    lab.agilicus.removeMember(ana(), orgs().logistics);

    expect(await namesAt(`/users/${ana().id}/orgs`)).toHaveLength(2);
  });

  it('refuses nobody, unknown users, others’ users, and a filter that makes no sense', async () => {
    const ben = lab.agilicus.issueToken(lab.agilicus.people.ben);

    const statuses = [
      (await call(lab, `/users/${ana().id}/orgs`)).status,
      (await read(lab, '/users/nobody/orgs', bearer)).status,
      (await read(lab, `/users/${ana().id}/orgs`, ben)).status,
      (await read(lab, `/users/${ana().id}/orgs?enabled=x`, bearer)).status,
      (await read(lab, `/v1/users/${ana().id}/orgs`, bearer)).status,
    ];

    expect(statuses).toEqual([401, 404, 403, 400, 404]);
  });
});

describe('GET /v1/orgs', () => {
  it('lists what one may see: an owner everything below too', async () => {
    const ben = lab.agilicus.issueToken(lab.agilicus.people.ben);

    expect(await namesAt('/v1/orgs')).toHaveLength(5);
    expect((await namesAt('/v1/orgs', ben)).toSorted()).toEqual(['Northwind Retail', 'שירותי ענן אדוונצ׳ר']);
  });

  it('lists one, and what is below it when asked to', async () => {
    const { id } = orgs().northwind;

    expect(await namesAt(`/v1/orgs?org_id=${id}`)).toEqual(['Northwind Retail']);
    expect(await namesAt(`/v1/orgs?org_id=${id}&list_children=true`)).toHaveLength(5);
    expect(await namesAt(`/v1/orgs?org_id=${orgs().contoso.id}`)).toEqual([]);
  });

  it('filters by name, issuer and change', async () => {
    lab.settings.clockOffsetMs += 2_400_000;
    lab.agilicus.disableOrg(orgs().stores);

    expect(await namesAt('/v1/orgs?organisation=Northwind%20Stores')).toEqual(['Northwind Stores']);
    expect(await namesAt('/v1/orgs?updated_since=10%20minutes%20ago')).toEqual(['Northwind Stores']);
    expect(await namesAt('/v1/orgs?issuer=https://auth.northwind.agilicus.cloud&enabled=true')).toHaveLength(4);
  });

  it('gives 500 at most, and with `page_at_id` tells where to go on', async () => {
    lab.agilicus.addOrgs(ana(), 5);

    const first = await ask('/v1/orgs?limit=4&page_at_id=');
    const second = await ask(`/v1/orgs?limit=4&page_at_id=${first.page_at_id ?? ''}`);
    const third = await ask(`/v1/orgs?limit=4&page_at_id=${second.page_at_id ?? ''}`);

    const ids = [first, second, third].flatMap((page) => page.orgs.map(({ id }) => id));
    expect([first, second, third].map((page) => page.orgs.length)).toEqual([4, 4, 2]);
    expect(new Set(ids).size).toBe(10);
    expect(third.page_at_id).toBeUndefined();
    expect((await ask('/v1/orgs')).limit).toBe(500);
  });

  it('may tell where to go on for ever', async () => {
    lab.settings.agilicus.pageAtIdAlways = true;

    const first = await ask('/v1/orgs?page_at_id=');
    const beyond = await ask(`/v1/orgs?page_at_id=${first.page_at_id ?? ''}`);

    expect([first.orgs.length, beyond.orgs.length]).toEqual([5, 0]);
    expect(beyond.page_at_id).toBe(first.page_at_id);
  });
});

describe('GET /v1/orgs/{id}', () => {
  it('shows one, and the ones below it by page', async () => {
    const { id } = orgs().northwind;

    const one = (await read(lab, `/v1/orgs/${id}`, bearer)).json();
    const below = await ask(`/v1/orgs/${id}/orgs?limit=3&page_at_id=`);

    expect(one).toMatchObject({ id, organisation: 'Northwind Retail' });
    expect([below.orgs.length, below.page_at_id]).toEqual([3, below.orgs.at(-1)?.id]);
  });

  it('does not show what one may not see', async () => {
    const { id } = orgs().contoso;

    const statuses = [
      (await read(lab, `/v1/orgs/${id}`, bearer)).status,
      (await read(lab, `/v1/orgs/${id}/orgs`, bearer)).status,
    ];

    expect(statuses).toEqual([404, 404]);
  });
});

describe('pages of other origins', () => {
  const allowedTo = async (origin: string, method = 'GET') =>
    (await call(lab, '/v1/orgs', { method, headers: { Origin: origin, Authorization: `Bearer ${bearer}` } })).headers[
      'access-control-allow-origin'
    ];

  it('may read the API when they are a console’s', async () => {
    const consoles = ['https://admin.northwind.agilicus.cloud', 'https://profile.cloud.contoso.example'];

    for (const origin of consoles) {
      expect([await allowedTo(origin), await allowedTo(origin, 'OPTIONS')]).toEqual([origin, origin]);
    }
    expect(await allowedTo('https://admin.northwind.agilicus.cloud.evil.example')).toBeUndefined();
    expect(await allowedTo('chrome-extension://abc', 'OPTIONS')).toBeUndefined();
  });

  it('may read it as far as the deployment says', async () => {
    lab.settings.agilicus.cors = 'any';
    const any = await allowedTo('https://a.example');
    lab.settings.agilicus.cors = 'none';

    expect([any, await allowedTo('https://admin.northwind.agilicus.cloud')]).toEqual(['https://a.example', undefined]);
  });
});

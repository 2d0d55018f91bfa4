// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { call, errorsIn, obtain, pairIn, post, read } from './testing-api';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

type Resource = {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
  relationships: Record<string, { data: { id: string; meta?: { active: boolean } }[]; meta: { count: number } }>;
};
type Document = { data: Resource; included?: Resource[]; meta: object };
type List = {
  links: Record<'first' | 'last' | 'next' | 'prev', string | null>;
  data: Resource[];
  meta: { pagination: { page: number; pages: number; count: number }; version: string };
};

const ana = () => lab.prowler.people.ana;
const asAna = (path: string) => read(lab, path, lab.prowler.issuePair(ana()).access);
const names = ({ data }: List) => data.map(({ attributes }) => attributes.name);

describe('GET /users/me', () => {
  const everything = '/users/me?include=roles,memberships,memberships.tenant';

  it('shows the person, and includes nothing unasked', async () => {
    const reply = await asAna('/users/me');

    const document = reply.json() as Document;
    expect(reply.headers['content-type']).toBe('application/vnd.api+json');
    expect(document.data).toMatchObject({ type: 'users', id: ana().id });
    expect(document.data.attributes).toEqual({
      name: 'Ana Ruiz',
      email: 'ana.ruiz@northwind.example',
      company_name: 'Northwind Retail',
      date_joined: new Date(ana().joinedAt).toISOString(),
    });
    expect(Object.keys(document)).toEqual(['data', 'meta']);
    expect(document.meta).toEqual({ version: 'v1' });
  });

  it('marks the membership of the token’s tenant', async () => {
    const { access } = lab.prowler.issuePair(ana(), lab.prowler.tenants.contoso);

    const { data } = (await read(lab, '/users/me', access)).json() as Document;

    expect(data.relationships.memberships?.data.map(({ meta }) => meta?.active)).toEqual([false, true, false]);
    expect(data.relationships.memberships?.meta).toEqual({ count: 3 });
  });

  it('marks none on an older server', async () => {
    lab.settings.tellsActiveMembership = false;

    const { data } = (await asAna('/users/me')).json() as Document;

    expect(data.relationships.memberships?.data.every((one) => one.meta === undefined)).toBe(true);
  });

  it('includes memberships of all tenants, their tenants, and the roles of the active one, sorted by type and id', async () => {
    const { included = [] } = (await asAna(everything)).json() as Document;

    const order = included.map(({ type, id }) => `${type} ${id}`);
    const count = (wanted: string) => included.filter(({ type }) => type === wanted).length;
    expect(order).toEqual([...order].sort());
    expect([count('memberships'), count('roles'), count('tenants')]).toEqual([3, 1, 3]);
    expect(included.find(({ id }) => id === lab.prowler.tenants.contoso.id)).toEqual({
      type: 'tenants',
      id: lab.prowler.tenants.contoso.id,
      attributes: { name: 'Contoso Health' },
    });
    expect(included.find(({ type }) => type === 'memberships')).toMatchObject({
      attributes: { role: expect.stringMatching(/owner|member/) as string, date_joined: expect.any(String) as string },
      relationships: { user: { data: { type: 'users', id: ana().id } }, tenant: { data: { type: 'tenants' } } },
    });
    expect(Object.keys(included.find(({ type }) => type === 'roles')?.attributes ?? {})).toEqual([
      'name',
      'manage_users',
      'manage_account',
      'manage_integrations',
      'manage_providers',
      'manage_scans',
      'unlimited_visibility',
      'permission_state',
      'inserted_at',
      'updated_at',
    ]);
  });

  it('still answers somebody expelled, without that membership, and refuses them the tenant’s resources', async () => {
    const { access } = lab.prowler.issuePair(ana());
    lab.prowler.removeMember(ana(), lab.prowler.tenants.northwind);

    const [me, providers] = [await read(lab, '/users/me', access), await read(lab, '/providers', access)];

    expect((me.json() as Document).data.relationships.memberships?.meta.count).toBe(2);
    expect(providers.status).toBe(403);
    expect(errorsIn(providers)[0]).toMatchObject({
      detail: 'User has no role in this tenant.',
      code: 'permission_denied',
    });
  });

  it('answers 400 to an include it does not know', async () => {
    const reply = await asAna('/users/me?include=secrets');

    expect(reply.status).toBe(400);
  });

  it('may be kept by nobody’s cache for an hour, unlike lists', async () => {
    const reply = await asAna('/users/me');

    expect(reply.headers).not.toHaveProperty('cache-control');
  });
});

describe('GET /tenants', () => {
  it('lists one’s own tenants, the newest first, with everybody’s memberships', async () => {
    const list = (await asAna('/tenants')).json() as List;

    expect(names(list)).toEqual(['Fabrikam Labs', 'Contoso Health', 'Northwind Retail']);
    expect(list.data[2]?.relationships.memberships?.meta).toEqual({ count: 2 });
    expect(list.meta).toEqual({ pagination: { page: 1, pages: 1, count: 3 }, version: 'v1' });
    expect(list.links).toEqual({
      first: 'https://api.prowler.com/api/v1/tenants?page%5Bnumber%5D=1',
      last: 'https://api.prowler.com/api/v1/tenants?page%5Bnumber%5D=1',
      next: null,
      prev: null,
    });
  });

  it('may be replayed by a cache to anybody for an hour', async () => {
    const reply = await asAna('/tenants');

    expect(reply.headers['cache-control']).toBe('max-age=3600, stale-while-revalidate=60');
    expect(reply.headers).not.toHaveProperty('vary');
  });

  it.each([
    ['', 10, 31],
    ['?page[size]=100', 100, 4],
    ['?page[size]=500', 100, 4],
    ['?page[size]=zero', 10, 31],
  ])('pages 303 tenants with "%s" by %i', async (query, rows, pages) => {
    lab.prowler.addTenants(ana(), 300);

    const list = (await asAna(`/tenants${query}`)).json() as List;

    expect(list.data).toHaveLength(rows);
    expect(list.meta.pagination).toEqual({ page: 1, pages, count: 303 });
  });

  it('leads through all pages by its links', async () => {
    lab.prowler.addTenants(ana(), 22);
    const seen: unknown[] = [];

    for (let next: string | null = '/tenants'; next !== null;) {
      const list = (await asAna(next)).json() as List;
      seen.push(...names(list));
      next = list.links.next?.replace('https://api.prowler.com/api/v1', '') ?? null;
    }

    expect(new Set(seen).size).toBe(25);
  });

  it.each(['2', '0', 'x'])('answers 404 to page %s', async (page) => {
    const reply = await asAna(`/tenants?page[number]=${page}`);

    expect(reply.status).toBe(404);
    expect(errorsIn(reply)).toEqual([
      { detail: 'Invalid page.', status: '404', source: { pointer: '/data' }, code: 'not_found' },
    ]);
  });

  it.each([
    ['sort=name', ['Contoso Health', 'Fabrikam Labs', 'Northwind Retail']],
    ['sort=-name', ['Northwind Retail', 'Fabrikam Labs', 'Contoso Health']],
    ['sort=inserted_at', ['Northwind Retail', 'Contoso Health', 'Fabrikam Labs']],
    ['sort=-updated_at', ['Fabrikam Labs', 'Contoso Health', 'Northwind Retail']],
    ['filter[search]=HEALTH', ['Contoso Health']],
    ['filter[name]=Fabrikam Labs', ['Fabrikam Labs']],
    ['filter[name]=fabrikam labs', []],
    ['filter[name.icontains]=r', ['Fabrikam Labs', 'Northwind Retail']],
    ['filter[inserted_at.gte]=2999-01-01', []],
  ])('understands %s', async (query, expected) => {
    const list = (await asAna(`/tenants?${query}`)).json() as List;

    expect(names(list)).toEqual(expected);
  });

  it.each(['foo=1', 'page=2', 'filter[colour]=red', 'sort=colour'])('answers 400 to %s', async (query) => {
    const reply = await asAna(`/tenants?${query}`);

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)[0]?.code).toBe('invalid');
  });
});

describe('one tenant', () => {
  it('is shown to its members only', async () => {
    const { contoso, longName } = lab.prowler.tenants;

    const [own, other] = [await asAna(`/tenants/${contoso.id}`), await asAna(`/tenants/${longName.id}`)];

    expect((own.json() as Document).data.attributes.name).toBe('Contoso Health');
    expect(own.headers['cache-control']).toContain('max-age=3600');
    expect(other.status).toBe(404);
  });

  it.each([
    ['northwind', 2],
    ['contoso', 1],
  ] as const)('shows its members to an owner, and oneself to a member: %s', async (name, count) => {
    lab.prowler.addMember(lab.prowler.people.chloe, lab.prowler.tenants.contoso);

    const list = (await asAna(`/tenants/${lab.prowler.tenants[name].id}/memberships`)).json() as List;

    expect(list.data).toHaveLength(count);
  });
});

describe('creation', () => {
  it('opens an account with a tenant of its own', async () => {
    const account = { name: 'Dana', email: 'dana@fabrikam.example', password: 'canary-pw-dana-1' };

    const reply = await post(lab, '/users', { type: 'users', attributes: account });

    const { access } = pairIn(await obtain(lab, account));
    expect(reply.status).toBe(201);
    expect(names((await read(lab, '/tenants', access)).json() as List)).toEqual(['dana default tenant']);
  });

  it.each([
    ['an address in use', { email: 'ANA.ruiz@northwind.example' }, 'unique', 'email'],
    ['an address that is none', { email: 'nobody' }, 'invalid', 'email'],
    ['a short password', { password: 'short' }, 'password_too_short', 'password'],
  ])('refuses %s', async (_, wrong, code, field) => {
    const account = { name: 'Dana', email: 'dana@fabrikam.example', password: 'canary-pw-dana-1', ...wrong };

    const reply = await post(lab, '/users', { type: 'users', attributes: account });

    expect(reply.status).toBe(400);
    expect(errorsIn(reply)[0]).toMatchObject({ code, source: { pointer: `/data/attributes/${field}` } });
  });

  it('makes the caller of a new tenant its owner', async () => {
    const bearer = lab.prowler.issuePair(ana()).access;

    const reply = await post(lab, '/tenants', { type: 'tenants', attributes: { name: 'Proseware' }, bearer });

    const { id } = (reply.json() as Document).data;
    const members = (await read(lab, `/tenants/${id}/memberships`, bearer)).json() as List;
    expect(reply.status).toBe(201);
    expect(members.data.map(({ attributes }) => attributes.role)).toEqual(['owner']);
  });
});

describe('other origins', () => {
  const preflight = (origin: string) =>
    call(lab, '/users/me', {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' },
    });

  it.each(['https://evil.example', 'chrome-extension://abcdefghijklmnop', 'moz-extension://0b5e', 'null'])(
    'gives %s no permission',
    async (origin) => {
      const replies = [await preflight(origin), await call(lab, '/users/me', { headers: { Origin: origin } })];

      for (const { headers } of replies) expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  it('lets the console’s own pages ask', async () => {
    const { headers } = await preflight('https://cloud.prowler.com');

    expect(headers['access-control-allow-origin']).toBe('https://cloud.prowler.com');
    expect(headers['access-control-allow-headers']).toContain('authorization');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

it('tells the time by the server’s clock', async () => {
  lab.settings.clockOffsetMs = -6 * 3_600_000;

  const { headers } = await call(lab, '/users/me');

  expect(Math.abs(Date.parse(headers.date ?? '') - (Date.now() - 6 * 3_600_000))).toBeLessThan(3000);
});

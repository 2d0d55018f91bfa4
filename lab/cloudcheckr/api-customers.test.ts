// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { call, customers, errorIn, exchange, tokenIn } from './testing-api';

let lab: Lab;
let token: string;
beforeEach(async () => {
  lab = await startLab();
  token = lab.cloudcheckr.issueToken(lab.cloudcheckr.people.dana);
});
afterEach(() => lab.close());

const all = () => lab.cloudcheckr.customers;
const names = async (query: string) => (await customers(lab, token, query)).items.map(({ name }) => name);

describe('GET /customer/v1/customers', () => {
  it('lists a partner’s own and all under it, in the newer model', async () => {
    const page = await customers(lab, token);

    expect(page.totalCount).toBe(5);
    expect(page.items.find(({ id }) => id === all().fabrikamWest.id)).toEqual({
      id: all().fabrikamWest.id,
      name: 'Fabrikam Labs West',
      parentId: all().fabrikam.id,
      state: 'Active',
      signupType: 'Partner',
      disabledDate: null,
      saasCustomerId: expect.stringMatching(/^saas-/) as string,
      plan: { endDate: expect.any(String) as string, planType: 'Enterprise' },
    });
  });

  it('lists in the older model in Europe', async () => {
    const freya = lab.cloudcheckr.issueToken(lab.cloudcheckr.people.freya);
    lab.cloudcheckr.disableCustomer(all().wingtip);

    const page = await customers(lab, freya, '', { region: 'eu' });

    expect(page.items.map(({ name }) => name)).toEqual(['Adventure Works', 'Wingtip Toys']);
    expect(page.items[1]).toMatchObject({ email: 'billing@wingtip-toys.example', deleted: false, disabled: true });
    expect(page.items[1]).not.toHaveProperty('plan');
  });

  it('lists nothing but their own for somebody ordinary', async () => {
    const eli = lab.cloudcheckr.issueToken(lab.cloudcheckr.people.eli);

    expect((await customers(lab, eli)).items.map(({ name }) => name)).toEqual(['Contoso Health']);
  });

  it('lists nothing of another region, allowed or not', async () => {
    lab.cloudcheckr.allow(lab.cloudcheckr.people.dana, all().adventure);

    expect(await names('?search=adventure')).toEqual([]);
  });

  it('lists what is under the token’s customer, or all its owner may see where that is set', async () => {
    const delegate = tokenIn(await exchange(lab, all().fabrikam.id, token));

    const active = await customers(lab, delegate);
    lab.settings.cloudcheckr.listFrom = 'home';
    const home = await customers(lab, delegate);

    expect([active.totalCount, home.totalCount]).toEqual([2, 5]);
  });

  it.each([
    ['?search=FABRIKAM', ['Fabrikam Labs', 'Fabrikam Labs West']],
    ["?$filter=name eq 'Contoso Health'", ['Contoso Health']],
    ['?$filter=parentId eq null', ['Northwind Cloud Partners']],
    ['?$filter=disabledDate ne null', []],
    ["?$filter=name ne 'Contoso Health' and parentId eq null", ['Northwind Cloud Partners']],
    ['?search=labs&$orderBy=name desc', ['Fabrikam Labs West', 'Fabrikam Labs']],
    ['?$orderBy=name&$pageSize=2', ['Contoso Health', 'Fabrikam Labs']],
    ['?$orderBy=signupType&$pageSize=1', ['Northwind Cloud Partners']],
  ])('answers %s', async (query, expected) => {
    expect(await names(encodeURI(query))).toEqual(expected);
  });

  it('searches ids too', async () => {
    expect(await names(`?search=${all().contoso.id}`)).toEqual(['Contoso Health']);
  });

  it.each([
    ['?$filter=email eq null', '$filter'],
    ['?$filter=nonsense', '$filter'],
    ['?$orderBy=parentId', '$orderBy'],
    ['?$pageSize=0', '$pageSize'],
    ['?$paginationKey=nonsense', '$paginationKey'],
  ])('refuses %s', async (query, target) => {
    const reply = await call(lab, `/customer/v1/customers${encodeURI(query)}`, { bearer: token });

    expect([reply.status, errorIn(reply).target]).toEqual([400, target]);
  });

  it('pages through ten thousand', async () => {
    lab.cloudcheckr.addCustomers(all().fabrikam, 9_995);
    const seen = new Set<string>();
    let key: string | null | undefined;
    let pages = 0;

    do {
      const from = key === undefined || key === null ? '' : `&$paginationKey=${encodeURIComponent(key)}`;
      const page = await customers(lab, token, `?$pageSize=1000${from}`);
      for (const { id } of page.items) seen.add(id);
      pages += 1;
      expect(page.totalCount).toBe(10_000);
      expect(page.pagination?.previousKey === undefined).toBe(pages === 1);
      key = page.pagination?.nextKey;
    } while (key);

    expect([pages, seen.size]).toEqual([10, 10_000]);
  });

  it('gives no more on a page than the most there may be', async () => {
    lab.cloudcheckr.addCustomers(all().fabrikam, 20);
    lab.settings.cloudcheckr.maxPageSize = 10;

    expect((await customers(lab, token, '?$pageSize=5000')).items).toHaveLength(10);
  });

  it.each([
    ['empty', { pagination: {} }],
    ['null', { pagination: { nextKey: null } }],
    ['absent', {}],
  ] as const)('ends with a pagination that is %s', async (lastPage, expected) => {
    lab.settings.cloudcheckr.lastPage = lastPage;

    const { totalCount: _, items: __, ...rest } = await customers(lab, token);

    expect(rest).toEqual(expected);
  });
});

describe('inside a customer', () => {
  it('gives the customer, its accounts and its people', async () => {
    const path = `/customer/v1/customers/${all().partner.id}`;

    const customer = await call(lab, path, { bearer: token });
    const accounts = await call(lab, `${path}/accounts`, { bearer: token });
    const users = await call(lab, `/auth/v1/customers/${all().partner.id}/users`, { bearer: token });

    const { id, name, email } = lab.cloudcheckr.people.dana;
    expect(customer.json()).toMatchObject({ id: all().partner.id, name: 'Northwind Cloud Partners' });
    expect(accounts.json()).toMatchObject({ totalCount: 4 });
    expect(accounts.text).toContain('"accountType":"MAV"');
    expect(users.json()).toMatchObject({ totalCount: 1, items: [{ id, name, email }] });
  });

  it('knows no customer that the token does not show', async () => {
    const reply = await call(lab, `/customer/v1/customers/${all().outsider.id}`, { bearer: token });

    expect([reply.status, errorIn(reply).target]).toEqual([404, 'customerId']);
  });
});

import type { Context, Hono } from 'hono';
import { json } from './api-tokens';
import { authenticate } from './api-auth';
import { keyOf, queried, type Page } from './customer-query';
import type { Deployment } from './deployment';
import { ApiProblem } from './errors';
import type { Region } from './regions';
import type { CloudCheckrSettings } from './settings';
import type { IssuedToken } from './tokens';
import { isWithin, reaches, type Customer } from './world';

/** Mounts customers, and what a console shows inside one. */
export function mountCustomers(app: Hono, deployment: Deployment, region: Region): void {
  const { world, settings } = deployment;
  const accept = (context: Context): string | undefined => context.req.header('accept');
  const bearerOf = (context: Context): IssuedToken =>
    authenticate(deployment, context.req.header('authorization'), region);
  const named = (context: Context): Customer => {
    const bearer = bearerOf(context);
    const customer = world.customers.get(context.req.param('customerId') ?? '');
    if (customer === undefined || !sees(deployment, bearer, customer)) {
      throw new ApiProblem(404, 'NotFound', 'The customer was not found.', {}, 'customerId');
    }
    return customer;
  };

  app.get('/customer/v1/customers', (context) => {
    const bearer = bearerOf(context);
    const seen = [...world.customers.values()].filter((one) => sees(deployment, bearer, one));
    const page = queried(seen, new URL(context.req.url).searchParams, settings);
    return json(
      accept(context),
      listed(page, (one) => shown(one, settings.models[region]), settings.lastPage),
    );
  });

  app.get('/customer/v1/customers/:customerId', (context) =>
    json(accept(context), shown(named(context), settings.models[region])),
  );

  app.get('/customer/v1/customers/:customerId/accounts', (context) => {
    const items = accountsOf(named(context));
    const page = { items, total: items.length, from: 0, size: items.length };
    return json(
      accept(context),
      listed(page, (one) => one, settings.lastPage),
    );
  });
}

/** Whether a token shows a customer to who bears it. */
function sees({ world, settings }: Deployment, { owner, claims }: IssuedToken, customer: Customer): boolean {
  const activeId = claims.authz_customer_id;
  const everywhere = settings.listFrom === 'home' || activeId === owner.customerId;
  return reaches(world, owner, customer) && (everywhere || isWithin(world, customer, activeId));
}

/** A page as it goes out, with the way to its neighbours. */
export function listed<T>(
  { items, total, from, size }: Page<T>,
  show: (one: T) => object,
  lastPage: CloudCheckrSettings['lastPage'],
): object {
  const isLast = from + size >= total;
  const previous = from > 0 ? { previousKey: keyOf(Math.max(0, from - size)) } : {};
  const next = isLast ? (lastPage === 'null' ? { nextKey: null } : {}) : { nextKey: keyOf(from + size) };
  return {
    totalCount: total,
    items: items.map(show),
    ...(isLast && lastPage === 'absent' ? {} : { pagination: { ...previous, ...next } }),
  };
}

/** A customer, in one of the two published models. */
function shown({ id, name, parentId, signupType, createdAt, disabledAt }: Customer, model: '2020' | '2021'): object {
  const disabledDate = disabledAt === null ? null : new Date(disabledAt).toISOString();
  const common = { id, name, parentId, signupType, disabledDate, saasCustomerId: `saas-${id.slice(0, 8)}` };
  if (model === '2020') {
    const email = `billing@${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.example`;
    return { ...common, email, deleted: false, disabled: disabledAt !== null };
  }
  const endDate = new Date(createdAt + 730 * 24 * 3_600_000).toISOString();
  return {
    ...common,
    state: disabledAt === null ? 'Active' : 'Disabled',
    plan: { endDate, planType: 'Enterprise' },
  };
}

type Account = { readonly id: string; readonly name: string; readonly accountType: 'Group' | 'General' | 'MAV' };

/** The accounts of a customer: made up, and the same each time. */
function accountsOf({ id, name }: Customer): Account[] {
  const account = (suffix: string, label: string, accountType: Account['accountType']): Account => ({
    id: `${id.slice(0, 8)}-${suffix}`,
    name: `${name} ${label}`,
    accountType,
  });
  return [
    account('01', 'production', 'General'),
    account('02', 'staging', 'General'),
    account('03', 'all payers', 'MAV'),
    account('04', 'cost centres', 'Group'),
  ];
}

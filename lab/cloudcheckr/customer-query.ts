import { badRequest } from './errors';
import type { Customer } from './world';

/** A page of a list, and how many there are on all pages. */
export type Page<T> = {
  readonly items: readonly T[];
  readonly total: number;
  readonly from: number;
  readonly size: number;
};

type Limits = { readonly pageSize: number; readonly maxPageSize: number };

/** Narrows, orders and cuts a list of customers as the query says, by the names it has on the wire. */
export function queried(customers: readonly Customer[], query: URLSearchParams, limits: Limits): Page<Customer> {
  const search = query.get('search')?.toLowerCase() ?? '';
  const filters = filtersIn(query.get('$filter') ?? '');
  const found = customers
    .filter(({ id, name }) => name.toLowerCase().includes(search) || id.includes(search))
    .filter((one) => filters.every(({ field, wanted, not }) => (filterable[field]?.(one) === wanted) !== not));
  order(found, query.get('$orderBy') ?? '');
  const size = Math.min(wholeNumber(query, '$pageSize', limits.pageSize), limits.maxPageSize);
  const from = startOf(query.get('$paginationKey'));
  return { items: found.slice(from, from + size), total: found.length, from, size };
}

/** The key by which a page is asked for. Says nothing to the caller. */
export const keyOf = (from: number): string => Buffer.from(`p:${from}`).toString('base64url');

function startOf(key: string | null): number {
  if (key === null || key === '') return 0;
  const from = /^p:(\d+)$/.exec(Buffer.from(key, 'base64url').toString())?.[1];
  if (from === undefined) throw badRequest('$paginationKey', 'The pagination key is not valid.');
  return Number(from);
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^[1-9]\d*$/.test(text)) throw badRequest(name, `The value '${text}' is not valid.`);
  return Number(text);
}

type Read = (customer: Customer) => string | null;

const filterable: Readonly<Record<string, Read>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  parentId: ({ parentId }) => parentId,
  disabledDate: ({ disabledAt }) => (disabledAt === null ? null : new Date(disabledAt).toISOString()),
};

const sortable: Readonly<Record<string, Read>> = {
  name: ({ name }) => name,
  signupType: ({ signupType }) => signupType,
  saasCustomerId: ({ id }) => id,
};

type Filter = { readonly field: string; readonly wanted: string | null; readonly not: boolean };

/** The grammar is not published; what is filterable is. This one reads as OData does: `name eq 'x' and parentId ne null`. */
function filtersIn(text: string): Filter[] {
  if (text === '') return [];
  return text.split(/ and /i).map((part) => {
    const [, field = '', operator, , quoted] = /^\s*(\w+) (eq|ne) (null|'((?:[^']|'')*)')\s*$/.exec(part) ?? [];
    if (operator === undefined || filterable[field] === undefined) {
      throw badRequest('$filter', 'The filter is not valid.');
    }
    return { field, wanted: quoted?.replaceAll("''", "'") ?? null, not: operator === 'ne' };
  });
}

function order(customers: Customer[], text: string): void {
  if (text === '') return;
  const [, field = '', direction] = /^(\w+)(?: (asc|desc))?$/.exec(text) ?? [];
  const read = sortable[field];
  if (read === undefined) throw badRequest('$orderBy', 'The order is not valid.');
  const sign = direction === 'desc' ? -1 : 1;
  customers.sort((a, b) => sign * (read(a) ?? '').localeCompare(read(b) ?? ''));
}

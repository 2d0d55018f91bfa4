import { invalid, notFound } from './errors';

/** What a list may be asked for. */
export type ListRules<T> = {
  readonly sortBy: Readonly<Record<string, (one: T) => string | number>>;
  readonly filters: Readonly<Record<string, (one: T, wanted: string) => boolean>>;
};

const known = /^(?:sort|include|(?:filter|fields|page)\[[\w.-]+\])$/;

/** Refuses what no endpoint understands. */
export function refuseUnknownParameters(url: URL): void {
  for (const name of url.searchParams.keys()) if (!known.test(name)) throw invalid(`invalid query parameter: ${name}`);
}

/** Filters, sorts and cuts a list as the query asks, and says where its pages are. */
export function listPage<T>(
  url: URL,
  all: readonly T[],
  rules: ListRules<T>,
): { page: T[]; links: object; pagination: object } {
  refuseUnknownParameters(url);
  const rows = sorted(filtered(all, url.searchParams, rules.filters), url.searchParams.get('sort'), rules.sortBy);
  const size = Math.min(positive(url.searchParams.get('page[size]')) ?? 10, 100);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const wanted = url.searchParams.get('page[number]') ?? '1';
  const number = wanted === 'last' ? pages : positive(wanted);
  if (number === undefined || number > pages) throw notFound('Invalid page.');
  const link = (to: number): string | null => (to < 1 || to > pages ? null : linkTo(url, to));
  return {
    page: rows.slice((number - 1) * size, number * size),
    links: { first: link(1), last: link(pages), next: link(number + 1), prev: link(number - 1) },
    pagination: { page: number, pages, count: rows.length },
  };
}

function filtered<T>(all: readonly T[], params: URLSearchParams, filters: ListRules<T>['filters']): T[] {
  let rows = [...all];
  for (const [name, wanted] of params) {
    const key = /^filter\[(.+)\]$/.exec(name)?.[1];
    if (key === undefined) continue;
    const passes = Object.hasOwn(filters, key) ? filters[key] : undefined;
    if (passes === undefined) throw invalid(`invalid filter[${key}]`);
    rows = rows.filter((row) => passes(row, wanted));
  }
  return rows;
}

function sorted<T>(rows: T[], sort: string | null, sortBy: ListRules<T>['sortBy']): T[] {
  if (sort === null) return rows;
  const bad = sort.split(',').filter((term) => !Object.hasOwn(sortBy, term.replace(/^-/, '')));
  if (bad.length > 0) throw invalid(`invalid sort parameter${bad.length > 1 ? 's' : ''}: ${bad.join(',')}`);
  // Sorting is stable: going through the terms backwards leaves the first one on top.
  return sort.split(',').reduceRight((sofar, term) => {
    const value = sortBy[term.replace(/^-/, '')] ?? (() => 0);
    const direction = term.startsWith('-') ? -1 : 1;
    return sofar.sort((a, b) => direction * compare(value(a), value(b)));
  }, rows);
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

function linkTo(url: URL, page: number): string {
  const to = new URL(url);
  to.searchParams.set('page[number]', String(page));
  return to.href;
}

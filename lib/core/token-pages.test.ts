import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from './time';
import { nextTokenFilter } from './token-pages';
import type { TokenFilter, TokenRecord } from './vendor';

const START = Date.UTC(2026, 0, 15, 9);
const token = (jti: string, second?: number): TokenRecord => ({
  jti,
  audiences: [],
  scopes: [],
  roles: {},
  ...(second === undefined ? {} : { issuedAt: instant(START + second * 1000) }),
});
const at = (second: number, ms = 0): string => new Date(START + second * 1000 + ms).toISOString();

type Vendor = { tokens: readonly TokenRecord[]; limit: number; isOldestFirst: boolean; isInclusive: boolean };

/** What a vendor without a cursor gives: those in the time asked for, in order, cut at its limit. */
function list({ tokens, limit, isOldestFirst, isInclusive }: Vendor, filter: TokenFilter) {
  const [from, to] = [Date.parse(filter.iatFrom ?? ''), Date.parse(filter.iatTo ?? '')];
  const fits = ({ issuedAt = instant(0) }: TokenRecord): boolean =>
    isInclusive ? !(issuedAt < from || issuedAt > to) : !(issuedAt <= from || issuedAt >= to);
  const order = (a: TokenRecord, b: TokenRecord): number =>
    ((a.issuedAt ?? 0) - (b.issuedAt ?? 0)) * (isOldestFirst ? 1 : -1);
  return { limit, items: tokens.filter(fits).toSorted(order).slice(0, limit) };
}

/** Reads page after page, as a person does who always wants more. */
function readAll(vendor: Vendor) {
  const seen = new Map<string, TokenRecord>();
  const shared = new Set<number>();
  let filter: TokenFilter | undefined = { subject: 'ana' };
  let pages = 0;
  while (filter !== undefined) {
    pages += 1;
    if (pages > 500) throw new Error('it never ends');
    const page = list(vendor, filter);
    for (const one of page.items) seen.set(one.jti, one);
    const { next, sharedTime } = nextTokenFilter(filter, page);
    if (sharedTime !== undefined) shared.add(sharedTime);
    filter = next;
  }
  return { seen, shared };
}

describe('the tokens after a page', () => {
  it('are those made at its last time and before, where the newest come first', () => {
    const page = { limit: 3, items: [token('c', 9), token('b', 8), token('a', 7)] };

    expect(nextTokenFilter({ subject: 'ana', iatFrom: at(0) }, page)).toEqual({
      next: { subject: 'ana', iatFrom: at(0), iatTo: at(7, 1) },
    });
  });

  it('are those made at its last time and after, where the oldest come first', () => {
    const page = { limit: 2, items: [token('a', 7), token('b', 8)] };

    expect(nextTokenFilter({ iatTo: at(60) }, page)).toEqual({ next: { iatFrom: at(8, -1), iatTo: at(60) } });
  });

  it.each([
    ['the page is not full', { limit: 3, items: [token('b', 8), token('a', 7)] }],
    ['nothing was found', { limit: 3, items: [] }],
    ['none says when it was made', { limit: 2, items: [token('b'), token('a')] }],
  ])('are none where %s', (_, page) => {
    expect(nextTokenFilter({}, page)).toEqual({});
  });

  it('behind a page of one time are those before it, and it is said that there may be more of that time', () => {
    const page = { limit: 2, items: [token('b', 7), token('a', 7)] };

    expect(nextTokenFilter({}, page)).toEqual({ next: { iatTo: at(7, -1) }, sharedTime: instant(START + 7000) });
  });

  it('do not begin where the page did: that would be the same page for ever', () => {
    const page = { limit: 2, items: [{ ...token('b', 7), issuedAt: instant(START + 7001) }, token('a', 7)] };

    expect(nextTokenFilter({ iatTo: at(7, 1) }, page)).toMatchObject({ sharedTime: START + 7000 });
  });

  it('do not begin where the page did, where the oldest come first', () => {
    const page = { limit: 2, items: [token('a', 7), { ...token('b', 7), issuedAt: instant(START + 7001) }] };

    expect(nextTokenFilter({ iatFrom: at(7) }, page)).toMatchObject({ sharedTime: START + 7001 });
  });

  it('are the same where a person wrote the end in words', () => {
    const page = { limit: 2, items: [token('b', 8), token('a', 7)] };

    expect(nextTokenFilter({ iatTo: '2 hours ago' }, page)).toEqual({ next: { iatTo: at(7, 1) } });
  });

  const vendors = fc.record({
    tokens: fc
      .array(fc.nat({ max: 12 }), { maxLength: 40 })
      .map((all) => all.map((second, index) => token(String(index), second))),
    limit: fc.integer({ min: 1, max: 6 }),
    isOldestFirst: fc.boolean(),
    isInclusive: fc.boolean(),
  });

  it('are all found in the end, but for those of a time that was said to have too many', () => {
    fc.assert(
      fc.property(vendors, ({ isOldestFirst: _, ...rest }) => {
        const vendor = { ...rest, isOldestFirst: false };
        const { seen, shared } = readAll(vendor);

        const lost = vendor.tokens.filter((one) => !seen.has(one.jti));
        expect(lost.filter((one) => !shared.has(one.issuedAt ?? 0))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('are all found where the oldest come first too, unless a page was of one time and told no order', () => {
    fc.assert(
      fc.property(vendors, ({ isOldestFirst: _, ...rest }) => {
        const vendor = { ...rest, isOldestFirst: true };
        const { seen, shared } = readAll(vendor);

        expect(shared.size > 0 || seen.size === vendor.tokens.length).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('share one time only where at least a whole page does', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        for (const time of readAll(vendor).shared) {
          const sharing = vendor.tokens.filter((one) => one.issuedAt === time);
          expect(sharing.length).toBeGreaterThanOrEqual(vendor.limit);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

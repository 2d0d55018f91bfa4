import { type Instant, instant } from './time';
import type { TokenFilter, TokenPage } from './vendor';

/**
 * How to ask for the tokens after a page, newest first, where the vendor has no cursor: by narrowing `iat`. The last time of a
 * full page is asked for again, because more tokens may share it: whoever shows them tells them apart by `jti`. When a
 * full page is of one time alone, narrowing finds no more: it is said (`sharedTime`), and the list goes on before it.
 */
export function nextTokenFilter(
  filter: TokenFilter,
  { limit, items }: TokenPage,
): { readonly next?: TokenFilter; readonly sharedTime?: Instant } {
  const times = items.flatMap((one) => (one.issuedAt === undefined ? [] : [one.issuedAt]));
  if (items.length < limit || times.length === 0) return {};
  const oldest = Math.min(...times);
  if (oldest < Math.max(...times)) return { next: { ...filter, iatTo: new Date(oldest).toISOString() } };
  return {
    next: { ...filter, iatTo: new Date(oldest - 1).toISOString() },
    sharedTime: instant(oldest),
  };
}

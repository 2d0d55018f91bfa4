import { type Instant, instant } from './time';
import type { TokenFilter, TokenPage } from './vendor';

/**
 * How to ask for the tokens after a page, where the vendor has no cursor: by narrowing `iat`, in the order the page came in.
 * The last time of a full page is asked for again, because more tokens may share it: whoever shows them tells them apart
 * by `jti`. When a full page is of that one time alone, narrowing finds no more of it: `sharedTime` says so, and the list
 * goes on behind it. Nothing: that was all. A page that tells no order is taken for newest first.
 */
export function nextTokenFilter(
  filter: TokenFilter,
  { limit, items }: TokenPage,
): { readonly next?: TokenFilter; readonly sharedTime?: Instant } {
  const times = items.flatMap((one) => (one.issuedAt === undefined ? [] : [one.issuedAt]));
  if (items.length < limit || times.length === 0) return {};
  const isOldestFirst = (times[0] ?? 0) < (times.at(-1) ?? 0);
  const last = isOldestFirst ? Math.max(...times) : Math.min(...times);
  // A millisecond more than the last time: whether the vendor counts the bound itself in is not known.
  const onward = isOldestFirst ? 1 : -1;
  const bound = last - onward;
  const reached = Date.parse((isOldestFirst ? filter.iatFrom : filter.iatTo) ?? '');
  const isStuck = times.every((one) => one === last) || (isOldestFirst ? bound <= reached : bound >= reached);
  const at = new Date(isStuck ? last + onward : bound).toISOString();
  const next = { ...filter, ...(isOldestFirst ? { iatFrom: at } : { iatTo: at }) };
  return isStuck ? { next, sharedTime: instant(last) } : { next };
}

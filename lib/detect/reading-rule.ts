import { type Instant, MINUTE } from '../core/time';

/** A token whose end was seen to be further away than this can be read again (ms). */
const FAR = MINUTE;

/**
 * Whether the session endpoint may be read now. A read on an expired sign-in makes the console's server spend its refresh
 * token; beside the page's own read it could spend it twice and throw the person out. So: right after the page's own read
 * has completed, or in a tab that is looked at, while the end last seen is far away.
 */
export function mayRead(seen: {
  readonly now: Instant;
  readonly pageJustRead: boolean;
  readonly visible: boolean;
  readonly expiresAt: Instant | undefined;
}): boolean {
  return seen.pageJustRead || (seen.visible && seen.expiresAt !== undefined && seen.expiresAt - seen.now > FAR);
}

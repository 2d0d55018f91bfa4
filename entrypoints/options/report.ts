import type { Instant } from '../../lib/core/time';
import { type Diagnosis, stateAt, type StoreHealth } from '../../lib/core/view';
import type { UsedHost } from './checks';

/** As many of a session's last entries are in a report. */
const LAST = 12;

/**
 * A diagnosis as text to hand to somebody: times, vendors, states and codes. Not in the person's language, for it is read by
 * whoever mends Fob. No name and no id is put in, and no host: a tenant's name may be part of one.
 */
export function reportOf(
  found: Diagnosis,
  about: {
    readonly hosts: readonly UsedHost[];
    readonly version: string;
    readonly browser: string;
    readonly now: Instant;
  },
): string {
  const { consentAt, alarmAt, wakeAt, woke, stores, unread, sessions } = found;
  return [
    `Fob ${about.version}, ${browserIn(about.browser)}`,
    `at ${when(about.now)}`,
    `consent: ${consentAt === undefined ? 'none' : when(consentAt)}`,
    `alarm: ${when(alarmAt)}, wanted: ${when(wakeAt)}`,
    `last wake: ${when(woke?.at)}, due: ${when(woke?.dueAt)}`,
    `store: ${health(stores.local)}`,
    `copy: ${health(stores.copy)}`,
    ...(unread === undefined ? [] : [`vault: ${word(unread)}`]),
    ...about.hosts.map(
      ({ vendor, what, isAllowed }) => `host: ${vendor}, ${what}, ${isAllowed ? 'allowed' : 'missing'}`,
    ),
    ...sessions.flatMap(({ session, isReadable, clockAheadMs = 0, timeline }, index) => {
      const state = stateAt(session, about.now);
      return [
        [
          `session ${index + 1}: ${session.vendor.name}`,
          session.provenance,
          session.keeping,
          state.kind,
          ...('code' in state ? [word(state.code)] : []),
          ...(isReadable ? [] : ['seal shut']),
          `clock ${Math.round(clockAheadMs / 1000)} s`,
          `token until ${when(session.token.expiresAt)}`,
        ].join(', '),
        ...timeline
          .slice(-LAST)
          .map(({ at, what, rung, code, dueAt }) =>
            [
              `  ${when(at)}`,
              ...[what, rung, code].flatMap((one) => (one ? [word(one)] : [])),
              ...(dueAt ? [`due ${when(dueAt)}`] : []),
            ].join(' '),
          ),
      ];
    }),
    '',
  ].join('\n');
}

/** Whole seconds, in UTC: where the person is does not matter. */
const when = (at: number | undefined): string =>
  at === undefined ? 'none' : `${new Date(at).toISOString().slice(0, 19)}Z`;

/** A word of Fob's own. Something else in its place was not written by Fob, and stays out. */
const word = (one: string): string => (/^[a-z_]{1,40}$/.test(one) ? one : '?');

const health = ({ state, mended, lost }: StoreHealth): string => `${state}, mended ${mended}, lost ${lost}`;

/** The browser and its version, of all that a user agent tells. */
const browserIn = (userAgent: string): string =>
  /(Firefox|Edg|Chrome)\/\d+/.exec(userAgent)?.[0].replace('/', ' ') ?? 'another browser';

import type { Instant } from '../lib/core/time';
import type { SessionView, StateRole } from '../lib/core/view';
import { i18n } from '#i18n';
import { Fob } from './fob';
import styles from './lockdown-list.module.css';
import { Name } from './name';
import { personName, tenantName } from './names';
import { timeWords } from './time-words';

/** What a row says of its session: below its name, and at its end. */
export type RowWords = { readonly text: string; readonly word: string; readonly role: StateRole };

/** Sessions by name, each with what becomes of it. */
export function LockdownList(props: {
  readonly sessions: readonly SessionView[];
  readonly of: (session: SessionView) => RowWords;
}) {
  return (
    <ul class={styles.list}>
      {props.sessions.map((session) => {
        const { text, word, role } = props.of(session);
        return (
          <li key={session.id} data-role={role}>
            <Fob tenant={session.tenant} size="sm" />
            <span>
              <Name of={tenantName(session.tenant)} />
              <small>
                <Name of={personName(session)} />, {text}
              </small>
            </span>
            <em>{word}</em>
          </li>
        );
      })}
    </ul>
  );
}

/** Until when something of a session is accepted at its vendor, with nobody renewing it: its token, or Fob's own sign-in behind it. */
export function aliveUntil({ token, signIn }: SessionView): Instant | undefined {
  if (token.expiresAt === undefined) return undefined;
  const signInEnds = signIn.whose === 'fob' ? signIn.expiresAt : undefined;
  return Math.max(token.expiresAt, signInEnds ?? 0) as Instant;
}

/** The same in words, for the end of a row. */
export function aliveWords(session: SessionView, now: Instant): string {
  const until = aliveUntil(session);
  if (until === undefined) return i18n.t('lockdown.open');
  return until > now ? timeWords(until, now) : i18n.t('lifeEnded');
}

/** What a person can do about a token that Fob cannot end. */
export function leftWordsOf({ provenance, keeps, vendor: { name: vendor } }: SessionView): string {
  if (provenance === 'borrowed') return i18n.t('lockdown.console', { vendor });
  return keeps === 'key' ? i18n.t('lockdown.key', { vendor }) : i18n.t('lockdown.cannot', { vendor });
}

import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import { roleOf, type SessionView, stateAt } from '../lib/core/view';
import { SessionRow } from './session-row';
import styles from './session-list.module.css';

/** The sessions of a list, how they are grouped, and what their rows do. */
export type SessionListProps = {
  readonly sessions: readonly SessionView[];
  readonly now: Instant;
  /** As found by a search, best first: in that order, and not in groups. */
  readonly found?: boolean;
  /** vendor: beside a console; need: as the whole view. */
  readonly by: 'vendor' | 'need';
  /** The session being switched to. */
  readonly busy?: string | undefined;
  readonly onOpen: (session: SessionView) => void;
  readonly onSignIn: (session: SessionView) => void;
  /** Switches the current tab; given only for sessions it is possible for. */
  readonly goOf?: (session: SessionView) => (() => void) | undefined;
};

type Group = { readonly title: string; readonly sessions: readonly SessionView[]; readonly go: boolean };

/** Sessions in groups; while searching, in the order of the hits. */
export function SessionList(props: SessionListProps) {
  const { sessions, now, found = false, by, busy, onOpen, onSignIn, goOf } = props;
  const groups = found ? [{ title: '', sessions, go: false }] : grouped(sessions, by, now, goOf);
  const Heading = by === 'need' ? 'h2' : 'h3';
  return (
    <>
      {groups.map((group) => (
        <section key={group.title} class={styles.group}>
          {group.title !== '' && (
            <Heading>
              {group.title}
              {group.go && <span>{i18n.t('switchThisTab')}</span>}
            </Heading>
          )}
          <ul>
            {group.sessions.map((session) => (
              <SessionRow
                key={session.id}
                session={session}
                now={now}
                full={by === 'need' || found}
                busy={busy === session.id}
                onOpen={() => onOpen(session)}
                onSignIn={() => onSignIn(session)}
                onGo={goOf?.(session)}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function grouped(
  sessions: readonly SessionView[],
  by: SessionListProps['by'],
  now: Instant,
  goOf: SessionListProps['goOf'],
): readonly Group[] {
  const groups = new Map<string, SessionView[]>();
  for (const session of sessions) {
    const title = by === 'vendor' ? session.vendor.name : needOf(session, now);
    groups.set(title, [...(groups.get(title) ?? []), session]);
  }
  return [...groups].map(([title, members]) => ({
    title,
    sessions: members,
    go: members.some((session) => goOf?.(session) !== undefined),
  }));
}

function needOf(session: SessionView, now: Instant): string {
  switch (roleOf(stateAt(session, now), now)) {
    case 'bad':
    case 'soon':
      return i18n.t('groupNeed');
    case 'unsure':
      return i18n.t('groupUnsure');
    case 'ok':
      return i18n.t('groupKept');
    case 'info':
    case 'off':
      return i18n.t('groupOther');
  }
}

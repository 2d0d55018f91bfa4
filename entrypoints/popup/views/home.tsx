import type { ComponentChildren, FunctionComponent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Empty } from '../../../components/empty';
import { FailureNote } from '../../../components/failure-note';
import { Hero } from '../../../components/hero';
import { ExternalLink, Eye, LogIn, RefreshCw, Settings, Shield } from '../../../components/icons';
import { Search } from '../../../components/search';
import { SessionList } from '../../../components/session-list';
import text from '../../../components/text.module.css';
import { consoles } from '../../../components/consoles';
import type { Instant } from '../../../lib/core/time';
import type { SessionView, TabView, View } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';
import { actIn, consoleHere, tally, useSessionsNow, type ViewProps } from '../place';
import styles from '../popup.module.css';
import { LostNote } from '../lost-note';
import { SessionTrouble } from '../session-trouble';
import type { ActiveTab } from '../use-view';

type Find = (sessions: readonly SessionView[], query: string) => readonly SessionView[];

/** What the popup opens with: the session of this tab, and where else one can be. */
export function Home(
  props: ViewProps & {
    readonly find: Find | undefined;
    readonly unknown: FunctionComponent<{ tab: ActiveTab }> | undefined;
    readonly lock: FunctionComponent<{ view: View; now: Instant }> | undefined;
  },
) {
  const { view, seen, acts, go, find, unknown: Unknown, lock: LockButton } = props;
  const now = useSessionsNow(view.sessions);
  const [query, setQuery] = useState('');
  const sessions = useSteadyOrder(view.sessions);
  const tab = consoleHere(seen, view);
  const here = sessions.find((session) => session.id === tab?.session);
  const others = sessions.filter((session) => session !== here);
  const searching = query.trim() !== '' && find !== undefined;
  const shown = searching ? find(others, query) : others;

  /** One click to another tenant of the same person, and the tab with it. */
  const goOf = (to: SessionView): (() => void) | undefined => {
    if (!here?.move?.follows || !isSamePerson(here, to) || seen.tab === undefined) return undefined;
    const tabId = seen.tab.id;
    const tenant = { id: to.tenant.id, name: to.tenant.name ?? to.tenant.id };
    return () => acts.move(here, { tenant, console: true, tabId }, (result) => go({ at: 'moved', result }));
  };
  const lede = here || others.length === 0 ? undefined : withoutHero(tab);
  const moving = acts.busy?.act === 'move' ? acts.busy.tenant : undefined;

  return (
    <>
      <main tabIndex={-1}>
        {seen.failure && (
          <div class={styles.slot}>
            <FailureNote
              failure={seen.failure}
              whom={{ vendor: i18n.t('appName'), host: '', apiHost: '', now }}
              onStep={seen.lookAgain}
              without={['sign_in', 'allow', 'choose_tenant']}
            />
          </div>
        )}
        {view.lost && <LostNote consoles={view.lost} />}
        {here ? (
          <Hero
            session={here}
            now={now}
            busy={acts.busy?.session === here.id && acts.busy.act !== 'move' ? acts.busy.act : undefined}
            onAct={actIn(props, here)}
          >
            <SessionTrouble props={props} session={here} />
          </Hero>
        ) : (
          lede !== undefined && <p class={styles.lede}>{lede}</p>
        )}
        {!here && Unknown && seen.tab && <Unknown tab={seen.tab} />}
        {sessions.length === 0 && <NothingYet />}
        {others.length > 0 && (
          <section aria-label={here ? i18n.t('elsewhere') : i18n.t('yourSessions')}>
            <div class={styles.listHead}>
              {here ? <h2>{i18n.t('elsewhere')}</h2> : <h1 class={text.sr}>{i18n.t('yourSessions')}</h1>}
              <Search
                label={i18n.t('searchSessions')}
                placeholder={i18n.t('searchAmong', others.length, { count: others.length })}
                query={query}
                onQuery={setQuery}
              />
            </div>
            {shown.length === 0 ? (
              <Empty title={i18n.t('searchNone')} text={i18n.t('searchNoneText')}>
                <Button onPress={() => setQuery('')}>{i18n.t('clear')}</Button>
              </Empty>
            ) : (
              <SessionList
                sessions={shown}
                now={now}
                found={searching}
                by={here ? 'vendor' : 'need'}
                busy={others.find((one) => one.tenant.id === moving)?.id}
                goOf={goOf}
                onOpen={(session) => go({ at: 'detail', session: session.id })}
                onSignIn={(session) => actIn(props, session)('sign_in')}
              />
            )}
            {others.map((session) => (
              <Slot key={session.id} props={props} session={session} />
            ))}
          </section>
        )}
      </main>
      <Bar view={view} now={now}>
        {LockButton && <LockButton view={view} now={now} />}
      </Bar>
    </>
  );
}

/** What went wrong with a row's action stands below the list: the row itself has no room for it. */
function Slot({ props, session }: { props: ViewProps; session: SessionView }) {
  if (props.acts.trouble?.session !== session.id) return null;
  return (
    <div class={styles.slot}>
      <SessionTrouble props={props} session={session} />
    </div>
  );
}

/** A switch stays with one person, at one console, in one container: anybody else's session is only shown. */
const isSamePerson = (one: SessionView, other: SessionView): boolean =>
  one.console === other.console && one.subject === other.subject && one.container === other.container;

function withoutHero(tab: TabView | undefined): string | undefined {
  switch (tab?.shows) {
    case 'signed_out':
      return i18n.t('consoleSignedOut');
    case 'session':
      // Named and yet not there, it was forgotten: nobody is reading it.
      return tab.session === undefined ? i18n.t('consoleReading') : undefined;
    case 'nothing_yet':
      return i18n.t('consoleReading');
    case undefined:
      return i18n.t('noConsoleHere');
  }
}

function NothingYet() {
  return (
    <>
      <Empty mark level="h1" title={i18n.t('emptyTitle')} text={i18n.t('emptyText')} />
      <ul class={styles.links}>
        {consoles.flatMap(({ name, url, hosts }) =>
          url === undefined
            ? []
            : [
                <li key={name}>
                  <a href={url} target="_blank" rel="noreferrer">
                    <span>
                      {i18n.t('openVendor', { vendor: name })}
                      <small>{hosts[0]}</small>
                    </span>
                    <ExternalLink />
                  </a>
                </li>,
              ],
        )}
        <li>
          <a href="/options.html#sign-ins" target="_blank" rel="noreferrer">
            <span>
              {i18n.t('emptyEnter')}
              <small>{i18n.t('emptyEnterText')}</small>
            </span>
            <ExternalLink />
          </a>
        </li>
      </ul>
    </>
  );
}

function Bar(props: { view: View; now: Instant; children: ComponentChildren }) {
  const {
    view: { sessions, preferences },
    now,
    children,
  } = props;
  const { kept, need } = tally(sessions, now);
  const isMasked = preferences?.isMasked === true;
  const mask = isMasked ? i18n.t('unmask') : i18n.t('mask');
  return (
    <footer class={styles.bar}>
      <p class={styles.counts}>
        {kept > 0 && (
          <span data-role="ok">
            <RefreshCw />
            {i18n.t('countKept', { count: kept })}
          </span>
        )}
        {need > 0 && (
          <span data-role="bad">
            <LogIn />
            {i18n.t('countNeed', need, { count: need })}
          </span>
        )}
      </p>
      <span class={styles.tools}>
        <Button
          kind={isMasked ? 'plain' : 'quiet'}
          size="sm"
          icon={Eye}
          name={mask}
          title={`${mask} (M)`}
          keyHint="M"
          onPress={() => void call('prefer', { isMasked: !isMasked })}
        />
        <a
          class={styles.gear}
          href="/options.html#lockdown"
          target="_blank"
          rel="noreferrer"
          aria-label={i18n.t('lockdown.title')}
          title={i18n.t('lockdown.title')}
        >
          <Shield />
        </a>
        {children}
        <a
          class={styles.gear}
          href="/options.html#settings"
          target="_blank"
          rel="noreferrer"
          aria-label={i18n.t('settings')}
          aria-keyshortcuts=","
          title={i18n.t('settingsTitle')}
        >
          <Settings />
        </a>
      </span>
    </footer>
  );
}

/** Rows keep the places they had when the popup opened: nothing moves away under a finger. */
function useSteadyOrder(sessions: readonly SessionView[]): readonly SessionView[] {
  const places = useRef(new Map<string, number>());
  for (const { id } of sessions) {
    if (!places.current.has(id)) places.current.set(id, places.current.size);
  }
  const place = (session: SessionView): number => places.current.get(session.id) ?? 0;
  return sessions.toSorted((a, b) => place(a) - place(b));
}

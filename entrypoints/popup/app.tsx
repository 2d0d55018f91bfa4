import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import type { SessionAct } from '../../components/acts';
import { FailureNote } from '../../components/failure-note';
import { pressShortcut } from '../../components/shortcuts';
import { Skeleton } from '../../components/skeleton';
import { Toast } from '../../components/toast';
import { useNow } from '../../components/use-now';
import { about, type NextStep } from '../../components/words';
import { type MoveResult, type SessionView, stateAt, type View } from '../../lib/core/view';
import { call } from '../../lib/rpc/client';
import styles from './popup.module.css';
import { type Acts, useActs } from './use-acts';
import { type Seen, useView } from './use-view';
import { Detail } from './views/detail';
import { FirstRun } from './views/first-run';
import { Home } from './views/home';
import { Moved } from './views/moved';
import { NotAnswering } from './views/not-answering';
import { Switcher } from './views/switcher';

/** Where in the popup somebody is. Sessions by id: what is shown of them is always the newest. */
export type Place =
  | { readonly at: 'home' }
  | { readonly at: 'switch' | 'detail'; readonly session: string }
  | { readonly at: 'moved'; readonly result: MoveResult };

/** The popup: a view. It paints from what is known, and may close at any moment without harm. */
export function App() {
  const seen = useView();
  const acts = useActs();
  const [place, setPlace] = useState<Place>({ at: 'home' });
  const main = useRef<HTMLDivElement>(null);

  const go = (to: Place): void => {
    acts.dismissTrouble();
    setPlace(to);
  };
  // A newly opened view has the focus, so that its first words are read and its keys work.
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current && place.at !== 'switch') main.current?.querySelector<HTMLElement>('main')?.focus();
    isFirst.current = false;
  }, [place]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const isElsewhere = document.querySelector('dialog[open], [popover]:popover-open') !== null;
      if (isElsewhere) return;
      if (event.key === 'Escape' && place.at !== 'home') {
        event.preventDefault();
        go({ at: 'home' });
      } else pressShortcut(event, document);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });

  return (
    <div ref={main} class={`${styles.popup} ${place.at === 'switch' ? styles.tall : ''}`}>
      <Where seen={seen} acts={acts} place={place} go={go} />
      <Toast words={acts.done} onGone={acts.dismiss} />
    </div>
  );
}

export type ViewProps = {
  readonly view: View;
  readonly seen: Seen;
  readonly acts: Acts;
  readonly go: (to: Place) => void;
};

function Where({ seen, acts, place, go }: { seen: Seen; acts: Acts; place: Place; go: (to: Place) => void }) {
  const { view, failure, lookAgain } = seen;
  if (!view) {
    if (failure) return <NotAnswering failure={failure} onAgain={lookAgain} />;
    return (
      <main>
        <Skeleton shape="hero" words={i18n.t('loading')} />
      </main>
    );
  }
  if (view.consent === 'missing') return <FirstRun />;
  const props = { view, seen, acts, go };
  if (place.at === 'moved') return <Moved {...props} result={place.result} />;
  const session = place.at === 'home' ? undefined : view.sessions.find((one) => one.id === place.session);
  // A session that is gone meanwhile leads home, not to an empty view.
  if (!session) return <Home {...props} />;
  return place.at === 'switch' ? <Switcher {...props} session={session} /> : <Detail {...props} session={session} />;
}

/** Draws often enough: each second while something is being asked, else as often as a minute can end. */
export function useSessionsNow(sessions: readonly SessionView[]) {
  const isAsking = sessions.some((session) => session.askingSince !== undefined);
  return useNow(isAsking ? 1000 : 5000);
}

/** What can be done about a session from any view: some of it is another view. */
export function actIn({ acts, go, seen }: ViewProps, session: SessionView): (act: SessionAct) => void {
  return (act) => {
    if (act === 'switch') go({ at: 'switch', session: session.id });
    else if (act === 'details') go({ at: 'detail', session: session.id });
    else acts.act(session, act, seen.tab?.id);
  };
}

/** What went wrong with a session's last action, inline, with its next step. */
export function SessionTrouble({ props, session }: { props: ViewProps; session: SessionView }) {
  const { acts, go } = props;
  const { trouble } = acts;
  if (trouble?.session !== session.id) return null;
  const act = actIn(props, session);
  const step = (next: NextStep): void => {
    switch (next) {
      case 'again':
      case 'copy_again':
      case 'reload_list':
        trouble.again();
        break;
      case 'sign_in':
      case 'open_console':
        act('sign_in');
        break;
      case 'allow':
        act('allow');
        break;
      case 'choose_tenant':
        go({ at: 'switch', session: session.id });
        break;
      case 'agree':
        void call('open_consent', {});
        break;
    }
  };
  const now = Date.now() as ReturnType<typeof useNow>;
  return (
    <FailureNote
      failure={trouble.told}
      whom={about(session, now, trouble.tenant)}
      onStep={step}
      onClose={acts.dismissTrouble}
    />
  );
}

/** Whether this session is the one the tab in view shows. */
export const isHere = (seen: Seen, view: View, session: SessionView): boolean =>
  seen.tab !== undefined && view.tabs[seen.tab.id]?.session === session.id;

/** Whether a session is kept alive, or needs somebody. */
export function tally(
  sessions: readonly SessionView[],
  now: ReturnType<typeof useNow>,
): { kept: number; need: number } {
  const kinds = sessions.map((session) => stateAt(session, now).kind);
  return {
    kept: kinds.filter((kind) => kind === 'kept' || kind === 'renewing').length,
    need: kinds.filter((kind) => kind === 'needs_sign_in' || kind === 'permission_missing').length,
  };
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { present } from '../../components/names';
import { pressShortcut } from '../../components/shortcuts';
import { Skeleton } from '../../components/skeleton';
import { Toast } from '../../components/toast';
import type { Place, ViewProps } from './place';
import styles from './popup.module.css';
import { useActs } from './use-acts';
import { useView } from './use-view';
import { FirstRun } from './views/first-run';
import { Home } from './views/home';
import { NotAnswering } from './views/not-answering';

type Later = typeof import('./later');

/** The popup: a view. It paints from what is known, and may close at any moment without harm. */
export function App() {
  const seen = useView();
  const acts = useActs();
  const [place, setPlace] = useState<Place>({ at: 'home' });
  const [later, setLater] = useState<Later>();
  useEffect(() => void import('./later').then(setLater), []);
  const main = useRef<HTMLDivElement>(null);
  present(seen.view?.preferences?.isMasked);

  const go = (to: Place): void => {
    acts.dismissTrouble();
    setPlace(to);
  };
  // A newly opened view has the focus, so that its first words are read and its keys work.
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current && place.at !== 'switch') {
      // A tall view would be scrolled to its middle, with its name out of sight, and under a finger.
      main.current?.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
      document.documentElement.scrollTop = 0;
    }
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
      <Where seen={seen} acts={acts} place={place} go={go} later={later} />
      <Toast words={acts.done} onGone={acts.dismiss} />
    </div>
  );
}

type WhereProps = Omit<ViewProps, 'view'> & { readonly place: Place; readonly later: Later | undefined };

function Where({ seen, acts, place, go, later }: WhereProps) {
  const { view, failure, lookAgain } = seen;
  if (!view) return failure ? <NotAnswering failure={failure} onAgain={lookAgain} /> : <Coming />;
  if (view.consent === 'missing') return <FirstRun lost={view.lost} />;
  if (view.lock && view.lock.is !== 'open') return later ? <later.Locked lock={view.lock} /> : <Coming />;
  const props = { view, seen, acts, go };
  const home = { find: later?.findSessions, unknown: later?.UnknownConsole, lock: later?.LockButton };
  if (place.at === 'home') return <Home {...props} {...home} />;
  if (!later) return <Coming />;
  const about = place.at === 'moved' ? place.result.from : place.session;
  const session = view.sessions.find((one) => one.id === about);
  // A session that is gone meanwhile leads home, not to an empty view.
  if (!session) return <Home {...props} {...home} />;
  if (place.at === 'moved') return <later.Moved {...props} result={place.result} />;
  return place.at === 'switch' ? (
    <later.Switcher {...props} session={session} />
  ) : (
    <later.Detail {...props} session={session} place={place} />
  );
}

function Coming() {
  return (
    <main>
      <Skeleton shape="hero" words={i18n.t('loading')} />
    </main>
  );
}

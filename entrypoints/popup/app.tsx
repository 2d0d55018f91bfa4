import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { pressShortcut } from '../../components/shortcuts';
import { Skeleton } from '../../components/skeleton';
import { Toast } from '../../components/toast';
import type { Place } from './place';
import styles from './popup.module.css';
import { type Acts, useActs } from './use-acts';
import { type Seen, useView } from './use-view';
import { Detail } from './views/detail';
import { FirstRun } from './views/first-run';
import { Home } from './views/home';
import { Moved } from './views/moved';
import { NotAnswering } from './views/not-answering';
import { Switcher } from './views/switcher';

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

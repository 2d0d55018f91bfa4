import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Mark } from '../../components/empty';
import { Activity, Globe, type Icon, Lock, LogIn, Settings, ShieldCheck } from '../../components/icons';
import { Skeleton } from '../../components/skeleton';
import type { SessionView } from '../../lib/core/view';
import styles from './page.module.css';
import { type Known, useKnown } from './use-known';
import { ConsentView } from './views/consent';
import { HostsView } from './views/hosts';
import { SettingsView } from './views/settings';
import { SignInsView } from './views/sign-ins';

/** Fob's full page. The address says which view, so that each can be opened, reloaded and gone back to. */
export function Page() {
  const [route, setRoute] = useState(location.hash);
  const known = useKnown();
  const { sessions } = known;
  useEffect(() => {
    const follow = (): void => setRoute(location.hash);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  const [view = '', query = ''] = route.split('?');
  if (view === '#consent') {
    return (
      <main class={styles.page}>
        <ConsentView />
      </main>
    );
  }
  return (
    <div class={styles.shell}>
      <Nav here={view} sessions={sessions} />
      <main class={styles.main}>{viewAt(view, query, known)}</main>
    </div>
  );
}

function viewAt(view: string, query: string, known: Known) {
  const { sessions } = known;
  switch (view) {
    case '#hosts':
      return <HostsView key={query} query={query} sessions={sessions} />;
    case '#sign-ins':
      return <SignInsView key={query} query={query} />;
    case '#tokens':
      return <Later key={view} load={tokens} known={known} />;
    case '#security':
      return <Later key={view} load={security} known={known} />;
    case '#lockdown':
      return <Later key={view} load={lockdown} known={known} />;
    case '#diagnostics':
      return <Later key={view} load={diagnostics} known={known} />;
    default:
      return <SettingsView />;
  }
}

type LaterView = ComponentType<Known>;
const tokens = (): Promise<LaterView> => import('./views/tokens').then((views) => views.TokensView);
const diagnostics = (): Promise<LaterView> => import('./views/diagnostics').then((views) => views.DiagnosticsView);
const security = (): Promise<LaterView> => import('./views/security').then((views) => views.SecurityView);
const lockdown = (): Promise<LaterView> => import('./views/security').then((views) => views.LockdownView);

/** What few people open is loaded when they do. */
function Later({ load, known }: { load: () => Promise<LaterView>; known: Known }) {
  const [View, setView] = useState<LaterView>();
  useEffect(() => void load().then((view) => setView(() => view)), [load]);
  return View ? <View {...known} /> : <Skeleton shape="list" words={i18n.t('loading')} />;
}

function Nav({ here, sessions }: { here: string; sessions: readonly SessionView[] }) {
  const places: readonly { readonly hash: string; readonly name: string; readonly Icon: Icon }[] = [
    { hash: '#settings', name: i18n.t('settings'), Icon: Settings },
    { hash: '#sign-ins', name: i18n.t('signIns'), Icon: LogIn },
    // Only where a vendor lets somebody list them.
    ...(sessions.some(({ offers }) => offers.includes('list'))
      ? [{ hash: '#tokens', name: i18n.t('navTokens'), Icon: ShieldCheck }]
      : []),
    { hash: '#hosts', name: i18n.t('navHosts'), Icon: Globe },
    { hash: '#security', name: i18n.t('security'), Icon: Lock },
    { hash: '#diagnostics', name: i18n.t('check.title'), Icon: Activity },
  ];
  const current = places.some(({ hash }) => hash === here) ? here : here === '#lockdown' ? '#security' : '#settings';
  return (
    <nav class={styles.nav} aria-label={i18n.t('navLabel')}>
      <span class={styles.brand}>
        <Mark />
        {i18n.t('appName')}
      </span>
      {places.map(({ hash, name, Icon }) => (
        <a key={hash} href={hash} {...(hash === current ? { 'aria-current': 'page' as const } : {})}>
          <Icon />
          {name}
        </a>
      ))}
    </nav>
  );
}

import { useEffect, useState } from 'preact/hooks';
import styles from './page.module.css';
import { ConsentView } from './views/consent';
import { HostsView } from './views/hosts';
import { SettingsView } from './views/settings';

/** Fob's full page. The address says which view, so that each can be opened, reloaded and gone back to. */
export function Page() {
  const [route, setRoute] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setRoute(location.hash);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return <main class={styles.page}>{viewAt(route)}</main>;
}

function viewAt(route: string) {
  switch (route) {
    case '#consent':
      return <ConsentView />;
    case '#hosts':
      return <HostsView />;
    default:
      return <SettingsView />;
  }
}

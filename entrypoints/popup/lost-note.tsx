import { i18n } from '#i18n';
import { hostOf } from '../../components/names';
import { Note } from '../../components/note';
import { call } from '../../lib/rpc/client';
import styles from './popup.module.css';

/** What neither store has any more, by its consoles: until it is closed, for nothing else would ever tell. */
export function LostNote({ consoles }: { readonly consoles: readonly string[] }) {
  const hosts = [...new Set(consoles.filter(Boolean).map(hostOf))];
  return (
    <div class={styles.slot}>
      <Note
        role="bad"
        title={i18n.t('lostTitle')}
        text={hosts.length > 0 ? i18n.t('lostSessions', { hosts: hosts.join(', ') }) : i18n.t('lostEverything')}
        onClose={() => void call('repair', { what: 'lost' })}
      />
    </div>
  );
}

import { FailureNote } from '../../../components/failure-note';
import { i18n } from '#i18n';
import text from '../../../components/text.module.css';
import type { Failure } from '../../../lib/core/failure';
import type { Instant } from '../../../lib/core/time';
import styles from '../popup.module.css';

/** Nothing is known and nobody answers: the one failure that takes the whole view. */
export function NotAnswering({ failure, onAgain }: { failure: Failure; onAgain: () => void }) {
  const whom = { vendor: i18n.t('appName'), host: '', apiHost: '', now: Date.now() as Instant };
  return (
    <main tabIndex={-1} class={styles.pad}>
      <h1 class={text.sr}>{i18n.t('appName')}</h1>
      <FailureNote failure={failure} whom={whom} onStep={onAgain} />
    </main>
  );
}

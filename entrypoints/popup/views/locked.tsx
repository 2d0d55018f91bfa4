import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Hourglass, Lock } from '../../../components/icons';
import { endsWords, sinceWords } from '../../../components/lock-words';
import { UnlockForm } from '../../../components/unlock-form';
import { useNow } from '../../../components/use-now';
import type { LockView } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';
import styles from './locked.module.css';

/** All there is to see while Fob is locked: one field, and what goes on meanwhile. */
export function Locked({ lock }: { lock: LockView }) {
  const now = useNow(1000);
  const [isWrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const main = useRef<HTMLElement>(null);
  useEffect(() => main.current?.querySelector('input')?.focus(), []);
  const unlock = async (passphrase: string): Promise<void> => {
    setBusy(true);
    const opened = await call('unlock', { passphrase });
    setBusy(false);
    setWrong(!opened.ok);
    main.current?.querySelector('input')?.select();
  };
  return (
    <>
      <main ref={main} tabIndex={-1} class={styles.locked}>
        <span class={styles.ring}>
          <Lock />
        </span>
        <h1>{i18n.t('lock.title')}</h1>
        <p class={styles.since}>{sinceWords(lock, now)}</p>
        <UnlockForm
          isWrong={isWrong}
          nextTryAt={lock.nextTryAt}
          now={now}
          busy={busy}
          onUnlock={(typed) => void unlock(typed)}
        />
        <div class={styles.note} data-role={lock.is === 'lock' ? 'soon' : 'off'}>
          {lock.is === 'lock' ? <Hourglass /> : <Lock />}
          <div>
            <p>
              <strong>{lock.is === 'lock' ? i18n.t('lock.stops') : i18n.t('lock.goesOn')}</strong>
            </p>
            {lock.is === 'lock' && <p>{endsWords(lock, now)}</p>}
            <p>{i18n.t('lock.hidden')}</p>
          </div>
        </div>
      </main>
      <footer class={styles.foot}>
        <details>
          <summary>{i18n.t('lock.forgot')}</summary>
          <p>{i18n.t('lock.forgotText')}</p>
        </details>
        <span>{i18n.t('lock.where')}</span>
      </footer>
    </>
  );
}

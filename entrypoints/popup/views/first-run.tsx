import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Foot } from '../../../components/bar';
import { Button } from '../../../components/button';
import { Empty } from '../../../components/empty';
import { call } from '../../../lib/rpc/client';
import type { Failure } from '../../../lib/core/failure';
import styles from '../popup.module.css';
import { LostNote } from '../lost-note';
import { NotAnswering } from './not-answering';

/** Before anything is agreed to: what Fob is, and the page that says the rest. */
export function FirstRun({ lost }: { readonly lost: readonly string[] | undefined }) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const open = async (): Promise<void> => {
    setBusy(true);
    const opened = await call('open_consent', {});
    setBusy(false);
    if (opened.ok) window.close();
    else setFailure(opened.failure);
  };
  if (failure) return <NotAnswering failure={failure} onAgain={() => void open()} />;
  return (
    <>
      <main tabIndex={-1}>
        {lost && <LostNote consoles={lost} />}
        <Empty mark level="h1" title={i18n.t('firstTitle')} text={i18n.t('firstText')} />
      </main>
      <Foot>
        <Button kind="primary" grow busy={busy} onPress={() => void open()}>
          {i18n.t('stepAgree')}
        </Button>
        <p class={styles.aside}>{i18n.t('firstFoot')}</p>
      </Foot>
    </>
  );
}

import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { ConsentForm } from '../../../components/consent-form';
import { consoles } from '../../../components/consoles';
import { Empty } from '../../../components/empty';
import type { Failure } from '../../../lib/core/failure';
import { call } from '../../../lib/rpc/client';

import styles from '../page.module.css';

/** The first-run page: what Fob does, and the person's yes or not now. */
export function ConsentView() {
  const [answer, setAnswer] = useState<'open' | 'asking' | 'agreed' | 'declined'>('open');
  const [failure, setFailure] = useState<Failure>();

  const agree = async (): Promise<void> => {
    setAnswer('asking');
    setFailure(undefined);
    const stored = await call('consent', {});
    setAnswer(stored.ok ? 'agreed' : 'open');
    if (!stored.ok) setFailure(stored.failure);
  };

  if (answer === 'agreed') {
    return (
      <div role="status">
        <Empty mark level="h1" title={i18n.t('consentDone')} text={i18n.t('consentDoneText')}>
          {consoles.flatMap(({ name, url }) =>
            url === undefined
              ? []
              : [
                  <a key={name} class={styles.link} href={url}>
                    {i18n.t('openVendor', { vendor: name })}
                  </a>,
                ],
          )}
        </Empty>
      </div>
    );
  }
  if (answer === 'declined') {
    return (
      <div role="status">
        <Empty mark level="h1" title={i18n.t('consentDeclined')} text={i18n.t('consentDeclinedText')} />
      </div>
    );
  }
  return (
    <ConsentForm
      consoles={consoles}
      busy={answer === 'asking'}
      failure={failure}
      onAgree={() => void agree()}
      onDecline={() => setAnswer('declined')}
    />
  );
}

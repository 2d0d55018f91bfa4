import { useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Toggle } from '../../../components/toggle';
import type { Failure } from '../../../lib/core/failure';
import type { View } from '../../../lib/core/view';
import { askForClipboard, holdsClipboard, letGoOfClipboard, onPermissions } from '../../../lib/platform/permissions';
import { call } from '../../../lib/rpc/client';
import { FormFailure } from '../form-failure';
import styles from '../page.module.css';
import type { Known } from '../use-known';

/** What becomes of a copy, and what others see who look on. */
export function CopyAndShow({ preferences = {} }: Known) {
  const [holds, setHolds] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    const look = (): void => void holdsClipboard().then(setHolds);
    look();
    return onPermissions(look);
  }, []);
  const prefer = async (chosen: NonNullable<View['preferences']>): Promise<void> => {
    const stored = await call('prefer', chosen);
    setFailure(stored.ok ? undefined : stored.failure);
  };
  const clear = async (clearsClipboard: boolean): Promise<void> => {
    // The browser asks at the click alone.
    const granted = await (clearsClipboard ? askForClipboard() : letGoOfClipboard());
    if (granted || !clearsClipboard) await prefer({ clearsClipboard });
  };
  return (
    <section class={styles.card}>
      <h2>{i18n.t('hands.title')}</h2>
      <Toggle
        label={i18n.t('hands.clear')}
        help={i18n.t('hands.clearText')}
        checked={holds && preferences.clearsClipboard === true}
        onChange={(on) => void clear(on)}
      />
      <Toggle
        label={i18n.t('hands.mask')}
        help={i18n.t('hands.maskText')}
        checked={preferences.isMasked === true}
        onChange={(isMasked) => void prefer({ isMasked })}
      />
      {failure && <FormFailure failure={failure} vendor={i18n.t('appName')} />}
    </section>
  );
}

import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Lock } from '../../../components/icons';
import { endWhileLocked, LockConfirm } from '../../../components/lock-confirm';
import type { Instant } from '../../../lib/core/time';
import type { View } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';

/** Locks Fob, once it is said what ends meanwhile; without a passphrase it leads to where one is set. */
export function LockButton({ view: { lock, sessions }, now }: { view: View; now: Instant }) {
  const [asks, setAsks] = useState(false);
  const ending = lock?.settings.mode === 'lock' ? endWhileLocked(sessions, now) : [];
  const act = (): void => {
    if (!lock) window.open('/options.html#security', '_blank', 'noreferrer');
    else if (ending.length > 0) setAsks(true);
    else void call('lock', {});
  };
  const name = lock ? i18n.t('lock.act') : i18n.t('lock.set');
  return (
    <>
      <Button kind="quiet" size="sm" icon={Lock} name={name} keyHint="L" onPress={act} />
      {asks && (
        <LockConfirm
          ending={ending}
          now={now}
          onCancel={() => setAsks(false)}
          onLock={() => void call('lock', {}).then(() => setAsks(false))}
        />
      )}
    </>
  );
}

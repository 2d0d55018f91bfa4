import { useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Confirm } from '../../../components/confirm';
import list from '../../../components/host-list.module.css';
import { hostOf } from '../../../components/names';
import type { Failure } from '../../../lib/core/failure';
import type { SessionView } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';
import { nameOf, type OwnHost } from '../built-in-hosts';
import { FormFailure } from '../form-failure';
import styles from '../page.module.css';
import { AddHost } from './add-host';

/** The consoles on people's own hosts: which there are, one more, one less. */
export function OwnHosts(props: { own: readonly OwnHost[]; sessions: readonly SessionView[]; onDone: () => void }) {
  const { own, sessions, onDone } = props;
  const [leaving, setLeaving] = useState<OwnHost>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();

  const heading = useRef<HTMLHeadingElement>(null);
  const remove = async ({ console }: OwnHost): Promise<void> => {
    setBusy(true);
    const answer = await call('remove_deployment', { console });
    setBusy(false);
    setLeaving(undefined);
    setFailure(answer.ok ? undefined : answer.failure);
    onDone();
    // The row is gone, and the button with it.
    if (answer.ok) heading.current?.focus();
  };
  const there = sessions.filter((one) => one.console === leaving?.console).length;
  return (
    <section class={styles.card} aria-label={i18n.t('ownHosts')}>
      <h2 ref={heading} tabIndex={-1}>
        {i18n.t('ownHosts')}
      </h2>
      <p>{i18n.t('ownHostsText')}</p>
      {own.length === 0 && <p>{i18n.t('ownHostsNone')}</p>}
      <ul class={list.hosts}>
        {own.map((one) => (
          <li key={one.console}>
            <span>
              <bdi>{hostOf(one.console)}</bdi>
              <small>{i18n.t('ownHostApi', { vendor: nameOf(one.vendor), host: hostOf(one.api) })}</small>
            </span>
            <Button
              size="sm"
              name={i18n.t('ownHostRemoveNamed', { host: hostOf(one.console) })}
              onPress={() => setLeaving(one)}
            >
              {i18n.t('ownHostRemove')}
            </Button>
          </li>
        ))}
      </ul>
      {failure && <FormFailure failure={failure} vendor={i18n.t('appName')} />}
      <AddHost onDone={onDone} />
      {leaving && (
        <Confirm
          title={i18n.t('ownHostRemoveAsk', { host: hostOf(leaving.console) })}
          effects={[
            i18n.t('ownHostRemoveLook'),
            ...(there > 0 ? [i18n.t('ownHostRemoveSessions', there, { count: there })] : []),
          ]}
          unseen={[i18n.t('ownHostRemoveUnseen')]}
          safe={i18n.t('forgetKeep')}
          danger={i18n.t('ownHostRemove')}
          busy={busy}
          onSafe={() => setLeaving(undefined)}
          onDanger={() => void remove(leaving)}
        />
      )}
    </section>
  );
}

import { useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Confirm } from '../../../components/confirm';
import type { NeededHost } from '../../../components/host-list';
import { hostIn, hostOf } from '../../../components/names';
import { type SessionView } from '../../../lib/core/view';
import { isFixed, withdraw } from '../../../lib/platform/permissions';
import { call } from '../../../lib/rpc/client';
import { originOf } from '../origins';

/**
 * How an allowed host is taken back. One that came with Fob is the browser's to take away: of that, Fob can stop using the
 * console, and so read and keep nothing there.
 */
export function useTakingBack(sessions: readonly SessionView[]) {
  const [asked, setAsked] = useState<NeededHost>();
  const [unused, setUnused] = useState<readonly string[]>([]);
  const load = async (): Promise<void> => {
    const found = await call('policies', {});
    if (found.ok) setUnused(found.value.filter(({ keep }) => keep === 'never').map(({ console }) => console));
  };
  useEffect(() => void load(), []);
  const use = async (console: string, keep: 'ask' | 'never'): Promise<void> => {
    await call('policy', { console, keep });
    await load();
  };

  const button = (one: NeededHost) => {
    const origin = originOf(one.host);
    const host = hostOf(one.host);
    if (unused.includes(origin)) {
      return (
        <Button size="sm" name={i18n.t('withdraw.useNamed', { host })} onPress={() => void use(origin, 'ask')}>
          {i18n.t('withdraw.use')}
        </Button>
      );
    }
    if (one.host.startsWith('*')) return <small>{i18n.t('withdraw.fixed')}</small>;
    if (!isFixed(origin)) {
      return (
        <Button size="sm" name={i18n.t('withdraw.withdrawNamed', { host })} onPress={() => setAsked(one)}>
          {i18n.t('withdraw.act')}
        </Button>
      );
    }
    if (one.for === 'api') return <small>{i18n.t('withdraw.fixed')}</small>;
    return (
      <Button size="sm" name={i18n.t('withdraw.stopNamed', { host })} onPress={() => setAsked(one)}>
        {i18n.t('withdraw.stop')}
      </Button>
    );
  };
  if (!asked) return { button, question: undefined };

  const origin = originOf(asked.host);
  const host = hostOf(asked.host);
  const isStop = isFixed(origin);
  const touched = sessions.filter(
    ({ console, apiHost, keeping }) =>
      keeping === 'kept' && (hostIn(console) === asked.host || (!isStop && apiHost === asked.host)),
  ).length;
  const take = async (): Promise<void> => {
    await (isStop ? use(origin, 'never') : withdraw(origin));
    setAsked(undefined);
  };
  const question = (
    <Confirm
      title={isStop ? i18n.t('withdraw.stopAsk', { host }) : i18n.t('withdraw.withdrawAsk', { host })}
      effects={[
        ...(asked.for === 'api' || asked.for === 'nothing' ? [] : [i18n.t('withdraw.unnoticed')]),
        ...(touched > 0 ? [i18n.t('withdraw.paused', touched, { count: touched })] : []),
        ...(isStop ? [] : [i18n.t('withdraw.unsent')]),
      ]}
      unseen={[isStop ? i18n.t('withdraw.page') : i18n.t('withdraw.again')]}
      safe={i18n.t('forgetKeep')}
      danger={isStop ? i18n.t('withdraw.stop') : i18n.t('withdraw.act')}
      onSafe={() => setAsked(undefined)}
      onDanger={() => void take()}
    />
  );
  return { button, question };
}

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { HostList, type NeededHost } from '../../../components/host-list';
import { hostOf } from '../../../components/names';
import { Note } from '../../../components/note';
import type { SessionView } from '../../../lib/core/view';
import { allowedHosts, askFor, isAllowed, onPermissions } from '../../../lib/platform/permissions';
import { call } from '../../../lib/rpc/client';
import { neededHosts, type OwnHost } from '../built-in-hosts';
import { originOf } from '../origins';
import styles from '../page.module.css';
import { ApiPermissions } from './api-permissions';
import { OwnHosts } from './own-hosts';
import { Proposal } from './proposal';
import { useTakingBack } from './taking-back';

/** The one place where the browser can be asked: at a click, on a page of Fob's own. */
export function HostsView({ sessions, query = '' }: { sessions: readonly SessionView[]; query?: string }) {
  const [own, setOwn] = useState<readonly OwnHost[]>([]);
  const [allowed, setAllowed] = useState<Readonly<Record<string, boolean>>>({});
  const [asking, setAsking] = useState<readonly string[]>([]);
  const [answer, setAnswer] = useState<{ readonly hosts: readonly string[]; readonly granted: boolean }>();
  const [held, setHeld] = useState<readonly string[]>([]);
  const needed = useMemo(() => neededHosts(sessions, own, held), [sessions, own, held]);

  const load = async (): Promise<void> => {
    const found = await call('deployments', {});
    if (found.ok) setOwn(found.value);
  };
  useEffect(() => {
    const look = (): void => void allowedHosts().then(setHeld);
    void load();
    look();
    return onPermissions(look);
  }, []);
  useEffect(() => {
    const look = async (): Promise<void> => {
      const states = await Promise.all(
        needed.map(async ({ host }) => [host, await isAllowed(originOf(host))] as const),
      );
      setAllowed(Object.fromEntries(states));
    };
    void look();
    return onPermissions(() => void look());
  }, [needed]);

  // The button that was pressed is gone with a grant: what came of it has the focus then.
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (answer?.granted) told.current?.focus();
  }, [answer]);

  const allow = (hosts: readonly string[]): void => {
    const answered = askFor(hosts.map(originOf));
    setAsking(hosts);
    setAnswer(undefined);
    void answered.then((granted) => {
      setAsking([]);
      setAnswer({ hosts, granted });
    });
  };
  const takingBack = useTakingBack(sessions);
  const hosts = needed.map((one): NeededHost => {
    const is = allowed[one.host];
    return is === undefined ? one : { ...one, allowed: is };
  });
  const names = answer?.hosts.map(hostOf).join(', ') ?? '';
  return (
    <div class={styles.view}>
      <h1>{i18n.t('hosts')}</h1>
      <Proposal query={query} onDone={() => void load()} />
      <section class={styles.card} aria-label={i18n.t('hosts')}>
        <p>{i18n.t('hostsText')}</p>
        <HostList hosts={hosts} asking={asking} onAllow={allow} back={takingBack.button} />
        <div ref={told} role="status" tabIndex={-1}>
          {answer &&
            (answer.granted ? (
              <Note role="ok" title={i18n.t('hostsGranted', { host: names })} text={i18n.t('hostsGrantedText')} />
            ) : (
              <Note role="bad" title={i18n.t('hostsRefused', { host: names })} text={i18n.t('hostsRefusedText')} />
            ))}
        </div>
      </section>
      <OwnHosts own={own} sessions={sessions} onDone={() => void load()} />
      <ApiPermissions />
      {takingBack.question}
    </div>
  );
}

import { useCallback, useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Foot, TopBar } from '../../../components/bar';
import { FailureNote } from '../../../components/failure-note';
import { about } from '../../../components/failure-words';
import { Kbd } from '../../../components/kbd';
import { inSentence, personName } from '../../../components/names';
import { TenantPicker } from '../../../components/tenant-picker';
import { Toggle } from '../../../components/toggle';
import { moveWords } from '../../../components/words';
import type { Failure } from '../../../lib/core/failure';
import type { SessionView, TenantList } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';
import { isHere, useSessionsNow, type ViewProps } from '../place';
import styles from '../popup.module.css';
import { SessionTrouble, stepIn } from '../session-trouble';

/** What it does to the end of a token, as far as the vendor says. */
function moveMeans({ move, vendor: { name: vendor } }: SessionView): string {
  return move?.verb === 'reissue' ? i18n.t('moveReissueMeans', { vendor }) : i18n.t('moveExchangeMeans', { vendor });
}

/** Where else this person can be: one field, one list, one key. */
export function Switcher(props: ViewProps & { readonly session: SessionView }) {
  const { view, seen, acts, go, session } = props;
  const now = useSessionsNow(view.sessions);
  const mayFollow = session.move?.follows === true && isHere(seen, view, session);
  const [follow, setFollow] = useState(true);
  const [list, setList] = useState<TenantList>();
  const [loading, setLoading] = useState(true);
  const [failure, setFailure] = useState<Failure>();

  const load = useCallback(
    async (again: boolean) => {
      setLoading(true);
      setFailure(undefined);
      const answer = await call('tenants', { session: session.id, ...(again ? { again } : {}) });
      setLoading(false);
      if (answer.ok) setList(answer.value);
      else setFailure(answer.failure);
    },
    [session.id],
  );
  useEffect(() => void load(false), [load]);

  return (
    <>
      <TopBar
        title={i18n.t('actSwitch')}
        sub={i18n.t('switchAs', { vendor: session.vendor.name, person: inSentence(personName(session)) })}
        onBack={() => go({ at: 'home' })}
      />
      <main tabIndex={-1} class={styles.list}>
        {(failure ?? (acts.trouble?.session === session.id ? acts.trouble : undefined)) && (
          <div class={styles.slot}>
            {failure ? (
              <FailureNote
                failure={failure}
                whom={about(session, now)}
                onStep={stepIn(props, session, () => void load(true))}
                without={['choose_tenant']}
              />
            ) : (
              <SessionTrouble props={props} session={session} />
            )}
          </div>
        )}
        <TenantPicker
          list={list}
          vendor={session.vendor.name}
          now={now}
          loading={loading}
          busy={acts.busy?.tenant}
          onAgain={() => void load(true)}
          onPick={(tenant) => {
            const console = mayFollow && follow;
            const tabId = seen.tab?.id;
            acts.move(session, { tenant, console, ...(console && tabId !== undefined ? { tabId } : {}) }, (result) =>
              go({ at: 'moved', result }),
            );
          }}
        />
      </main>
      <Foot>
        {mayFollow && (
          <div class={styles.wide}>
            <Toggle
              label={i18n.t('switchConsole')}
              help={follow ? i18n.t('switchConsoleOn') : i18n.t('switchConsoleOff')}
              checked={follow}
              onChange={setFollow}
            />
          </div>
        )}
        {session.move && session.move.verb !== 'switch' && (
          <p class={styles.aside}>
            <strong>{moveWords(session)}</strong> {moveMeans(session)}
          </p>
        )}
        <p class={styles.hints} aria-hidden="true">
          <span>
            <Kbd>↑</Kbd>
            <Kbd>↓</Kbd> {i18n.t('hintMove')}
          </span>
          <span>
            <Kbd>{i18n.t('hintEnter')}</Kbd> {i18n.t('hintSwitch')}
          </span>
        </p>
      </Foot>
    </>
  );
}

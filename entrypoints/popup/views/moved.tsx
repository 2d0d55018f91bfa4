import { i18n } from '#i18n';
import { Foot, TopBar } from '../../../components/bar';
import { Button } from '../../../components/button';
import { ArrowLeft, Copy } from '../../../components/icons';
import { MoveResult } from '../../../components/move-result';
import { inSentence, tenantName } from '../../../components/names';
import { Skeleton } from '../../../components/skeleton';
import type { MoveResult as Result } from '../../../lib/core/view';
import { actIn, isHere, useSessionsNow, type ViewProps } from '../place';
import styles from '../popup.module.css';
import { SessionTrouble, stepIn } from '../session-trouble';

/** What a move did, and the way back. */
export function Moved(props: ViewProps & { readonly result: Result }) {
  const { view, seen, acts, go, result } = props;
  const now = useSessionsNow(view.sessions);
  const before = view.sessions.find((one) => one.id === result.from);
  const after = view.sessions.find((one) => one.id === result.session);
  if (!before || !after) {
    return (
      <>
        <TopBar title={i18n.t('actSwitch')} onBack={() => go({ at: 'home' })} />
        <main tabIndex={-1}>
          <Skeleton shape="hero" words={i18n.t('loading')} />
        </main>
      </>
    );
  }
  const followed = result.console === 'followed';
  const tenant = inSentence(tenantName(after.tenant));
  const tabId = seen.tab?.id;
  const back = (): void =>
    acts.move(
      after,
      {
        tenant: { id: before.tenant.id, name: tenantName(before.tenant) },
        console: followed,
        ...(followed && tabId !== undefined ? { tabId } : {}),
      },
      (next) => go({ at: 'moved', result: next }),
    );
  /** The move once more, for the console that was not taken along. */
  const again = (): void =>
    acts.move(
      before,
      {
        tenant: { id: after.tenant.id, name: tenantName(after.tenant) },
        console: true,
        ...(tabId === undefined ? {} : { tabId }),
      },
      (next) => go({ at: 'moved', result: next }),
    );
  return (
    <>
      <TopBar
        title={followed ? i18n.t('moveTitle', { tenant }) : i18n.t('moveDone', { tenant })}
        sub={after.vendor.name}
        onBack={() => go({ at: 'home' })}
      />
      <main tabIndex={-1} class={styles.pad}>
        <SessionTrouble props={props} session={after} />
        <SessionTrouble props={props} session={before} />
        <MoveResult
          before={before}
          after={after}
          result={result}
          isHere={isHere(seen, view, before)}
          now={now}
          onStep={stepIn(props, before, again)}
        />
      </main>
      <Foot>
        <Button
          kind="primary"
          grow
          icon={Copy}
          busy={acts.busy?.act === 'copy_token'}
          onPress={() => actIn(props, after)('copy_token')}
        >
          {i18n.t('moveCopy')}
        </Button>
        <Button icon={ArrowLeft} busy={acts.busy?.act === 'move'} onPress={back}>
          {i18n.t('moveBack')}
        </Button>
      </Foot>
    </>
  );
}

import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import { roleOf, type SessionView, stateAt } from '../lib/core/view';
import { Button } from './button';
import { Fob, ringsOf } from './fob';
import { ArrowLeftRight, LogIn } from './icons';
import { Name } from './name';
import { inSentence, personName, tenantName } from './names';
import styles from './session-row.module.css';
import { StateIcon } from './state';
import text from './text.module.css';
import { leftWords } from './time-words';
import { rowWords, stateWords } from './words';

/** One session as a row, and what a press on it does. */
export type SessionRowProps = {
  readonly session: SessionView;
  readonly now: Instant;
  /** Says vendor and person too: where the list mixes them. */
  readonly full?: boolean;
  readonly busy?: boolean;
  readonly onOpen: () => void;
  /** Switches the current tab to this tenant; absent where that cannot be. */
  readonly onGo?: (() => void) | undefined;
  readonly onSignIn: () => void;
};

/** One session in a list: one line while it is well, a second one that says what happens next when it is not. */
export function SessionRow({ session, now, full = false, busy = false, onOpen, onGo, onSignIn }: SessionRowProps) {
  const state = stateAt(session, now);
  const role = roleOf(state, now);
  const row = rowWords(session, state, now);
  const name = tenantName(session.tenant);
  const endsAt = session.token.expiresAt;
  const signIn = state.kind === 'needs_sign_in' || state.kind === 'ended';
  return (
    <li class={styles.row}>
      <Fob tenant={session.tenant} role={role} token={ringsOf(session, now).token} />
      <div>
        <button type="button" class={styles.open} onClick={onOpen}>
          <Name of={name} />
        </button>
        {full && (
          <p class={styles.sub}>
            {session.vendor.name}, <Name of={personName(session)} />
          </p>
        )}
        {row !== undefined && (
          <p class={styles.sub} data-role={role}>
            {row}
          </p>
        )}
      </div>
      {!signIn && (
        <div class={styles.left} data-role={role}>
          <StateIcon state={state} role={role} />
          <span class={text.sr}>{row === undefined ? stateWords(session, state, now).word : ''}</span>
          {endsAt !== undefined && <span class={text.num}>{leftWords(endsAt - now)}</span>}
        </div>
      )}
      {signIn ? (
        <Button size="sm" icon={LogIn} name={i18n.t('signInTo', { tenant: inSentence(name) })} onPress={onSignIn}>
          {i18n.t('signIn')}
        </Button>
      ) : (
        onGo && (
          <Button
            size="sm"
            icon={ArrowLeftRight}
            busy={busy}
            name={i18n.t('switchTabTo', { tenant: inSentence(name) })}
            onPress={onGo}
          />
        )
      )}
    </li>
  );
}

import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import { roleOf, type SessionView, stateAt, type StateView } from '../lib/core/view';
import { hasLives, isUsable, type SessionAct } from './acts';
import { Button } from './button';
import { Check } from './check';
import { CopyMenu } from './copy-menu';
import { Fob, ringsOf, ringsSpoken } from './fob';
import styles from './hero.module.css';
import { ArrowLeftRight, ChevronRight, type Icon, LogIn, RefreshCw, Shield } from './icons';
import { hasSignIn } from './life-words';
import { Lives } from './lives';
import { Name } from './name';
import { isApplication, personName, tenantName } from './names';
import { State } from './state';
import { tenantMark } from './tenant-mark';
import text from './text.module.css';
import { type Act, actWords, stateWords } from './words';

/** The session that is shown large, and what can be done with it. */
export type HeroProps = {
  readonly session: SessionView;
  readonly now: Instant;
  readonly busy?: SessionAct | undefined;
  readonly onAct: (act: SessionAct) => void;
  /** What went wrong with the last action, shown where the eye is. */
  readonly children?: ComponentChildren;
};

/** Who am I here, for how long, and what can I do about it. */
export function Hero({ session, now, busy, onAct, children }: HeroProps) {
  const state = stateAt(session, now);
  const role = roleOf(state, now);
  const words = stateWords(session, state, now);
  const heading = useId();
  const aside = besideState(session, state);
  const { token, signIn } = ringsOf(session, now);
  return (
    <section class={styles.hero} data-hue={tenantMark(session.tenant).hue} aria-labelledby={heading}>
      <div class={styles.id}>
        <Fob
          tenant={session.tenant}
          size="lg"
          role={role}
          token={token}
          {...(hasSignIn(session) ? { signIn } : {})}
          label={ringsSpoken(session, now)}
        />
        <div>
          <p class={text.sr}>{i18n.t('thisTab')}</p>
          <h1 id={heading}>
            <Name of={tenantName(session.tenant)} />
          </h1>
          <Person session={session} />
          <p class={text.second}>{i18n.t('vendorThisTab', { vendor: session.vendor.name })}</p>
        </div>
      </div>
      <div class={styles.state} data-long={role !== 'ok' || undefined}>
        <State state={state} role={role} words={words.word} pill />
        {aside && (
          <Button
            size="sm"
            icon={RefreshCw}
            title={i18n.t('renewTitle')}
            keyHint="R"
            busy={busy === 'renew'}
            onPress={() => onAct('renew')}
          >
            {aside === 'ask_again' ? i18n.t('actAskAgain') : i18n.t('renewNow')}
          </Button>
        )}
        {words.sentence !== undefined && <p>{words.sentence}</p>}
      </div>
      {children}
      {hasLives(state) && <Lives session={session} role={role} now={now} />}
      <Actions session={session} state={state} act={words.act} busy={busy} onAct={onAct} />
    </section>
  );
}

function Person({ session }: { session: SessionView }) {
  const { name, email } = session.person;
  if (name === undefined && email === undefined) {
    const who = <Name of={personName(session)} />;
    const isNobody = isApplication(session);
    return (
      <>
        <p class={styles.who}>{isNobody ? i18n.t('personNone') : who}</p>
        <p class={text.second}>{isNobody ? who : i18n.t('personUnnamed', { vendor: session.vendor.name })}</p>
      </>
    );
  }
  return (
    <>
      {name !== undefined && (
        <p class={styles.who}>
          <Name of={name} />
        </p>
      )}
      {email !== undefined && (
        <p class={name === undefined ? styles.who : text.second}>
          <Email of={email} />
        </p>
      )}
    </>
  );
}

/** An address breaks after its @, not in the middle of a word. */
function Email({ of }: { of: string }) {
  const at = of.lastIndexOf('@') + 1;
  return (
    <bdi>
      <Name of={of.slice(0, at)} />
      <wbr />
      <Name of={of.slice(at)} />
    </bdi>
  );
}

type ActionsProps = {
  readonly session: SessionView;
  readonly state: StateView;
  readonly act: Act | undefined;
  readonly busy: SessionAct | undefined;
  readonly onAct: (act: SessionAct) => void;
};

function Actions({ session, state, act, busy, onAct }: ActionsProps) {
  const [always, setAlways] = useState(false);
  // Asking again stands beside the state; the main action stays the one people come for.
  const primary = act === 'ask_again' || act === undefined ? 'switch' : act;
  const isKeeping = primary === 'keep' || primary === 'follow';
  const press = (): void => onAct(isKeeping && always ? 'keep_always' : primary);
  const offered = state.kind === 'offered';
  const shown = primary !== 'switch' || session.move !== undefined;
  // Nothing failed: the token is only done with, and one for elsewhere would end as soon.
  const isAgain =
    primary === 'sign_in' && (state.kind === 'ends' || (state.kind === 'needs_sign_in' && state.code === 'revoked'));
  return (
    <>
      {offered && (
        <Check label={i18n.t('keepAlways', { vendor: session.vendor.name })} checked={always} onChange={setAlways} />
      )}
      <div class={styles.actions}>
        {shown && (
          <Button
            kind="primary"
            grow
            icon={iconOf(primary)}
            busy={busy === primary || (isKeeping && busy === 'keep_always')}
            onPress={press}
            {...(primary === 'switch' ? { keyHint: 'S' } : {})}
          >
            {isAgain ? i18n.t('actSignInAgain') : actWords(primary, session.vendor.name)}
          </Button>
        )}
        {offered && (
          <Button busy={busy === 'watch'} onPress={() => onAct('watch')}>
            {i18n.t('actWatch')}
          </Button>
        )}
        {primary !== 'switch' && !isAgain && session.move && isUsable(state) && (
          <Button
            icon={ArrowLeftRight}
            name={i18n.t('actSwitch')}
            title={i18n.t('switchTitle')}
            keyHint="S"
            onPress={() => onAct('switch')}
          />
        )}
        {!offered && isUsable(state) && (
          <CopyMenu
            busy={busy === 'copy_token' || busy === 'copy_curl'}
            onCopy={(as) => onAct(as === 'curl' ? 'copy_curl' : 'copy_token')}
          />
        )}
        <Button
          icon={ChevronRight}
          name={i18n.t('details')}
          title={i18n.t('detailsTitle')}
          keyHint="D"
          onPress={() => onAct('details')}
        />
      </div>
    </>
  );
}

function iconOf(act: Act): Icon {
  switch (act) {
    case 'switch':
      return ArrowLeftRight;
    case 'sign_in':
      return LogIn;
    case 'allow':
      return Shield;
    case 'keep':
    case 'follow':
    case 'renew_key':
    case 'ask_again':
    case 'ask_vendor':
      return RefreshCw;
  }
}

function besideState({ keeps }: SessionView, state: StateView): 'renew' | 'ask_again' | undefined {
  // Each renewal of a key makes another one: it has a button of its own, which says so first.
  if (keeps === 'key') return undefined;
  if (state.kind === 'kept' || state.kind === 'waiting') return 'renew';
  return state.kind === 'unanswered' && !state.ended ? 'ask_again' : undefined;
}

import type { Instant } from '../lib/core/time';
import type { SessionView, StateRole } from '../lib/core/view';
import styles from './lives.module.css';
import { hasSignIn, type LifeWords, signInLife, tokenLife } from './life-words';

/** The two lives side by side: the token's and that of the sign-in behind it, where there is one. */
export function Lives({ session, role, now }: { session: SessionView; role: StateRole; now: Instant }) {
  return (
    <dl class={styles.lives}>
      <Life words={tokenLife(session, now)} ring="inner" role={role} />
      {hasSignIn(session) && <Life words={signInLife(session, now)} ring="outer" />}
    </dl>
  );
}

function Life(props: { words: LifeWords; ring: 'inner' | 'outer'; role?: StateRole }) {
  const { words, ring } = props;
  return (
    <div class={styles.life} data-role={props.role}>
      <dt>
        <svg class={styles.dot} viewBox="0 0 12 12" aria-hidden="true">
          <circle class={ring === 'outer' ? styles.on : ''} cx="6" cy="6" r="4.75" />
          <circle class={ring === 'inner' ? styles.on : ''} cx="6" cy="6" r="1.75" />
        </svg>
        {words.label}
      </dt>
      <dd>
        <span class={styles.left}>{words.left}</span>
        {words.until !== undefined && <span class={styles.until}>{words.until}</span>}
      </dd>
    </div>
  );
}

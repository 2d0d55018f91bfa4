import type { TargetedSubmitEvent } from 'preact';
import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import { Button } from './button';
import styles from './form.module.css';
import { TextField } from './text-field';
import { timeWords } from './time-words';

/** Whether the last one was wrong, and who hears of the next. */
export type UnlockFormProps = {
  readonly isWrong: boolean;
  /** Too many were wrong: the next one counts from then on. */
  readonly nextTryAt?: Instant | undefined;
  readonly now: Instant;
  readonly busy: boolean;
  readonly onUnlock: (passphrase: string) => void;
};

/** One field, one button. What is typed stays in the field. */
export function UnlockForm({ isWrong, nextTryAt, now, busy, onUnlock }: UnlockFormProps) {
  const fault =
    nextTryAt !== undefined && nextTryAt > now
      ? i18n.t('lock.waits', { time: timeWithSeconds(nextTryAt, now) })
      : isWrong
        ? i18n.t('lock.wrong')
        : undefined;
  const send = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('passphrase');
    if (typeof typed === 'string' && typed !== '' && !busy) onUnlock(typed);
  };
  return (
    <form class={styles.form} onSubmit={send} autocomplete="off">
      <TextField name="passphrase" label={i18n.t('lock.passphrase')} kind="secret" fault={fault} />
      <Button kind="primary" grow submits busy={busy}>
        {i18n.t('lock.unlock')}
      </Button>
    </form>
  );
}

/** Waits are of seconds at first. */
function timeWithSeconds(at: Instant, now: Instant): string {
  return at - now < 90_000
    ? new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(at)
    : timeWords(at, now);
}

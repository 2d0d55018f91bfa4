import type { ComponentChildren } from 'preact';
import type { StateRole } from '../lib/core/view';
import { Button } from './button';
import { Check, CircleAlert, Info, X } from './icons';
import { i18n } from '#i18n';
import styles from './note.module.css';

/** What a note says, how urgently, and whether it can be closed. */
export type NoteProps = {
  readonly role: StateRole;
  readonly title: string;
  readonly text?: string | undefined;
  /** Heard at once: something the person just did went another way. */
  readonly urgent?: boolean;
  readonly onClose?: () => void;
  readonly children?: ComponentChildren;
};

/** Something to know, where it happened: a title, a sentence, and what to press. */
export function Note({ role, title, text, urgent, onClose, children }: NoteProps) {
  const Icon = role === 'ok' ? Check : role === 'info' ? Info : CircleAlert;
  return (
    <div class={styles.note} data-role={role} {...(urgent ? { role: 'alert' } : {})}>
      <Icon class={styles.icon} />
      <div>
        <p class={styles.title}>{title}</p>
        {text !== undefined && <p>{text}</p>}
        {children !== undefined && <div class={styles.acts}>{children}</div>}
      </div>
      {onClose && <Button kind="quiet" size="sm" icon={X} name={i18n.t('close')} onPress={onClose} />}
    </div>
  );
}

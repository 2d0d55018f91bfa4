import { useEffect, useId, useRef } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from './button';
import styles from './confirm.module.css';
import { X } from './icons';

/** What is asked, what follows from it, and the two answers. */
export type ConfirmProps = {
  readonly title: string;
  /** What stops, one by one. */
  readonly effects: readonly string[];
  /** What goes on all the same, or what Fob cannot see. */
  readonly unseen: readonly string[];
  readonly safe: string;
  readonly danger: string;
  readonly busy?: boolean;
  readonly onSafe: () => void;
  readonly onDanger: () => void;
};

/** Consequence before action: a list of what stops, and the safe button first and focused. */
export function Confirm({ title, effects, unseen, safe, danger, busy = false, onSafe, onDanger }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={styles.dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onSafe();
      }}
    >
      <div class={styles.body}>
        <h2 id={heading}>{title}</h2>
        <p>{i18n.t('whatStops')}</p>
        <ul>
          {effects.map((effect) => (
            <li key={effect}>
              <X />
              <span>{effect}</span>
            </li>
          ))}
        </ul>
        {unseen.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <div class={styles.foot}>
        <Button grow autofocus onPress={onSafe}>
          {safe}
        </Button>
        <Button kind="danger" busy={busy} onPress={onDanger}>
          {danger}
        </Button>
      </div>
    </dialog>
  );
}

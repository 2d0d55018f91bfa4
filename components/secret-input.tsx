import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import styles from './form.module.css';
import { Eye } from './icons';
import type { Control } from './text-field';

const shownAs = { text: { type: 'text' }, dots: { type: 'password' } } as const;

/** What is typed into it stays in the field: it is read when the form is sent, and shown only while the eye is held. */
export function SecretInput({ label, ...input }: { readonly label: string } & Control) {
  const [shown, setShown] = useState(false);
  const hide = (): void => setShown(false);
  const isPress = ({ key }: KeyboardEvent): boolean => key === ' ' || key === 'Enter';
  const name = i18n.t('fieldShow', { field: label });
  return (
    <span class={styles.secret}>
      <input {...input} class={styles.control} data-secret {...(shown ? shownAs.text : shownAs.dots)} />
      <button
        type="button"
        class={styles.show}
        aria-label={name}
        aria-pressed={shown}
        title={name}
        onPointerDown={() => setShown(true)}
        onPointerUp={hide}
        onPointerLeave={hide}
        onPointerCancel={hide}
        onBlur={hide}
        onKeyDown={(event) => isPress(event) && setShown(true)}
        onKeyUp={(event) => isPress(event) && hide()}
      >
        <Eye />
      </button>
    </span>
  );
}

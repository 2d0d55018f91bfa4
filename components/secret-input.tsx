import { i18n } from '#i18n';
import styles from './form.module.css';
import { useHold } from './hold';
import { Eye } from './icons';
import type { Control } from './text-field';

const shownAs = { text: { type: 'text' }, dots: { type: 'password' } } as const;

/** What is typed into it stays in the field: it is read when the form is sent, and shown only while the eye is held. */
export function SecretInput({ label, ...input }: { readonly label: string } & Control) {
  const { held, hold } = useHold();
  const name = i18n.t('fieldShow', { field: label });
  return (
    <span class={styles.secret}>
      <input {...input} class={styles.control} data-secret {...(held ? shownAs.text : shownAs.dots)} />
      <button type="button" class={styles.show} aria-label={name} title={name} {...hold}>
        <Eye />
      </button>
    </span>
  );
}

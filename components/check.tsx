import { useId } from 'preact/hooks';
import styles from './check.module.css';

export type CheckProps = {
  readonly label: string;
  readonly help?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
};

/** A tick box with its sentence. */
export function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label class={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** A switch: what it does is beside it, what follows from it below. */
export function Toggle({ label, help, checked, onChange }: CheckProps) {
  const id = useId();
  return (
    <label class={styles.toggle}>
      <strong>{label}</strong>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
        {...(help === undefined ? {} : { 'aria-describedby': id })}
      />
      {help !== undefined && (
        <span id={id} class={styles.help}>
          {help}
        </span>
      )}
    </label>
  );
}

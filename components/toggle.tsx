import { useId } from 'preact/hooks';
import styles from './toggle.module.css';

/** A switch: its words, where it stands, and who hears of a change. */
export type ToggleProps = {
  readonly label: string;
  readonly help?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
};

/** A switch: what it does is beside it, what follows from it below. */
export function Toggle({ label, help, checked, onChange }: ToggleProps) {
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

import styles from './check.module.css';

/** A tick box: its sentence, where it stands, and who hears of a change. */
export type CheckProps = {
  readonly label: string;
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

import styles from './form.module.css';
import { FieldFrame } from './text-field';

/** A choice among many: what it is called, what there is, and who hears of a change. */
export type SelectFieldProps = {
  readonly name: string;
  readonly label: string;
  readonly help?: string | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange?: (value: string) => void;
};

/** A field whose value is one of a list. */
export function SelectField({ name, label, help, options, onChange }: SelectFieldProps) {
  return (
    <FieldFrame label={label} help={help}>
      {(marks) => (
        <select
          {...marks}
          class={styles.control}
          name={name}
          {...(onChange ? { onChange: (event) => onChange(event.currentTarget.value) } : {})}
        >
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  );
}

import { i18n } from '#i18n';
import styles from './form.module.css';

/** One of several. */
export type Choice = { readonly value: string; readonly label: string; readonly help?: string };

/** What is chosen among, what is chosen, and what is rarely chosen. */
export type ChoicesProps = {
  readonly legend: string;
  readonly name: string;
  readonly choices: readonly Choice[];
  /** Folded away until somebody looks for them. */
  readonly rare?: readonly Choice[];
  readonly chosen: string;
  readonly onChoose: (value: string) => void;
};

/** Radio buttons: every choice is seen before one is made. */
export function Choices({ legend, name, choices, rare = [], chosen, onChoose }: ChoicesProps) {
  const radio = ({ value, label, help }: Choice) => (
    <label key={value} class={styles.choice}>
      <input type="radio" name={name} value={value} checked={value === chosen} onChange={() => onChoose(value)} />
      <span>
        {label}
        {help !== undefined && <small>{help}</small>}
      </span>
    </label>
  );
  return (
    <fieldset class={styles.choices}>
      <legend>{legend}</legend>
      {choices.map(radio)}
      {rare.length > 0 && (
        <details class={styles.more} open={rare.some(({ value }) => value === chosen)}>
          <summary>{i18n.t('choicesMore')}</summary>
          {rare.map(radio)}
        </details>
      )}
    </fieldset>
  );
}

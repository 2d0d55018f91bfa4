import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { i18n } from '#i18n';
import type { Field } from '../lib/core/vendor';
import styles from './form.module.css';
import { CircleAlert } from './icons';
import { SecretInput } from './secret-input';

/** A field: what it is called in the form and to people, what may be in it, and what is wrong with that. */
export type TextFieldProps = {
  readonly name: string;
  readonly label: string;
  /** time: a day and a time of this computer. */
  readonly kind?: Field['kind'] | 'time';
  readonly isOptional?: boolean | undefined;
  readonly help?: string | undefined;
  readonly fault?: string | undefined;
  readonly initial?: string | undefined;
  readonly onInput?: (typed: string) => void;
};

const types = {
  text: { type: 'text' },
  uuid: { type: 'text' },
  email: { type: 'email' },
  url: { type: 'url' },
  number: { type: 'number' },
  time: { type: 'datetime-local' },
} as const;

/** What every control of a form is told: nothing typed is kept, corrected or offered again by the browser. */
export type Control = Marks & {
  readonly name: string;
  readonly autocomplete: 'off';
  readonly autocapitalize: 'off';
  readonly spellcheck: false;
  readonly dir: 'auto';
  readonly defaultValue?: string;
};

/** A field that keeps what is typed to itself until the form is read. */
export function TextField({ name, label, kind = 'text', initial, onInput, ...about }: TextFieldProps) {
  return (
    <FieldFrame label={label} isWide={kind === 'lines'} {...about}>
      {(marks) => {
        const common: Control = {
          ...marks,
          name,
          autocomplete: 'off',
          autocapitalize: 'off',
          spellcheck: false,
          dir: 'auto',
          ...(initial === undefined ? {} : { defaultValue: initial }),
        };
        if (kind === 'secret') return <SecretInput {...common} label={label} />;
        if (kind === 'lines') return <textarea {...common} class={styles.control} rows={3} />;
        return (
          <input
            {...common}
            class={styles.control}
            {...types[kind]}
            {...(onInput ? { onInput: (event) => onInput(event.currentTarget.value) } : {})}
          />
        );
      }}
    </FieldFrame>
  );
}

type Marks = { readonly id: string; readonly 'aria-describedby'?: string; readonly 'aria-invalid'?: true };

/** A label, a control, and under it what helps and what is wrong. */
export function FieldFrame(props: {
  label: string;
  isOptional?: boolean | undefined;
  isWide?: boolean;
  help?: string | undefined;
  fault?: string | undefined;
  children: (marks: Marks) => ComponentChildren;
}) {
  const { label, isOptional, isWide, help, fault, children } = props;
  const id = useId();
  const told = [help !== undefined && `${id}-help`, fault !== undefined && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div class={`${styles.field} ${isWide ? styles.wide : ''}`}>
      <label class={styles.label} for={id}>
        {label} {isOptional && <small>{i18n.t('fieldOptional')}</small>}
      </label>
      {children({
        id,
        ...(told === '' ? {} : { 'aria-describedby': told }),
        ...(fault === undefined ? {} : { 'aria-invalid': true }),
      })}
      {help !== undefined && (
        <p class={styles.help} id={`${id}-help`}>
          {help}
        </p>
      )}
      {fault !== undefined && (
        <p class={styles.fault} id={`${id}-fault`}>
          <CircleAlert />
          <span>{fault}</span>
        </p>
      )}
    </div>
  );
}

import type { Ref } from 'preact';
import { i18n } from '#i18n';
import { Search as Glass, X } from './icons';
import { Kbd } from './kbd';
import styles from './search.module.css';

/** The field, what is typed in it, and who hears of it. */
export type SearchProps = {
  readonly label: string;
  readonly placeholder: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
};

/** A field that narrows the list below it. */
export function Search({ label, placeholder, query, onQuery, inputRef, onKeyDown }: SearchProps) {
  return (
    <div class={styles.search}>
      <Glass />
      <input
        ref={inputRef ?? null}
        type="search"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        value={query}
        {...(onKeyDown ? { onKeyDown } : {})}
        onInput={(event) => onQuery(event.currentTarget.value)}
      />
      {query === '' ? (
        <span class={styles.key} aria-hidden="true">
          <Kbd>/</Kbd>
        </span>
      ) : (
        <button
          type="button"
          class={styles.clear}
          aria-label={i18n.t('clear')}
          title={i18n.t('clear')}
          onClick={() => onQuery('')}
        >
          <X />
        </button>
      )}
    </div>
  );
}

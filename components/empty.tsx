import type { ComponentChildren } from 'preact';
import styles from './empty.module.css';

/** What to say where there is nothing to list. */
export type EmptyProps = {
  readonly title: string;
  readonly text: string;
  /** Fob's own mark above: where the whole view is empty. */
  readonly mark?: boolean;
  readonly level?: 'h1' | 'h2';
  readonly children?: ComponentChildren;
};

/** Nothing here yet: what to do about it, where it happens. */
export function Empty({ title, text, mark = false, level: Heading = 'h2', children }: EmptyProps) {
  return (
    <div class={styles.empty}>
      {mark && <Mark />}
      <Heading>{title}</Heading>
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Fob's own mark. */
export function Mark() {
  return (
    <svg class={styles.mark} viewBox="0 0 16 16" aria-hidden="true">
      <path
        d="M8 1.25a6.75 6.75 0 1 1-4.77 1.98"
        fill="none"
        stroke="currentColor"
        stroke-width="1.9"
        stroke-linecap="round"
      />
      <path d="M8 4.9a2 2 0 0 0-.95 3.76L6.5 11.2h3l-.55-2.54A2 2 0 0 0 8 4.9Z" fill="currentColor" />
    </svg>
  );
}

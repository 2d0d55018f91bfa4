import styles from './kbd.module.css';

/** A key, as printed on the keyboard; `silent`: whoever hears the words is told it in another way. */
export function Kbd({ children, silent }: { children: string; silent?: boolean }) {
  return (
    <kbd class={styles.kbd} aria-hidden={silent}>
      {children}
    </kbd>
  );
}

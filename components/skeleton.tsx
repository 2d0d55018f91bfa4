import styles from './skeleton.module.css';

/** The outline of what is coming. Invisible for the first 150 ms, and alone for no longer than 2 s: then `words` say what is awaited. */
export function Skeleton({ shape, words }: { shape: 'hero' | 'list'; words: string }) {
  return (
    <div class={styles.skeleton} aria-busy="true">
      {shape === 'hero' && <span class={styles.circle} />}
      <span />
      <span />
      <span />
      <p role="status" class={styles.words}>
        {words}
      </p>
    </div>
  );
}

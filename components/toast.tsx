import { useCallback, useEffect, useRef } from 'preact/hooks';
import { i18n } from '#i18n';
import { Check, X } from './icons';
import styles from './toast.module.css';

const SHOWN_MS = 6000;

/** What is just done in words, and the end of saying it. */
export type ToastProps = { readonly words: string | undefined; readonly onGone: () => void };

/** Says once that something is done. It stays while somebody is on it, and takes no time from any decision. */
export function Toast({ words, onGone }: ToastProps) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const gone = useRef(onGone);
  gone.current = onGone;
  const stay = useCallback(() => clearTimeout(timer.current), []);
  const wait = useCallback(() => {
    stay();
    if (words !== undefined) timer.current = setTimeout(() => gone.current(), SHOWN_MS);
  }, [words, stay]);
  useEffect(() => {
    wait();
    return stay;
  }, [words, wait, stay]);
  // The live region is there before its words: a region that arrives with them is not read out everywhere.
  return (
    <div role="status" class={styles.region}>
      {words !== undefined && (
        <div class={styles.toast} onMouseEnter={stay} onMouseLeave={wait} onFocusIn={stay} onFocusOut={wait}>
          <Check />
          <span>{words}</span>
          <button type="button" aria-label={i18n.t('close')} title={i18n.t('close')} onClick={onGone}>
            <X />
          </button>
        </div>
      )}
    </div>
  );
}

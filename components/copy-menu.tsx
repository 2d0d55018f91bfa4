import { useId, useRef } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from './button';
import styles from './copy-menu.module.css';
import { ChevronDown, Copy, Terminal } from './icons';
import { Kbd } from './kbd';

/** What a copy is: the bare token, or a command ready to run. */
export type CopyAs = 'token' | 'curl';

/** Whether a copy is going on, and who makes one. */
export type CopyMenuProps = { readonly busy: boolean; readonly onCopy: (as: CopyAs) => void };

/** Copies the token, or the token inside something that is ready to run. */
export function CopyMenu({ busy, onCopy }: CopyMenuProps) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const items = (): HTMLButtonElement[] => [...(menu.current?.querySelectorAll('button') ?? [])];

  const copy = (as: CopyAs): void => {
    menu.current?.hidePopover?.();
    onCopy(as);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = items();
    const to = targetOf(event.key, all.indexOf(document.activeElement as HTMLButtonElement), all.length);
    if (to !== undefined) all[to]?.focus();
    else if (event.key === 'c' || event.key === 'C') copy('token');
    else if (event.key === 'u' || event.key === 'U') copy('curl');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <span class={styles.split}>
      <Button icon={Copy} title={i18n.t('copyTitle')} keyHint="C" busy={busy} onPress={() => onCopy('token')}>
        {i18n.t('copyToken')}
      </Button>
      <Button icon={ChevronDown} name={i18n.t('copyAs')} title={i18n.t('copyAsTitle')} keyHint="Shift+C" menu={id} />
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={i18n.t('copyAs')}
        class={styles.menu}
        onKeyDown={onKeyDown}
        onToggle={(event) => {
          if (event.newState === 'open') items()[0]?.focus();
        }}
      >
        <button type="button" role="menuitem" tabIndex={-1} onClick={() => copy('token')}>
          <Copy />
          <span>
            {i18n.t('copyItemToken')}
            <small>{i18n.t('copyItemTokenHelp')}</small>
          </span>
          <Kbd>C</Kbd>
        </button>
        <button type="button" role="menuitem" tabIndex={-1} onClick={() => copy('curl')}>
          <Terminal />
          <span>
            {i18n.t('copyItemCurl')}
            <small>{i18n.t('copyItemCurlHelp')}</small>
          </span>
          <Kbd>U</Kbd>
        </button>
        <p>{i18n.t('copyMenuFoot')}</p>
      </div>
    </span>
  );
}

/** Which item a key leads to; undefined: not a key that moves. */
function targetOf(key: string, from: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return (from + 1) % count;
    case 'ArrowUp':
      return (from - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

import type { ComponentChildren, Ref, TargetedMouseEvent } from 'preact';
import { type Icon, RefreshCw } from './icons';
import { Kbd } from './kbd';
import styles from './button.module.css';

/** How a button looks, what it says and what it does. */
export type ButtonProps = {
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly size?: 'md' | 'sm';
  readonly icon?: Icon;
  /** Name of a button that shows only its icon; also its tooltip. */
  readonly name?: string;
  readonly title?: string;
  /** The single key that does the same. */
  readonly keyHint?: string;
  readonly grow?: boolean;
  /** What it began is still going on: says so, and takes no second click. */
  readonly busy?: boolean;
  /** Why it cannot be pressed now. It stays reachable, so that the reason can be read. */
  readonly cannot?: string | undefined;
  readonly onPress?: () => void;
  /** Sends the form it stands in, as Enter in a field does. */
  readonly submits?: boolean;
  readonly buttonRef?: Ref<HTMLButtonElement>;
  readonly autofocus?: boolean;
  readonly menu?: string;
  /** What holding it down does (`useHold`). */
  readonly hold?: object;
  readonly children?: ComponentChildren;
};

/** A button; everything a person presses is one of these. */
export function Button(props: ButtonProps) {
  const { kind = 'plain', size = 'md', busy = false, cannot, icon: Picture } = props;
  const press = (event: TargetedMouseEvent<HTMLButtonElement>): void => {
    if (busy || cannot !== undefined) event.preventDefault();
    else props.onPress?.();
  };
  const iconOnly = props.children === undefined;
  const title = cannot ?? props.title ?? (iconOnly ? props.name : undefined);
  return (
    <button
      type={props.submits ? 'submit' : 'button'}
      class={[
        styles.button,
        styles[kind],
        size === 'sm' && styles.sm,
        iconOnly && styles.iconOnly,
        props.grow && styles.grow,
      ]
        .filter(Boolean)
        .join(' ')}
      onClick={press}
      {...(title === undefined ? {} : { title })}
      {...(props.name === undefined ? {} : { 'aria-label': props.name })}
      {...(busy ? { 'aria-busy': 'true' } : {})}
      {...(busy || cannot !== undefined ? { 'aria-disabled': 'true' } : {})}
      {...(props.keyHint === undefined ? {} : { 'aria-keyshortcuts': props.keyHint })}
      {...(props.autofocus ? { autofocus: true } : {})}
      {...(props.menu === undefined ? {} : { popovertarget: props.menu, 'aria-haspopup': 'menu' })}
      {...props.hold}
      {...(props.buttonRef === undefined ? {} : { ref: props.buttonRef })}
    >
      {busy ? <RefreshCw class={styles.spin} /> : Picture && <Picture />}
      {props.children}
      {props.keyHint !== undefined && kind === 'primary' && <Kbd silent>{props.keyHint}</Kbd>}
    </button>
  );
}

/** An action that reads as a sentence: for what is rarely wanted. */
export function LinkButton({ onPress, children }: { onPress: () => void; children: ComponentChildren }) {
  return (
    <button type="button" class={styles.link} onClick={onPress}>
      {children}
    </button>
  );
}

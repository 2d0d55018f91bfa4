import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from './button';
import { Check } from './check';
import styles from './confirm.module.css';
import { ChevronRight, X } from './icons';

/** What is asked, what follows from it, and the two answers. */
export type ConfirmProps = {
  readonly title: string;
  /** What the list is of; what stops, unless said. */
  readonly lead?: string;
  /** What follows, one by one. */
  readonly effects: readonly string[];
  /** What goes on all the same, or what Fob cannot see. */
  readonly unseen: readonly string[];
  /** What must be ticked before the action can be pressed. */
  readonly tick?: string;
  /** What may be ticked: chosen along with the action. */
  readonly option?: string;
  readonly safe: string;
  readonly danger: string;
  /** What is done can be undone, or harms nothing. */
  readonly isHarmless?: boolean;
  readonly busy?: boolean;
  readonly onSafe: () => void;
  readonly onDanger: (withOption: boolean) => void;
};

/** Consequence before action: a list of what stops, and the safe button first and focused. */
export function Confirm(props: ConfirmProps) {
  const {
    title,
    lead,
    effects,
    unseen,
    tick,
    option,
    safe,
    danger,
    isHarmless,
    busy = false,
    onSafe,
    onDanger,
  } = props;
  const [ticked, setTicked] = useState(false);
  const [chosen, setChosen] = useState(false);
  const EffectIcon = isHarmless ? ChevronRight : X;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={styles.dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onSafe();
      }}
    >
      <div class={styles.body}>
        <h2 id={heading}>{title}</h2>
        <p>{lead ?? i18n.t('whatStops')}</p>
        <ul data-harmless={isHarmless}>
          {effects.map((effect) => (
            <li key={effect}>
              <EffectIcon />
              <span>{effect}</span>
            </li>
          ))}
        </ul>
        {unseen.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {tick !== undefined && <Check label={tick} checked={ticked} onChange={setTicked} />}
        {option !== undefined && <Check label={option} checked={chosen} onChange={setChosen} />}
      </div>
      <div class={styles.foot}>
        <Button grow autofocus onPress={onSafe}>
          {safe}
        </Button>
        <Button
          kind={isHarmless ? 'primary' : 'danger'}
          busy={busy}
          cannot={tick !== undefined && !ticked ? i18n.t('confirmTick') : undefined}
          onPress={() => onDanger(chosen)}
        >
          {danger}
        </Button>
      </div>
    </dialog>
  );
}

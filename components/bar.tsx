import type { ComponentChildren } from 'preact';
import { i18n } from '#i18n';
import styles from './bar.module.css';
import { Button } from './button';
import { ArrowLeft } from './icons';

/** The title of a view, what stands around it, and the way back. */
export type TopBarProps = {
  readonly title: ComponentChildren;
  readonly sub?: ComponentChildren;
  /** Before the title: the fob of the session a view is about. */
  readonly lead?: ComponentChildren;
  readonly hue?: number;
  readonly onBack: () => void;
  readonly children?: ComponentChildren;
};

/** The head of a view one can go back from. */
export function TopBar({ title, sub, lead, hue, onBack, children }: TopBarProps) {
  return (
    <header class={styles.top} data-hue={hue}>
      <Button
        kind="quiet"
        size="sm"
        icon={ArrowLeft}
        name={i18n.t('back')}
        title={i18n.t('backTitle')}
        onPress={onBack}
      />
      {lead}
      <div>
        <h1>{title}</h1>
        {sub !== undefined && <p>{sub}</p>}
      </div>
      {children}
    </header>
  );
}

/** The foot of a view: what can be done, always in reach. */
export function Foot({ children }: { children: ComponentChildren }) {
  return <footer class={styles.foot}>{children}</footer>;
}

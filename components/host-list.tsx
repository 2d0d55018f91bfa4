import { i18n } from '#i18n';
import { Button } from './button';
import styles from './host-list.module.css';
import { Check, CirclePause, Shield } from './icons';

/** A host Fob needs, for whom and what; `allowed` absent: not known yet. */
export type NeededHost = {
  readonly host: string;
  readonly vendor: string;
  readonly for: 'console' | 'api' | 'both';
  readonly allowed?: boolean;
};

/** The hosts, and how to ask for them. */
export type HostListProps = {
  readonly hosts: readonly NeededHost[];
  /** What the browser is asking the person about. */
  readonly asking: readonly string[];
  readonly onAllow: (hosts: readonly string[]) => void;
};

/** What Fob may reach and what it may not, each with what it is for. */
export function HostList({ hosts, asking, onAllow }: HostListProps) {
  const missing = hosts.filter(({ allowed }) => allowed === false).map(({ host }) => host);
  return (
    <>
      <ul class={styles.hosts}>
        {hosts.map((one) => (
          <li key={one.host}>
            <span>
              <bdi>{one.host}</bdi>
              <small>{forWords(one)}</small>
            </span>
            {one.allowed !== undefined && (
              <span class={styles.state} data-role={one.allowed ? 'ok' : 'bad'}>
                {one.allowed ? <Check /> : <CirclePause />}
                {one.allowed ? i18n.t('hostAllowed') : i18n.t('hostMissing')}
              </span>
            )}
            {one.allowed === false && (
              <Button
                size="sm"
                name={i18n.t('hostAllow', { host: one.host })}
                busy={asking.includes(one.host)}
                onPress={() => onAllow([one.host])}
              >
                {i18n.t('actAllow')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {missing.length > 1 && (
        <div>
          <Button kind="primary" icon={Shield} busy={asking.length > 1} onPress={() => onAllow(missing)}>
            {i18n.t('hostAllowAll', missing.length, { count: missing.length })}
          </Button>
        </div>
      )}
    </>
  );
}

function forWords({ vendor, for: what }: NeededHost): string {
  switch (what) {
    case 'console':
      return i18n.t('hostForConsole', { vendor });
    case 'api':
      return i18n.t('hostForApi', { vendor });
    case 'both':
      return i18n.t('hostForBoth', { vendor });
  }
}

import type { ComponentChildren } from 'preact';
import { i18n } from '#i18n';
import { Button } from './button';
import styles from './host-list.module.css';
import { Check, CirclePause, Shield } from './icons';
import { hostOf } from './names';

/** A host Fob needs, for whom and what; `allowed` absent: not known yet. */
export type NeededHost = {
  readonly host: string;
  readonly vendor: string;
  readonly for: 'console' | 'api' | 'both' | 'nothing';
  readonly allowed?: boolean;
};

/** The hosts, and how to ask for them. */
export type HostListProps = {
  /** Those of one vendor beside each other. */
  readonly hosts: readonly NeededHost[];
  /** What the browser is asking the person about. */
  readonly asking: readonly string[];
  readonly onAllow: (hosts: readonly string[]) => void;
  /** How one that is allowed is taken back. */
  readonly back?: (one: NeededHost) => ComponentChildren;
};

/** A vendor of more hosts than this is one row that unfolds. */
const MOST = 4;

/** What Fob may reach and what it may not, each with what it is for. */
export function HostList({ hosts, asking, onAllow, back }: HostListProps) {
  const missing = missingOf(hosts);
  const vendors = [...new Set(hosts.map(({ vendor }) => vendor))];
  return (
    <>
      <ul class={styles.hosts}>
        {vendors.map((vendor) => {
          const own = hosts.filter((one) => one.vendor === vendor);
          return own.length > MOST ? (
            <Group key={vendor} vendor={vendor} hosts={own} asking={asking} onAllow={onAllow} back={back} />
          ) : (
            own.map((one) => <Row key={one.host} one={one} asking={asking} onAllow={onAllow} back={back} />)
          );
        })}
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

type Asking = Pick<HostListProps, 'asking' | 'onAllow'> & { readonly back: HostListProps['back'] };

function Row({ one, asking, onAllow, back }: { one: NeededHost } & Asking) {
  return (
    <li>
      <span>
        <bdi>{hostOf(one.host)}</bdi>
        <small>{forWords(one)}</small>
      </span>
      {one.allowed !== undefined && (
        <Allowed is={one.allowed} words={one.allowed ? i18n.t('hostAllowed') : i18n.t('hostMissing')} />
      )}
      {one.allowed && back?.(one)}
      {isExact(one) && one.allowed === false && (
        <Button
          size="sm"
          name={i18n.t('hostAllow', { host: hostOf(one.host) })}
          busy={asking.includes(one.host)}
          onPress={() => onAllow([one.host])}
        >
          {i18n.t('actAllow')}
        </Button>
      )}
    </li>
  );
}

function Group({ vendor, hosts, asking, onAllow, back }: { vendor: string; hosts: readonly NeededHost[] } & Asking) {
  const missing = missingOf(hosts);
  const isKnown = hosts.every(({ allowed }) => allowed !== undefined);
  return (
    <li>
      <span>
        {vendor}
        <small>{i18n.t('hostGroup', hosts.length, { count: hosts.length })}</small>
      </span>
      {isKnown && (
        <Allowed
          is={missing.length === 0}
          words={
            missing.length === 0
              ? i18n.t('hostAllowed')
              : i18n.t('hostGroupMissing', missing.length, { count: missing.length })
          }
        />
      )}
      {missing.length > 0 && (
        <Button
          size="sm"
          name={i18n.t('hostAllowVendor', { vendor })}
          busy={missing.every((host) => asking.includes(host))}
          onPress={() => onAllow(missing)}
        >
          {i18n.t('actAllow')}
        </Button>
      )}
      <details>
        <summary>{i18n.t('hostGroupShow')}</summary>
        <ul>
          {hosts.map((one) => (
            <Row key={one.host} one={one} asking={asking} onAllow={onAllow} back={back} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function Allowed({ is, words }: { is: boolean; words: string }) {
  return (
    <span class={styles.state} data-role={is ? 'ok' : 'bad'}>
      {is ? <Check /> : <CirclePause />}
      {words}
    </span>
  );
}

const missingOf = (hosts: readonly NeededHost[]): readonly string[] =>
  hosts.filter((one) => isExact(one) && one.allowed === false).map(({ host }) => host);

/** All hosts of a vendor are nothing to ask for at once: each is, when it is needed. */
const isExact = ({ host }: NeededHost): boolean => !host.startsWith('*');

function forWords({ vendor, for: what }: NeededHost): string {
  switch (what) {
    case 'console':
      return i18n.t('hostForConsole', { vendor });
    case 'api':
      return i18n.t('hostForApi', { vendor });
    case 'nothing':
      return i18n.t('hostForNothing');
    case 'both':
      return i18n.t('hostForBoth', { vendor });
  }
}

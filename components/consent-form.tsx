import { i18n } from '#i18n';
import { Button } from './button';
import styles from './consent-form.module.css';
import type { KnownConsole } from './consoles';
import { Mark } from './empty';
import { FailureNote } from './failure-note';
import { Eye, Globe, Lock, ShieldCheck } from './icons';
import type { Told } from './failure-words';

/** The consoles to agree to, and the two answers. */
export type ConsentFormProps = {
  readonly consoles: readonly KnownConsole[];
  readonly busy: boolean;
  readonly failure?: Told | undefined;
  readonly onAgree: () => void;
  readonly onDecline: () => void;
};

/** What Fob does, before it does anything: nothing is read until this is accepted. */
export function ConsentForm({ consoles, busy, failure, onAgree, onDecline }: ConsentFormProps) {
  const promises = [
    { Icon: Eye, lead: i18n.t('consentReads'), rest: i18n.t('consentReadsText') },
    { Icon: Lock, lead: i18n.t('consentKeeps'), rest: i18n.t('consentKeepsText') },
    { Icon: Globe, lead: i18n.t('consentSends'), rest: i18n.t('consentSendsText') },
    { Icon: ShieldCheck, lead: i18n.t('consentSpares'), rest: i18n.t('consentSparesText') },
  ];
  return (
    <div class={styles.form}>
      <header>
        <Mark />
        <h1>{i18n.t('consentTitle')}</h1>
        <p>{i18n.t('consentLede')}</p>
      </header>
      <ul class={styles.promises}>
        {promises.map(({ Icon, lead, rest }) => (
          <li key={lead}>
            <Icon />
            <span>
              <strong>{lead}</strong> {rest}
            </span>
          </li>
        ))}
      </ul>
      <section class={styles.consoles}>
        <h2>{i18n.t('consentConsoles')}</h2>
        <ul>
          {consoles.map(({ name, hosts, isAskedFor }) => (
            <li key={name}>
              {name}
              <small>
                {hostWords(hosts)}
                {isAskedFor && `, ${i18n.t('consentAskedFor')}`}
              </small>
            </li>
          ))}
        </ul>
      </section>
      {failure && (
        <FailureNote failure={failure} whom={{ vendor: '', host: '', apiHost: '', now: 0 as never }} onStep={onAgree} />
      )}
      <footer>
        <Button kind="primary" grow busy={busy} onPress={onAgree}>
          {i18n.t('consentAgree')}
        </Button>
        <Button onPress={onDecline}>{i18n.t('notNow')}</Button>
        <p>{i18n.t('consentFoot')}</p>
      </footer>
    </div>
  );
}

/** Hosts that differ in their first word alone, by what they share: twelve names are not read by anybody. */
function hostWords(hosts: readonly string[]): string {
  if (hosts.length < 4) return hosts.join(', ');
  const shared = hosts[0]?.slice(hosts[0].indexOf('.')) ?? '';
  return `${hosts.map((host) => host.slice(0, -shared.length)).join(', ')} (${shared.slice(1)})`;
}

import { useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Check } from '../../../components/check';
import { FailureNote } from '../../../components/failure-note';
import { hostOf } from '../../../components/names';
import { policyWords } from '../../../components/words';
import type { Failure, Outcome } from '../../../lib/core/failure';
import type { Instant } from '../../../lib/core/time';
import type { KeepingPolicy } from '../../../lib/core/view';
import { version } from '../../../lib/platform/about';
import { call } from '../../../lib/rpc/client';
import styles from '../page.module.css';

type ConsolePolicy = {
  readonly console: string;
  readonly vendorName: string;
  readonly keep: KeepingPolicy;
  readonly panelHidden: boolean;
};

const choices: readonly KeepingPolicy[] = ['ask', 'always', 'never'];

/** What Fob does at which console, and what it does with what it sees. */
export function SettingsView() {
  const [policies, setPolicies] = useState<readonly ConsolePolicy[]>();
  const [failure, setFailure] = useState<Failure>();

  const load = async (): Promise<void> => {
    const answer = await call('policies', {});
    if (answer.ok) setPolicies(answer.value);
    setFailure(answer.ok ? undefined : answer.failure);
  };
  const stored = async (answer: Promise<Outcome<void>>): Promise<void> => {
    const done = await answer;
    if (done.ok) await load();
    else setFailure(done.failure);
  };
  const choose = (console: string, keep: KeepingPolicy): Promise<void> => stored(call('policy', { console, keep }));
  const hide = (console: string, hidden: boolean): Promise<void> => stored(call('hide', { console, hidden }));
  useEffect(() => void load(), []);

  return (
    <div class={styles.view}>
      <h1>{i18n.t('settings')}</h1>
      <section class={styles.card}>
        <h2>{i18n.t('settingsKeeping')}</h2>
        <p>{policies?.length === 0 ? i18n.t('settingsNone') : i18n.t('settingsKeepingText')}</p>
        {failure && (
          <FailureNote
            failure={failure}
            whom={{ vendor: i18n.t('appName'), host: '', apiHost: '', now: Date.now() as Instant }}
            onStep={() => void load()}
            without={['agree']}
          />
        )}
        {policies?.map(({ console, vendorName, keep, panelHidden }) => (
          <div key={console} class={styles.console}>
            <label class={styles.policy}>
              <span>
                {vendorName}
                <small>{hostOf(console)}</small>
              </span>
              <select
                value={keep}
                onChange={(event) => void choose(console, event.currentTarget.value as KeepingPolicy)}
              >
                {choices.map((choice) => (
                  <option key={choice} value={choice}>
                    {policyWords(choice)}
                  </option>
                ))}
              </select>
            </label>
            <Check
              label={i18n.t('settingsPanel')}
              checked={!panelHidden}
              onChange={(shown) => void hide(console, !shown)}
            />
          </div>
        ))}
      </section>
      <section class={styles.card}>
        <h2>{i18n.t('settingsData')}</h2>
        <p>{i18n.t('settingsDataText')}</p>
        <p>
          <a class={styles.link} href="#hosts">
            {i18n.t('hosts')}
          </a>
        </p>
      </section>
      <section class={styles.card}>
        <h2>{i18n.t('settingsAbout')}</h2>
        <p>{i18n.t('settingsVersion', { version: version() })}</p>
      </section>
    </div>
  );
}

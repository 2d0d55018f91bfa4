import { useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import list from '../../../components/host-list.module.css';
import { askForClipboard, holdsClipboard, letGoOfClipboard, onPermissions } from '../../../lib/platform/permissions';
import { call } from '../../../lib/rpc/client';
import styles from '../page.module.css';

/** What the browser lets Fob do besides reaching hosts, by the names the manifest has for it. README.md has the same list. */
export const fixed: readonly (readonly [names: readonly string[], title: () => string, text: () => string])[] = [
  [['storage', 'unlimitedStorage'], () => i18n.t('api.storage'), () => i18n.t('api.storageText')],
  [['alarms'], () => i18n.t('api.alarms'), () => i18n.t('api.alarmsText')],
  [['scripting'], () => i18n.t('api.scripting'), () => i18n.t('api.scriptingText')],
  [['activeTab'], () => i18n.t('api.activeTab'), () => i18n.t('api.activeTabText')],
  [['webRequest'], () => i18n.t('api.webRequest'), () => i18n.t('api.webRequestText')],
];
/** What is asked for only when somebody wants what it is for. */
export const asked: readonly string[] = ['clipboardRead', 'clipboardWrite', 'offscreen', 'idle'];

/** Each permission with its reason and its state; what can be given back, with the button for it. */
export function ApiPermissions() {
  const [holds, setHolds] = useState<boolean>();
  useEffect(() => {
    const look = (): void => void holdsClipboard().then(setHolds);
    look();
    return onPermissions(look);
  }, []);
  const turn = async (): Promise<void> => {
    const done = await (holds ? letGoOfClipboard() : askForClipboard());
    if (done) await call('prefer', { clearsClipboard: !holds });
  };
  return (
    <section class={styles.card} aria-label={i18n.t('api.title')}>
      <h2>{i18n.t('api.title')}</h2>
      <ul class={list.hosts}>
        {fixed.map(([names, title, text]) => (
          <li key={names[0]}>
            <span>
              {title()}
              <small>{text()}</small>
            </span>
            <small>{i18n.t('withdraw.fixed')}</small>
          </li>
        ))}
        <li>
          <span>
            {i18n.t('api.clipboard')}
            <small>{i18n.t('api.clipboardText')}</small>
          </span>
          {holds !== undefined && (
            <>
              <small>{holds ? i18n.t('hostAllowed') : i18n.t('api.unasked')}</small>
              <Button
                size="sm"
                name={holds ? i18n.t('api.clipboardBack') : i18n.t('api.clipboardAllow')}
                onPress={() => void turn()}
              >
                {holds ? i18n.t('withdraw.act') : i18n.t('actAllow')}
              </Button>
            </>
          )}
        </li>
        <li>
          <span>
            {i18n.t('api.idle')}
            <small>{i18n.t('api.idleText')}</small>
          </span>
          <a class={styles.link} href="#security">
            {i18n.t('lock.after')}
          </a>
        </li>
      </ul>
      <p>{i18n.t('api.foot')}</p>
    </section>
  );
}

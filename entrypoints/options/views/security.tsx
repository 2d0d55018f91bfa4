import { i18n } from '#i18n';
import { mayRevoke } from '../../../components/acts';
import { aliveUntil, aliveWords, LockdownList } from '../../../components/lockdown-list';
import type { Instant } from '../../../lib/core/time';
import styles from '../page.module.css';
import type { Known } from '../use-known';
import { CopyAndShow } from './copy-and-show';
import { LockCards } from './lock';
import { SettingsFileCard } from './settings-file';

export { LockdownView } from './lockdown';

/** What leaves with a copy, what others see, what can be taken along, and how to be rid of it all. */
export function SecurityView(known: Known) {
  const now = Date.now() as Instant;
  const alive = known.sessions.filter(
    (session) => session.provenance !== 'borrowed' && (aliveUntil(session) ?? Infinity) > now,
  );
  return (
    <div class={styles.view}>
      <header>
        <h1>{i18n.t('security')}</h1>
        <p>{i18n.t('securityText')}</p>
      </header>
      <LockCards />
      <CopyAndShow {...known} />
      <SettingsFileCard {...known} />
      <section class={styles.card}>
        <h2>{i18n.t('lockdown.title')}</h2>
        <p>{i18n.t('lockdown.about')}</p>
        <p>
          <a class={styles.link} href="#lockdown">
            {i18n.t('lockdown.review')}
          </a>
        </p>
      </section>
      <section class={styles.card}>
        <h2>{i18n.t('leave.title')}</h2>
        <p>{alive.length > 0 ? i18n.t('leave.text') : i18n.t('leave.none')}</p>
        <LockdownList
          sessions={alive}
          of={(session) => ({
            text: mayRevoke(session)
              ? i18n.t('leave.revoke', { vendor: session.vendor.name })
              : i18n.t('lockdown.cannot', { vendor: session.vendor.name }),
            word: aliveWords(session, now),
            role: 'soon',
          })}
        />
      </section>
    </div>
  );
}

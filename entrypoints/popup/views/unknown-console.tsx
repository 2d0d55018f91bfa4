import { useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button, LinkButton } from '../../../components/button';
import { Shield } from '../../../components/icons';
import { hostOf } from '../../../components/names';
import { Note } from '../../../components/note';
import { call } from '../../../lib/rpc/client';
import styles from '../popup.module.css';
import type { ActiveTab } from '../use-view';

type Considered = Extract<Awaited<ReturnType<typeof call<'consider'>>>, { ok: true }>['value'];

/** A page that may be a console, on a host Fob has not been allowed: offered, never insisted on. */
export function UnknownConsole({ tab }: { tab: ActiveTab }) {
  const [offer, setOffer] = useState<Considered>();
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    if (tab.url === undefined || !/^https?:/.test(tab.url)) return;
    void call('consider', { address: tab.url, tabId: tab.id }).then((answer) => {
      if (answer.ok) setOffer(answer.value);
    });
  }, [tab]);
  if (!offer || offer.candidates.length === 0 || offer.isRefused) return null;
  const host = hostOf(offer.console);
  const likely = offer.candidates.filter(({ isLikely }) => isLikely);
  const shown = likely.length > 0 ? likely : offer.candidates;
  if (likely.length === 0 && !isOpen) {
    return (
      <p class={styles.lede}>
        <LinkButton onPress={() => setIsOpen(true)}>{i18n.t('considerAsk')}</LinkButton>
      </p>
    );
  }
  const allow = (one: Considered['candidates'][number]): void => {
    const query = new URLSearchParams({ console: offer.console, vendor: one.vendor, api: one.api });
    // Only a page that stays may ask: the popup closes as soon as the browser's question has the focus.
    window.open(`/options.html#hosts?${query}`, '_blank', 'noreferrer');
    // Firefox would leave the popup over that page.
    window.close();
  };
  return (
    <div class={styles.slot}>
      <Note role="info" title={i18n.t('considerTitle', { host })} text={i18n.t('considerText')}>
        {shown.map((one) => (
          <Button key={one.vendor} size="sm" icon={Shield} onPress={() => allow(one)}>
            {i18n.t('considerAllow', { vendor: one.name })}
          </Button>
        ))}
        <Button
          size="sm"
          // Gone when it is stored, and not before: nobody presses it twice.
          onPress={() =>
            void call('refuse_host', { console: offer.console }).then((stored) => {
              if (stored.ok) setOffer(undefined);
            })
          }
        >
          {i18n.t('considerRefuse')}
        </Button>
      </Note>
    </div>
  );
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { mayRevoke } from '../../../components/acts';
import { Button } from '../../../components/button';
import { about, failureWords } from '../../../components/failure-words';
import { Shield } from '../../../components/icons';
import { aliveWords, leftWordsOf, LockdownList, type RowWords } from '../../../components/lockdown-list';
import type { Failed, Failure } from '../../../lib/core/failure';
import type { Instant } from '../../../lib/core/time';
import type { SessionView } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';
import { FormFailure } from '../form-failure';
import styles from '../page.module.css';
import type { Known } from '../use-known';

type Answer = Exclude<Awaited<ReturnType<typeof call<'lockdown'>>>, Failed>['value'];
/** `were`: as they were, for nothing of them is here any more. */
type Done = Answer & { readonly were: readonly SessionView[]; readonly isEmptied: boolean };

/** Everything at once: the list of what happens, one press, and what became of each. */
export function LockdownView({ sessions }: Known) {
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Done>();
  const [failure, setFailure] = useState<Failure>();
  const heading = useRef<HTMLHeadingElement>(null);
  // What happens is read before it is chosen: the safe answer has the focus, and later what became of it.
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => (heading.current ?? safe.current)?.focus({ preventScroll: true }), [done]);
  const now = Date.now() as Instant;

  const lockDown = async (): Promise<void> => {
    setBusy(true);
    // At the click, and before anything is awaited: later, the browser lets nobody write there.
    const emptied = navigator.clipboard.writeText('').then(
      () => true,
      () => false,
    );
    const answer = await call('lockdown', {});
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (!answer.ok) return;
    setDone({ ...answer.value, were: sessions, isEmptied: await emptied });
  };

  const became = (session: SessionView): RowWords => {
    const one = done?.sessions.find(({ session: id }) => id === session.id);
    const vendor = session.vendor.name;
    if (one?.isRevoked) return { text: i18n.t('lockdown.gone', { vendor }), word: i18n.t('tokensRevoked'), role: 'ok' };
    const text = one?.code
      ? i18n.t('lockdown.failed', { why: failureWords({ code: one.code }, about(session, now)).title })
      : leftWordsOf(session);
    return { text, word: aliveWords(session, now), role: one?.code ? 'bad' : 'soon' };
  };
  if (done) {
    return (
      <div class={styles.view}>
        <h1 ref={heading} tabIndex={-1}>
          {i18n.t('lockdown.done')}
        </h1>
        <section class={styles.card}>
          <LockdownList sessions={done.were} of={became} />
          <p>
            {done.isEmptied ? i18n.t('lockdown.emptied') : i18n.t('lockdown.notEmptied')}{' '}
            {done.isLocked ? i18n.t('lockdown.locked') : i18n.t('lockdown.unlocked')}
          </p>
          <p>{i18n.t('lockdown.consoles')}</p>
        </section>
      </div>
    );
  }

  const groups = [
    {
      title: i18n.t('lockdown.ended'),
      of: sessions.filter(mayRevoke),
      words: ({ vendor }: SessionView): RowWords => ({
        text: vendor.name,
        word: i18n.t('lockdown.revoke'),
        role: 'bad',
      }),
    },
    {
      title: i18n.t('lockdown.left'),
      of: sessions.filter((session) => !mayRevoke(session)),
      words: (session: SessionView): RowWords => ({
        text: leftWordsOf(session),
        word: aliveWords(session, now),
        role: 'soon',
      }),
    },
  ];
  return (
    <div class={styles.view}>
      <header>
        <h1>{i18n.t('lockdown.title')}</h1>
        <p>{sessions.length === 0 ? i18n.t('lockdown.none') : i18n.t('lockdown.text')}</p>
      </header>
      {groups.map(
        ({ title, of, words }) =>
          of.length > 0 && (
            <section key={title} class={styles.card} aria-label={title}>
              <h2>{title}</h2>
              <LockdownList sessions={of} of={words} />
            </section>
          ),
      )}
      <p>
        {i18n.t('lockdown.then')} {i18n.t('lockdown.consoles')}
      </p>
      {failure && <FormFailure failure={failure} vendor={i18n.t('appName')} />}
      <p class={styles.answers}>
        <Button buttonRef={safe} onPress={() => (location.hash = '#security')}>
          {i18n.t('lockdown.keep')}
        </Button>
        <Button kind="danger" icon={Shield} busy={busy} onPress={() => void lockDown()}>
          {i18n.t('lockdown.act')}
        </Button>
      </p>
    </div>
  );
}

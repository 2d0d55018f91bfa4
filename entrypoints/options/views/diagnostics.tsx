import { useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Confirm } from '../../../components/confirm';
import { FailureNote } from '../../../components/failure-note';
import { Check as Tick, CircleAlert, Copy, RefreshCw } from '../../../components/icons';
import { Note } from '../../../components/note';
import { Skeleton } from '../../../components/skeleton';
import { State } from '../../../components/state';
import { stateWord } from '../../../components/state-word';
import { timeWords } from '../../../components/time-words';
import type { Failure } from '../../../lib/core/failure';
import type { Instant } from '../../../lib/core/time';
import { type Diagnosis, roleOf, stateAt } from '../../../lib/core/view';
import { version } from '../../../lib/platform/about';
import { askFor } from '../../../lib/platform/permissions';
import { call } from '../../../lib/rpc/client';
import { type Check, checksOf, type Repair } from '../checks';
import page from '../page.module.css';
import { reportOf } from '../report';
import { useDiagnosis } from '../use-diagnosis';
import styles from './diagnostics.module.css';

/** Whether everything is in place for Fob to keep its word, and what mends it where it is not. */
export function DiagnosticsView() {
  const { found, failure, isLooking, look } = useDiagnosis();
  const [trouble, setTrouble] = useState<Failure>();
  const [mending, setMending] = useState<Repair['what']>();
  const [asking, setAsking] = useState(false);
  const verdict = useRef<HTMLHeadingElement>(null);

  const mend = async (job: Promise<Failure | undefined>, what: Repair['what']): Promise<void> => {
    setMending(what);
    setTrouble(await job);
    await look();
    setMending(undefined);
    setAsking(false);
    // The row is another one now, and its button gone.
    verdict.current?.focus();
  };
  const repair = (one: Repair): void => {
    switch (one.what) {
      case 'allow':
        // Asked before anything is awaited: the browser takes a later question for nobody's click.
        void mend(
          askFor([one.origin]).then(() => undefined),
          one.what,
        );
        return;
      case 'agree':
        location.hash = '#consent';
        return;
      case 'unread':
        setAsking(true);
        return;
      case 'wake':
      case 'stores':
        void mend(mended(one.what), one.what);
    }
  };

  const whom = { vendor: i18n.t('appName'), host: '', apiHost: '', now: Date.now() as Instant };
  const checks = found && checksOf(found.diagnosis, found.hosts, found.at);
  const wrong = checks?.filter(({ isWell }) => !isWell).length ?? 0;
  const shut = found?.diagnosis.sessions.filter(({ isReadable }) => !isReadable).length ?? 0;
  return (
    <div class={page.view}>
      <header>
        <h1>{i18n.t('check.title')}</h1>
        <p>{i18n.t('check.lead')}</p>
      </header>
      {(failure ?? trouble) && (
        <FailureNote failure={(failure ?? trouble) as Failure} whom={whom} onStep={() => void look()} />
      )}
      {!found && !failure && <Skeleton shape="list" words={i18n.t('check.looking')} />}
      {found && checks && (
        <>
          <section class={page.card} aria-labelledby="verdict">
            <div class={styles.verdict} data-role={wrong === 0 ? 'ok' : 'soon'}>
              {wrong === 0 ? <Tick /> : <CircleAlert />}
              <div role="status">
                <h2 id="verdict" ref={verdict} tabIndex={-1}>
                  {wrong === 0
                    ? i18n.t('check.allWell')
                    : i18n.t('check.wrong', wrong, { count: wrong, all: checks.length })}
                </h2>
                <p>{i18n.t('check.checked', { time: timeWords(found.at, found.at) })}</p>
              </div>
              <Button icon={RefreshCw} busy={isLooking && mending === undefined} onPress={() => void look()}>
                {i18n.t('check.again')}
              </Button>
            </div>
            <ul class={styles.rows}>
              {checks.map((one) => (
                <Row key={`${one.title} ${one.text}`} check={one} mending={mending} onRepair={repair} />
              ))}
            </ul>
          </section>
          <Sessions of={found.diagnosis} now={found.at} />
          <Report
            text={reportOf(found.diagnosis, {
              hosts: found.hosts,
              version: version(),
              browser: navigator.userAgent,
              now: found.at,
            })}
          />
        </>
      )}
      {asking && (
        <Confirm
          title={i18n.t('check.letGoAsk', shut, { count: shut })}
          effects={[i18n.t('check.letGoShut'), i18n.t('check.letGoAgain')]}
          unseen={[i18n.t('check.letGoVendor')]}
          safe={i18n.t('forgetKeep')}
          danger={i18n.t('check.letGo')}
          busy={mending === 'unread'}
          onSafe={() => setAsking(false)}
          onDanger={() => void mend(mended('unread'), 'unread')}
        />
      )}
    </div>
  );
}

async function mended(what: 'wake' | 'stores' | 'unread'): Promise<Failure | undefined> {
  const answer = await call('repair', { what });
  return answer.ok ? undefined : answer.failure;
}

function Row(props: { check: Check; mending: Repair['what'] | undefined; onRepair: (repair: Repair) => void }) {
  const { isWell, title, text, repair } = props.check;
  return (
    <li data-role={isWell ? 'ok' : 'soon'}>
      {isWell ? <Tick /> : <CircleAlert />}
      <div>
        <h3>{title}</h3>
        <p>{text}</p>
      </div>
      {repair && (
        <Button
          size="sm"
          name={`${repairWords(repair)}: ${title}`}
          busy={props.mending === repair.what}
          onPress={() => props.onRepair(repair)}
        >
          {repairWords(repair)}
        </Button>
      )}
    </li>
  );
}

function repairWords({ what }: Repair): string {
  switch (what) {
    case 'allow':
      return i18n.t('actAllow');
    case 'agree':
      return i18n.t('stepAgree');
    case 'wake':
      return i18n.t('check.repairWake');
    case 'stores':
      return i18n.t('check.repairStores');
    case 'unread':
      return i18n.t('check.repairUnread');
  }
}

/** The sessions by number: what is shown to somebody who helps need not say whose they are. */
function Sessions({ of: { sessions }, now }: { of: Diagnosis; now: Instant }) {
  if (sessions.length === 0) return null;
  return (
    <section class={page.card} aria-labelledby="sessions">
      <h2 id="sessions">{i18n.t('check.sessions')}</h2>
      <ol class={styles.sessions}>
        {sessions.map(({ session, timeline }, index) => {
          const state = stateAt(session, now);
          const last = timeline.findLast(({ code }) => code !== undefined);
          return (
            <li key={session.id}>
              <span>{i18n.t('check.session', { number: index + 1, vendor: session.vendor.name })}</span>
              <State state={state} role={roleOf(state, now)} words={stateWord(session, state, now)} />
              <span>
                {last ? (
                  <>
                    <code>{last.code}</code> {timeWords(last.at, now)}
                  </>
                ) : (
                  i18n.t('check.noCode')
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Report({ text }: { text: string }) {
  const [copied, setCopied] = useState<'yes' | 'refused'>();
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      // The browser says no in its own words: the window lost the focus, or the click was too long ago.
      () => setCopied('refused'),
    );
  return (
    <section class={page.card} aria-labelledby="report">
      <h2 id="report">{i18n.t('check.report')}</h2>
      <p>{i18n.t('check.reportText')}</p>
      <div>
        <Button icon={Copy} onPress={copy}>
          {i18n.t('check.copy_report')}
        </Button>
      </div>
      <div role="status">
        {copied === 'yes' && <Note role="ok" title={i18n.t('copied')} />}
        {copied === 'refused' && (
          <Note role="bad" title={i18n.t('failure.clipboard_refused.title')} text={i18n.t('check.copySelf')} />
        )}
      </div>
      <details class={styles.report}>
        <summary>{i18n.t('check.reportShow')}</summary>
        <pre>{text}</pre>
      </details>
    </section>
  );
}

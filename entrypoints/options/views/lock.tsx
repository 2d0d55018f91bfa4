import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Choices } from '../../../components/choices';
import { FailureNote } from '../../../components/failure-note';
import form from '../../../components/form.module.css';
import { Lock } from '../../../components/icons';
import { endWhileLocked, LockConfirm } from '../../../components/lock-confirm';
import { sinceWords } from '../../../components/lock-words';
import { Note } from '../../../components/note';
import { TextField } from '../../../components/text-field';
import { UnlockForm } from '../../../components/unlock-form';
import { useNow } from '../../../components/use-now';
import type { Failure, Outcome } from '../../../lib/core/failure';
import type { Instant } from '../../../lib/core/time';
import type { LockSettings, LockView as Known, SessionView } from '../../../lib/core/view';
import { askForIdle } from '../../../lib/platform/permissions';
import { call } from '../../../lib/rpc/client';
import styles from '../page.module.css';
import { useLock } from '../use-lock';

const MINUTES = [5, 15, 30, 60] as const;
const SHORTEST = 8;

/** Who can open Fob, and what happens when somebody walks away. */
export function LockCards() {
  const known = useLock();
  return known ? <Cards lock={known.lock} sessions={known.sessions} /> : null;
}

function Cards({ lock, sessions }: { lock: Known | undefined; sessions: readonly SessionView[] }) {
  const now = useNow(1000);
  const [failure, setFailure] = useState<Failure>();
  const [done, setDone] = useState<string>();
  const [busy, setBusy] = useState(false);
  const run = async (job: Promise<Outcome<void>>, words?: string): Promise<boolean> => {
    setBusy(true);
    const outcome = await job;
    setBusy(false);
    setFailure(outcome.ok ? undefined : outcome.failure);
    setDone(outcome.ok ? words : undefined);
    return outcome.ok;
  };
  const whom = { vendor: i18n.t('appName'), host: '', apiHost: '', now };
  if (lock && lock.is !== 'open')
    return (
      <section class={styles.card}>
        <h2>{i18n.t('lock.title')}</h2>
        <p>{sinceWords(lock, now)}</p>
        <UnlockForm
          isWrong={failure !== undefined}
          nextTryAt={lock.nextTryAt}
          now={now}
          busy={busy}
          onUnlock={(passphrase) => void run(call('unlock', { passphrase }))}
        />
      </section>
    );
  return (
    <>
      <section class={styles.card}>
        <h2>{i18n.t('lock.card')}</h2>
        {failure && <FailureNote failure={failure} whom={whom} />}
        <div role="status">{done !== undefined && <Note role="ok" title={done} />}</div>
        {lock ? (
          <Settings lock={lock} sessions={sessions} now={now} run={run} />
        ) : (
          <>
            <p>
              <strong>{i18n.t('lock.none')}</strong>
            </p>
            <p>{i18n.t('lock.noneText')}</p>
          </>
        )}
      </section>
      <section class={styles.card}>
        <h2>{lock ? i18n.t('lock.change') : i18n.t('lock.set')}</h2>
        <p>{i18n.t('lock.setText')}</p>
        <NewPassphrase
          key={String(lock !== undefined)}
          hasOne={lock !== undefined}
          busy={busy}
          onSet={(input) => run(call('set_passphrase', input), i18n.t('lock.done'))}
        />
      </section>
      {lock && (
        <section class={styles.card}>
          <h2>{i18n.t('lock.remove')}</h2>
          <p>{i18n.t('lock.removeText')}</p>
          <form
            class={form.form}
            autocomplete="off"
            onSubmit={(event) => {
              event.preventDefault();
              void run(call('set_passphrase', { current: typed(event, 'current') }), i18n.t('lock.removed'));
            }}
          >
            <TextField name="current" label={i18n.t('lock.current')} kind="secret" />
            <Button submits kind="danger" busy={busy}>
              {i18n.t('lock.remove')}
            </Button>
          </form>
        </section>
      )}
    </>
  );
}

type Run = (job: Promise<Outcome<void>>, words?: string) => Promise<boolean>;

function Settings(props: { lock: Known; sessions: readonly SessionView[]; now: Instant; run: Run }) {
  const { lock, sessions, now, run } = props;
  const { settings } = lock;
  const [asks, setAsks] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const decide = (next: LockSettings): void => void run(call('lock_settings', next));
  const ending = settings.mode === 'lock' ? endWhileLocked(sessions, now) : [];
  const after = (minutes: string): void => {
    const { awayMin: _, ...rest } = settings;
    if (minutes === '') return decide(rest);
    // Asked before anything is awaited: a later question is refused unasked.
    void askForIdle().then((isGiven) => {
      setRefused(!isGiven);
      if (isGiven) decide({ ...rest, awayMin: Number(minutes) });
    });
  };
  return (
    <>
      <Choices
        legend={i18n.t('lock.mode')}
        name="mode"
        chosen={settings.mode}
        choices={[
          { value: 'lock', label: i18n.t('lock.modeLock'), help: i18n.t('lock.modeLockText') },
          { value: 'screen', label: i18n.t('lock.modeScreen'), help: i18n.t('lock.modeScreenText') },
        ]}
        onChoose={(mode) => decide({ ...settings, mode: mode === 'screen' ? 'screen' : 'lock' })}
      />
      <label class={styles.policy}>
        <span>
          {i18n.t('lock.after')}
          <small>{i18n.t('lock.afterHelp')}</small>
        </span>
        <select value={String(settings.awayMin ?? '')} onChange={(event) => after(event.currentTarget.value)}>
          <option value="">{i18n.t('lock.afterNever')}</option>
          {MINUTES.map((minutes) => (
            <option key={minutes} value={String(minutes)}>
              {i18n.t('lock.afterMinutes', { minutes })}
            </option>
          ))}
        </select>
      </label>
      {isRefused && <Note role="bad" urgent title={i18n.t('lock.refusedIdle')} />}
      <p>{i18n.t('lock.closes')}</p>
      <Button icon={Lock} onPress={() => (ending.length > 0 ? setAsks(true) : void run(call('lock', {})))}>
        {i18n.t('lock.actNow')}
      </Button>
      {asks && (
        <LockConfirm
          ending={ending}
          now={now}
          onCancel={() => setAsks(false)}
          onLock={() => {
            setAsks(false);
            void run(call('lock', {}));
          }}
        />
      )}
    </>
  );
}

function NewPassphrase(props: {
  hasOne: boolean;
  busy: boolean;
  onSet: (input: { current?: string; next: string }) => Promise<boolean>;
}) {
  const { hasOne, busy, onSet } = props;
  const [fault, setFault] = useState<'short' | 'differs'>();
  const send = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const sent = event.currentTarget;
    const next = typed(event, 'next');
    const wrong = next.length < SHORTEST ? 'short' : next !== typed(event, 'again') ? 'differs' : undefined;
    setFault(wrong);
    if (wrong || busy) return;
    if (await onSet({ next, ...(hasOne ? { current: typed(event, 'current') } : {}) })) sent.reset();
  };
  return (
    <form class={form.form} autocomplete="off" onSubmit={(event) => void send(event)}>
      {hasOne && <TextField name="current" label={i18n.t('lock.current')} kind="secret" />}
      <TextField
        name="next"
        label={i18n.t('lock.new')}
        kind="secret"
        help={i18n.t('lock.newHelp')}
        fault={fault === 'short' ? i18n.t('lock.short') : undefined}
      />
      <TextField
        name="again"
        label={i18n.t('lock.again')}
        kind="secret"
        fault={fault === 'differs' ? i18n.t('lock.differs') : undefined}
      />
      <Button submits kind={hasOne ? 'plain' : 'primary'} busy={busy}>
        {hasOne ? i18n.t('lock.change') : i18n.t('lock.set')}
      </Button>
    </form>
  );
}

function typed(event: TargetedSubmitEvent<HTMLFormElement>, name: string): string {
  const value = new FormData(event.currentTarget).get(name);
  return typeof value === 'string' ? value : '';
}

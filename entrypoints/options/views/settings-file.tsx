import { useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Confirm } from '../../../components/confirm';
import { say } from '../../../components/failure-words';
import { hostOf } from '../../../components/names';
import { Note } from '../../../components/note';
import { policyWords } from '../../../components/words';
import type { Failure, Outcome } from '../../../lib/core/failure';
import { askFor, holdsClipboard } from '../../../lib/platform/permissions';
import { call } from '../../../lib/rpc/client';
import { FormFailure } from '../form-failure';
import styles from '../page.module.css';
import { type Changes, changesOf, type Current, type Fault, readSettings, writeSettings } from '../settings-file';
import type { Known } from '../use-known';

/** What taking a file in came to. */
type Told = { readonly refused: readonly string[] } | Fault;

/** The settings as a file: saved, and taken in again after a look at what would change. */
export function SettingsFileCard({ sessions, preferences }: Known) {
  const [failure, setFailure] = useState<Failure>();
  const [told, setTold] = useState<Told>();
  const [changes, setChanges] = useState<Changes>();
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  const current = async (): Promise<Current | undefined> => {
    const [consoles, hosts] = await Promise.all([call('policies', {}), call('deployments', {})]);
    setFailure(consoles.ok ? (hosts.ok ? undefined : hosts.failure) : consoles.failure);
    return consoles.ok && hosts.ok
      ? { consoles: consoles.value, hosts: hosts.value, sessions, preferences }
      : undefined;
  };
  const save = async (): Promise<void> => {
    const now = await current();
    if (!now) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([writeSettings(now)], { type: 'application/json' }));
    link.download = 'fob-settings.json';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const look = async (file: File | undefined): Promise<void> => {
    setTold(undefined);
    if (!file) return;
    const read = readSettings(await file.text());
    // Chosen once more, it is read once more.
    if (input.current) input.current.value = '';
    if ('why' in read) return setTold(read);
    const now = await current();
    if (now) setChanges(changesOf(read, now));
  };
  const take = async ({ consoles, hosts, preferences: chosen }: Changes): Promise<void> => {
    setBusy(true);
    // One question for all hosts, at the click.
    const granted = hosts.length === 0 || (await askFor(hosts.flatMap(({ console, api }) => [console, api])));
    const refused: string[] = [];
    const note = (what: string, done: Outcome<unknown>): void => void (done.ok || refused.push(what));
    for (const host of hosts) {
      if (granted) note(hostOf(host.console), await call('add_deployment', host));
      else refused.push(hostOf(host.console));
    }
    for (const { console, keep, panelHidden } of consoles) {
      note(hostOf(console), await call('policy', { console, keep }));
      note(hostOf(console), await call('hide', { console, hidden: panelHidden }));
    }
    // Without its permission the clipboard is nobody's to clear.
    const { clearsClipboard, ...rest } = chosen;
    const may = clearsClipboard !== undefined && (!clearsClipboard || (await holdsClipboard()));
    if (clearsClipboard !== undefined && !may) refused.push(i18n.t('hands.clear'));
    note(i18n.t('hands.mask'), await call('prefer', { ...rest, ...(may ? { clearsClipboard } : {}) }));
    setBusy(false);
    setChanges(undefined);
    setTold({ refused: [...new Set(refused)] });
  };

  const effects = changes && effectsOf(changes);
  return (
    <section class={styles.card}>
      <h2>{i18n.t('file.title')}</h2>
      <p>{i18n.t('file.text')}</p>
      <p class={styles.answers}>
        <Button onPress={() => void save()}>{i18n.t('file.save')}</Button>
        <Button onPress={() => input.current?.click()}>{i18n.t('file.open')}</Button>
        <input
          ref={input}
          type="file"
          accept=".json"
          hidden
          aria-label={i18n.t('file.open')}
          onChange={(event) => void look(event.currentTarget.files?.[0])}
        />
      </p>
      {failure && <FormFailure failure={failure} vendor={i18n.t('appName')} />}
      <div role="status">{told && <Answer told={told} />}</div>
      {changes && effects && (
        <Confirm
          isHarmless
          title={i18n.t('file.ask')}
          lead={effects.length > 0 ? i18n.t('file.lead') : i18n.t('file.same')}
          effects={effects}
          unseen={[
            ...changes.kept.map(({ console }) => i18n.t('file.kept', { host: hostOf(console) })),
            i18n.t('file.unseen'),
          ]}
          safe={i18n.t('notNow')}
          danger={i18n.t('file.take')}
          busy={busy}
          onSafe={() => setChanges(undefined)}
          onDanger={() => void take(changes)}
        />
      )}
    </section>
  );
}

function effectsOf({ consoles, hosts, preferences }: Changes): readonly string[] {
  return [
    ...consoles.map(({ console, keep, panelHidden }) =>
      say(panelHidden ? 'file.consoleHidden' : 'file.console', { host: hostOf(console), keep: policyWords(keep) }),
    ),
    ...hosts.map(({ console, api }) => i18n.t('file.host', { host: hostOf(console), api: hostOf(api) })),
    ...Object.entries(preferences).map(([name, on]) =>
      say(on ? 'file.on' : 'file.off', {
        what: name === 'isMasked' ? i18n.t('hands.mask') : i18n.t('hands.clear'),
      }),
    ),
  ];
}

function Answer({ told }: { told: Told }) {
  if ('why' in told) {
    const titles = {
      not_settings: i18n.t('file.notSettings'),
      newer: i18n.t('file.newer'),
      too_large: i18n.t('file.tooLarge'),
      fault: i18n.t('file.fault', { place: 'place' in told ? told.place : '' }),
    };
    return <Note role="bad" title={titles[told.why]} text={i18n.t('file.nothing')} />;
  }
  const hosts = told.refused.join(', ');
  return hosts === '' ? (
    <Note role="ok" title={i18n.t('file.done')} />
  ) : (
    <Note role="bad" title={i18n.t('file.partly')} text={i18n.t('file.left', { what: hosts })} />
  );
}

import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Choices } from '../../../components/choices';
import form from '../../../components/form.module.css';
import { Shield } from '../../../components/icons';
import { hostOf } from '../../../components/names';
import { TextField } from '../../../components/text-field';
import { call } from '../../../lib/rpc/client';
import { ownHostVendors } from '../built-in-hosts';
import { focusField } from '../typed-in';
import {
  type Added,
  type Considered,
  type HostFault,
  hostsOf,
  originsFor,
  useAddHost,
  type WantedHost,
} from '../use-add-host';
import { AddedNote } from './added-note';

const empty: WantedHost = { vendor: 'prowler', console: '', api: '' };

/** Names a console on somebody's own hosts. What the browser is to be asked is known before the click that asks it. */
export function AddHost({ onDone }: { onDone: () => void }) {
  const [wanted, setWanted] = useState(empty);
  const [considered, setConsidered] = useState<{ readonly address: string; readonly found: Considered }>();
  const [fault, setFault] = useState<HostFault>();
  const [round, setRound] = useState(0);
  const self = useRef<HTMLFormElement>(null);
  const { added, setAdded, add } = useAddHost(() => {
    setWanted({ ...empty, vendor: wanted.vendor });
    setRound((before) => before + 1);
    onDone();
  });
  useEffect(() => {
    if (fault) focusField(self.current, fault.field);
  }, [fault]);

  const found = considered?.address === wanted.console ? considered.found : undefined;
  const asks = found && originsFor(wanted, found);
  const change = (to: Partial<WantedHost>): void => {
    setWanted((before) => ({ ...before, ...to }));
    setFault(undefined);
    setAdded(undefined);
  };
  const consider = async (address: string): Promise<Considered | undefined> => {
    const answer = await call('consider', { address });
    if (answer.ok) setConsidered({ address, found: answer.value });
    else if (answer.failure.code !== 'invalid_input') setAdded({ kind: 'failed', failure: answer.failure });
    return answer.ok ? answer.value : undefined;
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (added?.kind === 'asking') return;
    if (wanted.console.trim() === '') return setFault({ field: 'console', words: i18n.t('faultMissing') });
    if (!asks) return void askLater();
    if ('origins' in asks) add(wanted, asks.origins);
    else setFault(asks);
  };
  /** Sent faster than Fob could say whom to ask: the browser asks at another click. */
  const askLater = async (): Promise<void> => {
    const now = await consider(wanted.console);
    const then = now && originsFor(wanted, now);
    if (!then) setFault({ field: 'console', words: i18n.t('ownHostAddress') });
    else if ('origins' in then) setAdded({ kind: 'to_allow', wanted, origins: then.origins });
    else setFault(then);
  };

  const hasApi = ownHostVendors.some((one) => one.vendor === wanted.vendor && one.hasApi);
  const usual = found?.candidates.find(({ vendor }) => vendor === wanted.vendor)?.api;
  const told = (field: HostFault['field']): string | undefined => (fault?.field === field ? fault.words : undefined);
  return (
    <form ref={self} class={form.form} noValidate onSubmit={submit}>
      <h3>{i18n.t('ownHostAdd')}</h3>
      <Choices
        legend={i18n.t('signInVendor')}
        name="own-vendor"
        choices={ownHostVendors.map(({ vendor, name }) => ({ value: vendor, label: name }))}
        chosen={wanted.vendor}
        onChoose={(vendor) => change({ vendor, ...(vendor === 'prowler' ? {} : { api: '' }) })}
      />
      <div key={round} class={form.fields}>
        <TextField
          name="console"
          label={i18n.t('ownHostConsole')}
          help={i18n.t('ownHostConsoleHelp')}
          fault={told('console')}
          onInput={(address) => {
            change({ console: address });
            if (address.trim() !== '') void consider(address);
          }}
        />
        {hasApi && (
          <TextField
            name="api"
            label={i18n.t('ownHostApiAddress')}
            isOptional
            help={usual ? i18n.t('ownHostApiHelp', { host: hostOf(usual) }) : i18n.t('ownHostApiHelpUnknown')}
            fault={told('api')}
            onInput={(api) => change({ api })}
          />
        )}
      </div>
      <div class={form.foot}>
        <Button kind="primary" icon={Shield} busy={isAsking(added)} submits>
          {i18n.t('ownHostAddDo')}
        </Button>
        <p>
          {asks && 'origins' in asks
            ? i18n.t('ownHostAsks', { hosts: hostsOf(asks.origins) })
            : i18n.t('ownHostAsksSoon')}
        </p>
      </div>
      <AddedNote added={added} vendor={wanted.vendor} onAllow={add} />
    </form>
  );
}

const isAsking = (added: Added | undefined): boolean => added?.kind === 'asking';

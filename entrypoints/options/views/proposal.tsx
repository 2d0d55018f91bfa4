import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Shield } from '../../../components/icons';
import { hostOf } from '../../../components/names';
import { Note } from '../../../components/note';
import { TextField } from '../../../components/text-field';
import type { Failure } from '../../../lib/core/failure';
import { call } from '../../../lib/rpc/client';
import { nameOf, ownHostVendors } from '../built-in-hosts';
import form from '../../../components/form.module.css';
import { FormFailure } from '../form-failure';
import { typedOrigin } from '../origins';
import styles from '../page.module.css';
import { type Considered, originsFor, useAddHost } from '../use-add-host';
import { AddedNote } from './added-note';

/** A console the person came from, to be allowed with one click: what is in the address of the page is a proposal, no more. */
export function Proposal({ query, onDone }: { query: string; onDone: () => void }) {
  const named = new URLSearchParams(query);
  const console = typedOrigin(named.get('console') ?? '');
  const vendor = ownHostVendors.find((one) => one.vendor === named.get('vendor'));
  const [api, setApi] = useState(() => typedOrigin(named.get('api') ?? '') ?? '');
  const [considered, setConsidered] = useState<Considered>();
  const [failure, setFailure] = useState<Failure>();
  const [isRefused, setRefused] = useState(false);
  const { added, setAdded, add } = useAddHost(onDone);
  // The button that was pressed is gone with its question.
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isRefused) told.current?.focus();
  }, [isRefused]);
  useEffect(() => {
    if (console === undefined) return;
    void call('consider', { address: console }).then((answer) => {
      if (answer.ok) setConsidered(answer.value);
      else setFailure(answer.failure);
    });
  }, [console]);

  if (console === undefined || !vendor) return null;
  const host = hostOf(console);
  const wanted = { vendor: vendor.vendor, console, api: vendor.hasApi ? api : '' };
  const asks = considered && originsFor(wanted, considered);
  const refuse = async (): Promise<void> => {
    const answer = await call('refuse_host', { console });
    if (answer.ok) setRefused(true);
    else setFailure(answer.failure);
  };
  const isOpen = added?.kind !== 'added' && !isRefused;
  const usual = considered?.candidates.find((one) => one.vendor === vendor.vendor)?.api;
  return (
    <section class={styles.card} aria-label={host}>
      {isOpen && (
        <>
          <h2>{i18n.t('proposalTitle', { vendor: vendor.name, host })}</h2>
          <p>{i18n.t('proposalText', { api: hostOf(typedOrigin(api) ?? usual ?? console) })}</p>
          {vendor.hasApi && (
            <TextField
              name="api"
              label={i18n.t('ownHostApiAddress')}
              isOptional
              help={usual ? i18n.t('ownHostApiHelp', { host: hostOf(usual) }) : i18n.t('ownHostApiHelpUnknown')}
              fault={asks && 'field' in asks && asks.field === 'api' ? asks.words : undefined}
              initial={api}
              onInput={(typed) => {
                setApi(typed);
                setAdded(undefined);
              }}
            />
          )}
          {asks && 'field' in asks && asks.field === 'console' ? (
            <Note role="info" title={asks.words} />
          ) : (
            <div class={form.foot}>
              <Button
                kind="primary"
                icon={Shield}
                busy={!asks || added?.kind === 'asking'}
                onPress={() => asks && 'origins' in asks && add(wanted, asks.origins)}
              >
                {i18n.t('proposalAllow')}
              </Button>
              <Button onPress={() => void refuse()}>{i18n.t('proposalRefuse')}</Button>
            </div>
          )}
        </>
      )}
      {failure && <FormFailure failure={failure} vendor={nameOf(vendor.vendor)} />}
      <div ref={told} role="status" tabIndex={-1}>
        {isRefused && (
          <Note role="info" title={i18n.t('proposalRefused', { host })} text={i18n.t('proposalRefusedText')} />
        )}
      </div>
      <AddedNote added={added} vendor={vendor.vendor} onAllow={add} />
    </section>
  );
}

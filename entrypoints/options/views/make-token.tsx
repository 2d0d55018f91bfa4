import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Check as Tick } from '../../../components/check';
import { faultWords } from '../../../components/form-words';
import form from '../../../components/form.module.css';
import { Check } from '../../../components/icons';
import { tenantName } from '../../../components/names';
import { Note } from '../../../components/note';
import { TextField } from '../../../components/text-field';
import type { Failure } from '../../../lib/core/failure';
import { faultIn } from '../../../lib/core/fields';
import type { Field, TokenWanted } from '../../../lib/core/vendor';
import type { SessionView } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';
import { FormFailure } from '../form-failure';
import styles from '../page.module.css';
import { focusField, linesOf, typedIn } from '../typed-in';

const fields: readonly Field[] = [
  { name: 'subject', kind: 'text', longest: 512 },
  { name: 'tenant', kind: 'text', longest: 512 },
  { name: 'minutes', kind: 'number' },
  { name: 'audiences', kind: 'lines' },
  { name: 'scopes', kind: 'lines', isOptional: true },
];

/** A token as the person describes it. The vendor is asked first whether it would allow it: nothing is made before that. */
export function MakeToken({ session }: { session: SessionView }) {
  const [step, setStep] = useState<'open' | 'checking' | 'allowed' | 'making' | 'made'>('open');
  const [failure, setFailure] = useState<Failure>();
  const [withRefresh, setWithRefresh] = useState(false);
  const self = useRef<HTMLFormElement>(null);
  const told = useRef<HTMLDivElement>(null);
  const faulty = failure?.code === 'invalid_input' ? failure : undefined;
  useEffect(() => {
    if (faulty?.field !== undefined) focusField(self.current, faulty.field);
  }, [faulty]);
  useEffect(() => {
    if (step === 'made') told.current?.focus();
  }, [step]);

  const ask = async (wanted: TokenWanted): Promise<void> => {
    const isChecked = step === 'allowed';
    setStep(isChecked ? 'making' : 'checking');
    setFailure(undefined);
    const answer = await call(isChecked ? 'create' : 'validate', { session: session.id, wanted });
    setStep(answer.ok ? (isChecked ? 'made' : 'allowed') : 'open');
    if (!answer.ok) setFailure(answer.failure);
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (step === 'checking' || step === 'making') return;
    const typed = typedIn(event.currentTarget);
    const wrong = faultIn(fields, typed) ?? minutesFault(typed['minutes']);
    if (wrong) return setFailure(wrong);
    void ask(wantedOf(typed, withRefresh));
  };
  /** What was checked is what is made: a change asks anew. */
  const change = (): void => {
    if (step === 'allowed' || step === 'made') setStep('open');
  };

  const vendor = session.vendor.name;
  const fault = (name: string): string | undefined => {
    if (faulty?.field !== name) return undefined;
    return name === 'minutes' && faulty.detail === undefined
      ? i18n.t('makeMinutesFault')
      : faultWords(faulty, 'text', vendor);
  };
  return (
    <section class={`${styles.card} ${styles.wide}`} aria-label={i18n.t('make')}>
      <h2>{i18n.t('make')}</h2>
      <p>{i18n.t('makeText', { vendor })}</p>
      <form ref={self} class={form.form} noValidate onSubmit={submit} onInput={change}>
        {failure && faulty?.field === undefined && (
          <FormFailure failure={failure} vendor={vendor} tenant={tenantName(session.tenant)} />
        )}
        <div class={form.fields}>
          <TextField name="subject" label={i18n.t('makeSubject')} initial={session.subject} fault={fault('subject')} />
          <TextField
            name="tenant"
            label={i18n.t('tokensTenantId')}
            initial={session.tenant.id}
            fault={fault('tenant')}
          />
          <TextField
            name="minutes"
            kind="number"
            label={i18n.t('makeMinutes')}
            help={i18n.t('makeMinutesHelp')}
            initial="60"
            fault={fault('minutes')}
          />
          <TextField
            name="audiences"
            kind="lines"
            label={i18n.t('makeAudiences')}
            help={i18n.t('tokensLines')}
            fault={fault('audiences')}
          />
          <TextField
            name="scopes"
            kind="lines"
            isOptional
            label={i18n.t('tokensScopes')}
            help={i18n.t('makeScopesHelp')}
          />
        </div>
        <Tick
          label={i18n.t('makeRefresh')}
          checked={withRefresh}
          onChange={(on) => {
            setWithRefresh(on);
            change();
          }}
        />
        <div ref={told} role="status" tabIndex={-1}>
          {step === 'allowed' && <Note role="ok" title={i18n.t('makeAllowed', { vendor })} />}
          {step === 'made' && <Note role="ok" title={i18n.t('makeDone')} text={i18n.t('makeDoneText')} />}
        </div>
        <div class={form.foot}>
          <Button kind="primary" icon={Check} busy={step === 'checking' || step === 'making'} submits>
            {step === 'allowed' || step === 'making' ? i18n.t('makeDo') : i18n.t('makeCheck', { vendor })}
          </Button>
        </div>
      </form>
    </section>
  );
}

const minutesFault = (minutes = ''): Extract<Failure, { code: 'invalid_input' }> | undefined =>
  Number.isInteger(Number(minutes)) && Number(minutes) >= 1 ? undefined : { code: 'invalid_input', field: 'minutes' };

function wantedOf(typed: Readonly<Record<string, string>>, withRefresh: boolean): TokenWanted {
  const scopes = linesOf(typed['scopes']);
  return {
    subject: typed['subject']?.trim() ?? '',
    tenant: typed['tenant']?.trim() ?? '',
    audiences: linesOf(typed['audiences']),
    durationS: Number(typed['minutes']) * 60,
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(withRefresh ? { createRefreshToken: true } : {}),
  };
}

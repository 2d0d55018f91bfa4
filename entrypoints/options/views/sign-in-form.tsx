import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { fieldWords, faultWords, keptWords } from '../../../components/form-words';
import form from '../../../components/form.module.css';
import { LogIn, Shield } from '../../../components/icons';
import { hostOf } from '../../../components/names';
import { Note } from '../../../components/note';
import { SelectField } from '../../../components/select-field';
import { TextField } from '../../../components/text-field';
import type { Failed, Failure } from '../../../lib/core/failure';
import { faultIn } from '../../../lib/core/fields';
import type { Values } from '../../../lib/core/vendor';
import { askFor } from '../../../lib/platform/permissions';
import { call } from '../../../lib/rpc/client';
import { ownHostVendors } from '../built-in-hosts';
import { FormFailure } from '../form-failure';
import { originOf } from '../origins';
import styles from '../page.module.css';
import { emptySecrets, focusField, typedIn } from '../typed-in';

/** The ways to sign in, vendor by vendor. */
export type SignIns = Exclude<Awaited<ReturnType<typeof call<'sign_ins'>>>, Failed>['value'];

/** Whose form it is, and who hears of what came of it. */
export type SignInFormProps = {
  readonly vendor: SignIns[number];
  readonly way: SignIns[number]['ways'][number];
  readonly onStart: () => void;
  readonly onDone: (session: string) => void;
};

type Asked = { readonly vendor: string; readonly place: string; readonly way: string; readonly values: Values };

/** The form of one way at one vendor. What is secret in it is held by its field alone, and gone once it is sent. */
export function SignInForm({ vendor, way, onStart, onDone }: SignInFormProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [refused, setRefused] = useState(false);
  const [isOther, setOther] = useState(vendor.choices.length === 0);
  const self = useRef<HTMLFormElement>(null);
  /** What waits for the browser's permission, until the person has answered: nowhere but here. */
  const waiting = useRef<Asked | undefined>(undefined);
  useEffect(
    () => () => {
      waiting.current = undefined;
    },
    [],
  );

  const fault = failure?.code === 'invalid_input' ? failure : undefined;
  const faulty = fault?.field;
  const names = ['place', ...way.fields.map(({ name }) => name)];
  const isInField = faulty !== undefined && names.includes(faulty);
  useEffect(() => {
    if (faulty !== undefined) focusField(self.current, faulty);
  }, [failure, faulty]);

  const send = async (asked: Asked): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    setRefused(false);
    onStart();
    const answer = await call('obtain', asked);
    setBusy(false);
    if (answer.ok) return onDone(answer.value.session);
    if (answer.failure.code === 'permission_missing') waiting.current = asked;
    setFailure(answer.failure);
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy) return;
    const { place = '', choice = '', ...values } = typedIn(event.currentTarget);
    const asked = { vendor: vendor.vendor, place: isOther ? place.trim() : choice, way: way.way, values };
    waiting.current = undefined;
    const wrong = asked.place === '' ? missingPlace : faultIn(way.fields, values);
    if (wrong) return setFailure(wrong);
    emptySecrets(event.currentTarget);
    void send(asked);
  };
  /** What waits is what was sent: once something else is typed, it is that which counts. */
  const change = (): void => {
    if (!waiting.current) return;
    waiting.current = undefined;
    setFailure(undefined);
  };
  const allow = (host: string): void => {
    const asked = waiting.current;
    const answered = askFor([originOf(host)]);
    waiting.current = undefined;
    void answered.then((granted) => {
      if (granted && asked) void send(asked);
      else {
        setFailure(undefined);
        setRefused(true);
      }
    });
  };

  const told = (name: string, kind: Parameters<typeof faultWords>[1]): string | undefined =>
    fault?.field === name ? faultWords(fault, kind, vendor.name) : undefined;
  return (
    <form ref={self} class={form.form} noValidate onSubmit={submit} onInput={change}>
      <div class={form.fields}>
        {vendor.choices.length > 0 && (
          <SelectField
            name="choice"
            label={i18n.t('signInPlace')}
            options={[
              ...vendor.choices.map((origin) => ({ value: origin, label: hostOf(origin) })),
              ...(vendor.isTyped ? [{ value: '', label: i18n.t('signInOther') }] : []),
            ]}
            onChange={(value) => setOther(value === '')}
          />
        )}
        {isOther && (
          <TextField
            name="place"
            label={vendor.choices.length > 0 ? i18n.t('signInOther') : i18n.t('signInPlace')}
            help={placeHelp(vendor.vendor)}
            fault={told('place', 'place')}
          />
        )}
      </div>
      {ownHostVendors.some((one) => one.vendor === vendor.vendor) && (
        <p>
          {i18n.t('signInOwn')}{' '}
          <a class={styles.link} href="#hosts">
            {i18n.t('signInOwnLink')}
          </a>
        </p>
      )}
      <div class={form.fields}>
        {way.fields.map(({ name, kind, isOptional }) => (
          <TextField
            key={name}
            name={name}
            kind={kind}
            isOptional={isOptional}
            {...fieldWords(name)}
            fault={told(name, kind)}
          />
        ))}
      </div>
      {failure?.code === 'permission_missing' ? (
        <Note
          role="bad"
          urgent
          title={i18n.t('failure.permission_missing.title', { apiHost: failure.host })}
          text={i18n.t('signInAllowText')}
        >
          <Button size="sm" icon={Shield} onPress={() => allow(failure.host)}>
            {i18n.t('hostAllow', { host: failure.host })}
          </Button>
        </Note>
      ) : (
        failure && !isInField && <FormFailure failure={failure} vendor={vendor.name} />
      )}
      {refused && <Note role="bad" urgent title={i18n.t('signInRefused')} text={i18n.t('signInRefusedText')} />}
      <div class={form.foot}>
        <Button kind="primary" icon={LogIn} busy={busy} submits>
          {way.keeps.length === 1 ? i18n.t('signInTake', { vendor: vendor.name }) : i18n.t('signInDo')}
        </Button>
        <p>{keptWords(way.way)}</p>
      </div>
    </form>
  );
}

const missingPlace = { code: 'invalid_input', field: 'place', detail: 'missing' } as const;

function placeHelp(vendor: string): string | undefined {
  switch (vendor) {
    case 'esper':
      return i18n.t('signInPlaceEsper');
    case 'runai':
      return i18n.t('signInPlaceRunai');
    case 'agilicus':
      return i18n.t('signInPlaceAgilicus');
    default:
      return undefined;
  }
}

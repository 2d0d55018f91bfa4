import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Confirm } from '../../../components/confirm';
import form from '../../../components/form.module.css';
import { Search } from '../../../components/icons';
import { inSentence } from '../../../components/names';
import { Note } from '../../../components/note';
import { SelectField } from '../../../components/select-field';
import { TextField } from '../../../components/text-field';
import { timeWords } from '../../../components/time-words';
import { personOf, TokenTable } from '../../../components/token-table';
import type { Failed, Failure } from '../../../lib/core/failure';
import type { Instant } from '../../../lib/core/time';
import type { TokenFilter, TokenRecord } from '../../../lib/core/vendor';
import type { SessionView } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';
import { FormFailure } from '../form-failure';
import styles from '../page.module.css';
import { focusField, linesOf, typedIn } from '../typed-in';

type Page = Exclude<Awaited<ReturnType<typeof call<'list_tokens'>>>, Failed>['value'];
/** What has been listed so far. `shared`: times of which there is more than the vendor lists. */
type Listed = {
  readonly tokens: readonly TokenRecord[];
  readonly shared: readonly { readonly at: Instant; readonly count: number }[];
  readonly next?: TokenFilter;
  readonly at: Instant;
};

/** Most tokens Fob asks for at once. */
const MOST = 1000;

/** What the vendor lists, as the person narrows it, page by page; and the end of a session that is in it. */
export function IssuedTokens({ session, tenantOf }: { session: SessionView; tenantOf: (id: string) => string }) {
  const [listed, setListed] = useState<Listed>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [fault, setFault] = useState<string>();
  const [ending, setEnding] = useState<TokenRecord>();
  const [ended, setEnded] = useState<TokenRecord>();
  const self = useRef<HTMLFormElement>(null);
  const sum = useRef<HTMLParagraphElement>(null);
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (fault !== undefined) focusField(self.current, 'limit');
  }, [fault]);
  useEffect(() => {
    if (ended) told.current?.focus();
  }, [ended]);

  const read = async (filter: TokenFilter, before: Listed | undefined): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    const answer = await call('list_tokens', { session: session.id, filter });
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    setListed(joined(before, answer.value));
    // The button that was pressed may be gone with the last page.
    sum.current?.focus();
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy) return;
    const typed = typedIn(event.currentTarget);
    const limit = Number(typed['limit']);
    if (typed['limit'] && !(Number.isInteger(limit) && limit >= 1 && limit <= MOST)) {
      return setFault(i18n.t('tokensLimitFault', { most: MOST }));
    }
    setFault(undefined);
    setEnded(undefined);
    setListed(undefined);
    void read(filterOf(typed), undefined);
  };
  const end = async ({ subject = '', tenant, session: sessionId }: TokenRecord): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    const answer = await call('end_session', {
      session: session.id,
      subject,
      ...(tenant === undefined ? {} : { tenant }),
      ...(sessionId === undefined ? {} : { sessionId }),
    });
    setBusy(false);
    setEnding(undefined);
    if (!answer.ok) return setFailure(answer.failure);
    setEnded(ending);
    const isOfIt = (one: TokenRecord): boolean => one.subject === subject && one.session === sessionId;
    setListed(
      listed && { ...listed, tokens: listed.tokens.map((one) => (isOfIt(one) ? { ...one, isRevoked: true } : one)) },
    );
  };

  const vendor = session.vendor.name;
  const next = listed?.next;
  return (
    <section class={`${styles.card} ${styles.wide}`} aria-label={i18n.t('tokensList')}>
      <h2>{i18n.t('tokensList')}</h2>
      <form ref={self} class={form.form} noValidate onSubmit={submit}>
        <details class={form.more} open={fault !== undefined}>
          <summary>{i18n.t('tokensFilters')}</summary>
          <div class={form.fields}>
            <TextField name="subject" label={i18n.t('tokensSubject')} />
            <TextField name="tenant" label={i18n.t('tokensTenantId')} />
            <TextField name="jti" label={i18n.t('tokensJti')} />
            <TextField name="session" label={i18n.t('tokensSession')} />
            <SelectField
              name="revoked"
              label={i18n.t('tokensRevokedFilter')}
              options={[
                { value: '', label: i18n.t('tokensAny') },
                { value: 'no', label: i18n.t('tokensNotRevoked') },
                { value: 'yes', label: i18n.t('tokensOnlyRevoked') },
              ]}
            />
            <TextField name="limit" kind="number" label={i18n.t('tokensLimit')} fault={fault} />
            <TextField name="iatFrom" kind="time" label={i18n.t('tokensMadeFrom')} />
            <TextField name="iatTo" kind="time" label={i18n.t('tokensMadeTo')} />
            <TextField name="expFrom" kind="time" label={i18n.t('tokensEndsFrom')} />
            <TextField name="expTo" kind="time" label={i18n.t('tokensEndsTo')} />
            <TextField name="scopes" kind="lines" label={i18n.t('tokensScopesFilter')} help={i18n.t('tokensLines')} />
          </div>
        </details>
        <div class={form.foot}>
          <Button kind="primary" icon={Search} busy={busy && !listed} submits>
            {listed ? i18n.t('tokensAgain') : i18n.t('tokensGet')}
          </Button>
        </div>
      </form>
      {failure && <FormFailure failure={failure} vendor={vendor} tenant={tenantOf(session.tenant.id)} />}
      <div ref={told} role="status" tabIndex={-1}>
        {ended && <Note role="ok" title={i18n.t('tokensEndDone', { person: inSentence(personOf(ended)) })} />}
      </div>
      <p ref={sum} role="status" tabIndex={-1}>
        {busy && !listed && i18n.t('tokensAsking', { vendor })}
        {listed && sumOf(listed)}
      </p>
      {listed && listed.tokens.length > 0 && (
        <TokenTable
          label={i18n.t('tokensList')}
          tokens={listed.tokens}
          now={listed.at}
          tenantOf={tenantOf}
          {...(session.offers.includes('end_session') ? { onEnd: setEnding } : {})}
        />
      )}
      {listed?.shared.map(({ at, count }) => (
        <Note key={at} role="info" title={i18n.t('tokensShared', count, { count, time: timeWords(at, listed.at) })} />
      ))}
      {listed && next && (
        <div>
          <Button busy={busy} onPress={() => void read(next, listed)}>
            {i18n.t('tokensMore')}
          </Button>
        </div>
      )}
      {ending && (
        <Confirm
          title={i18n.t('tokensEndAsk', { person: inSentence(personOf(ending)) })}
          effects={[
            i18n.t('tokensEndEffect', {
              session: inSentence(ending.session ?? ''),
              tenant: inSentence(ending.tenant === undefined ? i18n.t('lifeUnknown') : tenantOf(ending.tenant)),
            }),
            i18n.t('tokensEndUsers'),
          ]}
          unseen={[i18n.t('tokensEndUnseen')]}
          safe={i18n.t('forgetKeep')}
          danger={i18n.t('tokensEnd')}
          busy={busy}
          onSafe={() => setEnding(undefined)}
          onDanger={() => void end(ending)}
        />
      )}
    </section>
  );
}

/** One page after those before it. Pages overlap where tokens share a time: each token is listed once. */
function joined(before: Listed | undefined, { items, next, sharedTime }: Page): Listed {
  const tokens = new Map([...(before?.tokens ?? []), ...items].map((one) => [one.jti, one]));
  return {
    tokens: [...tokens.values()],
    shared: [...(before?.shared ?? []), ...(sharedTime === undefined ? [] : [{ at: sharedTime, count: items.length }])],
    ...(next === undefined ? {} : { next }),
    at: Date.now() as Instant,
  };
}

function sumOf({ tokens, next }: Listed): string {
  const count = tokens.length;
  if (count === 0 && !next) return i18n.t('tokensNone');
  return next ? i18n.t('tokensSoFar', count, { count }) : i18n.t('tokensAll', count, { count });
}

function filterOf(typed: Readonly<Record<string, string>>): TokenFilter {
  const text = (name: 'subject' | 'tenant' | 'jti' | 'session') => {
    const value = typed[name]?.trim() ?? '';
    return value === '' ? {} : { [name]: value };
  };
  const time = (name: 'iatFrom' | 'iatTo' | 'expFrom' | 'expTo') => {
    const at = Date.parse(typed[name] ?? '');
    return Number.isNaN(at) ? {} : { [name]: new Date(at).toISOString() };
  };
  const scopes = linesOf(typed['scopes']);
  return {
    ...text('subject'),
    ...text('tenant'),
    ...text('jti'),
    ...text('session'),
    ...(typed['revoked'] ? { isRevoked: typed['revoked'] === 'yes' } : {}),
    ...(typed['limit'] ? { limit: Number(typed['limit']) } : {}),
    ...time('iatFrom'),
    ...time('iatTo'),
    ...time('expFrom'),
    ...time('expTo'),
    ...(scopes.length === 0 ? {} : { scopes }),
  };
}

import type { ComponentChildren, TargetedInputEvent } from 'preact';
import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import { type PanelView, roleOf, type SessionView, stateAt, type TenantView } from '../lib/core/view';
import { isUsable } from './acts';
import { Button, LinkButton } from './button';
import { Check } from './check';
import { FailureNote } from './failure-note';
import { about, type NextStep, type Told } from './failure-words';
import { Fob, ringsOf } from './fob';
import { ArrowLeft, ArrowLeftRight, type Icon, Lock, RefreshCw, X } from './icons';
import { Name } from './name';
import { inSentence, personName, tenantName } from './names';
import { Note } from './note';
import styles from './panel-card.module.css';
import { State } from './state';
import { tenantMark } from './tenant-mark';
import { leftWords, timeWords } from './time-words';
import { moveWords, stateWords } from './words';

/** What a person does in the panel. Nothing here copies, revokes or cannot be undone. */
export type PanelAct =
  | { readonly do: 'open' | 'small' | 'keep' | 'keep_always' | 'watch' | 'renew' | 'tenants' | 'back' | 'hide' | 'fob' }
  | { readonly do: 'move'; readonly tenant: TenantView }
  | { readonly do: 'always'; readonly always: boolean }
  | { readonly do: 'find'; readonly query: string };

/** What the in-page panel shows, and who hears of a press. */
export type PanelCardProps = {
  readonly view: PanelView;
  readonly now: Instant;
  /** small: the chip; edge: out of the way of something on the page. */
  readonly size: 'card' | 'small' | 'edge';
  readonly busy?: string | undefined;
  /** Whether an offer, taken, is taken for every sign-in here. */
  readonly always?: boolean | undefined;
  /** The list of tenants, while it is what the card shows. */
  readonly tenants?: readonly TenantView[] | 'loading' | undefined;
  /** What is looked for in it. */
  readonly query?: string | undefined;
  readonly failure?: { readonly told: Told; readonly tenant?: string } | undefined;
  /** What is just done, in words. */
  readonly done?: string | undefined;
  readonly onAct: (act: PanelAct) => void;
};

/** Fob as a guest on a console page. */
export function PanelCard(props: PanelCardProps) {
  const { view, now, size, busy, tenants, query, failure, done, onAct } = props;
  const { session } = view;
  const name = tenantName(session.tenant);
  if (size !== 'card') return <Chip {...props} />;
  const step = (next: NextStep): void => onAct({ do: next === 'choose_tenant' ? 'tenants' : 'fob' });
  return (
    <section class={styles.card} tabIndex={-1} aria-label={i18n.t('panelLabel', { tenant: inSentence(name) })}>
      <header data-hue={tenantMark(session.tenant).hue}>
        <Fob
          tenant={session.tenant}
          size="md"
          role={roleOf(stateAt(session, now), now)}
          token={ringsOf(session, now).token}
        />
        <div>
          <h2>
            <Name of={name} />
          </h2>
          <p>
            <Name of={personName(session)} />
          </p>
        </div>
        <Button
          kind="quiet"
          size="sm"
          icon={X}
          name={i18n.t('panelSmall')}
          title={i18n.t('panelSmallTitle')}
          onPress={() => onAct({ do: 'small' })}
        />
      </header>
      <div class={styles.body}>
        {tenants === undefined ? (
          <Body {...props} />
        ) : (
          <Tenants tenants={tenants} query={query} vendor={session.vendor.name} busy={busy} onAct={onAct} />
        )}
        {failure && (
          <FailureNote
            failure={failure.told}
            whom={about(session, now, failure.tenant)}
            onStep={step}
            without={['again']}
          />
        )}
        <div role="status">{done !== undefined && <Note role="ok" title={done} />}</div>
      </div>
      <footer>
        <LinkButton onPress={() => onAct({ do: 'hide' })}>{i18n.t('panelHide')}</LinkButton>
        <LinkButton onPress={() => onAct({ do: 'fob' })}>{i18n.t('panelOpenFob')}</LinkButton>
      </footer>
    </section>
  );
}

/** All there is to see while Fob is locked. */
export function LockedChip({ onOpen }: { onOpen: () => void }) {
  return (
    <button type="button" class={styles.chip} data-role="off" onClick={onOpen}>
      <Lock />
      {i18n.t('failure.vault_locked.title')}
    </button>
  );
}

function Chip({ view, now, size, onAct }: PanelCardProps) {
  const { session } = view;
  const state = stateAt(session, now);
  const role = roleOf(state, now);
  const endsAt = session.token.expiresAt;
  const left = endsAt === undefined ? '' : leftWords(endsAt - now);
  const { word } = stateWords(session, state, now);
  const label = i18n.t('panelChip', { tenant: inSentence(tenantName(session.tenant)), state: word });
  return (
    <button
      type="button"
      class={size === 'edge' ? styles.edge : styles.chip}
      data-role={role}
      aria-expanded="false"
      title={`${label} ${left}`}
      onClick={() => onAct({ do: 'open' })}
    >
      <span class={styles.sr}>{label} </span>
      {size === 'edge' ? (
        <span class={styles.sr}>{left}</span>
      ) : (
        <>
          <Fob tenant={session.tenant} size="sm" role={role} token={ringsOf(session, now).token} />
          {role === 'ok' || role === 'info' ? <span>{left}</span> : <State state={state} role={role} words={left} />}
        </>
      )}
    </button>
  );
}

function Body(props: PanelCardProps) {
  const { view, now, busy, onAct } = props;
  const { session } = view;
  const state = stateAt(session, now);
  switch (view.shows) {
    case 'offer':
      return <Offer {...props} />;
    case 'signed_out': {
      return (
        <>
          <p>{stateWords(session, state, now).sentence}</p>
          <Go>
            {session.keeps !== 'follows' && (
              <Primary act="keep" busy={busy} onAct={onAct} icon={RefreshCw} words={i18n.t('actKeep')} />
            )}
            <Button busy={busy === 'watch'} onPress={() => onAct({ do: 'watch' })}>
              {i18n.t('panelLetEnd')}
            </Button>
          </Go>
        </>
      );
    }
    case 'card': {
      const role = roleOf(state, now);
      const words = stateWords(session, state, now);
      const endsAt = session.token.expiresAt;
      const keeps = words.act === 'keep' || words.act === 'follow';
      const isElsewhere = words.act === 'allow' || words.act === 'sign_in';
      return (
        <>
          <p class={styles.life}>
            <State state={state} role={role} words={words.word} pill />
            {endsAt !== undefined && isUsable(state) && <span>{leftWords(endsAt - now)}</span>}
          </p>
          {role !== 'ok' && words.sentence !== undefined && <p>{words.sentence}</p>}
          {session.move && isUsable(state) && (
            <div class={styles.quick} role="group" aria-label={i18n.t('actSwitch')}>
              {view.ready.map((tenant) => (
                <TenantButton key={tenant.id} tenant={tenant} busy={busy === tenant.id} onAct={onAct} />
              ))}
            </div>
          )}
          <Go>
            {keeps && <Primary act="keep" busy={busy} onAct={onAct} icon={RefreshCw} words={keepWords(session)} />}
            {isElsewhere && (
              <Primary act="fob" busy={busy} onAct={onAct} icon={ArrowLeftRight} words={i18n.t('panelOpenFob')} />
            )}
            {session.move && (!isElsewhere || state.kind === 'ends') && (
              <Button
                kind={keeps || isElsewhere ? 'plain' : 'primary'}
                grow
                icon={ArrowLeftRight}
                busy={busy === 'tenants'}
                onPress={() => onAct({ do: 'tenants' })}
              >
                {moveWords(session)}
              </Button>
            )}
            {state.kind === 'kept' && (
              <Button icon={RefreshCw} busy={busy === 'renew'} onPress={() => onAct({ do: 'renew' })}>
                {i18n.t('renew')}
              </Button>
            )}
          </Go>
        </>
      );
    }
  }
}

/** What keeping means for this session, on a button. */
const keepWords = ({ keeps }: SessionView): string => (keeps === 'follows' ? i18n.t('actFollow') : i18n.t('actKeep'));

function Offer({ view, now, busy, always = false, onAct }: PanelCardProps) {
  const { session } = view;
  const endsAt = session.token.expiresAt;
  const isFollowing = session.keeps === 'follows';
  return (
    <>
      <p>
        <strong>{isFollowing ? i18n.t('panelOfferFollow') : i18n.t('panelOffer')}</strong>{' '}
        {endsAt !== undefined && i18n.t('panelOfferEnds', { time: timeWords(endsAt, now) })}
      </p>
      <p class={styles.second}>{isFollowing ? i18n.t('panelOfferFollowText') : i18n.t('panelOfferText')}</p>
      <Check
        label={i18n.t('keepAlways', { vendor: session.vendor.name })}
        checked={always}
        onChange={(to) => onAct({ do: 'always', always: to })}
      />
      <Go>
        <Primary
          act={always ? 'keep_always' : 'keep'}
          busy={busy}
          onAct={onAct}
          icon={RefreshCw}
          words={keepWords(session)}
        />
        <Button busy={busy === 'watch'} onPress={() => onAct({ do: 'watch' })}>
          {i18n.t('notNow')}
        </Button>
      </Go>
    </>
  );
}

type TenantsProps = Pick<PanelCardProps, 'query' | 'busy' | 'onAct'> & {
  readonly tenants: readonly TenantView[] | 'loading';
  readonly vendor: string;
};

/** From here on a field is quicker than the eye. */
const MANY = 8;

function Tenants({ tenants, query = '', vendor, busy, onAct }: TenantsProps) {
  const all = tenants === 'loading' ? [] : tenants.filter((tenant) => !tenant.current);
  const wanted = query.trim().toLocaleLowerCase();
  const found = all.filter(({ id, name }) => (name || id).toLocaleLowerCase().includes(wanted));
  return (
    <>
      <div class={styles.bar}>
        <Button kind="quiet" size="sm" icon={ArrowLeft} name={i18n.t('back')} onPress={() => onAct({ do: 'back' })} />
        {all.length > MANY ? (
          <input
            type="search"
            aria-label={i18n.t('tenantFind')}
            placeholder={i18n.t('tenantFindAmong', all.length)}
            value={query}
            onInput={(event: TargetedInputEvent<HTMLInputElement>) =>
              onAct({ do: 'find', query: event.currentTarget.value })
            }
          />
        ) : (
          <strong>{i18n.t('actSwitch')}</strong>
        )}
      </div>
      <div role="status">
        {tenants === 'loading' && i18n.t('tenantLoading', { vendor })}
        {tenants !== 'loading' && found.length === 0 && i18n.t('tenantNone')}
      </div>
      <div class={`${styles.quick} ${styles.scroll}`} role="group" aria-label={i18n.t('tenants')}>
        {found.slice(0, 100).map((tenant) => (
          <TenantButton key={tenant.id} tenant={tenant} busy={busy === tenant.id} onAct={onAct} />
        ))}
      </div>
    </>
  );
}

function TenantButton(props: { tenant: TenantView; busy: boolean; onAct: (act: PanelAct) => void }) {
  const { tenant, busy, onAct } = props;
  return (
    <button type="button" aria-disabled={busy} onClick={() => !busy && onAct({ do: 'move', tenant })}>
      <Fob tenant={tenant} size="sm" />
      <Name of={tenantName(tenant)} />
      <small>{busy ? i18n.t('tenantSwitching') : tenant.ready && i18n.t('tenantReady')}</small>
    </button>
  );
}

function Primary(props: {
  act: 'keep' | 'keep_always' | 'fob';
  busy: string | undefined;
  onAct: (act: PanelAct) => void;
  icon: Icon;
  words: string;
}) {
  return (
    <Button
      kind="primary"
      grow
      icon={props.icon}
      busy={props.busy === props.act}
      onPress={() => props.onAct({ do: props.act })}
    >
      {props.words}
    </Button>
  );
}

function Go({ children }: { children: ComponentChildren }) {
  return <div class={styles.go}>{children}</div>;
}

import { useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { TopBar } from '../../../components/bar';
import { isUsable, mayRevoke, type SessionAct } from '../../../components/acts';
import { Button } from '../../../components/button';
import { Confirm } from '../../../components/confirm';
import { Fob, ringsOf } from '../../../components/fob';
import { useHold } from '../../../components/hold';
import { ArrowLeftRight, CirclePause, Eye, RefreshCw, Shield, Trash2 } from '../../../components/icons';
import { Lives } from '../../../components/lives';
import { Name } from '../../../components/name';
import { inSentence, isApplication, isEntered, isPresenting, personName, tenantName } from '../../../components/names';
import { State } from '../../../components/state';
import { tenantMark } from '../../../components/tenant-mark';
import text from '../../../components/text.module.css';
import { timeWords } from '../../../components/time-words';
import { Timeline } from '../../../components/timeline';
import { stateWords } from '../../../components/words';
import type { Instant } from '../../../lib/core/time';
import { roleOf, type SessionView, stateAt } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';
import { actIn, type At, useSessionsNow, type ViewProps } from '../place';
import styles from '../popup.module.css';
import { SessionTrouble } from '../session-trouble';
import { useTimeline } from '../use-timeline';

/** One session: its two lives, how it stays alive, whose it is, and how to be rid of it. */
export function Detail(props: ViewProps & { readonly session: SessionView; readonly place: At<'detail'> }) {
  const { view, acts, go, session, place } = props;
  const now = useSessionsNow(view.sessions);
  const history = useTimeline(session);
  const [asking, setAsking] = useState<Asking>();
  useEffect(() => {
    if (place.ask) setAsking(place.ask);
  }, [place]);
  const stop = (): void => setAsking(undefined);
  const state = stateAt(session, now);
  const role = roleOf(state, now);
  const words = stateWords(session, state, now);
  const act = actIn(props, session);
  const isBusy = (what: string): boolean => acts.busy?.session === session.id && acts.busy.act === what;
  return (
    <>
      <TopBar
        title={<Name of={tenantName(session.tenant)} />}
        sub={
          <>
            <Name of={personName(session)} />, {session.vendor.name}
          </>
        }
        hue={tenantMark(session.tenant).hue}
        lead={<Fob tenant={session.tenant} role={role} token={ringsOf(session, now).token} />}
        onBack={() => go({ at: 'home' })}
      >
        <State state={state} role={role} words={words.word} />
      </TopBar>
      <main tabIndex={-1}>
        <section class={styles.section}>
          <h2 class={text.sr}>{i18n.t('detailLives')}</h2>
          {words.sentence !== undefined && <p>{words.sentence}</p>}
          <SessionTrouble props={props} session={session} />
          <Lives session={session} role={role} now={now} />
        </section>
        <section class={styles.section}>
          <h2>
            {i18n.t('detailAlive')}
            <KeepButton session={session} isBusy={isBusy} act={act} onAsk={() => setAsking('renew_key')} />
          </h2>
          <ul class={styles.facts}>
            {aliveFacts(session, now).map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        </section>
        <section class={styles.section}>
          <h2>{i18n.t('tl.title')}</h2>
          <Timeline session={session} now={now} {...history} />
        </section>
        <section class={styles.section}>
          <h2>
            {i18n.t('detailIdentity')}
            {/* A session of no console's tab has no other place from which one could go on. */}
            {session.move && isUsable(state) && (
              <Button
                size="sm"
                icon={ArrowLeftRight}
                title={i18n.t('switchTitle')}
                keyHint="S"
                onPress={() => act('switch')}
              >
                {i18n.t('actSwitch')}
              </Button>
            )}
          </h2>
          <Identity session={session} now={now} />
        </section>
        <section class={styles.section}>
          <h2>{i18n.t('detailHere')}</h2>
          {session.keeping === 'kept' && session.keeps !== 'nothing' && (
            <Choice
              title={pauseTitle(session)}
              help={session.keeps === 'key' ? i18n.t('pauseKeyText') : i18n.t('pauseText')}
            >
              <Button size="sm" icon={CirclePause} busy={isBusy('pause')} onPress={() => act('pause')}>
                {i18n.t('pause')}
              </Button>
            </Choice>
          )}
          {session.keeps === 'key' && session.keeping !== 'kept' && (
            <Choice title={i18n.t('keyArm')} help={i18n.t('keyArmText')}>
              <Button size="sm" icon={RefreshCw} busy={isBusy('keep')} onPress={() => act('keep')}>
                {i18n.t('keyArmAct')}
              </Button>
            </Choice>
          )}
          {isUsable(state) && !isPresenting() && <HeldToken id={session.id} />}
          <Choice title={i18n.t('forgetTitle')} help={i18n.t('forgetText')}>
            <Button size="sm" icon={Trash2} onPress={() => setAsking('forget')}>
              {i18n.t('forget')}
            </Button>
          </Choice>
        </section>
        <AtVendor session={session} onAsk={setAsking} />
      </main>
      {asking === 'renew_key' && (
        <Confirm
          isHarmless
          title={i18n.t('keyRenewAsk')}
          lead={i18n.t('keyRenewLead')}
          effects={[
            i18n.t('keyRenewOne', { vendor: session.vendor.name }),
            i18n.t('keyRenewCheck', { vendor: session.vendor.name }),
            i18n.t('keyRenewNever'),
          ]}
          unseen={[i18n.t('keyRenewOld', { vendor: session.vendor.name })]}
          {...(session.keeping === 'kept' ? {} : { option: i18n.t('keyRenewAlways') })}
          safe={i18n.t('notNow')}
          danger={i18n.t('keyRenewAct')}
          busy={isBusy('renew')}
          onSafe={stop}
          onDanger={(always) => {
            stop();
            acts.act(session, always ? 'renew_and_arm' : 'renew');
          }}
        />
      )}
      {asking === 'revoke' && (
        <Confirm
          title={i18n.t('revokeAsk', { vendor: session.vendor.name, tenant: inSentence(tenantName(session.tenant)) })}
          effects={[i18n.t('revokeToken', { vendor: session.vendor.name }), i18n.t('forgetWays')]}
          unseen={[i18n.t('revokeUnseen')]}
          safe={i18n.t('revokeKeep')}
          danger={i18n.t('revoke')}
          onSafe={stop}
          onDanger={() => {
            stop();
            act('revoke');
          }}
        />
      )}
      {asking === 'revoke_all' && (
        <Confirm
          title={i18n.t('revokeAllAsk', { vendor: session.vendor.name })}
          effects={[
            i18n.t('revokeAllToken', { vendor: session.vendor.name, person: inSentence(personName(session)) }),
            i18n.t('revokeAllConsole'),
            ...madeFrom(session, view.sessions),
            i18n.t('revokeAllOthers'),
          ]}
          unseen={[i18n.t('revokeUnseen')]}
          tick={i18n.t('revokeAllTick', { person: inSentence(personName(session)) })}
          safe={i18n.t('revokeKeep')}
          danger={i18n.t('revokeAll')}
          onSafe={stop}
          onDanger={() => {
            stop();
            act('revoke_all');
          }}
        />
      )}
      {asking === 'end_session' && (
        <Confirm
          title={i18n.t('endSessionAsk', { person: inSentence(personName(session)) })}
          lead={i18n.t('endSessionLead')}
          effects={[
            i18n.t('endSessionWho', { person: inSentence(personName(session)), subject: inSentence(session.subject) }),
            i18n.t('endSessionWhere', {
              tenant: inSentence(tenantName(session.tenant)),
              id: inSentence(session.tenant.id),
            }),
            i18n.t('endSessionWhich', { session: inSentence(session.ids?.['session'] ?? '') }),
          ]}
          unseen={[i18n.t('endSessionUnseen')]}
          safe={i18n.t('revokeKeep')}
          danger={i18n.t('endSession')}
          onSafe={stop}
          onDanger={() => {
            stop();
            act('end_session');
          }}
        />
      )}
      {asking === 'forget' && (
        <Confirm
          title={i18n.t('forgetAsk', { tenant: inSentence(tenantName(session.tenant)) })}
          effects={effectsOf(session)}
          unseen={unseenOf(session, now)}
          safe={i18n.t('forgetKeep')}
          danger={i18n.t('forget')}
          busy={isBusy('forget')}
          onSafe={stop}
          onDanger={() => act('forget')}
        />
      )}
    </>
  );
}

/** The token in plain sight, for as long as the button is held and no longer. */
function HeldToken({ id }: { id: string }) {
  const { held, hold } = useHold();
  const [token, setToken] = useState('');
  useEffect(() => {
    if (!held) return;
    let isHeld = true;
    void call('reveal', { session: id, as: 'shown' }).then((shown) => isHeld && shown.ok && setToken(shown.value.text));
    return () => {
      isHeld = false;
      setToken('');
    };
  }, [held, id]);
  return (
    <Choice title={i18n.t('showTitle')} help={held && token !== '' ? token : i18n.t('showText')}>
      <Button size="sm" icon={Eye} hold={hold}>
        {i18n.t('show')}
      </Button>
    </Choice>
  );
}

/** What can be asked before it is done. */
type Asking = 'forget' | 'renew_key' | 'revoke' | 'revoke_all' | 'end_session';

/** The tokens here that were made from this one, by where they are for. */
const madeFrom = ({ id }: SessionView, sessions: readonly SessionView[]): readonly string[] =>
  sessions
    .filter(({ parent }) => parent === id)
    .map(({ tenant }) => i18n.t('revokeAllMade', { tenant: inSentence(tenantName(tenant)) }));

/** How this session is made to live on, by what keeping means for it. */
function KeepButton(props: {
  session: SessionView;
  isBusy: (what: string) => boolean;
  act: (act: SessionAct) => void;
  onAsk: () => void;
}) {
  const { session, isBusy, act, onAsk } = props;
  if (session.isWithheld) {
    return (
      <Button size="sm" icon={Shield} busy={isBusy('allow')} onPress={() => act('allow')}>
        {i18n.t('actAllow')}
      </Button>
    );
  }
  if (session.keeps === 'nothing') return null;
  if (session.keeps === 'key') {
    return (
      <Button size="sm" icon={RefreshCw} busy={isBusy('renew') || isBusy('renew_and_arm')} onPress={onAsk}>
        {i18n.t('actRenewKey')}
      </Button>
    );
  }
  if (session.keeping !== 'kept') {
    const follows = session.keeps === 'follows';
    return (
      <Button size="sm" icon={RefreshCw} busy={isBusy('keep')} onPress={() => act('keep')}>
        {follows ? i18n.t('actFollow') : i18n.t('actKeep')}
      </Button>
    );
  }
  if (session.keeps === 'follows') return null;
  return (
    <Button size="sm" icon={RefreshCw} busy={isBusy('renew')} keyHint="R" onPress={() => act('renew')}>
      {i18n.t('renewNow')}
    </Button>
  );
}

/** What can be ended at the vendor. A console's own token is the console's: of that, the sign-in can be ended by its name. */
function AtVendor({ session, onAsk }: { session: SessionView; onAsk: (what: Asking) => void }) {
  const { offers, provenance, vendor } = session;
  const isOwn = provenance !== 'borrowed';
  const mayEnd = !isOwn && offers.includes('end_session') && session.ids?.['session'] !== undefined;
  // The console's own token is the console's to end, and ended there.
  if (!isOwn && !mayEnd) return null;
  return (
    <section class={styles.section}>
      <h2>{i18n.t('detailThere', { vendor: vendor.name })}</h2>
      {isOwn && !mayRevoke(session) && <p>{i18n.t('detailNoRevoke', { vendor: vendor.name })}</p>}
      {mayRevoke(session) && (
        <>
          <Choice title={i18n.t('revokeTitle')} help={i18n.t('revokeText', { vendor: vendor.name })}>
            <Button size="sm" icon={Trash2} onPress={() => onAsk('revoke')}>
              {i18n.t('revokeStart')}
            </Button>
          </Choice>
          <Choice title={i18n.t('revokeAllTitle')} help={i18n.t('revokeAllText')}>
            <Button size="sm" icon={Trash2} onPress={() => onAsk('revoke_all')}>
              {i18n.t('revokeAllStart')}
            </Button>
          </Choice>
        </>
      )}
      {mayEnd && (
        <Choice title={i18n.t('endSessionTitle')} help={i18n.t('endSessionText')}>
          <Button size="sm" icon={Trash2} onPress={() => onAsk('end_session')}>
            {i18n.t('endSessionStart')}
          </Button>
        </Choice>
      )}
    </section>
  );
}

function Choice(props: { title: string; help: string; children: preact.ComponentChildren }) {
  return (
    <div class={styles.choice}>
      <div>
        <h3>{props.title}</h3>
        <p>{props.help}</p>
      </div>
      {props.children}
    </div>
  );
}

function Identity({ session, now }: { session: SessionView; now: Instant }) {
  const { tenant, roles, vendor } = session;
  const rows: readonly (readonly [label: string, value: string, help?: string | undefined])[] = [
    [i18n.t('detailPerson'), personName(session), personHelp(session)],
    [i18n.t('detailTenant'), tenantName(tenant), tenant.name === undefined ? undefined : tenant.id],
    [i18n.t('detailRoles'), roles.join(', ') || i18n.t('rolesUnknown')],
    [i18n.t('detailAccepted'), session.apiHost],
    [i18n.t('detailComes'), comesFrom(session)],
    [
      i18n.t('detailChecked'),
      session.confirmedAt === undefined
        ? i18n.t('detailUnchecked')
        : session.saidBy === 'token'
          ? i18n.t('detailAcceptedAt', { vendor: vendor.name, time: timeWords(session.confirmedAt, now) })
          : i18n.t('detailCheckedAt', { vendor: vendor.name, time: timeWords(session.confirmedAt, now) }),
    ],
  ];
  return (
    <dl class={styles.pairs}>
      {rows.map(([label, value, help]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <Name of={value} />
            {help !== undefined && (
              <small>
                <Name of={help} />
              </small>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function personHelp(session: SessionView): string | undefined {
  const { name, email } = session.person;
  if (name !== undefined) return email;
  if (email !== undefined) return undefined;
  return isApplication(session) ? i18n.t('personNone') : i18n.t('personUnnamed', { vendor: session.vendor.name });
}

function comesFrom(session: SessionView): string {
  switch (session.provenance) {
    case 'own':
      return i18n.t('detailComesFob');
    case 'borrowed':
      return i18n.t('detailComesConsole');
    case 'entered':
      return i18n.t('detailComesYou');
  }
}

function aliveFacts(session: SessionView, now: Instant): readonly string[] {
  const at = (time: Instant): string => timeWords(time, now);
  const own = ownFact(session);
  if (session.keeps === 'nothing') return [own, i18n.t('detailNothing')];
  if (session.keeps === 'follows') return [own, i18n.t('detailFollows', { vendor: session.vendor.name })];
  if (session.keeps === 'key')
    return [own, i18n.t('detailKey'), ...(session.keeping === 'kept' ? [i18n.t('detailKeyArmed')] : [])];
  if (session.keeping !== 'kept') return [own];
  return [
    own,
    ...(session.lastRenewedAt === undefined ? [] : [i18n.t('detailLast', { time: at(session.lastRenewedAt) })]),
    ...(session.nextRenewalAt === undefined ? [] : [i18n.t('detailNext', { time: at(session.nextRenewalAt) })]),
    ...(session.keptUntil === undefined ? [] : [i18n.t('detailKeptUntil', { time: at(session.keptUntil) })]),
    i18n.t('detailAsleep'),
    i18n.t('detailAsk'),
  ];
}

function pauseTitle({ keeps }: SessionView): string {
  if (keeps === 'key') return i18n.t('pauseKey');
  return keeps === 'follows' ? i18n.t('pauseFollowing') : i18n.t('pauseTitle');
}

function ownFact(session: SessionView): string {
  switch (session.provenance) {
    case 'borrowed':
      return i18n.t('detailBorrowed');
    case 'own':
      return isApplication(session) ? i18n.t('detailApplication') : i18n.t('detailOwn');
    case 'entered':
      return i18n.t('detailEntered');
  }
}

function effectsOf(session: SessionView): readonly string[] {
  return [
    ...(session.keeping === 'kept'
      ? [session.keeps === 'follows' ? i18n.t('forgetFollowing') : i18n.t('forgetRenewal')]
      : []),
    i18n.t('forgetToken'),
    i18n.t('forgetWays'),
  ];
}

function unseenOf(session: SessionView, now: Instant): readonly string[] {
  const { expiresAt } = session.token;
  const vendor = session.vendor.name;
  return [
    expiresAt === undefined
      ? i18n.t('forgetVendorUnknown', { vendor })
      : i18n.t('forgetVendor', { vendor, time: timeWords(expiresAt, now) }),
    ...(mayRevoke(session) ? [i18n.t('forgetRevoke', { vendor })] : []),
    ...(isEntered(session) ? [] : [i18n.t('forgetConsole')]),
  ];
}

import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { TopBar } from '../../../components/bar';
import { Button } from '../../../components/button';
import { Confirm } from '../../../components/confirm';
import { Fob, ringsOf } from '../../../components/fob';
import { CirclePause, RefreshCw, Trash2 } from '../../../components/icons';
import { Lives } from '../../../components/lives';
import { Name } from '../../../components/name';
import { inSentence, personName, tenantName } from '../../../components/names';
import { State } from '../../../components/state';
import { tenantMark } from '../../../components/tenant-mark';
import text from '../../../components/text.module.css';
import { timeWords } from '../../../components/time-words';
import { stateWords } from '../../../components/words';
import type { Instant } from '../../../lib/core/time';
import { roleOf, type SessionView, stateAt } from '../../../lib/core/view';
import { actIn, useSessionsNow, type ViewProps } from '../place';
import styles from '../popup.module.css';
import { SessionTrouble } from '../session-trouble';

/** One session: its two lives, how it stays alive, whose it is, and how to be rid of it. */
export function Detail(props: ViewProps & { readonly session: SessionView }) {
  const { view, acts, go, session } = props;
  const now = useSessionsNow(view.sessions);
  const [asking, setAsking] = useState(false);
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
            {session.keeping === 'kept' ? (
              <Button size="sm" icon={RefreshCw} busy={isBusy('renew')} keyHint="R" onPress={() => act('renew')}>
                {i18n.t('renewNow')}
              </Button>
            ) : (
              <Button size="sm" icon={RefreshCw} busy={isBusy('keep')} onPress={() => act('keep')}>
                {i18n.t('actKeep')}
              </Button>
            )}
          </h2>
          <ul class={styles.facts}>
            {aliveFacts(session, now).map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        </section>
        <section class={styles.section}>
          <h2>{i18n.t('detailIdentity')}</h2>
          <Identity session={session} now={now} />
        </section>
        <section class={styles.section}>
          <h2>{i18n.t('detailHere')}</h2>
          {session.keeping === 'kept' && (
            <Choice title={i18n.t('pauseTitle')} help={i18n.t('pauseText')}>
              <Button size="sm" icon={CirclePause} busy={isBusy('pause')} onPress={() => act('pause')}>
                {i18n.t('pause')}
              </Button>
            </Choice>
          )}
          <Choice title={i18n.t('forgetTitle')} help={i18n.t('forgetText')}>
            <Button size="sm" icon={Trash2} onPress={() => setAsking(true)}>
              {i18n.t('forget')}
            </Button>
          </Choice>
        </section>
      </main>
      {asking && (
        <Confirm
          title={i18n.t('forgetAsk', { tenant: inSentence(tenantName(session.tenant)) })}
          effects={effectsOf(session)}
          unseen={unseenOf(session, now)}
          safe={i18n.t('forgetKeep')}
          danger={i18n.t('forget')}
          busy={isBusy('forget')}
          onSafe={() => setAsking(false)}
          onDanger={() => act('forget')}
        />
      )}
    </>
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
  const { person, tenant, roles, vendor } = session;
  const rows: readonly (readonly [label: string, value: string, help?: string | undefined])[] = [
    [i18n.t('detailPerson'), personName(session), person.name === undefined ? undefined : person.email],
    [i18n.t('detailTenant'), tenantName(tenant), tenant.name === undefined ? undefined : tenant.id],
    [i18n.t('detailRoles'), roles.join(', ') || i18n.t('rolesUnknown')],
    [i18n.t('detailAccepted'), session.apiHost],
    [i18n.t('detailComes'), comesFrom(session)],
    [
      i18n.t('detailChecked'),
      session.confirmedAt === undefined
        ? i18n.t('detailUnchecked')
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
  const own = session.provenance === 'borrowed' ? i18n.t('detailBorrowed') : i18n.t('detailOwn');
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

function effectsOf(session: SessionView): readonly string[] {
  return [
    ...(session.keeping === 'kept' ? [i18n.t('forgetRenewal')] : []),
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
    i18n.t('forgetConsole'),
  ];
}

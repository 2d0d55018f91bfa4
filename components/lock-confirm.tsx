import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import type { SessionView } from '../lib/core/view';
import { Confirm } from './confirm';
import { inSentence, tenantName } from './names';
import { timeWords } from './time-words';

/** So many are named; the others are counted. */
const NAMED = 8;

/** The sessions that end where nothing is renewed, the next one first. */
export const endWhileLocked = (sessions: readonly SessionView[], now: Instant): readonly SessionView[] =>
  sessions
    .filter(({ keeping, keeps, token }) => keeping === 'kept' && keeps === 'renews' && (token.expiresAt ?? 0) > now)
    .toSorted((a, b) => (a.token.expiresAt ?? 0) - (b.token.expiresAt ?? 0));

/** What a lock means is said before it happens, session by session. */
export function LockConfirm(props: {
  readonly ending: readonly SessionView[];
  readonly now: Instant;
  readonly onCancel: () => void;
  readonly onLock: () => void;
}) {
  const { ending, now, onCancel, onLock } = props;
  const more = ending.length - NAMED;
  return (
    <Confirm
      title={i18n.t('lock.ask')}
      lead={i18n.t('lock.askLead')}
      effects={[
        ...ending.slice(0, NAMED).map((session) =>
          i18n.t('lock.askEnds', {
            tenant: inSentence(tenantName(session.tenant)),
            vendor: session.vendor.name,
            time: timeWords(session.token.expiresAt ?? now, now),
          }),
        ),
        ...(more > 0 ? [i18n.t('lock.askMore', more, { count: more })] : []),
      ]}
      unseen={[i18n.t('lock.askUnseen')]}
      safe={i18n.t('lock.cancel')}
      danger={i18n.t('lock.act')}
      onSafe={onCancel}
      onDanger={onLock}
    />
  );
}

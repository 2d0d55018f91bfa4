import { i18n } from '#i18n';
import { Button } from '../../components/button';
import { about, failureWords, type NextStep, stepWords } from '../../components/failure-words';
import { Note } from '../../components/note';
import type { FailureCode } from '../../lib/core/failure';
import type { Instant } from '../../lib/core/time';
import { isForPerson, type SessionView } from '../../lib/core/view';
import { call } from '../../lib/rpc/client';
import { actIn, type ViewProps } from './place';

/** The next step after a failure of a session, from any view; `again` is what failed. */
export function stepIn(props: ViewProps, session: SessionView, again: () => void): (step: NextStep) => void {
  const act = actIn(props, session);
  return (step) => {
    switch (step) {
      case 'again':
      case 'copy_again':
        again();
        break;
      case 'sign_in':
      case 'open_console':
        act('sign_in');
        break;
      case 'allow':
        act('allow');
        break;
      case 'choose_tenant':
        act('switch');
        break;
      case 'agree':
        void call('open_consent', {});
        break;
    }
  };
}

/** What Fob tries again by itself, unless it was a person's to send: a move, or a key's renewal. */
const triedAgain: readonly FailureCode[] = [
  'offline',
  'unanswered',
  'rate_limited',
  'vendor_down',
  'response_not_conform',
];

/** What went wrong with a session's last action, inline, with its next step. */
export function SessionTrouble({ props, session }: { props: ViewProps; session: SessionView }) {
  const { acts } = props;
  const { trouble } = acts;
  if (trouble?.session !== session.id) return null;
  const { told, tenant, again } = trouble;
  const whom = about(session, Date.now() as Instant, tenant);
  const { title, text, step: usual } = failureWords(told, whom);
  // What a move was refused for, another tenant may mend; what this session was, only a sign-in does.
  const isOwn = tenant === undefined && isForPerson(told.code);
  const step = isOwn ? 'sign_in' : usual;
  const isKey = session.keeps === 'key';
  const isOnce = (isKey || tenant !== undefined) && triedAgain.includes(told.code);
  const onStep = stepIn(props, session, again);
  return (
    <Note
      role="bad"
      urgent
      title={title}
      text={
        isOnce
          ? onceWords(told.code, session.vendor.name)
          : // The tenant it was refused in is the one it is said to be still in.
            isOwn && told.code === 'tenant_refused'
            ? undefined
            : text
      }
      onClose={acts.dismissTrouble}
    >
      {/* A key is not asked for again without saying what follows from it: that button is there already. */}
      {step && !(isKey && step === 'again') && (
        <Button size="sm" onPress={() => onStep(step)}>
          {stepWords(step, whom)}
        </Button>
      )}
    </Note>
  );
}

const onceWords = (code: FailureCode, vendor: string): string =>
  code === 'unanswered' || code === 'response_not_conform' ? i18n.t('onceUnanswered', { vendor }) : i18n.t('onceOnly');

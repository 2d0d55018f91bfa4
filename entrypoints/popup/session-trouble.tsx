import { FailureNote } from '../../components/failure-note';
import { about, type NextStep } from '../../components/failure-words';
import type { Instant } from '../../lib/core/time';
import type { SessionView } from '../../lib/core/view';
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

/** What went wrong with a session's last action, inline, with its next step. */
export function SessionTrouble({ props, session }: { props: ViewProps; session: SessionView }) {
  const { acts } = props;
  const { trouble } = acts;
  if (trouble?.session !== session.id) return null;
  return (
    <FailureNote
      failure={trouble.told}
      whom={about(session, Date.now() as Instant, trouble.tenant)}
      onStep={stepIn(props, session, trouble.again)}
      onClose={acts.dismissTrouble}
    />
  );
}

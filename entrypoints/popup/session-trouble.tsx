import { FailureNote } from '../../components/failure-note';
import { about, type NextStep } from '../../components/failure-words';
import type { Instant } from '../../lib/core/time';
import type { SessionView } from '../../lib/core/view';
import { call } from '../../lib/rpc/client';
import { actIn, type ViewProps } from './place';

/** What went wrong with a session's last action, inline, with its next step. */
export function SessionTrouble({ props, session }: { props: ViewProps; session: SessionView }) {
  const { acts, go } = props;
  const { trouble } = acts;
  if (trouble?.session !== session.id) return null;
  const act = actIn(props, session);
  const step = (next: NextStep): void => {
    switch (next) {
      case 'again':
      case 'copy_again':
        trouble.again();
        break;
      case 'sign_in':
      case 'open_console':
        act('sign_in');
        break;
      case 'allow':
        act('allow');
        break;
      case 'choose_tenant':
        go({ at: 'switch', session: session.id });
        break;
      case 'agree':
        void call('open_consent', {});
        break;
    }
  };
  return (
    <FailureNote
      failure={trouble.told}
      whom={about(session, Date.now() as Instant, trouble.tenant)}
      onStep={step}
      onClose={acts.dismissTrouble}
    />
  );
}

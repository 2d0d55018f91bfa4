import type { StateRole, StateView } from '../lib/core/view';
import {
  CircleAlert,
  CirclePause,
  CircleQuestionMark,
  Clock,
  Eye,
  Hourglass,
  Info,
  LogIn,
  type Icon,
  RefreshCw,
  WifiOff,
} from './icons';
import styles from './state.module.css';

/** A state: its kind, its role and its words. */
export type StateProps = {
  readonly state: StateView;
  readonly role: StateRole;
  readonly words: string;
  /** As a filled pill: the state of the session a view is about. */
  readonly pill?: boolean;
};

/** A state: a shape of its own, a word, and a colour that says nothing the other two do not. */
export function State({ state, role, words, pill = false }: StateProps) {
  return (
    <span class={`${styles.state} ${pill ? styles.pill : ''}`} data-role={role}>
      <StateIcon state={state} role={role} />
      {words}
    </span>
  );
}

/** The shape of a state. */
export function StateIcon({ state, role }: { state: StateView; role: StateRole }) {
  const Icon = iconOf(state, role);
  return <Icon class={state.kind === 'renewing' ? styles.spin : ''} />;
}

function iconOf(state: StateView, role: StateRole): Icon {
  if (role === 'soon') return Hourglass;
  switch (state.kind) {
    case 'kept':
    case 'renewing':
      return RefreshCw;
    case 'follows':
    case 'offered':
    case 'unconfirmed':
      return Info;
    case 'ends':
      return Hourglass;
    case 'key':
      return Clock;
    case 'watched':
      return Eye;
    case 'unanswered':
      return CircleQuestionMark;
    case 'waiting':
      return Clock;
    case 'offline':
      return WifiOff;
    case 'permission_missing':
    case 'paused':
      return CirclePause;
    case 'ended':
      return CircleAlert;
    case 'needs_sign_in':
      return LogIn;
  }
}

import type { SessionView, StateView } from '../lib/core/view';
import type { Act } from './words';

/** Everything a person can do about one session. */
export type SessionAct =
  | Act
  | 'keep_always'
  | 'watch'
  | 'pause'
  | 'renew'
  | 'details'
  | 'copy_token'
  | 'copy_curl'
  | 'forget'
  | 'renew_and_arm'
  | 'revoke'
  | 'revoke_all'
  | 'end_session';

/** Whether there are lives worth showing: a token the vendor refuses has none, whatever its end. */
export const hasLives = (state: StateView): boolean => state.kind !== 'needs_sign_in' && state.kind !== 'ended';

/** Whether there is a token that still works, to copy or to move with. */
export const isUsable = (state: StateView): boolean =>
  hasLives(state) && state.kind !== 'unconfirmed' && !(state.kind === 'unanswered' && state.ended);

/** Whether Fob can have this session's token ended: one of its own, at a vendor that lets it. */
export const mayRevoke = ({ offers, provenance }: SessionView): boolean =>
  provenance !== 'borrowed' && offers.includes('revoke');

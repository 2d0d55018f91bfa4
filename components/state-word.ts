import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import type { SessionView, StateView } from '../lib/core/view';
import { leftWords } from './time-words';

/** What a state is called. Apart from its sentences: the toolbar has room for the one word, and the background no use for more. */
export function stateWord(session: SessionView, state: StateView, now: Instant): string {
  const vendor = session.vendor.name;
  switch (state.kind) {
    case 'kept':
      return i18n.t('stateKept');
    case 'renewing':
      return i18n.t('stateRenewing');
    case 'offered':
      return i18n.t('stateOffered');
    case 'follows':
      return i18n.t('stateFollows');
    case 'ends':
      if (state.endsAt === undefined) return i18n.t('stateEndsUnknown');
      return i18n.t('stateEnds', { left: leftWords(state.endsAt - now) });
    case 'key':
      if (state.endsAt === undefined) return i18n.t('stateKeyForever');
      return i18n.t('stateKey', { left: leftWords(state.endsAt - now) });
    case 'watched':
      return i18n.t('stateWatched');
    case 'unconfirmed':
      return i18n.t('stateUnconfirmed');
    case 'unanswered':
      return i18n.t('stateUnanswered');
    case 'waiting':
      return i18n.t('stateWaiting');
    case 'offline':
      return i18n.t('stateOffline');
    case 'permission_missing':
      return i18n.t('statePaused');
    case 'paused':
      return state.by === 'person' ? i18n.t('statePausedByYou') : i18n.t('statePaused');
    case 'ended':
      return i18n.t('stateEnded');
    case 'needs_sign_in':
      return state.code === 'revoked' ? i18n.t('stateRevoked', { vendor }) : i18n.t('stateNeedsSignIn');
  }
}

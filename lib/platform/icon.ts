import type { StateView } from '../core/view';
import browser from './browser';

/** The toolbar pictures there are (public/icon). */
type Picture = 'none' | 'ok' | 'soon' | 'unanswered' | 'attention' | 'paused' | 'locked';

/** The picture of a state. Green is for what is kept and for what is being renewed. */
export function pictureOf(state: StateView, isSoon: boolean): Picture {
  switch (state.kind) {
    case 'kept':
    case 'renewing':
      return 'ok';
    case 'unanswered':
      return 'unanswered';
    case 'needs_sign_in':
      return 'attention';
    case 'follows':
    case 'ends':
    case 'key':
    case 'offered':
    case 'watched':
    case 'paused':
    case 'unconfirmed':
    case 'waiting':
    case 'offline':
    case 'permission_missing':
    case 'ended':
      return isSoon ? 'soon' : 'paused';
  }
}

/** Shows a tab's state on the toolbar, or what is shown where none has one: a picture, and its words for a pointer or a screen reader. A closed tab shows nothing. */
export async function showIcon(tab: number | undefined, picture: Picture, title: string): Promise<void> {
  const where = tab === undefined ? {} : { tabId: tab };
  try {
    await Promise.all([
      browser.action.setIcon({ ...where, path: { 16: `/icon/${picture}-16.png`, 32: `/icon/${picture}-32.png` } }),
      browser.action.setTitle({ ...where, title }),
    ]);
  } catch {
    // The tab was closed meanwhile.
  }
}

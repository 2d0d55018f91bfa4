import type { SessionAct } from '../../components/acts';
import { useNow } from '../../components/use-now';
import type { Instant } from '../../lib/core/time';
import { type MoveResult, type SessionView, stateAt, type TabView, type View } from '../../lib/core/view';
import type { Acts } from './use-acts';
import type { Seen } from './use-view';

/** Where in the popup somebody is. Sessions by id: what is shown of them is always the newest. */
export type Place =
  | { readonly at: 'home' }
  | { readonly at: 'switch'; readonly session: string }
  /** `ask`: what is asked there at once. */
  | { readonly at: 'detail'; readonly session: string; readonly ask?: 'renew_key' | undefined }
  | { readonly at: 'moved'; readonly result: MoveResult };

/** One of the places. */
export type At<Where extends Place['at']> = Extract<Place, { at: Where }>;

/** What every view is given. */
export type ViewProps = {
  readonly view: View;
  readonly seen: Seen;
  readonly acts: Acts;
  readonly go: (to: Place) => void;
};

/** Draws often enough: each second while something is being asked, else as often as a minute can end. */
export function useSessionsNow(sessions: readonly SessionView[]): Instant {
  const isAsking = sessions.some((session) => session.askingSince !== undefined);
  return useNow(isAsking ? 1000 : 5000);
}

/** What can be done about a session from any view: some of it is another view. */
export function actIn({ acts, go, seen }: ViewProps, session: SessionView): (act: SessionAct) => void {
  return (act) => {
    // A key is renewed from the list of what happens, and from nowhere else.
    if (session.keeps === 'key' && (act === 'renew' || act === 'ask_again')) act = 'renew_key';
    if (act === 'switch') go({ at: 'switch', session: session.id });
    else if (act === 'details') go({ at: 'detail', session: session.id });
    else if (act === 'renew_key') go({ at: 'detail', session: session.id, ask: 'renew_key' });
    else acts.act(session, act, seen.tab?.id);
  };
}

/** What the console in the tab in view was last seen with; nothing once that tab has gone elsewhere. */
export function consoleHere({ tab }: Seen, view: View): TabView | undefined {
  const last = tab && view.tabs[tab.id];
  // Without an address it is a place Fob may not read: not the console.
  return last && `${tab.url ?? ''}/`.startsWith(`${last.console}/`) ? last : undefined;
}

/** Whether this session is the one the tab in view shows. */
export const isHere = (seen: Seen, view: View, session: SessionView): boolean =>
  consoleHere(seen, view)?.session === session.id;

/** Whether a session is kept alive, or needs somebody. */
export function tally(sessions: readonly SessionView[], now: Instant): { kept: number; need: number } {
  const kinds = sessions.map((session) => stateAt(session, now).kind);
  return {
    kept: kinds.filter((kind) => kind === 'kept').length,
    need: kinds.filter((kind) => kind === 'needs_sign_in' || kind === 'permission_missing').length,
  };
}

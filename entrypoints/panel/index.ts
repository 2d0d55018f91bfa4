import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { type Neighbour, neighbour } from '../../lib/rpc/neighbour';
import { mountPanel } from './mount';
import { openPanel } from './open-panel';

/** The panel of this page: the next injection finds it here, where the page does not look. */
const PANEL = Symbol.for('fob panel');
type There = { readonly lent: Neighbour; readonly isShown: () => boolean; readonly look: () => void; end: () => void };
const world = globalThis as { [PANEL]?: There };

/** Injected whenever there may be something to show, and guards itself against being there twice. */
export default defineUnlistedScript(function bring(): void {
  const lent = neighbour();
  // No console's script, or one without its Fob: the one that comes next has the panel brought again.
  if (!lent?.isAlive()) return;
  const there = world[PANEL];
  if (there?.lent === lent && there.isShown()) {
    there.look();
    return;
  }
  there?.end();
  // A browser may end a script with its extension and leave behind what it drew.
  for (const left of document.querySelectorAll('fob-panel')) left.remove();
  const place = mountPanel(document);
  world[PANEL] = { lent, isShown: () => place.host.isConnected, ...openPanel(place, lent, bring) };
});

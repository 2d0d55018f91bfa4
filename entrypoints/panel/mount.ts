import { speak } from '../../components/locale';
import base from '../../components/base.css?inline';
import button from '../../components/button.module.css?inline';
import check from '../../components/check.module.css?inline';
import fob from '../../components/fob.module.css?inline';
import note from '../../components/note.module.css?inline';
import card from '../../components/panel-card.module.css?inline';
import state from '../../components/state.module.css?inline';
import tokens from '../../components/tokens.css?inline';
import own from './panel.css?inline';

const css = [tokens, base, button, check, fob, note, state, card, own].join('\n');

/** Where the panel lives: a closed shadow root of its own, after everything the page brought. */
export type PanelPlace = { readonly host: HTMLElement; readonly root: HTMLElement; readonly remove: () => void };

/** What only a person can do. */
const guarded = ['click', 'keydown', 'input', 'change', 'pointerdown'] as const;

/** A page that presses Fob's buttons by script is not heard. */
function heedPeople(event: Event): void {
  if (!event.isTrusted) event.stopImmediatePropagation();
}

/** Puts an empty panel on the page, out of its layout, its printouts and its full screen. */
export function mountPanel(page: Document): PanelPlace {
  const host = page.createElement('fob-panel');
  const shadow = host.attachShadow({ mode: 'closed' });
  const root = page.createElement('div');
  root.className = 'root';
  speak(root);
  style(shadow, page);
  shadow.append(root);

  for (const type of guarded) {
    shadow.addEventListener(type, heedPeople, true);
    // What is done here is nobody's business outside: a page's own key handlers must not act on it.
    shadow.addEventListener(type, (event) => event.stopPropagation());
  }
  const hideInFullscreen = (): void => {
    host.toggleAttribute('hidden', page.fullscreenElement !== null);
  };
  page.addEventListener('fullscreenchange', hideInFullscreen);
  hideInFullscreen();
  // Last in the document: the keyboard gets here after the page's own content.
  page.documentElement.append(host);

  return {
    host,
    root,
    remove() {
      page.removeEventListener('fullscreenchange', hideInFullscreen);
      host.remove();
    },
  };
}

function style(shadow: ShadowRoot, page: Document): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    // Firefox: a sheet made in a content script may belong to another world than the page's document.
    const element = page.createElement('style');
    element.textContent = css;
    shadow.append(element);
  }
}

import { SECOND } from '../core/time';
import browser from './browser';
import { digestOf, emptyIf } from './clipboard-text';

/** The alarm that takes a copied text away. */
export const CLIPBOARD = 'clipboard';
/** How long it may stay (ms): no alarm of Chromium's comes sooner. */
const STAYS = 30 * SECOND;

type Offscreen = {
  createDocument: (page: { url: string; reasons: ['CLIPBOARD']; justification: string }) => Promise<void>;
};

/** Plans to take away again what is being copied; says whether the browser lets Fob. Kept of it is a digest, in memory. */
export async function clearLater(text: string): Promise<boolean> {
  if (!(await browser.permissions.contains({ permissions: ['clipboardRead'] }))) return false;
  await browser.storage.session.set({ [CLIPBOARD]: await digestOf(text) });
  await browser.alarms.create(CLIPBOARD, { when: Date.now() + STAYS });
  return true;
}

/** Empties the clipboard where what was copied is in it still. */
export async function clearClipboard(): Promise<void> {
  const digest = (await browser.storage.session.get(CLIPBOARD))[CLIPBOARD] as string | undefined;
  if (digest === undefined) return;
  await browser.storage.session.remove(CLIPBOARD);
  const { offscreen } = browser as unknown as { offscreen?: Offscreen };
  // A worker has no clipboard: Chromium lends it a page off screen for that. Firefox's background is a page itself.
  if (!offscreen) return emptyIf(digest);
  await offscreen.createDocument({
    url: `clipboard.html#${digest}`,
    reasons: ['CLIPBOARD'],
    justification: 'Takes a copied token away again.',
  });
}

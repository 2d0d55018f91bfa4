import { endWithParent } from '../../../scripts/guarded.mjs';
import { launchChromium } from './chromium';
import type { Browser, LaunchOptions } from './driver';
import { launchFirefox } from './firefox';

let isBound = false;

/** Starts the browser this run is about. */
export function launch(options: LaunchOptions): Promise<Browser> {
  if (!isBound) endWithParent();
  isBound = true;
  const name = process.env.FOB_E2E_BROWSER ?? 'chromium';
  switch (name) {
    case 'chromium':
      return launchChromium(options);
    case 'firefox':
      return launchFirefox(options);
    default:
      throw new Error(`FOB_E2E_BROWSER is chromium or firefox, not ${name}`);
  }
}

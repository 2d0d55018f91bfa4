import type { Browser } from 'webextension-polyfill';

const world = globalThis as unknown as { readonly browser?: Browser; readonly chrome?: Browser };

/** The one `browser`. Every browser Fob runs in gives promises for what it is asked, by this name or by `chrome`; the pages bring the polyfill (docs/adr/0013). */
export default (world.browser ?? world.chrome) as Browser;
export type { Runtime } from 'webextension-polyfill';

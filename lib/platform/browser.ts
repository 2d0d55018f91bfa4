/** The one `browser`: promise-based in every browser Fob runs in. Imported here and nowhere else. */
import browser from 'webextension-polyfill';

export default browser;
export type { Runtime } from 'webextension-polyfill';

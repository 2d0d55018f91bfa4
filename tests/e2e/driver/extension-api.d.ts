import type { Browser } from 'webextension-polyfill';

declare global {
  /** What an extension's page has; only a function for `inExtension` may use it. */
  const browser: Browser;
}

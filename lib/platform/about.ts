import browser from './browser';

/** Which Fob this is. */
export const version = (): string => browser.runtime.getManifest().version;

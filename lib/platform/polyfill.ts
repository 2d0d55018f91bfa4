import polyfill from 'webextension-polyfill';

// Each page imports this before anything else: what comes after finds `browser` by its name, in whatever browser.
(globalThis as { browser?: unknown }).browser ??= polyfill;

/**
 * What a console's script has in place of webextension-polyfill: it only sends messages and hears them, which every browser
 * Fob runs in does with promises by itself. Five of them would carry the polyfill into five consoles' pages (docs/adr/0013).
 */
const world = globalThis as unknown as { browser?: unknown; chrome?: unknown };

export default world.browser ?? world.chrome;

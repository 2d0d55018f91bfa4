/**
 * What a console's script and the background have in place of webextension-polyfill: every browser Fob runs in gives promises by itself.
 * Five console scripts would carry it into five consoles' pages, and the background would read it at each start (docs/adr/0013).
 */
const world = globalThis as unknown as { browser?: unknown; chrome?: unknown };

export default world.browser ?? world.chrome;

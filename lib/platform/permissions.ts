import browser from './browser';

/**
 * An origin as the browser asks for it: its port is no part of a permission. Undefined for everything that is not one exact
 * host over TLS, or this computer: more than that Fob asks for never.
 */
function patternOf(origin: string): string | undefined {
  if (!URL.canParse(origin)) return undefined;
  const { protocol, hostname, origin: same } = new URL(origin);
  const isConfidential =
    protocol === 'https:' || ['http://localhost', 'http://127.0.0.1'].includes(`${protocol}//${hostname}`);
  return same === origin && isConfidential && /^[\w.[\]:-]+$/.test(hostname) ? `${protocol}//${hostname}/*` : undefined;
}

/** Whether the browser lets Fob reach an origin. */
export async function isAllowed(origin: string): Promise<boolean> {
  // A vendor's own hosts, one for each tenant, come with Fob: of those it may be asked, and never are they asked for.
  const pattern = /^https:\/\/\*\.[\w-]+\.\w+$/.test(origin) ? `${origin}/*` : patternOf(origin);
  return pattern !== undefined && browser.permissions.contains({ origins: [pattern] });
}

/** Those of the origins that the browser lets Fob reach. */
export async function allowedOrigins(origins: readonly string[]): Promise<readonly string[]> {
  const allowed = await Promise.all(origins.map(isAllowed));
  return origins.filter((_, index) => allowed[index]);
}

/** Has the browser ask the person. Only at a click, and before anything is awaited: a later question is refused unasked. */
export function askFor(origins: readonly string[]): Promise<boolean> {
  const patterns = origins.map(patternOf);
  // One that nobody may ask for, and nothing is asked at all.
  if (!patterns.every((one) => one !== undefined)) return Promise.resolve(false);
  return (
    browser.permissions
      .request({ origins: [...new Set(patterns)] })
      // A host that no version of Fob may ask for is refused without a question, too.
      .catch(() => false)
  );
}

/** Whether a host came with Fob in a browser that takes such a one away on its own page alone. Firefox lets it be given back like any other. */
export function isFixed(origin: string): boolean {
  const { host_permissions = [] } = browser.runtime.getManifest() as { host_permissions?: readonly string[] };
  return (
    !('getBrowserInfo' in browser.runtime) &&
    host_permissions.some((pattern) =>
      pattern.startsWith('https://*.')
        ? `${origin}/*`.endsWith(pattern.slice(9)) && origin.startsWith('https://')
        : pattern === `${origin}/*`,
    )
  );
}

/** Gives a host back; says whether the browser took it. */
export async function withdraw(origin: string): Promise<boolean> {
  const pattern = patternOf(origin);
  return pattern !== undefined && browser.permissions.remove({ origins: [pattern] }).catch(() => false);
}

/** Every exact host that the browser lets Fob reach. */
export async function allowedHosts(): Promise<readonly string[]> {
  const { origins = [] } = await browser.permissions.getAll();
  return origins.flatMap((pattern) => /^https?:\/\/([^*/]+)\//.exec(pattern)?.[1] ?? []);
}

/** What it takes to look at the clipboard and to empty it; Firefox has no page off screen, and needs none. */
const clipboard = () => ({
  permissions: (browser.runtime.getManifest().optional_permissions ?? []).filter((one) =>
    /^clipboard|^offscreen/.test(one),
  ) as 'clipboardRead'[],
});
/** Whether Fob may clear the clipboard. */
export const holdsClipboard = (): Promise<boolean> => browser.permissions.contains(clipboard());
/** Has the browser ask for the clipboard. Only at a click. */
export const askForClipboard = (): Promise<boolean> => browser.permissions.request(clipboard()).catch(() => false);
/** Gives the clipboard back. */
export const letGoOfClipboard = (): Promise<boolean> => browser.permissions.remove(clipboard());

/** Has the browser tell when nobody is there: neither browser has a question for it. Only at a click, as every permission. */
export const askForIdle = (): Promise<boolean> =>
  browser.permissions.request({ permissions: ['idle'] }).catch(() => false);

/** Hears that something was allowed or withdrawn, here or on the browser's own page; gives back how to stop. */
export function onPermissions(listener: () => void): () => void {
  const hear = (): void => listener();
  browser.permissions.onAdded.addListener(hear);
  browser.permissions.onRemoved.addListener(hear);
  return () => {
    browser.permissions.onAdded.removeListener(hear);
    browser.permissions.onRemoved.removeListener(hear);
  };
}

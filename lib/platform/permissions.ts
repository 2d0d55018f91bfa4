import browser from './browser';

/** A host as the browser asks for it: its port is no part of a permission. */
const pattern = (host: string): string => `https://${host.replace(/:\d+$/, '')}/*`;

/** Whether the browser lets Fob reach a host. */
export function isAllowed(host: string): Promise<boolean> {
  return browser.permissions.contains({ origins: [pattern(host)] });
}

/** Has the browser ask the person. Only at a click, and before anything is awaited: a later question is refused unasked. */
export function askFor(hosts: readonly string[]): Promise<boolean> {
  return (
    browser.permissions
      .request({ origins: hosts.map(pattern) })
      // A host that no version of Fob may ask for is refused without a question, too.
      .catch(() => false)
  );
}

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

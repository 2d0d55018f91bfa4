import type { Lab, Person } from '../../lab';
import type { View } from '../../lib/core/view';
import type { Browser, Name, Page } from './driver/driver';
import { until } from './driver/until';

/** Where the console under test lives. */
const CONSOLE = 'https://cloud.prowler.com';

/** The first-run page that Fob opened by itself when it was installed, in front. */
export async function firstRun(on: Browser): Promise<Page> {
  const page = await until('the first-run page', async () => {
    for (const one of await on.pages()) {
      if ((await one.url()).endsWith('options.html#consent')) return one;
    }
    return undefined;
  });
  await page.bringToFront();
  await page.button('Agree and start').waitFor();
  return page;
}

/** Accepts the first-run page. */
export async function agree(on: Browser, look?: (page: Page) => Promise<unknown>): Promise<void> {
  const page = await firstRun(on);
  await look?.(page);
  await page.button('Agree and start').click();
  await until('consent', async () => ((await viewOf(on))?.consent === 'given' ? true : undefined));
}

/** Signs in at the console's own form, as a person does. */
export async function signIn(on: Browser, person: Person): Promise<Page> {
  const page = await on.open(`${CONSOLE}/`);
  await page.field(/mail/i).fill(person.email);
  await page.field(/password/i).fill(person.password);
  await page.button('Log in').click();
  await page.waitFor('Overview');
  return page;
}

/** Fob's read model as it lies in the browser's memory. */
export async function viewOf(on: Browser): Promise<View | undefined> {
  return (await on.storage()).session['view'] as View | undefined;
}

/** Waits until the read model shows what is looked for. */
export async function seen<T>(
  on: Browser,
  what: string,
  look: (view: View) => T | undefined | false,
  timeoutMs = 15_000,
): Promise<T> {
  return until(
    what,
    async () => {
      const view = await viewOf(on);
      return (view && look(view)) || undefined;
    },
    { timeoutMs, everyMs: 200 },
  );
}

/** Calls an operation as one of Fob's own pages does. `browser` is the one of that page: the function goes there as text. */
export async function ask<T = unknown>(on: Browser, fob: string, input: unknown): Promise<T> {
  return (await on.inExtension((message) => browser.runtime.sendMessage(message), { fob, input })) as T;
}

/** Which tokens the lab ever made for any vendor, and which others named, are readable in what the browser keeps for Fob. */
export async function leaksIn(on: Browser, lab: Lab, others: readonly string[] = []): Promise<string[]> {
  const { local, session, sync } = await on.storage();
  const kept = JSON.stringify([local, session, sync]);
  const vendors = [lab.prowler, lab.cloudcheckr, lab.esper, lab.runai, lab.agilicus];
  return [...vendors.flatMap((vendor) => vendor.issuedTokens()), ...others].filter((token) => kept.includes(token));
}

/** Picks a tenant in the switcher of the popup, as fast as a machine types. */
export async function pick(popup: Page, typed: string, shown: string, gone: string): Promise<void> {
  await search(popup, shown, typed, gone);
  await popup.press('Enter');
}

/**
 * Opens the popup over a page, and in it one of the sessions that are not the page's own. `person`: whose, where several people
 * are in the same tenant.
 */
export async function openSession(on: Browser, over: Page, tenant: Name, person?: string): Promise<Page> {
  const popup = await on.popup(over);
  if (person !== undefined) {
    await popup.field('Search sessions').fill(person);
    await until(`no other session than ${person}’s`, async () =>
      (await popup.button(tenant).count()) === 1 ? true : undefined,
    );
  }
  await popup.button(tenant).click();
  await popup.waitFor('How it stays alive');
  return popup;
}

/** Refresh tokens that more than one holder presented: there must never be one. */
export function sharedRefreshTokens(lab: Lab): string[] {
  return [...lab.ledger.refreshTokensPresented()].filter(([, holders]) => holders.size > 1).map(([jti]) => jti);
}

/** Refresh tokens that were presented more than once. */
export function twicePresented(lab: Lab): string[] {
  const presented = lab.ledger.of({ path: '/api/v1/tokens/refresh' }).flatMap((entry) => entry.presented.refresh);
  return presented.filter((jti, index) => presented.indexOf(jti) !== index);
}

/** Opens the switcher by its key and narrows it, as fast as a machine types: nothing of what is typed may go astray. */
export async function search(popup: Page, shown: string, typed: string, gone: string): Promise<void> {
  await popup.press('s');
  await popup.waitFor(shown);
  await until('the search to have the focus', async () =>
    /^(combobox|searchbox|textbox)/.test(await popup.focused()) ? true : undefined,
  );
  await popup.type(typed);
  const field = await popup.evaluate(() => (document.activeElement as HTMLInputElement).value);
  if (field !== typed) throw new Error(`the search holds “${field}”, and “${typed}” was typed`);
  await popup.waitUntilGone(gone);
}

import type { Browser, Page } from './driver/driver';

/** What a person fills in on the page of sign-ins: values by the fields' labels. */
export type Filled = {
  readonly vendor: string;
  /** Where there is more than one. */
  readonly way?: string;
  /** Typed, where there is nothing to choose. */
  readonly where?: string;
  /** Chosen, where there is. */
  readonly choice?: string;
  readonly values: Readonly<Record<string, string>>;
};

/** Opens the page of sign-ins, fills the form and sends it. What comes of it is on the page that is given back. */
export async function signInBy(fob: Browser, { vendor, way, where, choice, values }: Filled): Promise<Page> {
  const page = await fob.extensionPage('options.html#sign-ins');
  await page.role('radio', vendor).click();
  const rare = page.css('details:not([open]) > summary');
  if (await rare.isVisible()) await rare.click();
  if (way !== undefined) await page.role('radio', way).click();
  if (choice !== undefined) await choose(page, choice);
  await fill(page, where === undefined ? values : { Where: where, ...values });
  await send(page);
  return page;
}

/** Chooses a place: the browser's own list of a select is no part of any page, so what it does is done in its place. */
async function choose(page: Page, label: string): Promise<void> {
  await page.css('form select').waitFor();
  await page.evaluate((wanted: string) => {
    const select = document.querySelector<HTMLSelectElement>('form select');
    const option = [...(select?.options ?? [])].find(({ text }) => text === wanted);
    if (!select || !option) throw new Error(`nothing to choose is called ${wanted}`);
    select.value = option.value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }, label);
}

/** Fills the fields of the form that is there. */
export async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await page.field(label).fill(value);
}

/** Sends the form that is there. */
export const send = (page: Page): Promise<void> => page.css('form button[type=submit]').click();

import type { Browser, Page } from '../driver/driver';

type Login = { readonly email: string; readonly password: string };

/** Where a region's console is. */
const consoleOf = (region: 'us' | 'eu' | 'au' | 'gov'): string => `https://app-${region}.cloudcheckr.com`;

/** Signs in at a region's console, on the sign-in page it leads to, as a person does. */
export async function signIn(
  on: Browser,
  region: 'us' | 'eu' | 'au' | 'gov',
  { email, password }: Login,
): Promise<Page> {
  const page = await on.open(`${consoleOf(region)}/`);
  await page.field(/mail/i).fill(email);
  await page.field(/password/i).fill(password);
  await page.button('Log in').click();
  await page.waitFor('Accounts');
  return page;
}

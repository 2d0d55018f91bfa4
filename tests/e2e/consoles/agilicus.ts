import type { Browser, Page } from '../driver/driver';

type Login = { readonly email: string; readonly password: string };

/** Where a domain's console is: the administrators', or everybody's own. */
export const consoleOf = (domain: string, which: 'admin' | 'profile' = 'admin'): string => `https://${which}.${domain}`;

/** Signs in from a console that is open, on the issuer's page it leads to, as a person does. */
export async function enter(page: Page, { email, password }: Login): Promise<void> {
  await page.button(/sign in/i).click();
  await page.field(/mail/i).fill(email);
  await page.field(/password/i).fill(password);
  await page.button(/sign in/i).click();
  await page.button('Sign out').waitFor();
}

/** Opens a console and signs in there. */
export async function signIn(on: Browser, console: string, login: Login): Promise<Page> {
  const page = await on.open(`${console}/`);
  await enter(page, login);
  return page;
}

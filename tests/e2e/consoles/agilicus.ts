import type { Browser, Page } from '../driver/driver';

type Login = { readonly email: string; readonly password: string };

/** Signs in at a console, on the issuer's page it leads to, as a person does. */
export async function signIn(on: Browser, host: string, { email, password }: Login): Promise<Page> {
  const page = await on.open(`https://${host}/`);
  await page.button(/sign in/i).click();
  await page.field(/mail/i).fill(email);
  await page.field(/password/i).fill(password);
  await page.button(/sign in/i).click();
  return page;
}

import type { Browser, Page } from '../driver/driver';

type Login = { readonly email: string; readonly password: string };

/** Where a tenant's console is. */
export const consoleOf = (tenant: string): string => `https://${tenant}.esper.cloud`;

/** Signs in at a tenant's console, as a person does. */
export async function signIn(on: Browser, tenant: string, { email, password }: Login): Promise<Page> {
  const page = await on.open(`${consoleOf(tenant)}/`);
  await page.field(/mail/i).fill(email);
  await page.field(/password/i).fill(password);
  await page.button('Login').click();
  await page.waitFor('Devices');
  return page;
}

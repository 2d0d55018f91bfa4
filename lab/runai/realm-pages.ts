import { html } from 'hono/html';
import { page } from './page';
import type { Tenant } from './world';

type Html = ReturnType<typeof html>;

/** The realm's form to sign in with. */
export const signInPage = (
  tenant: Tenant,
  { action, failed }: { readonly action: string; readonly failed: boolean },
): Html =>
  page(`Sign in to ${tenant.name}`, [
    html`<main class="alone">
      <form class="card sign-in" method="post" action="${action}">
        <h1>Sign in to ${tenant.name}</h1>
        ${failed ? html`<p class="alert" role="alert">Invalid username or password.</p>` : ''}
        <label>Email <input name="username" type="email" autocomplete="username" required /></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
        <button type="submit">Sign in</button>
      </form>
    </main>`,
  ]);

/** A request that no application makes. */
export const oauthErrorPage = (tenant: Tenant, words: string): Html =>
  page(tenant.name, [
    html`<main class="alone">
      <section class="card sign-in">
        <h1>We are sorry…</h1>
        <p class="alert" role="alert">${words}</p>
      </section>
    </main>`,
  ]);

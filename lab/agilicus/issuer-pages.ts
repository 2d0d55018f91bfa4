import { html, raw } from 'hono/html';
import { page } from './page';
import type { Domain } from './world';

type Html = ReturnType<typeof html>;

/** The issuer's form to sign in with. */
export const signInPage = (
  { name }: Domain,
  { action, failed }: { readonly action: string; readonly failed: boolean },
): Html =>
  page('Sign in', [
    html`<main class="alone">
      <form class="card sign-in" method="post" action="${action}">
        <h1>Sign in</h1>
        <p class="soft">${name}</p>
        ${failed ? html`<p class="alert" role="alert">Invalid email or password.</p>` : ''}
        <label>Email <input name="email" type="email" autocomplete="username" required /></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
        <button type="submit">Sign in</button>
      </form>
    </main>`,
  ]);

/** What ends the session: whoever comes here has asked for it already. */
export const signOutForm = (form: string): Html =>
  page('Sign out', [
    html`<main class="alone">
      <p>Signing out…</p>
      ${raw(form)}
    </main>`,
    html`<script>
      const form = document.getElementById('op.logoutForm');
      form.insertAdjacentHTML('beforeend', '<input type="hidden" name="logout" value="yes" />');
      form.submit();
    </script>`,
  ]);

/** A request that no client of this issuer makes. */
export const errorPage = (words: string): Html =>
  page('Not possible', [
    html`<main class="alone">
      <section class="card sign-in">
        <h1>This did not work</h1>
        <p class="alert" role="alert">${words}</p>
      </section>
    </main>`,
  ]);

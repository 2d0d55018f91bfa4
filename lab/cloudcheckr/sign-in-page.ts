import { html } from 'hono/html';
import { consoleStyle } from './console-style';

/** The form to sign in with, and why one is back at it. */
export const signInPage = ({
  returnUrl,
  problem,
}: {
  readonly returnUrl?: string;
  readonly problem?: string;
}): ReturnType<typeof html> =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Sign in – CloudCheckr</title>
        <style>
          ${consoleStyle}
        </style>
      </head>
      <body>
        <main class="alone">
          <form class="card sign-in" method="post" action="/auth/account/login">
            <strong class="logo">CloudCheckr CMx</strong>
            <h1>Sign in</h1>
            ${problem === undefined ? '' : html`<p class="alert" role="alert">${problem}</p>`}
            ${
              returnUrl === undefined
                ? ''
                : html`<input type="hidden" name="ReturnUrl" value="${returnUrl}" />
                    <label>Email <input name="Username" type="email" autocomplete="username" required /></label>
                    <label
                      >Password <input name="Password" type="password" autocomplete="current-password" required
                    /></label>
                    <button type="submit">Log in</button>`
            }
          </form>
        </main>
      </body>
    </html>`;

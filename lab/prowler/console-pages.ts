import { html, raw } from 'hono/html';
import type { LabSettings } from '../settings';
import type { ConsoleTenant, ConsoleUser } from './console-api';
import { sessionScript, switchScript } from './console-scripts';
import { consoleStyle } from './console-style';
import { figuresOf, type Figures } from './figures';

/** A page of the console for somebody signed in. */
export type PageName = 'overview' | 'findings' | 'scans' | 'profile';

type Html = ReturnType<typeof html>;

type Island = Pick<LabSettings, 'apiBaseUrl' | 'runtimeConfigIsland'>;

type SignIn = {
  readonly settings: Island;
  readonly csrfToken: string;
  readonly callbackUrl: string;
  readonly error: string | undefined;
};

const errors: Readonly<Record<string, string>> = {
  RefreshAccessTokenError: 'Your session has expired. Please sign in again.',
  MissingRefreshToken: 'Your session could not be renewed. Please sign in again.',
  CredentialsSignin: 'Invalid email or password.',
};

/** The form to sign in with, and why one is back at it. */
export function signInPage({ settings, csrfToken, callbackUrl, error }: SignIn): Html {
  const words = error === undefined ? undefined : (errors[error] ?? 'Something went wrong. Please try again.');
  return shell(settings, 'Sign in', [
    html`<main class="alone">
      <form class="card sign-in" method="post" action="/api/auth/callback/credentials">
        ${logo}
        <h1>Sign in</h1>
        ${words === undefined ? '' : html`<p class="alert" role="alert" data-error="${error}">${words}</p>`}
        <input type="hidden" name="csrfToken" value="${csrfToken}" />
        <input type="hidden" name="callbackUrl" value="${callbackUrl}" />
        <label>Email <input name="email" type="email" autocomplete="username" required /></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
        <button type="submit">Log in</button>
      </form>
    </main>`,
    html`<script>
      ${raw(sessionScript)};
    </script>`,
  ]);
}

type Signed = {
  readonly settings: Island;
  readonly page: PageName;
  readonly csrfToken: string;
  readonly user: ConsoleUser;
  readonly tenantId: string;
  /** Absent when the API could not be asked. */
  readonly tenants: readonly ConsoleTenant[] | undefined;
};

/** A page for somebody signed in. */
export function consolePage(shown: Signed): Html {
  const { settings, page, csrfToken, user, tenantId, tenants } = shown;
  const tenant = tenants?.find(({ id }) => id === tenantId);
  return shell(settings, titles[page], [
    html`<header>
        ${logo}
        <nav aria-label="Main">
          ${(Object.keys(titles) as PageName[]).map(
            (name) =>
              html`<a
                href="${name === 'overview' ? '/' : `/${name}`}"
                ${raw(name === page ? 'aria-current="page"' : '')}
                >${titles[name]}</a
              >`,
          )}
        </nav>
        <div class="who">
          <strong id="person" dir="auto">${user.name}</strong>
          <span id="tenant" dir="auto">${tenant?.name ?? 'Organization unavailable'}</span>
        </div>
        <form method="post" action="/api/auth/signout">
          <input type="hidden" name="csrfToken" value="${csrfToken}" />
          <button class="quiet" id="sign-out">Sign out</button>
        </form>
      </header>
      <main>
        <h1>${titles[page]}</h1>
        ${tenants === undefined ? html`<p class="alert" role="alert">Some data could not be loaded.</p>` : ''}
        ${content(shown)}
      </main>`,
    html`<script>
      ${raw(sessionScript)};
    </script>`,
  ]);
}

const titles: Readonly<Record<PageName, string>> = {
  overview: 'Overview',
  findings: 'Findings',
  scans: 'Scans',
  profile: 'Profile',
};

function content(shown: Signed): Html {
  const figures = figuresOf(shown.tenantId);
  switch (shown.page) {
    case 'overview':
      return overview(figures);
    case 'findings':
      return table(['Severity', 'Check', 'Resource'], figures.findings);
    case 'scans':
      return table(['Provider', 'Account', 'State', 'Findings'], figures.scans);
    case 'profile':
      return profile(shown);
  }
}

const overview = ({ providers, passing, failing, score, findings }: Figures): Html =>
  html`<div class="cards">
      ${[
        ['Threat score', `${score} %`],
        ['Providers', providers],
        ['Passing', passing],
        ['Failing', failing],
      ].map(
        ([name, value]) =>
          html`<section class="card">
            <h2>${name}</h2>
            <p class="figure">${value}</p>
          </section>`,
      )}
    </div>
    <h2>Latest findings</h2>
    ${table(['Severity', 'Check', 'Resource'], findings.slice(0, 4))}`;

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): Html =>
  html`<div class="card wide">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

const profile = ({ user, tenantId, tenants = [] }: Signed): Html =>
  html`<section class="card wide">
      <h2 dir="auto">${user.name}</h2>
      <p>${user.email}${user.companyName === '' ? '' : html` · ${user.companyName}`}</p>
    </section>
    <h2>Organizations</h2>
    <p class="alert" id="switch-error" role="alert" hidden>Unable to switch organization. Please try again.</p>
    <ul class="card wide organizations">
      ${tenants.map(
        ({ id, name, role }) =>
          html`<li>
            <span dir="auto">${name}</span> <small>${role}</small>
            ${
              id === tenantId
                ? html`<em>Active</em>`
                : html`<form data-switch>
                    <input type="hidden" name="tenantId" value="${id}" /><button class="quiet">Switch</button>
                  </form>`
            }
          </li>`,
      )}
    </ul>
    <script>
      ${raw(switchScript)};
    </script>`;

const logo = html`<span class="logo"
  ><svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
    <path d="M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5z" fill="currentColor" />
    <path d="m8.4 12 2.6 2.6 4.8-5" fill="none" stroke="var(--ground)" stroke-width="2" /></svg
  >Prowler</span
>`;

function shell({ apiBaseUrl, runtimeConfigIsland }: Island, title: string, body: readonly Html[]): Html {
  const config = {
    sentryDsn: null,
    sentryEnvironment: null,
    googleTagManagerId: null,
    apiBaseUrl,
    apiDocsUrl: apiBaseUrl === null ? null : `${apiBaseUrl}/docs`,
    posthogKey: null,
    posthogHost: null,
    reoDevClientId: null,
    cloudEnabled: true,
  };
  const island = `<script id="__PROWLER_RUNTIME_CONFIG__" type="application/json">${JSON.stringify(config).replaceAll('<', '\\u003c')}</script>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Prowler</title>
        ${raw(runtimeConfigIsland ? island : '')}
        <style>
          ${raw(consoleStyle)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}

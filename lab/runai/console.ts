import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { consoleScript } from './console-script';
import { page } from './page';
import type { RunaiSettings } from './settings';
import type { Tenant } from './world';

/** A tenant's web console: one page for every path, which signs in at the realm and asks the API with its bearer. */
export function createConsole(settings: RunaiSettings, tenant: Tenant): Hono {
  const app = new Hono();
  app.get('*', (context) => {
    const { consoleTokens, consoleTokensKey, consoleSends, consoleRenews, pkceVerifierField } = settings;
    const config = { consoleTokens, consoleTokensKey, consoleSends, consoleRenews, pkceVerifierField };
    const island = JSON.stringify({ ...config, issuer: tenant.issuer }).replaceAll('<', '\\u003c');
    context.header('Cache-Control', 'no-store');
    return context.html(
      page(tenant.name, [
        html`<main class="alone" id="signed-out" hidden>
          <section class="card sign-in">
            <h1>Run:ai</h1>
            <p class="alert" id="alert" role="alert" hidden></p>
            <button id="sign-in">Continue with SSO</button>
          </section>
        </main>`,
        html`<div id="signed-in" hidden>
          <header>
            <span class="logo">Run:ai</span>
            <div class="who">
              <strong id="person" dir="auto"></strong>
              <span id="tenant" dir="auto"></span>
            </div>
            <button class="quiet" id="sign-out">Sign out</button>
          </header>
          <main>
            <h1>Clusters</h1>
            <div class="card">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">State</th>
                    <th scope="col">GPUs</th>
                    <th scope="col">Workloads</th>
                  </tr>
                </thead>
                <tbody id="clusters"></tbody>
              </table>
            </div>
            <p><button class="quiet" id="reload">Reload</button></p>
          </main>
        </div>`,
        html`<script>
          ${raw(consoleScript(island))};
        </script>`,
      ]),
    );
  });
  return app;
}

import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { consoleScript } from './console-script';
import { page } from './page';
import type { AgilicusSettings } from './settings';
import { issuerOf, type Domain } from './world';

/** Which of a domain's consoles: the administrators', or everybody's own. */
export type ConsoleName = 'admin' | 'profile';

const clients: Readonly<Record<ConsoleName, string>> = { admin: 'agilicus-builtin-portal', profile: 'profile' };
const titles: Readonly<Record<ConsoleName, string>> = { admin: 'Organisation', profile: 'My profile' };

/** A console: one page for every path, which signs in at the issuer and asks the API with its bearer. */
export function createConsole(settings: AgilicusSettings, domain: Domain, name: ConsoleName): Hono {
  const app = new Hono();
  app.get('/favicon.ico', () => new Response(null, { status: 204 }));
  app.get('*', (context) => {
    const { consoleTokens, consoleStorage, consoleRenews } = settings;
    const config = { consoleTokens, consoleStorage, consoleRenews, client: clients[name], issuer: issuerOf(domain) };
    const island = JSON.stringify(config).replaceAll('<', '\\u003c');
    context.header('Cache-Control', 'no-store');
    return context.html(
      page(titles[name], [
        html`<main class="alone" id="signed-out" hidden>
          <section class="card sign-in">
            <h1>Agilicus AnyX</h1>
            <p class="alert" id="alert" role="alert" hidden></p>
            <button id="sign-in">Sign in</button>
          </section>
        </main>`,
        html`<div id="signed-in" hidden>
          <header>
            <span class="logo">Agilicus AnyX</span>
            <div class="who">
              <strong id="person" dir="auto"></strong>
              <span id="organisation" dir="auto"></span>
            </div>
            <button class="quiet" id="sign-out">Sign out</button>
          </header>
          <main>
            <h1>${titles[name]}</h1>
            <p class="soft" id="address"></p>
            <h2>Organisations</h2>
            <p class="alert" id="switch-error" role="alert" hidden>Unable to open this organisation.</p>
            <ul class="card orgs" id="orgs"></ul>
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

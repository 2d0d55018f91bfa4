import { Hono } from 'hono';
import { consoleScript } from './console-script';
import { consoleStyle } from './console-style';
import { hostsOf, type Region } from './regions';
import type { CloudCheckrSettings } from './settings';

/** The console of a region: one page and its script. All it knows of anybody, it asks the API for from the browser. */
export function createConsole(settings: CloudCheckrSettings, region: Region): Hono {
  const hosts = hostsOf(region);
  const contentSecurityPolicy = [
    "default-src 'self'",
    `connect-src 'self' https://${hosts.api} https://${hosts.auth}`,
    "frame-ancestors 'none'",
  ].join('; ');
  const app = new Hono();
  app.get('/favicon.ico', () => new Response(null, { status: 204 }));
  app.get('/assets/console.css', () => asset('text/css', consoleStyle));
  app.get('/assets/console.js', () => asset('text/javascript', consoleScript(hosts, settings)));
  app.get('/assets/*', (context) => context.text('Not found', 404));
  app.get('*', (context) =>
    context.html(page, 200, { 'Content-Security-Policy': contentSecurityPolicy, 'Cache-Control': 'no-cache' }),
  );
  return app;
}

const asset = (type: string, text: string): Response =>
  new Response(text, { headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache' } });

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>CloudCheckr CMx</title>
    <link rel="stylesheet" href="/assets/console.css" />
  </head>
  <body>
    <div id="app"><main class="alone"><p>Loading…</p></main></div>
    <script src="/assets/console.js"></script>
  </body>
</html>
`;

import { html, raw } from 'hono/html';

type Html = ReturnType<typeof html>;

/** A page with the vendor's looks, light and dark. */
export const page = (title: string, body: readonly Html[]): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Agilicus</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`;

const style = `
:root { --ground: #f5f8f8; --card: #fff; --ink: #171a2b; --soft: #5a6078; --line: #dfe2ee; --accent: #0f6b78; --bad: #9f1d1d; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f1617; --card: #191c2a; --ink: #e9ebf6; --soft: #a6acc6; --line: #2c3047; --accent: #7fd6e2; --bad: #ff9a9a; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif; }
header { display: flex; gap: 24px; align-items: center; padding: 12px 32px; background: var(--card); border-bottom: 1px solid var(--line); }
.logo { flex: 1; color: var(--accent); font-weight: 700; }
.who { text-align: end; line-height: 1.3; max-width: 22em; }
.who strong, .who span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who span { color: var(--soft); }
main { max-width: 1080px; margin: 0 auto; padding: 24px 32px 64px; }
main.alone { display: grid; place-items: center; min-height: 90vh; }
h1 { font-size: 24px; margin: 8px 0 20px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: start; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; }
th { color: var(--soft); font-weight: 500; font-size: 13px; }
.sign-in { width: 360px; display: grid; gap: 14px; }
.sign-in h1, .sign-in p { margin: 0; }
.soft { color: var(--soft); }
.orgs { list-style: none; margin: 0; padding: 12px 20px; }
.orgs li { display: flex; gap: 12px; align-items: center; padding: 6px 0; }
.orgs li span { flex: 1; }
.orgs em { color: var(--accent); font-style: normal; }
label { display: grid; gap: 4px; color: var(--soft); }
input { font: inherit; padding: 8px 10px; border: 1px solid var(--soft); border-radius: 8px; background: var(--ground); color: var(--ink); }
button { font: inherit; padding: 9px 14px; border: 0; border-radius: 8px; background: var(--accent); color: var(--card); cursor: pointer; }
button.quiet { background: none; color: var(--accent); border: 1px solid var(--line); padding: 5px 12px; }
.alert { color: var(--bad); border: 1px solid; border-radius: 8px; padding: 8px 12px; margin: 0; }
`;

/** The console's looks, light and dark. */
export const consoleStyle = `
:root { --ground: #f5f6fa; --card: #fff; --ink: #1a2033; --soft: #5a637a; --line: #dfe3ec; --accent: #1f4fb8; --bad: #9f1d1d; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #10131c; --card: #191e2b; --ink: #e9ecf4; --soft: #a5aec2; --line: #2b3346; --accent: #8db4ff; --bad: #ff9a9a; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif; }
header { display: flex; gap: 24px; align-items: center; padding: 12px 32px; background: var(--card); border-bottom: 1px solid var(--line); }
.logo { color: var(--accent); font-weight: 700; }
nav { display: flex; gap: 16px; flex: 1; }
nav a { color: var(--soft); text-decoration: none; padding: 4px 0; }
nav a[aria-current] { color: var(--ink); border-bottom: 2px solid var(--accent); }
.who { text-align: end; line-height: 1.3; max-width: 22em; }
.who strong, .who span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who span, small { color: var(--soft); }
main { max-width: 1080px; margin: 0 auto; padding: 24px 32px 64px; }
main.alone { display: grid; place-items: center; min-height: 90vh; }
h1 { font-size: 24px; margin: 8px 0 20px; }
h2 { font-size: 16px; margin: 24px 0 8px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: start; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; }
th { color: var(--soft); font-weight: 500; font-size: 13px; }
td a { color: var(--accent); }
.sign-in { width: 360px; display: grid; gap: 14px; }
.sign-in h1 { margin: 0; }
label { display: grid; gap: 4px; color: var(--soft); }
input { font: inherit; padding: 8px 10px; border: 1px solid var(--soft); border-radius: 8px; background: var(--ground); color: var(--ink); }
button { font: inherit; padding: 9px 14px; border: 0; border-radius: 8px; background: var(--accent); color: var(--card); cursor: pointer; }
button.quiet { background: none; color: var(--accent); border: 1px solid var(--line); padding: 5px 12px; }
.alert { color: var(--bad); border: 1px solid; border-radius: 8px; padding: 8px 12px; margin: 0; }
`;

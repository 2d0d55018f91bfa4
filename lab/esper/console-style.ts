import { consoleStyle as base } from '../cloudcheckr/console-style';

/** The console's looks: the same parts in other colours. */
export const consoleStyle = `${base}
:root { --ground: #f7f7f5; --accent: #0a6f73; }
@media (prefers-color-scheme: dark) { :root { --ground: #121514; --card: #1a1f1e; --accent: #6fd6d0; } }
`;

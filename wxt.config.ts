import { fileURLToPath } from 'node:url';
import { minify } from 'terser';
import { mergeConfig, type Plugin, type UserConfig } from 'vite';
import { defineConfig } from 'wxt';
import { packTightly } from './scripts/pack.mjs';
import { ownShortClasses } from './scripts/short-classes.mjs';
import { messagesByShortNames, ownShortNames, withShortNames } from './scripts/short-keys.mjs';

/** Hosts of the vendors' own deployments: each with its reason in README.md. A test compares both built manifests with that table. */
const hosts = [
  'https://cloud.prowler.com/*',
  'https://api.prowler.com/*',
  ...['us', 'eu', 'au', 'gov'].flatMap((region) =>
    ['app', 'api', 'auth'].map((name) => `https://${name}-${region}.cloudcheckr.com/*`),
  ),
  'https://*.esper.cloud/*',
  'https://*.run.ai/*',
  'https://api.agilicus.com/*',
];

/** What a host may be asked for inside of: each exact one, of a person, at the moment of need. None of these is ever asked for itself. */
const optionalHosts = ['https://*/*', 'http://localhost/*', 'http://127.0.0.1/*'];

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  'connect-src https: http://localhost:* http://127.0.0.1:*',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The panel carries its sheets inside, for its shadow root: the copy beside it would be loaded by nobody. */
const withoutLooseSheet: Plugin = {
  name: 'without-loose-sheet',
  enforce: 'post',
  generateBundle(_, bundle) {
    if (bundle['panel.js']) {
      for (const file of Object.keys(bundle)) if (file.endsWith('.css')) delete bundle[file];
    }
  },
};

/** Fob's own pages ask the background for everything: what runs in one of them reaches no host at all (docs/adr/0018). */
const pagesConnectNowhere: Plugin = {
  name: 'pages-connect-nowhere',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: "connect-src 'none'" },
      injectTo: 'head-prepend',
    },
  ],
};

/** What the bundler has minified is two per cent smaller after a minifier that goes over it more than once. */
const minifiedAgain: Plugin = {
  name: 'minified-again',
  enforce: 'post',
  apply: 'build',
  async generateBundle({ format }, bundle) {
    for (const part of Object.values(bundle)) {
      if (part.type !== 'chunk') continue;
      const { code } = await minify(part.code, {
        module: format === 'es',
        ecma: 2020,
        compress: { passes: 3 },
      });
      part.code = code ?? part.code;
    }
  },
};

/** Keys of messages are for developers: what is shipped knows them by short names. */
const names = ownShortNames();
const shortKeys: Plugin = {
  name: 'short-keys',
  enforce: 'pre',
  apply: 'build',
  transform: (code, id) => (/\.tsx?$/.test(id) ? { code: withShortNames(code, names), map: null } : undefined),
};

/** Files of the pages. No cache outlives a package, so no name carries a hash: it would stand in the zip twice, and wherever it is loaded. */
const pagesFiles: UserConfig = {
  build: {
    rollupOptions: {
      output: {
        chunkFileNames: 'chunks/[name].js',
        entryFileNames: 'chunks/[name].js',
        assetFileNames: 'assets/[name].[ext]',
        // What two parts of the pages share is one file. One for each set of parts would cost the zip a tenth of a page. The page
        // that looks at the clipboard needs nothing else of it.
        codeSplitting: {
          groups: [
            { name: 'shared', minShareCount: 2, test: /\/(components|node_modules|lib)\/(?!platform\/clipboard-text)/ },
          ],
        },
      },
    },
  },
};

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  imports: false,
  modules: ['@wxt-dev/i18n/module'],
  webExt: { disabled: true },
  // Not hidden: a browser that loads it may be confined to visible folders.
  outDir: 'dist',
  manifestVersion: 3,
  // Both Firefox manifest versions would otherwise get one name, and the later zip replace the earlier.
  zip: { artifactTemplate: '{{name}}-{{version}}-{{browser}}-{{manifestVersion}}.zip' },
  vite: ({ command }) => ({
    // While one develops, a class is called after its component.
    css: { modules: { generateScopedName: command === 'build' ? ownShortClasses() : '[name]-[local]' } },
    // Every browser Fob runs in does this by itself. An older one is given a list of languages in the place of `:dir(rtl)`.
    build: { modulePreload: { polyfill: false }, cssTarget: ['chrome127', 'firefox140'] },
    // All that Fob's scripts ask of WXT's, at a fifth of its size in each of them.
    resolve: { alias: { 'wxt/utils/content-script-context': beside('lib/platform/script-life.ts') } },
    plugins: [withoutLooseSheet, pagesConnectNowhere, minifiedAgain, shortKeys],
  }),
  hooks: {
    // Nobody reads it in the package: its spaces and line ends are left out, too.
    'build:publicAssets'(wxt, assets) {
      if (wxt.config.command !== 'build') return;
      for (const asset of assets) {
        if ('contents' in asset && asset.relativeDest.endsWith('messages.json'))
          asset.contents = JSON.stringify(messagesByShortNames(JSON.parse(asset.contents), names));
      }
    },
    'zip:extension:done': (_, path) => packTightly(path),
    'vite:build:extendConfig'(entrypoints, config) {
      if (entrypoints.some(({ name }) => name === 'popup')) Object.assign(config, mergeConfig(config, pagesFiles));
      if (!entrypoints.some(({ name }) => name === 'panel')) return;
      const draw = beside('entrypoints/panel/draw.ts');
      const alias = [{ find: /^preact(\/jsx-(dev-)?runtime)?$/, replacement: draw }];
      Object.assign(config, mergeConfig(config, { resolve: { alias } }));
    },
  },
  manifest: ({ browser }) => ({
    name: '__MSG_appName__',
    description: '__MSG_appDescription__',
    default_locale: 'en',
    // One sign-in per profile: a private window has another, and its data must not be kept.
    incognito: 'not_allowed',
    permissions: ['storage', 'unlimitedStorage', 'alarms', 'scripting', 'activeTab', 'webRequest'],
    // Asked for when the person switches on what needs it: that Fob locks by itself; that the clipboard is cleared (read, to know the
    // token again; off screen, because a worker has no clipboard).
    optional_permissions: ['idle', 'clipboardRead', 'clipboardWrite', ...(browser === 'firefox' ? [] : ['offscreen'])],
    host_permissions: hosts,
    optional_host_permissions: optionalHosts,
    action: { default_title: '__MSG_appName__', default_icon: { 16: 'icon/none-16.png', 32: 'icon/none-32.png' } },
    icons: { 16: 'icon/ok-16.png', 32: 'icon/ok-32.png', 48: 'icon/ok-48.png', 128: 'icon/ok-128.png' },
    commands: {
      _execute_action: { suggested_key: { default: 'Alt+Shift+F' } },
      mask: { suggested_key: { default: 'Alt+Shift+M' }, description: '__MSG_commandMask__' },
    },
    content_security_policy: { extension_pages: contentSecurityPolicy },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'fob@fob.example',
              strict_min_version: '140.0',
              data_collection_permissions: { required: ['authenticationInfo'] },
            },
            gecko_android: { strict_min_version: '142.0' },
          },
        }
      : {
          // action.openPopup is there for every extension from 127.
          minimum_chrome_version: '127',
        }),
  }),
});

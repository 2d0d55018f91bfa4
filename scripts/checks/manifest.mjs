const broad = new Set(['<all_urls>', '*://*/*', 'https://*/*', 'http://*/*', '*://*/', 'file:///*']);
const optionalOnly = 'https://*/*';

/** What the pages and the background may load and run; where they may connect to is decision 18 (docs/adr). */
const policy = new Map([
  ['default-src', "'none'"],
  ['script-src', "'self'"],
  ['style-src', "'self'"],
  ['img-src', "'self' data:"],
  ['connect-src', 'https: http://localhost:* http://127.0.0.1:*'],
  ['base-uri', "'none'"],
  ['form-action', "'none'"],
  ['frame-ancestors', "'none'"],
  ['object-src', "'none'"],
  ['require-trusted-types-for', "'script'"],
]);

/** Where a built manifest's policy is not the one that was promised: one line each. */
function policyViolations(text = '') {
  const said = new Map(
    text
      .split(';')
      .map((one) => one.trim())
      .filter(Boolean)
      .map((one) => [one.split(' ')[0], one.split(' ').slice(1).join(' ')]),
  );
  const differing = [...new Set([...policy.keys(), ...said.keys()])].filter(
    (name) => said.get(name) !== policy.get(name),
  );
  return differing.map(
    (name) =>
      `content_security_policy has ${said.has(name) ? `${name} ${said.get(name)}` : `no ${name}`}: it must ${policy.has(name) ? `be ${policy.get(name)}` : 'not be there'}.`,
  );
}

/** What a built manifest asks for that was never promised: one line each. */
export function manifestViolations(manifest) {
  const scripts = (manifest.content_scripts ?? []).flatMap(({ matches = [] }) => matches);
  const found = [];
  const say = (line) => found.push(line);

  for (const [key, patterns] of Object.entries({
    host_permissions: manifest.host_permissions ?? [],
    'content_scripts.matches': scripts,
    permissions: manifest.permissions ?? [],
    optional_permissions: manifest.optional_permissions ?? [],
    optional_host_permissions: (manifest.optional_host_permissions ?? []).filter((one) => one !== optionalOnly),
  })) {
    for (const pattern of patterns.filter((one) => broad.has(one))) {
      say(`${key} has ${pattern}: name the exact hosts. ${optionalOnly} may stand in optional_host_permissions alone.`);
    }
  }
  if ('externally_connectable' in manifest) say('externally_connectable lets pages send messages: remove it.');
  if ('web_accessible_resources' in manifest) {
    say(
      'web_accessible_resources lets pages find the extension: bundle the resource, and keep cssInjectionMode away from "ui".',
    );
  }
  if (manifest.incognito !== 'not_allowed') {
    say('incognito must be "not_allowed": a private window has another sign-in, and its data must not be kept.');
  }
  if ('sandbox' in manifest || 'devtools_page' in manifest)
    say('sandbox and devtools_page open doors nobody needs: remove them.');
  found.push(...policyViolations(manifest.content_security_policy?.extension_pages));
  for (const one of manifest.content_scripts ?? []) {
    if (one.all_frames || one.match_about_blank || one.match_origin_as_fallback || one.world === 'MAIN')
      say('a content script runs in its own world, in the top frame of its own console: leave the rest out.');
  }
  if (manifest.manifest_version !== 3) say('manifest_version must be 3.');
  return found;
}

/** Where README.md and a built manifest differ about what Fob asks the browser for: one line each. */
export function permissionsUntold(manifest, readme) {
  const section = readme.split(/^## /m).find((part) => part.startsWith('What Fob asks the browser for')) ?? '';
  const isFirefox = 'browser_specific_settings' in manifest;
  const rows = [...section.matchAll(/^\| `([^`]+)`\s*\| (\S.*)/gm)];
  const told = new Set(
    rows.filter(([, , why]) => !(isFirefox && /^Chromium only[,:]/.test(why))).map(([, name]) => name),
  );
  const asked = new Set([
    ...(manifest.permissions ?? []),
    ...(manifest.optional_permissions ?? []),
    ...(manifest.host_permissions ?? []),
    ...(manifest.optional_host_permissions ?? []),
    ...(manifest.content_scripts ?? []).flatMap(({ matches = [] }) => matches),
  ]);
  return [
    ...[...asked].filter((one) => !told.has(one)).map((one) => `${one} is asked for: say why in README.md's table.`),
    ...[...told]
      .filter((one) => !asked.has(one))
      .map((one) => `${one} is in README.md's table and not asked for: remove it there.`),
  ];
}

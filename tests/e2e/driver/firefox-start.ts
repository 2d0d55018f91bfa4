import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { endGuarded, spawnGuarded } from '../../../scripts/guarded.mjs';
import type { LaunchOptions } from './driver';
import { connectMarionette, type Marionette } from './marionette';
import { until } from './until';

export type StartedFirefox = { readonly child: ChildProcess; readonly marionette: Marionette };

type Start = Pick<LaunchOptions, 'network' | 'headed'> & {
  readonly executable: string;
  readonly profile: string;
  readonly home: string;
  readonly uuids: Record<string, string>;
};

const quiet = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  // One that was killed comes back as it was started, however often, and asks nothing.
  'browser.sessionstore.resume_from_crash': false,
  'toolkit.startup.max_resumed_crashes': -1,
  'browser.tabs.warnOnClose': false,
  'browser.warnOnQuit': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'intl.locale.requested': 'en-US',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'termsofuse.bypassNotification': true,
  'toolkit.telemetry.enabled': false,
};

function prefs({ network, uuids }: Start): Record<string, string | number | boolean> {
  return {
    ...quiet,
    'marionette.port': 0,
    // The vendors' real names lead to the lab through this proxy, and no other name leads anywhere.
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': network.proxyPort,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': network.proxyPort,
    'network.proxy.no_proxies_on': 'localhost, 127.0.0.1',
    'network.trr.mode': 5,
    'network.http.http3.enable': false,
    'extensions.webextensions.uuids': JSON.stringify(uuids),
    // The extension is not signed.
    'xpinstall.signatures.required': false,
    // Its questions for permissions are answered with yes: the prompt is the browser's own and not ours to test.
    'extensions.webextOptionalPermissionPrompts': false,
  };
}

/** Starts Firefox with a profile that is there already. */
export async function startFirefox(start: Start): Promise<StartedFirefox> {
  const { executable, profile, home, headed = false } = start;
  const lines = Object.entries(prefs(start)).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const portFile = join(profile, 'MarionetteActivePort');
  rmSync(portFile, { force: true });
  const child = spawnGuarded(
    executable,
    [
      '--marionette',
      '--remote-allow-system-access',
      '--no-remote',
      '--profile',
      profile,
      ...(headed ? [] : ['--headless']),
      'about:blank',
    ],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        MOZ_CRASHREPORTER_DISABLE: '1',
        ...(headed ? {} : { HOME: home, MOZ_HEADLESS_WIDTH: '1280', MOZ_HEADLESS_HEIGHT: '900' }),
      },
    },
  );
  try {
    const port = await until(
      'Firefox to listen',
      async () => {
        const text = existsSync(portFile) ? readFileSync(portFile, 'utf8').trim() : '';
        return text === '' ? undefined : Number(text);
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );
    return { child, marionette: await connectMarionette(port) };
  } catch (error) {
    await endGuarded(child);
    throw error;
  }
}

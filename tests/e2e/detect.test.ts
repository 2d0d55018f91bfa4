import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, ask, seen } from './person';

let lab: Lab;
let fob: Browser;

beforeAll(async () => {
  lab = await startLab();
  fob = await launch({ network: lab });
  await agree(fob);
});

afterAll(async () => {
  await fob?.close();
  await lab?.close();
});

type Login = { readonly email: string; readonly password: string };

/** Signs in at the form the console leads to, or shows itself. */
async function enter(page: Page, { email, password }: Login, button: RegExp): Promise<void> {
  await page.field(/mail/i).fill(email);
  await page.field(/password/i).fill(password);
  await page.button(button).click();
}

const sessionOf = (vendor: string, console: string) =>
  seen(fob, `the session of ${vendor}`, (view) =>
    view.sessions.find((one) => one.vendor.id === vendor && one.console === console),
  );

/** Has the browser asked at a click on a page of Fob's own, as only a person can. */
async function allow(origins: readonly string[]): Promise<void> {
  await fob.grantHosts(origins);
  const page = await fob.extensionPage('options.html#settings');
  await page.evaluate(
    (asked: readonly string[]) => {
      const button = document.body.appendChild(document.createElement('button'));
      button.textContent = 'Ask for it';
      button.addEventListener('click', () => {
        void browser.permissions.request({ origins: [...asked] }).then((granted) => {
          button.textContent = granted ? 'Was given' : 'Was refused';
        });
      });
      (globalThis as { browser?: unknown }).browser ??= (globalThis as { chrome?: unknown }).chrome;
    },
    origins.map((origin) => `${origin}/*`),
  );
  await page.button('Ask for it').click();
  await page.waitFor('Was given');
  await page.close();
}

it('hears a key on the wire of an Esper console', async () => {
  const page = await fob.open('https://northwind.esper.cloud/');
  await enter(page, lab.esper.people.nia, /log ?in/i);

  expect(await sessionOf('esper', 'https://northwind.esper.cloud')).toMatchObject({ provenance: 'borrowed' });
  await fob.panel(page).waitFor(/Fob/);
  await page.close();
});

it('hears a token on the wire of a CloudCheckr console', async () => {
  const page = await fob.open('https://app-eu.cloudcheckr.com/');
  await enter(page, lab.cloudcheckr.people.freya, /log ?in/i);

  expect(await sessionOf('cloudcheckr', 'https://app-eu.cloudcheckr.com')).toMatchObject({ provenance: 'borrowed' });
  await page.close();
});

it('hears a token on the wire of a Run:ai console, and is woken for it', async () => {
  const page = await fob.open('https://northwind.run.ai/');
  await page.field(/mail/i).waitFor();
  await fob.killWorker();
  await enter(page, lab.runai.people.ana, /sign in/i);

  expect(await sessionOf('runai', 'https://northwind.run.ai')).toMatchObject({ provenance: 'borrowed' });
  await page.close();
});

it("hears a token on the wire of a Run:ai console on somebody's own host, once it is allowed, and is woken for that, too", async () => {
  const console = `https://${lab.runai.tenants.adventureWorks.host}`;
  await allow([console]);
  expect(await ask(fob, 'add_deployment', { vendor: 'runai', console })).toEqual({ ok: true });
  const page = await fob.open(`${console}/`);
  await page.field(/mail/i).waitFor();
  await fob.killWorker();

  await enter(page, lab.runai.people.ben, /sign in/i);

  expect(await sessionOf('runai', console)).toMatchObject({ provenance: 'borrowed' });
  await page.close();
});

it('reads an Agilicus console from its storage, once the person has allowed it', async () => {
  const console = 'https://admin.northwind.agilicus.cloud';
  const page = await fob.open(`${console}/`);
  await page.button(/sign in/i).click();
  await enter(page, lab.agilicus.people.ana, /sign in/i);
  await page.waitFor('Northwind Retail');
  expect((await seen(fob, 'the view', (view) => view)).sessions.map(({ vendor }) => vendor.id)).not.toContain(
    'agilicus',
  );

  await allow([console]);
  expect(await ask(fob, 'add_deployment', { vendor: 'agilicus', console })).toEqual({ ok: true });
  await page.bringToFront();

  expect(await sessionOf('agilicus', console)).toMatchObject({ provenance: 'borrowed' });
  await page.reload();
  await page.waitFor('Northwind Retail');
  await page.button(/sign out/i).click();
  await seen(fob, 'the sign-out', (view) => !view.sessions.some((one) => one.vendor.id === 'agilicus'));
  // It has been to the issuer and back by then.
  await page.button(/sign in/i).waitFor();
  await page.close();
});

it('has no script on a console that is no longer allowed', async () => {
  const console = 'https://admin.northwind.agilicus.cloud';
  const registered = () => fob.inExtension(() => browser.scripting.getRegisteredContentScripts());
  expect(await registered()).toHaveLength(2);

  await fob.withholdHosts([console]);

  await until('the script to be gone', async () => ((await registered()).length === 1 ? true : undefined));
});

it('knows at a click where one is, and where a Prowler console there says its API is', async () => {
  const page = await fob.open('https://profile.northwind.agilicus.cloud/');
  await page.evaluate(() => {
    const island = document.head.appendChild(document.createElement('script'));
    island.id = '__PROWLER_RUNTIME_CONFIG__';
    island.type = 'application/json';
    island.textContent = '{"apiBaseUrl":"https://prowler-api.example.com/api/v1"}';
  });
  const popup = await fob.popup(page);

  const [url, answer] = await popup.evaluate(async () => {
    const api = (globalThis as unknown as { browser?: typeof browser; chrome: typeof browser }).chrome;
    const [tab] = await api.tabs.query({ active: true, currentWindow: true });
    const input = { address: tab?.url ?? '', tabId: tab?.id };
    return [tab?.url, await api.runtime.sendMessage({ fob: 'consider', input })] as const;
  });

  expect(url).toBe('https://profile.northwind.agilicus.cloud/');
  expect(answer).toMatchObject({
    value: {
      candidates: expect.arrayContaining([
        expect.objectContaining({ vendor: 'prowler', isLikely: true, api: 'https://prowler-api.example.com' }),
      ]),
    },
  });
  await popup.close();
  await page.close();
});

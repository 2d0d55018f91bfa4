import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../../lab';
import type { Browser } from '../driver/driver';
import { agree, seen, sharedRefreshTokens, signIn } from '../person';

type Stage = {
  readonly lab: Lab;
  readonly browser: Browser;
  readonly tell: (line: string) => void;
  /** Where a picture of that name goes. */
  readonly picture: (name: string) => string;
  readonly accessLifeMs: number;
};

/** The main job, step by step, as a person would see it. Throws where something was not seen. */
export async function story({ lab, browser, tell, picture, accessLifeMs }: Stage): Promise<void> {
  await agree(browser, (page) => page.screenshot(picture('1-first-run')));
  tell('The first-run page was accepted. Before that, Fob looks at nothing.');

  const page = await signIn(browser, lab.prowler.people.ana);
  const found = await seen(browser, 'the session of the console', (view) =>
    view.sessions.find((one) => one.confirmedAt !== undefined),
  );
  tell(`Signed in at the console. Fob says: ${found.person.name}, in ${found.tenant.name}, and Prowler confirms it.`);
  await browser.panel(page).waitFor('Keep it alive');
  await page.screenshot(picture('2-panel-offers'));

  const popup = await browser.popup(page);
  await popup.waitFor('Northwind Retail');
  await popup.waitFor('Ana Ruiz');
  await popup.waitFor(/\d+ min/);
  await popup.screenshot(picture('3-popup-names'));
  tell(`The popup names person, tenant and time left: until ${clock(found.token.expiresAt)}.`);

  await popup.button(/^Keep it alive/).click();
  const kept = await seen(browser, 'a token of its own', (view) =>
    view.sessions.find((one) => one.provenance === 'own'),
  );
  await popup.waitFor('Kept alive');
  await popup.screenshot(picture('4-kept-alive'));
  await popup.close();
  const end = kept.token.expiresAt ?? 0;
  tell(`Kept alive: Fob has a token of its own now, until ${clock(end)}. The console keeps the one it has.`);

  tell(`Waiting until that token has ended (${Math.round(accessLifeMs / 1000)} s tokens, so that one can watch) …`);
  while (Date.now() < end) {
    await sleep(Math.min(20_000, end - Date.now() + 50));
    if (Date.now() < end) tell(`  … ${Math.round((end - Date.now()) / 1000)} s to go`);
  }
  const renewed = await seen(browser, 'the renewal', (view) =>
    view.sessions.find((one) => one.keeping === 'kept' && (one.token.expiresAt ?? 0) > Date.now()),
  );
  const rotations = lab.ledger.of({ holder: 'extension', path: '/api/v1/tokens/refresh' });
  if (!rotations.some(({ status }) => status === 200)) throw new Error('the lab saw no renewal');
  tell(
    `That token has ended; the session has not: renewed at ${clock(renewed.lastRenewedAt)}, until ${clock(renewed.token.expiresAt)}.`,
  );

  await page.reload();
  await page.waitFor('Overview');
  tell('The console is still signed in: its own refresh token was never used by Fob.');
  if (sharedRefreshTokens(lab).length > 0) throw new Error('a refresh token was presented by two holders');

  const switcher = await browser.popup(page);
  await switcher.waitFor('Kept alive');
  await switcher.screenshot(picture('5-renewed'));
  await switcher.press('s');
  await switcher.waitFor('Contoso Health');
  await switcher.screenshot(picture('6-switcher'));
  await switcher.type('contoso');
  await switcher.waitUntilGone('Fabrikam Labs');
  await switcher.press('Enter');
  await switcher.waitFor(/Switched to .*Contoso Health/);
  await page.waitFor('Contoso Health');
  await switcher.screenshot(picture('7-switched'));
  await switcher.close();
  await page.bringToFront();
  await page.screenshot(picture('8-console-came-along'));
  tell('Switched to Contoso Health with S, a few letters and Enter; the console came along.');
}

function clock(at: number | undefined): string {
  return at === undefined ? 'an unknown time' : new Date(at).toLocaleTimeString('en-GB');
}

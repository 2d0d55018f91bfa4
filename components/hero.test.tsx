// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { instant, MINUTE } from '../lib/core/time';
import { needsPerson, type SessionView } from '../lib/core/view';
import { now, session } from './fixtures/session';
import type { SessionAct } from './acts';
import { Hero } from './hero';

afterEach(cleanup);

function show(over: Partial<SessionView> = {}) {
  const onAct = vi.fn<(act: SessionAct) => void>();
  render(<Hero session={session(over)} now={now} onAct={onAct} />);
  return onAct;
}
const primary = () => document.querySelector('[class*="primary"]')?.textContent;

describe('the hero', () => {
  it('says who, where and for how long', () => {
    show();

    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Northwind Retail');
    expect(screen.getByText('Ana Ruiz')).toBeTruthy();
    expect(screen.getByText('23 min')).toBeTruthy();
    expect(screen.getByRole('img', { name: 'Token 23 minutes, sign-in 23 hours 53 minutes' })).toBeTruthy();
  });

  it.each<[string, Partial<SessionView>, string]>([
    ['is kept', {}, 'Switch tenant'],
    ['is offered', { keeping: 'offered', provenance: 'borrowed' }, 'Keep it alive'],
    ['is only watched', { keeping: 'watched' }, 'Keep it alive'],
    ['is paused', { keeping: 'paused' }, 'Keep it alive'],
    ['is not confirmed', { keeping: 'offered', confirmedAt: undefined }, 'Ask Prowler'],
    ['lacks a permission', { isWithheld: true }, 'Allow access'],
    ['is offered and lacks a permission', { isWithheld: true, keeping: 'offered' }, 'Allow access'],
    [
      'ends soon, and nothing renews it',
      { keeps: 'nothing', token: { expiresAt: instant(now + 12 * MINUTE) } },
      'Sign in again',
    ],
    ['was revoked', { keeping: 'paused', trouble: { code: 'revoked', at: now } }, 'Sign in again'],
    ['follows', { keeps: 'follows', provenance: 'borrowed' }, 'Switch tenant'],
    ['could follow', { keeps: 'follows', provenance: 'borrowed', keeping: 'offered' }, 'Follow the console'],
    ['is a key', { keeps: 'key' }, 'Renew…'],
    ['needs a sign-in', { trouble: { code: 'grant_dead', at: now } }, 'Sign in at Prowler'],
  ] as [string, Partial<SessionView>, string][])('offers one thing to press when a session %s', (_, over, words) => {
    show(over);

    expect(primary()).toContain(words);
    expect(document.querySelectorAll('[class*="primary"]')).toHaveLength(1);
  });

  it.each(needsPerson)('has a reason and a sign-in to press when %s ended it', (code) => {
    const onAct = show({ trouble: { code, at: now } });

    expect(document.querySelector('[class*="state"] p')?.textContent).toMatch(/Prowler/);
    fireEvent.click(screen.getByRole('button', { name: /^Sign in/ }));
    expect(onAct.mock.calls).toEqual([['sign_in']]);
  });

  it.each([
    ['a user without a name', {}, ['User 88213', 'Prowler gives no name']],
    [
      'an application',
      { signIn: { whose: 'fob', extendedByRenewal: false } },
      ['No person: an API client', 'API client 88213'],
    ],
  ] as [string, Partial<SessionView>, string[]][])('says as much as is known of %s', (_, over, words) => {
    show({ person: {}, subject: '88213', ...over });

    for (const one of words) expect(screen.getByText(one)).toBeTruthy();
  });

  it('keeps every sign-in of the console only when that is ticked', () => {
    const onAct = show({ keeping: 'offered', provenance: 'borrowed' });

    fireEvent.click(screen.getByRole('button', { name: 'Keep it alive' }));
    fireEvent.click(screen.getByRole('checkbox'));
    fireEvent.click(screen.getByRole('button', { name: 'Keep it alive' }));

    expect(onAct.mock.calls).toEqual([['keep'], ['keep_always']]);
  });

  it.each([{}, { unansweredSince: now }, { trouble: { code: 'vendor_down', at: now } }] as const)(
    'sends no renewal of a key: what follows from one is said first (%o)',
    (over) => {
      const onAct = show({ keeps: 'key', ...over });

      for (const button of screen.getAllByRole('button', { name: /enew|again/ })) fireEvent.click(button);

      expect(onAct.mock.calls).toEqual([['renew_key']]);
    },
  );

  it('draws no ring of a sign-in where there is none behind the token', () => {
    const rings = (): number => document.querySelectorAll('svg[role="img"] > circle[r="31"]').length;
    show();
    expect(rings()).toBeGreaterThan(0);
    cleanup();

    show({ keeps: 'key', signIn: { whose: 'fob', extendedByRenewal: false } });
    expect(rings()).toBe(0);
  });

  it('offers no copy of a token that is refused or has ended', () => {
    show({ trouble: { code: 'grant_dead', at: now } });
    expect(screen.queryByRole('button', { name: 'Copy token' })).toBeNull();
    cleanup();

    show({ keeping: 'watched', token: { expiresAt: instant(now - MINUTE) } });
    expect(screen.queryByRole('button', { name: 'Copy token' })).toBeNull();
  });

  it('never shows a name as markup, and strips what would turn its direction', () => {
    show({ tenant: { id: 'x', name: '\u202E<img src=x onerror=1>' } });

    expect(document.querySelector('img[src]')).toBeNull();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('<img src=x onerror=1>');
    expect(screen.getByRole('heading', { level: 1 }).querySelector('bdi')).not.toBeNull();
  });

  it('has a name for everything that can be pressed', () => {
    show({ keeping: 'watched' });

    for (const button of screen.getAllByRole('button', { hidden: true })) {
      expect(button.getAttribute('aria-label') ?? button.textContent).toMatch(/\S/);
    }
  });

  it('sets no style attribute: the page’s own rules forbid it', () => {
    show();

    expect(document.querySelectorAll('[style]')).toHaveLength(0);
  });
});

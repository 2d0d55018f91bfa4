// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { session } from '../../components/fixtures/session';
import type { SessionView } from '../../lib/core/view';
import { Page } from './page';

const background = vi.hoisted(() => ({ sessions: [] as SessionView[] }));

vi.mock('../../lib/platform/about', () => ({ version: () => '1' }));
vi.mock('../../lib/platform/permissions', () => ({
  isAllowed: () => Promise.resolve(true),
  allowedHosts: () => Promise.resolve([]),
  isFixed: () => true,
  holdsClipboard: () => Promise.resolve(false),
  onPermissions: () => () => {},
}));
vi.mock('../../lib/rpc/client', () => ({ call: () => Promise.resolve({ ok: true, value: [] }) }));
vi.mock('../../lib/rpc/snapshot', () => ({
  readSnapshot: () => Promise.resolve({ consent: 'given', sessions: background.sessions, tabs: {} }),
  onSnapshot: () => () => {},
}));

beforeEach(() => {
  background.sessions = [];
});
afterEach(cleanup);

it.each([
  ['', 'Settings', 'Settings'],
  ['#settings', 'Settings', 'Settings'],
  ['#sign-ins', 'Sign-ins and keys', 'Sign-ins and keys'],
  ['#hosts?vendor=prowler', 'Hosts', 'Hosts Fob may reach'],
  ['#security', 'Security', 'Security'],
  ['#lockdown', 'Security', 'Lock everything down'],
  ['#diagnostics', 'Self-test', 'Self-test'],
])('opens at %o on what is called %s', async (hash, place, title) => {
  location.hash = hash;
  render(<Page />);

  expect(await screen.findByRole('heading', { level: 1, name: title })).toBeTruthy();
  expect(screen.getByRole('link', { current: 'page' }).textContent).toBe(place);
});

it('leads to the tokens only where a session may list them', async () => {
  location.hash = '#settings';
  background.sessions = [session({ offers: ['list'] })];
  render(<Page />);
  expect(await screen.findByRole('link', { name: 'Issued tokens' })).toBeTruthy();
  cleanup();
  background.sessions = [session()];
  render(<Page />);

  await screen.findByRole('link', { name: 'Hosts' });
  expect(screen.queryByRole('link', { name: 'Issued tokens' })).toBeNull();
});

it('leads nowhere else before the person has agreed', () => {
  location.hash = '#consent';
  render(<Page />);

  expect(screen.queryByRole('navigation')).toBeNull();
});

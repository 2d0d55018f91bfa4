// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import { LostNote } from './lost-note';

const calls = vi.hoisted(() => [] as unknown[]);
vi.mock('../../lib/rpc/client', () => ({
  call: (...asked: unknown[]) => {
    calls.push(asked);
    return Promise.resolve({ ok: true });
  },
}));

afterEach(cleanup);

it('names each console once, and is told when it was seen', () => {
  const console = 'https://cloud.prowler.com';
  render(<LostNote consoles={[console, console, '']} />);

  expect(screen.getByText('Sign in again: cloud.prowler.com.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(calls).toEqual([['repair', { what: 'lost' }]]);
});

it('says that nothing is left where no console is known', () => {
  render(<LostNote consoles={['']} />);

  expect(screen.getByText(/^Nothing is left of it/)).toBeTruthy();
});

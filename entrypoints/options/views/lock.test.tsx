// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LockView as Known, View } from '../../../lib/core/view';
import { LockCards } from './lock';

const background = vi.hoisted(() => ({
  view: undefined as unknown,
  asked: [] as unknown[],
  answer: { ok: true } as unknown,
  mayIdle: true,
}));
vi.mock('../../../lib/platform/permissions', () => ({ askForIdle: () => Promise.resolve(background.mayIdle) }));
vi.mock('../../../lib/rpc/snapshot', () => ({
  readSnapshot: () => Promise.resolve(background.view),
  onSnapshot: () => () => {},
}));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string, input: unknown) => {
    if (name === 'look') return Promise.resolve({ ok: true });
    background.asked.push([name, input]);
    return Promise.resolve(background.answer);
  },
}));

const open: Known = { is: 'open', settings: { mode: 'lock' } };
const shows = (lock?: Known): void => {
  background.view = { consent: 'given', sessions: [], tabs: {}, ...(lock ? { lock } : {}) } satisfies View;
  render(<LockCards />);
};
beforeEach(() => Object.assign(background, { asked: [], answer: { ok: true }, mayIdle: true }));
afterEach(cleanup);

const type = (label: string, value: string): boolean =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = (name: string): boolean => fireEvent.click(screen.getByRole('button', { name }));

describe('without a passphrase', () => {
  it('offers to set one and nothing to lock', async () => {
    shows();

    expect(await screen.findByText('This browser profile opens it')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Lock now' })).toBeNull();
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  it.each([
    ['is too short', 'short', 'short', 'That has fewer than 8 characters.'],
    ['was typed in two ways', 'correct horse', 'correct house', 'The two are not the same.'],
  ])('takes none that %s', async (_, next, again, words) => {
    shows();
    await screen.findByLabelText('New passphrase');
    type('New passphrase', next);
    type('The same once more', again);

    press('Set a passphrase');

    expect(await screen.findByText(words)).toBeTruthy();
    expect(background.asked).toEqual([]);
  });

  it('sets what was typed twice, and keeps none of it in its fields', async () => {
    shows();
    const field = await screen.findByLabelText<HTMLInputElement>('New passphrase');
    type('New passphrase', 'correct horse');
    type('The same once more', 'correct horse');

    press('Set a passphrase');

    await waitFor(() => expect(background.asked).toEqual([['set_passphrase', { next: 'correct horse' }]]));
    await waitFor(() => expect(field.value).toBe(''));
  });
});

describe('with a passphrase', () => {
  it('asks the browser before Fob locks by itself', async () => {
    shows(open);

    fireEvent.change(await screen.findByRole('combobox'), { target: { value: '15' } });

    await waitFor(() => expect(background.asked).toEqual([['lock_settings', { mode: 'lock', awayMin: 15 }]]));
  });

  it('decides nothing where the browser says no, and says so', async () => {
    background.mayIdle = false;
    shows(open);

    fireEvent.change(await screen.findByRole('combobox'), { target: { value: '15' } });

    expect(await screen.findByText(/did not let Fob know/)).toBeTruthy();
    expect(background.asked).toEqual([]);
  });

  it('keeps the minutes when a lock is to mean something else', async () => {
    shows({ is: 'open', settings: { mode: 'lock', awayMin: 30 } });

    fireEvent.click(await screen.findByLabelText(/A passphrase opens the window/));

    await waitFor(() => expect(background.asked).toEqual([['lock_settings', { mode: 'screen', awayMin: 30 }]]));
  });

  it('is locked by a press', async () => {
    shows(open);
    await screen.findByText('Lock now');

    press('Lock now');

    await waitFor(() => expect(background.asked).toEqual([['lock', {}]]));
  });

  it('is taken off with the one there is', async () => {
    shows(open);
    await screen.findByText('Lock now');
    fireEvent.input(screen.getAllByLabelText('Passphrase now').at(-1)!, { target: { value: 'correct horse' } });

    press('Remove the passphrase');

    await waitFor(() => expect(background.asked).toEqual([['set_passphrase', { current: 'correct horse' }]]));
  });

  it('shows one field and nothing to decide while Fob is locked', async () => {
    shows({ ...open, is: 'screen' });

    expect(await screen.findByLabelText('Passphrase')).toBeTruthy();
    expect(screen.queryByRole('combobox')).toBeNull();
  });
});

// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { now, session } from '../../../components/fixtures/session';
import { after, HOUR, MINUTE } from '../../../lib/core/time';
import type { LockView, View } from '../../../lib/core/view';
import { LockButton } from './lock-button';
import { Locked } from './locked';

const background = vi.hoisted(() => ({ answer: { ok: true } as unknown, asked: [] as unknown[] }));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string, input: unknown) => {
    background.asked.push([name, input]);
    return Promise.resolve(background.answer);
  },
}));

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
  background.asked = [];
  background.answer = { ok: true };
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const lock: LockView = {
  is: 'lock',
  settings: { mode: 'lock' },
  since: { mode: 'lock', at: now, why: 'away' },
  count: 9,
  ends: [after(now, MINUTE), after(now, 2 * MINUTE), after(now, 9 * HOUR)],
};
const type = (passphrase: string): void => {
  fireEvent.input(screen.getByLabelText('Passphrase'), { target: { value: passphrase } });
  fireEvent.click(screen.getByRole('button', { name: 'Unlock' }));
};

describe('the locked popup', () => {
  it('has the focus in its one field, and says what goes on meanwhile', () => {
    render(<Locked lock={lock} />);

    expect(screen.getByRole('heading').textContent).toBe('Fob is locked');
    expect(document.activeElement).toBe(screen.getByLabelText('Passphrase'));
    expect(screen.getByText(/when nobody was there/)).toBeTruthy();
    expect(screen.getByText(/2 of 9 sessions end before/)).toBeTruthy();
  });

  it('says of a locked screen that renewal goes on', () => {
    render(<Locked lock={{ is: 'screen', settings: { mode: 'screen' } }} />);

    expect(screen.getByText('Renewal goes on.')).toBeTruthy();
    expect(screen.queryByText(/Nothing is renewed/)).toBeNull();
  });

  it('asks with what was typed', async () => {
    render(<Locked lock={lock} />);

    type('correct horse');

    await waitFor(() => expect(background.asked).toEqual([['unlock', { passphrase: 'correct horse' }]]));
  });

  it('says under the field that it was wrong, and lets it be typed again', async () => {
    background.answer = { ok: false, failure: { code: 'passphrase_wrong' } };
    render(<Locked lock={lock} />);

    type('wrong horse');

    expect(await screen.findByText(/That does not open the vault. Check Caps Lock/)).toBeTruthy();
    expect(screen.getByLabelText('Passphrase').getAttribute('aria-invalid')).toBe('true');
  });

  it('says from when on the next try counts', () => {
    render(<Locked lock={{ ...lock, nextTryAt: after(now, 5 * MINUTE) }} />);

    expect(screen.getByText(/Nothing is lost. The next try counts from/)).toBeTruthy();
  });
});

describe('the lock button', () => {
  const open: LockView = { is: 'open', settings: { mode: 'lock' } };
  const view = (own: Partial<View>): View => ({ consent: 'given', sessions: [session()], tabs: {}, ...own });
  const press = (name: string): boolean => fireEvent.click(screen.getByRole('button', { name }));

  it('names what ends before anything is locked', async () => {
    render(<LockButton view={view({ lock: open })} now={now} />);

    press('Lock');

    expect(await screen.findByText(/Northwind Retail.* at Prowler: the token ends/)).toBeTruthy();
    expect(background.asked).toEqual([]);
    fireEvent.click(screen.getAllByRole('button', { name: 'Lock' }).at(-1)!);
    await waitFor(() => expect(background.asked).toEqual([['lock', {}]]));
  });

  it.each([
    ['nothing ends by it', view({ lock: open, sessions: [] })],
    ['renewal goes on', view({ lock: { is: 'open', settings: { mode: 'screen' } } })],
  ])('locks at once where %s', (_, seen) => {
    render(<LockButton view={seen} now={now} />);

    press('Lock');

    expect(background.asked).toEqual([['lock', {}]]);
  });

  it('leads to where a passphrase is set, where there is none', () => {
    const opened = vi.spyOn(window, 'open').mockReturnValue(null);
    render(<LockButton view={view({})} now={now} />);

    press('Set a passphrase');

    expect(opened.mock.calls[0]?.[0]).toBe('/options.html#security');
    expect(background.asked).toEqual([]);
  });
});

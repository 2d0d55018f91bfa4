// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { session } from '../../../components/fixtures/session';
import { LockdownView } from './lockdown';

const background = vi.hoisted(() => ({
  calls: [] as string[],
  answer: {} as unknown,
  clipboard: '' as string | undefined,
}));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string) => {
    background.calls.push(name);
    return Promise.resolve(background.answer);
  },
}));

const vendor = { id: 'agilicus', name: 'Agilicus' };
const ours = session({ vendor, tenant: { id: 't1', name: 'Harbour Logistics' }, offers: ['revoke'] });
const seen = session({
  id: 'b',
  vendor,
  tenant: { id: 't2', name: 'Lisbon Yard' },
  offers: ['revoke'],
  provenance: 'borrowed',
});
const key = session({ id: 'c', vendor: { id: 'esper', name: 'Esper' }, keeps: 'key', token: {}, tenant: { id: 't3' } });
const sessions = [ours, seen, key];

beforeEach(() => {
  background.calls = [];
  background.clipboard = 'canary-access-1';
  const writeText = (text: string): Promise<void> => {
    if (background.clipboard === undefined) return Promise.reject(new Error('no'));
    background.clipboard = text;
    return Promise.resolve();
  };
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
});
afterEach(() => {
  cleanup();
  Reflect.deleteProperty(navigator, 'clipboard');
});

const rowOf = (name: string): string => screen.getByText(name).closest('li')?.textContent ?? '';
const lockDown = (): void => void fireEvent.click(screen.getByRole('button', { name: 'Lock it all down' }));

describe('the list of what locking down does', () => {
  it('names for each session what happens, before anything does, and begins at the safe answer', () => {
    render(<LockdownView sessions={sessions} />);

    const [ended, left] = screen.getAllByRole('list').map(({ textContent }) => textContent);
    expect(ended).toMatch(/Harbour Logistics.*revoke/);
    expect(left).toMatch(/Lisbon Yard.*Agilicus, the console’s own/);
    expect(left).toMatch(/Esper: delete the key there yourself.*no end known/);
    expect(document.activeElement?.textContent).toBe('Keep everything');
    expect([background.calls, background.clipboard]).toEqual([[], 'canary-access-1']);
  });

  it('is left without a trace', () => {
    render(<LockdownView sessions={sessions} />);

    fireEvent.click(screen.getByRole('button', { name: 'Keep everything' }));

    expect([background.calls, location.hash]).toEqual([[], '#security']);
  });
});

describe('what became of each', () => {
  it('is told as it went, one by one', async () => {
    background.answer = {
      ok: true,
      value: {
        sessions: [
          { session: 'a', isRevoked: false, code: 'unanswered' },
          { session: 'b', isRevoked: false },
          { session: 'c', isRevoked: true },
        ],
        isLocked: true,
      },
    };
    render(<LockdownView sessions={sessions} />);
    lockDown();

    await screen.findByText('This became of each');
    expect(rowOf('Harbour Logistics')).toMatch(/forgotten here, but not ended: .*Agilicus/);
    expect(rowOf('Lisbon Yard')).toContain('the console’s own');
    expect(rowOf('t3')).toMatch(/ended at Esper, and forgotten here.*revoked/);
    expect(screen.getByText(/The clipboard was emptied. Fob is locked./)).toBeTruthy();
    expect([background.calls, background.clipboard]).toEqual([['lockdown'], '']);
  });

  it('is not made better than it is', async () => {
    background.clipboard = undefined;
    background.answer = { ok: true, value: { sessions: [], isLocked: false } };
    render(<LockdownView sessions={sessions} />);
    lockDown();

    expect(await screen.findByText(/The browser did not let Fob empty the clipboard. Fob is not locked/)).toBeTruthy();
  });

  it('leaves the list where nothing was done', async () => {
    background.answer = { ok: false, failure: { code: 'not_answering' } };
    render(<LockdownView sessions={sessions} />);
    lockDown();

    await waitFor(() => expect(screen.getByText('Fob is not answering')).toBeTruthy());
    expect(screen.getByText('Lock it all down')).toBeTruthy();
  });
});

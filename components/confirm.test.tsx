// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Confirm } from './confirm';

afterEach(cleanup);

function show() {
  const on = { onSafe: vi.fn<() => void>(), onDanger: vi.fn<() => void>() };
  render(
    <Confirm
      title="Forget it?"
      effects={['Renewal']}
      unseen={['It lives on there.']}
      safe="Keep it"
      danger="Forget"
      {...on}
    />,
  );
  return on;
}

describe('a question before something is lost', () => {
  it('lists what stops and what Fob cannot stop', () => {
    show();

    expect(screen.getByRole('listitem').textContent).toBe('Renewal');
    expect(screen.getByText('It lives on there.')).toBeTruthy();
  });

  it('puts the safe button first, where the focus is', () => {
    show();

    const [first] = screen.getAllByRole('button');
    expect(first?.textContent).toBe('Keep it');
    expect(first?.hasAttribute('autofocus') || document.activeElement === first).toBe(true);
  });

  it('takes Esc for the safe answer', () => {
    const on = show();

    fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }));

    expect(on.onSafe).toHaveBeenCalledOnce();
    expect(on.onDanger).not.toHaveBeenCalled();
  });
});

// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CopyAs, CopyMenu } from './copy-menu';

afterEach(cleanup);

function show() {
  const onCopy = vi.fn<(as: CopyAs) => void>();
  render(<CopyMenu busy={false} onCopy={onCopy} />);
  return onCopy;
}

describe('copying', () => {
  it('copies the token by one press', () => {
    const onCopy = show();

    fireEvent.click(screen.getByRole('button', { name: 'Copy token' }));

    expect(onCopy).toHaveBeenCalledExactlyOnceWith('token');
  });

  it('moves through the menu by arrows and copies by letter', () => {
    const onCopy = show();
    const [token, curl] = screen.getAllByRole('menuitem', { hidden: true });
    token?.focus();

    fireEvent.keyDown(token ?? document.body, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(curl);

    fireEvent.keyDown(curl ?? document.body, { key: 'u' });
    expect(onCopy).toHaveBeenCalledExactlyOnceWith('curl');
  });
});

// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Button } from './button';

afterEach(cleanup);

describe('a button', () => {
  it('takes no second click while what it began goes on, and says so', () => {
    const onPress = vi.fn<() => void>();
    render(
      <Button busy onPress={onPress}>
        Renew
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Renew' });

    fireEvent.click(button);

    expect(onPress).not.toHaveBeenCalled();
    expect(button.getAttribute('aria-busy')).toBe('true');
  });

  it('stays reachable when it cannot be pressed, and gives the reason', () => {
    const onPress = vi.fn<() => void>();
    render(
      <Button cannot="Nothing is selected" onPress={onPress}>
        Switch
      </Button>,
    );
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Switch' });

    fireEvent.click(button);

    expect(onPress).not.toHaveBeenCalled();
    expect(button.disabled).toBe(false);
    expect(button.title).toBe('Nothing is selected');
  });
});

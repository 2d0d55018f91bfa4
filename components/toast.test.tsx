// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Toast } from './toast';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a toast', () => {
  it('is read out by a region that was there before it', () => {
    const { rerender } = render(<Toast words={undefined} onGone={() => {}} />);
    const region = screen.getByRole('status');

    rerender(<Toast words="Copied." onGone={() => {}} />);

    expect(screen.getByRole('status')).toBe(region);
    expect(region.textContent).toContain('Copied.');
  });

  it('leaves after six seconds', () => {
    const onGone = vi.fn<() => void>();
    render(<Toast words="Copied." onGone={onGone} />);

    vi.advanceTimersByTime(5900);
    expect(onGone).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);

    expect(onGone).toHaveBeenCalledOnce();
  });

  it('stays while somebody is on it', () => {
    const onGone = vi.fn<() => void>();
    render(<Toast words="Copied." onGone={onGone} />);

    fireEvent.mouseEnter(screen.getByText('Copied.').parentElement ?? document.body);
    vi.advanceTimersByTime(60_000);

    expect(onGone).not.toHaveBeenCalled();
  });
});

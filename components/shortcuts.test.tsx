// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Button } from './button';
import { Search } from './search';
import { pressShortcut } from './shortcuts';

afterEach(cleanup);

const press = (key: string, more: KeyboardEventInit = {}, target: Element = document.body) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  let pressed = false;
  const hear = (heard: Event): void => {
    pressed = pressShortcut(heard as KeyboardEvent, document);
  };
  document.addEventListener('keydown', hear, { once: true });
  target.dispatchEvent(event);
  return pressed;
};

describe('a single key', () => {
  it('presses the button that declares it', () => {
    const onPress = vi.fn<() => void>();
    render(<Button name="Renew" keyHint="R" onPress={onPress} />);

    expect(press('r')).toBe(true);
    expect(onPress).toHaveBeenCalledOnce();
  });

  it('goes to the field that declares it', () => {
    render(<Search label="Find" placeholder="" query="" onQuery={() => {}} />);

    press('/', { shiftKey: true });

    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  });

  it('tells a capital letter from a small one', () => {
    const copy = vi.fn<() => void>();
    const menu = vi.fn<() => void>();
    render(
      <>
        <Button name="Copy" keyHint="C" onPress={copy} />
        <Button name="Copy as" keyHint="Shift+C" onPress={menu} />
      </>,
    );

    press('C', { shiftKey: true });

    expect(copy).not.toHaveBeenCalled();
    expect(menu).toHaveBeenCalledOnce();
  });

  it('is only a letter inside a field', () => {
    const onPress = vi.fn<() => void>();
    render(
      <>
        <Button name="Renew" keyHint="R" onPress={onPress} />
        <Search label="Find" placeholder="" query="" onQuery={() => {}} />
      </>,
    );

    expect(press('r', {}, screen.getByRole('searchbox'))).toBe(false);
    expect(onPress).not.toHaveBeenCalled();
  });

  it.each(['ctrlKey', 'metaKey', 'altKey'])('is left to the browser with %s', (modifier) => {
    const onPress = vi.fn<() => void>();
    render(<Button name="Renew" keyHint="R" onPress={onPress} />);

    press('r', { [modifier]: true });

    expect(onPress).not.toHaveBeenCalled();
  });
});

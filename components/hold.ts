import { useState } from 'preact/hooks';

/** What a button does while it is held, by a pointer or a key; anything that ends the holding ends it. */
export function useHold() {
  const [held, setHeld] = useState(false);
  const end = (): void => setHeld(false);
  const isPress = ({ key }: KeyboardEvent): boolean => key === ' ' || key === 'Enter';
  const hold = {
    'aria-pressed': held,
    onPointerDown: () => setHeld(true),
    onPointerUp: end,
    onPointerLeave: end,
    onPointerCancel: end,
    onBlur: end,
    onKeyDown: (event: KeyboardEvent) => isPress(event) && setHeld(true),
    onKeyUp: (event: KeyboardEvent) => isPress(event) && end(),
  } as const;
  return { held, hold };
}

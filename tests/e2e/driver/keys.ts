export type Key = {
  readonly key: string;
  readonly code: string;
  readonly keyCode: number;
  /** What it types, if anything. */
  readonly text?: string;
  readonly alt: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
};

const named: Record<string, readonly [code: string, keyCode: number, text?: string]> = {
  ArrowDown: ['ArrowDown', 40],
  ArrowLeft: ['ArrowLeft', 37],
  ArrowRight: ['ArrowRight', 39],
  ArrowUp: ['ArrowUp', 38],
  Backspace: ['Backspace', 8],
  Delete: ['Delete', 46],
  End: ['End', 35],
  Enter: ['Enter', 13, '\r'],
  Escape: ['Escape', 27],
  Home: ['Home', 36],
  PageDown: ['PageDown', 34],
  PageUp: ['PageUp', 33],
  Space: ['Space', 32, ' '],
  Tab: ['Tab', 9],
};

/** Reads `Shift+Tab` and the like. */
export function parseKey(combination: string): Key {
  const parts = combination.split(/\+(?=.)/);
  const name = parts.pop()!;
  const [code, keyCode, text] = named[name] ?? [`Key${name.toUpperCase()}`, name.toUpperCase().charCodeAt(0), name];
  const has = (modifier: string) => parts.includes(modifier);
  const isTyping = text !== undefined && !has('Control') && !has('Alt') && !has('Meta');
  return {
    key: name === 'Space' ? ' ' : name,
    code,
    keyCode,
    ...(isTyping ? { text } : {}),
    alt: has('Alt'),
    ctrl: has('Control'),
    meta: has('Meta'),
    shift: has('Shift'),
  };
}

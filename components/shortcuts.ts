/**
 * Single keys press what declares them (`aria-keyshortcuts`): a key works exactly where its button is there and can be
 * pressed. Only outside fields, so that typing stays typing (WCAG 2.1.4).
 */
export function pressShortcut(event: KeyboardEvent, root: ParentNode): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key.length !== 1) return false;
  if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog, [role="menu"]'))
    return false;
  const name = keyName(event);
  const found = [...root.querySelectorAll<HTMLElement>('[aria-keyshortcuts]')].find(
    (one) => one.getAttribute('aria-keyshortcuts') === name,
  );
  if (!found) return false;
  if (found instanceof HTMLInputElement) found.focus();
  else found.click();
  event.preventDefault();
  return true;
}

/** As ARIA writes it. A sign is itself, whichever keys it takes on this keyboard. */
function keyName({ key, shiftKey }: KeyboardEvent): string {
  const isLetter = key.toLowerCase() !== key.toUpperCase();
  return `${isLetter && shiftKey ? 'Shift+' : ''}${key.toUpperCase()}`;
}

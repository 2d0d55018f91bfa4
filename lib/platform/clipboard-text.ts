/** What is kept of a copied text, to know it again by (SHA-256, base64). */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

/** Empties the clipboard if that text is in it, and leaves alone whatever else is. */
export async function emptyIf(digest: string): Promise<void> {
  const held = await read();
  if (held !== undefined && (await digestOf(held)) === digest) await write();
}

/** In the background of Firefox the newer way works; a page off screen never has the focus that it asks for. */
async function read(): Promise<string | undefined> {
  const pasted = document.querySelector('textarea');
  if (!pasted) return navigator.clipboard.readText().catch(() => undefined);
  pasted.focus();
  document.execCommand('paste');
  return pasted.value;
}

async function write(): Promise<void> {
  const copied = document.querySelector('textarea');
  if (!copied) return navigator.clipboard.writeText('');
  // Nothing selected copies nothing: a blank takes the token's place.
  copied.value = ' ';
  copied.select();
  document.execCommand('copy');
}

/** What a form holds, by the names of its fields. */
export function typedIn(form: HTMLFormElement): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...new FormData(form)].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Empties the fields that hold secrets: they have been read, and the page has no more use for them. */
export function emptySecrets(form: HTMLFormElement): void {
  for (const field of form.querySelectorAll<HTMLInputElement>('[data-secret]')) field.value = '';
}

/** Takes the person to a field that something is wrong with. */
export function focusField(form: HTMLFormElement | null, name: string): void {
  form?.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus();
}

/** What stands on the lines of a field, one thing on each. */
export const linesOf = (text = ''): readonly string[] => text.split('\n').flatMap((line) => line.trim() || []);

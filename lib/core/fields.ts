import type { Failure } from './failure';
import type { Field, Values } from './vendor';

/** Longest text a field takes where the vendor names no limit (characters). */
export const LONGEST = 8192;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** The first thing that is wrong with what was typed, by the field's name. */
export function faultIn(
  fields: readonly Field[],
  values: Values,
): Extract<Failure, { code: 'invalid_input' }> | undefined {
  for (const { name, kind, isOptional, longest = LONGEST } of fields) {
    const value = values[name]?.trim() ?? '';
    const at = { code: 'invalid_input', field: name } as const;
    if (value === '') {
      if (isOptional) continue;
      return { ...at, detail: 'missing' };
    }
    if (value.length > longest) return { ...at, detail: 'too_long' };
    if (kind === 'uuid' && !UUID.test(value)) return { ...at, detail: 'not_whole_id' };
    if (kind === 'url' && !URL.canParse(value)) return at;
  }
  return undefined;
}

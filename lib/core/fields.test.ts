import { describe, expect, it } from 'vitest';
import { faultIn, LONGEST } from './fields';
import type { Field } from './vendor';

const WHOLE_ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const field = (over: Partial<Field> = {}): Field => ({ name: 'one', kind: 'text', ...over });
const uuid = field({ kind: 'uuid' });
const url = field({ kind: 'url' });

describe('what was typed into a form', () => {
  it.each<[string, Field, string]>([
    ['any text', field(), 'anything'],
    ['nothing where nothing is needed', field({ isOptional: true }), ''],
    ['spaces where nothing is needed', field({ kind: 'uuid', isOptional: true }), '  '],
    ['the longest text the vendor takes, between spaces', field({ longest: 3 }), ' abc '],
    ['the longest text there is where the vendor names no limit', field(), 'a'.repeat(LONGEST)],
    ['a whole id', uuid, WHOLE_ID],
    ['a whole id in capitals, between spaces', uuid, ` ${WHOLE_ID.toUpperCase()} `],
    ['an address', url, 'https://api.example.com'],
    ['text that would be no address elsewhere', field({ kind: 'email' }), 'ana'],
  ])('has no fault for %s', (_, one, typed) => {
    expect(faultIn([one], { one: typed })).toBeUndefined();
  });

  it.each<[string, Field, string, string | undefined]>([
    ['nothing', field(), '', 'missing'],
    ['spaces', field(), '  ', 'missing'],
    ['more than the vendor takes', field({ longest: 3 }), 'abcd', 'too_long'],
    ['more than the vendor takes where nothing is needed', field({ longest: 3, isOptional: true }), 'abcd', 'too_long'],
    ['more than there is room for', field(), 'a'.repeat(LONGEST + 1), 'too_long'],
    ['no address', url, 'api.example.com', undefined],
  ])('has a fault for %s', (_, one, typed, detail) => {
    const fault = faultIn([one], { one: typed });

    expect(fault).toEqual({ code: 'invalid_input', field: 'one', ...(detail && { detail }) });
  });

  it.each([
    ['a word', 'tenant'],
    ['something before the id', `x${WHOLE_ID}`],
    ['something behind the id', `${WHOLE_ID}x`],
    ...[0, 9, 14, 19, 24].flatMap((place) => [
      [`a letter that is no digit at ${place}`, `${WHOLE_ID.slice(0, place)}g${WHOLE_ID.slice(place + 1)}`],
      [`a digit too few at ${place}`, WHOLE_ID.slice(0, place) + WHOLE_ID.slice(place + 1)],
    ]),
  ])('is not a whole id with %s', (_, typed) => {
    expect(faultIn([uuid], { one: typed })).toEqual({ code: 'invalid_input', field: 'one', detail: 'not_whole_id' });
  });

  it('is missing where the form has not even the name', () => {
    expect(faultIn([field()], {})).toMatchObject({ detail: 'missing' });
  });

  it('is told of by the first field that has a fault', () => {
    const fields = [field({ isOptional: true }), field({ name: 'two' }), field({ name: 'three' })];

    expect(faultIn(fields, { one: '', two: 'b', three: '' })).toMatchObject({ field: 'three' });
    expect(faultIn(fields, { one: '', two: '', three: '' })).toMatchObject({ field: 'two' });
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../core/http';
import { instant } from '../core/time';
import { jsonApiErrors, jsonApiGet, jsonApiPost } from './json-api';

const TYPE = 'application/vnd.api+json';
const answer = (json: unknown): HttpResponse => ({ status: 400, headers: {}, json, startedAt: instant(0) });

describe('a JSON:API request', () => {
  it('to read asks for the one media type and reads no other', () => {
    expect(jsonApiGet('https://api.example/x', { authorization: 'Bearer t' })).toEqual({
      method: 'GET',
      url: 'https://api.example/x',
      headers: { accept: TYPE, authorization: 'Bearer t' },
      jsonTypes: [TYPE],
    });
  });

  it('to post wraps the resource, and gives it no id', () => {
    const { body, ...request } = jsonApiPost('https://api.example/x', {}, { type: 'things', attributes: { a: 'b' } });

    expect(request).toEqual({
      method: 'POST',
      url: 'https://api.example/x',
      headers: { accept: TYPE, 'content-type': TYPE },
      jsonTypes: [TYPE],
    });
    expect(JSON.parse(body ?? '')).toEqual({ data: { type: 'things', attributes: { a: 'b' } } });
  });
});

describe('the errors of an answer', () => {
  it('are all there, with what could be read of each', () => {
    const errors = [{ code: 'invalid', detail: 'no', source: { pointer: '/data', parameter: 'x' }, status: '400' }, {}];

    expect(jsonApiErrors(answer({ errors }))).toEqual([
      { code: 'invalid', detail: 'no', source: { pointer: '/data' } },
      {},
    ]);
  });

  it('lose a member of another type, and nothing else', () => {
    const [one] = jsonApiErrors(answer({ errors: [{ code: 'invalid', detail: 7, source: [] }] }));

    expect(one?.code).toBe('invalid');
    expect(one?.detail).toBeUndefined();
    expect(one?.source?.pointer).toBeUndefined();
  });

  it.each([undefined, null, [], {}, { errors: null }, { errors: {} }, { errors: 'x' }, '<html>'])(
    'are none in %j',
    (json) => {
      expect(jsonApiErrors(answer(json))).toEqual([]);
    },
  );

  it('throw nothing, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (json, errors) => {
        expect(Array.isArray(jsonApiErrors(answer(json)))).toBe(true);
        expect(Array.isArray(jsonApiErrors(answer({ errors })))).toBe(true);
      }),
    );
  });
});

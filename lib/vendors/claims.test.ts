import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsOf, textClaim, timeClaim } from './claims';

const part = (text: string): string => Buffer.from(text).toString('base64url');
const jwt = (payload: string): string => `${part('{"alg":"none"}')}.${part(payload)}.sig`;

describe('the claims of a token', () => {
  it('are what its second part says', () => {
    expect(claimsOf(jwt('{"sub":"ana","exp":5}'))).toEqual({ sub: 'ana', exp: 5 });
  });

  it('are read where the signature is missing: they are a hint, not a proof', () => {
    expect(claimsOf(`e30.${part('{"sub":"ana"}')}.`)).toEqual({ sub: 'ana' });
  });

  it.each([
    ['nothing', ''],
    ['an opaque token', 'pk_abcdefgh.gAAAAABk'],
    ['a payload that is no JSON', jwt('{"sub":')],
    ['a payload that is a list', jwt('["sub"]')],
    ['a payload that is text', jwt('"sub"')],
    ['a payload that is null', jwt('null')],
    ['a payload that is no UTF-8', `e30.${Buffer.from([0x22, 0xff, 0xfe, 0x22]).toString('base64url')}.`],
    ['a name that is no UTF-8', `e30.${Buffer.from('{"sub":"an\xe1"}', 'latin1').toString('base64url')}.`],
    ['a token with a quotation mark', `'.${part('{"sub":"ana"}')}.`],
    ['a token with a line break', `e30.${part('{"sub":"ana"}')}.a\nb`],
    ['a token with a space', `e30 .${part('{"sub":"ana"}')}.`],
    ['64 kB of them', jwt(JSON.stringify({ sub: 'a'.repeat(65_536) }))],
  ])('are none in %s', (_, token) => {
    expect(claimsOf(token)).toBeUndefined();
  });

  it('called __proto__ change nothing of any object', () => {
    const claims = claimsOf(jwt('{"__proto__":{"sub":"mallory"},"constructor":{"prototype":{"sub":"mallory"}}}'));

    expect(textClaim(claims, 'sub')).toBeUndefined();
    expect(({} as { sub?: unknown }).sub).toBeUndefined();
  });

  it('throw nothing, for any text', () => {
    const surrogates = fc.string({
      unit: fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
    });
    const any = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      surrogates,
      fc.tuple(fc.string(), fc.string(), fc.string()).map((parts) => parts.join('.')),
      fc.json().map(jwt),
      fc.json().map((payload) => jwt(`{"__proto__":${payload},"exp":1e999}`)),
    );
    fc.assert(
      fc.property(any, fc.string(), (token, name) => {
        const claims = claimsOf(token);

        expect(['string', 'undefined']).toContain(typeof textClaim(claims, name));
        expect(Number.isSafeInteger(timeClaim(claims, name) ?? 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a claim that is text', () => {
  it.each([
    ['ana', 'ana'],
    ['', undefined],
    ['a'.repeat(256), 'a'.repeat(256)],
    ['a'.repeat(257), undefined],
    [7, undefined],
    [null, undefined],
    [{}, undefined],
  ])('of %j is %j', (value, text) => {
    expect(textClaim({ sub: value }, 'sub')).toBe(text);
  });
});

describe('a claim that is a time', () => {
  it.each([
    [1, 1000],
    [1_768_467_600, 1_768_467_600_000],
    [1_768_467_600.4567, 1_768_467_600_457],
    [0, undefined],
    [-1, undefined],
    [253_402_300_800, undefined],
    [1e300, undefined],
    [Infinity, undefined],
    [Number.NaN, undefined],
    ['1768467600', undefined],
    [null, undefined],
  ])('of %j is %j ms', (value, at) => {
    expect(timeClaim({ exp: value }, 'exp')).toBe(at);
  });
});

import * as fc from 'fast-check';
import type { HttpResponse } from '../core/http';
import { instant } from '../core/time';

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)) }),
);
const deep = fc.integer({ min: 1, max: 2000 }).map((depth) => {
  let value: unknown = { data: [] };
  for (let i = 0; i < depth; i += 1) value = i % 2 ? [value] : { data: value };
  return value;
});
const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ stringUnit: 'binary' }),
  fc.jsonValue().map((value) => JSON.parse(`{"__proto__":${JSON.stringify(value)},"exp":1e999}`) as unknown),
  anyText,
  deep,
  fc.constantFrom<unknown>(undefined, JSON.parse('1e999'), -0, 2 ** 53, 5e-324, '', [], {}),
);

/** An unsigned JWT of these claims. */
export function unsigned(claims: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? 'null').toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** Any text, and JWTs whose claims are anything. `claims`: those a vendor's tokens have. */
export const oddTokens = (claims: object): fc.Arbitrary<string> =>
  fc.oneof(
    anyText,
    fc.dictionary(fc.constantFrom(...Object.keys(claims)), anyJson).map((over) => unsigned({ ...claims, ...over })),
    fc.record({ iat: fc.double(), exp: fc.double() }, { requiredKeys: [] }).map((o) => unsigned({ ...claims, ...o })),
  );

/** Documents of the contract with any one member of them replaced by anything. */
function broken(documents: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(...documents), fc.nat(), anyJson).map(([document, place, value]) => {
    const copy = structuredClone(document);
    const places: [Record<string, unknown>, string][] = [];
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const name of Object.keys(node)) {
        places.push([node as Record<string, unknown>, name]);
        walk((node as Record<string, unknown>)[name]);
      }
    };
    walk(copy);
    const [holder, name] = places[place % places.length] ?? [{}, ''];
    holder[name] = value;
    return copy;
  });
}

/** Answers of a vendor as odd as can be: any status, any headers, any body, and its own documents broken in one place. */
export const oddAnswers = (documents: readonly unknown[]): fc.Arbitrary<HttpResponse> =>
  fc.record({
    status: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(200, 200, 200, 201, 400, 401, 403, 404, 410, 429, 503) },
      { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.constant(Number.NaN)) },
    ),
    headers: fc.dictionary(
      fc.constantFrom('retry-after', 'date', 'content-type'),
      fc.oneof(anyText, fc.date().map(String)),
    ),
    json: fc.oneof(broken(documents), anyJson),
    startedAt: fc.constant(instant(Date.UTC(2026, 0, 15, 9))),
  });

/** Every number in a value that no record could hold; a status is the vendor's own. */
export function unholdable(value: unknown, name = ''): number[] {
  if (name === 'status') return [];
  if (typeof value === 'number') return Number.isSafeInteger(value) ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => unholdable(one, key));
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claims } from '../core/vendor';
import { prowler } from './prowler';
import { runai } from './runai';

// Who a token is for and when it ends is what its own text says, strictly read, or nothing: whatever its bytes are.

const ENDS = 1_768_471_200;
const deployment = { console: 'https://northwind.run.ai', api: 'https://northwind.run.ai' };
type Row = {
  read: (token: string) => Claims | undefined;
  claims: Record<string, unknown>;
  tenantOf: (of: Said) => unknown;
};
type Said = Readonly<Record<string, unknown>>;
const vendors: readonly [string, Row][] = [
  [
    'Prowler',
    {
      read: (token) => prowler.claims(token),
      claims: { typ: 'access', sub: 'ana', tenant_id: 'tenant-a', iat: ENDS - 1800, exp: ENDS },
      tenantOf: (said) => said['tenant_id'],
    },
  ],
  [
    'Run:ai',
    {
      read: (token) => runai.claims(token, deployment),
      claims: {
        typ: 'Bearer',
        sub: 'ana',
        iss: `${deployment.console}/auth/realms/northwind`,
        iat: ENDS - 60,
        exp: ENDS,
      },
      tenantOf: (said) => /\/auth\/realms\/([^/]+)$/.exec(said['iss'] as string)?.[1],
    },
  ],
];

const coded = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const jwt = (payload: Uint8Array | string, header = '{"alg":"RS256"}', signature = 'c2ln'): string =>
  `${coded(header)}.${coded(payload)}.${signature}`;

/** What a token says, read as strictly as can be by other means than Fob's. */
function saidBy(token: string): Said | undefined {
  const part = token.split('.')[1] ?? '';
  const bytes = Buffer.from(part, 'base64url');
  // Cut in the middle of a byte, or with something in it that is no base64.
  if (coded(bytes).length !== part.replace(/=+$/, '').length) return undefined;
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) return undefined;
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' && said !== null && !Array.isArray(said) ? (said as Said) : undefined;
  } catch {
    return undefined;
  }
}

/** Tokens that are broken in every way we know. */
function malformed(claims: Record<string, unknown>): fc.Arbitrary<string> {
  const whole = JSON.stringify(claims);
  const bytes = Buffer.from(whole);
  const name = fc.constantFrom(...Object.keys(claims));
  const huge = fc.constantFrom(
    '1e999',
    '-1e999',
    '9'.repeat(400),
    '1e308',
    '-0',
    '0.1e-400',
    String(2 ** 53),
    '253402300800',
  );
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const odd = fc.oneof(
    huge,
    fc.json(),
    fc.integer({ min: 1, max: 4000 }).map(nested),
    fc.integer({ min: 1, max: 4000 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
    fc.integer({ min: 8, max: 64 }).map((kB) => JSON.stringify('a'.repeat(kB * 1024))),
    fc.constantFrom('"\\ud800"', '"\\u0000"', '"__proto__"', '{"toString":1}', '""', 'null', 'true', '[]'),
  );
  const replaced = fc.tuple(name, odd).map(
    ([key, json]) =>
      `{${Object.entries({ ...claims, [key]: '@' })
        .map(([k, v]) => `${JSON.stringify(k)}:${v === '@' ? json : JSON.stringify(v)}`)
        .join()}}`,
  );
  const spoilt = fc
    .tuple(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 4 }))
    .map(([at, other]) => {
      const copy = Buffer.from(bytes);
      copy.set(other.subarray(0, copy.length - at), at);
      return jwt(copy);
    });
  const inName = fc
    .uint8Array({ minLength: 1, maxLength: 6 })
    .map((other) => jwt(Buffer.concat([Buffer.from('{"x":1,"sub":"'), other, Buffer.from(`",${whole.slice(1)}`)])));
  const lastName = fc
    .uint8Array({ minLength: 1, maxLength: 6 })
    .map((other) => jwt(Buffer.concat([Buffer.from(`${whole.slice(0, -1)},"sub":"`), other, Buffer.from('"}')])));
  return fc.oneof(
    replaced.map((payload) => jwt(payload)),
    spoilt,
    inName,
    lastName,
    fc.nat(bytes.length).map((at) => jwt(bytes.subarray(0, at))),
    fc
      .tuple(replaced, fc.constantFrom('{"alg":"none"}', '{"alg":"None","typ":"JWT"}', '', '{', 'null'))
      .map(([payload, header]) => jwt(payload, header, '')),
    fc.json().map((payload) => jwt(`{"__proto__":${payload},"constructor":{"prototype":${whole}}}`)),
    fc
      .tuple(fc.nat(12), fc.nat(200))
      .map(([dots, at]) => `${jwt(whole).slice(0, at)}${'.'.repeat(dots)}${jwt(whole).slice(at)}`),
    fc.integer({ min: 0, max: 300 }).map((length) => jwt(whole).slice(0, length)),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
}

describe.each(vendors)('a token of %s that is malformed', (_, { read, claims, tenantOf }) => {
  it('is not in the way of one that is well', () => {
    expect(read(jwt(JSON.stringify(claims)))).toMatchObject({ subject: 'ana', token: { expiresAt: ENDS * 1000 } });
  });

  it('is for whom its own text says and ends when that says, or is nothing; a thousand times', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(malformed(claims), (token) => {
        const claimed = read(token);
        if (claimed === undefined) {
          refused += 1;
          return;
        }
        taken += 1;
        const said = saidBy(token);
        expect(said).toBeDefined();
        expect(claimed.subject).toBe(said?.['sub']);
        expect(claimed.tenant).toBe(tenantOf(said ?? {}));
        const exp = said?.['exp'];
        const isTime = typeof exp === 'number' && exp > 0 && exp < 253_402_300_800;
        expect(claimed.token.expiresAt).toBe(isTime ? Math.round(exp * 1000) : undefined);
        expect(Number.isSafeInteger(claimed.token.issuedAt)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    // Neither all nor none of them were refused: both halves of the sentence were looked at.
    expect(Math.min(taken, refused)).toBeGreaterThan(100);
    expect(({} as Record<string, unknown>)['sub']).toBeUndefined();
  });
});

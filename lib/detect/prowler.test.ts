import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prowlerSession } from './prowler';

const REFRESH = 'canary-refresh-0123456789';
const signedIn = {
  user: { name: 'Ana Ruiz', email: 'ana.ruiz@northwind.example', permissions: { manage_users: true } },
  expires: '2026-01-16T09:00:00.000Z',
  userId: '11111111-1111-4111-8111-111111111111',
  tenantId: 'a0000000-0000-4000-8000-000000000001',
  accessToken: 'access.token.here',
  refreshToken: REFRESH,
};

describe("what Prowler's console says of its session", () => {
  it('is the access token and the end of the sign-in, and nothing else', () => {
    expect(prowlerSession.read(signedIn)).toEqual({
      kind: 'session',
      access: 'access.token.here',
      expiresAt: '2026-01-16T09:00:00.000Z',
    });
  });

  it('is a session still after a switch that failed', () => {
    expect(prowlerSession.read({ ...signedIn, error: 'TenantSwitchError' })).toMatchObject({ kind: 'session' });
  });

  it('is a sign-out where it is null', () => {
    expect(prowlerSession.read(null)).toEqual({ kind: 'signed_out' });
  });

  const unreadable: readonly [string, unknown][] = [
    ['a session that is dead', { expires: signedIn.expires, error: 'RefreshAccessTokenError' }],
    ['a session without a refresh token', { expires: signedIn.expires, error: 'MissingRefreshToken' }],
    ['no answer', undefined],
    ['nothing', {}],
    ['a list', []],
    ['text', 'null'],
    ['false', false],
    ['a token that is empty', { ...signedIn, accessToken: '' }],
    ['a token that is a number', { ...signedIn, accessToken: 7 }],
    ['a token of a megabyte', { ...signedIn, accessToken: 'a'.repeat(1_000_000) }],
  ];
  it.each(unreadable)('is neither, for %s: nothing follows from it', (_, json) => {
    expect(prowlerSession.read(json)).toEqual({ kind: 'unreadable' });
  });

  it.each([undefined, null, 7, 'x'.repeat(64), {}])('has no end where it says %j', (expires) => {
    expect(prowlerSession.read({ ...signedIn, expires })).toEqual({ kind: 'session', access: 'access.token.here' });
  });

  it('for any JSON throws nothing, and never gives away the refresh token', () => {
    const json = fc.oneof(
      fc.jsonValue(),
      fc
        .jsonValue()
        .map((value) => JSON.parse(`{"__proto__":{"accessToken":"x"},"expires":${JSON.stringify(value)}}`) as unknown),
      fc
        .dictionary(fc.constantFrom('accessToken', 'expires', 'user', 'error'), fc.jsonValue())
        .map((over) => ({ ...signedIn, ...over })),
    );
    fc.assert(
      fc.property(json, (value) => {
        const found = prowlerSession.read(value);

        expect(['session', 'signed_out', 'unreadable']).toContain(found.kind);
        expect(JSON.stringify(found)).not.toContain(REFRESH);
        expect(Object.keys(found).filter((name) => !['kind', 'access', 'expiresAt'].includes(name))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

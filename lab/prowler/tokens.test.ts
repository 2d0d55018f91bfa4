// @vitest-environment node
import { createHash } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { pairIn, refresh } from './testing-api';
import { claimsOf } from './tokens';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const ana = () => lab.prowler.people.ana;

it('signs with RS256 and names no key', () => {
  const { access } = lab.prowler.issuePair(ana());

  expect(decodeProtectedHeader(access)).toEqual({ alg: 'RS256', typ: 'JWT' });
});

it('makes tokens of the size of the vendor’s', () => {
  const { access, refresh: token } = lab.prowler.issuePair(ana());

  for (const { length } of [access, token]) expect(Math.abs(length - 806)).toBeLessThan(10);
});

it('puts the same claims into both, and nobody’s name', () => {
  const pair = lab.prowler.issuePair(ana());

  const [access, renewal] = [claimsOf(pair.access), claimsOf(pair.refresh)];

  const stamp = createHash('md5').update(ana().passwordHash).digest('hex').toUpperCase();
  const shared = {
    sub: ana().id,
    tenant_id: lab.prowler.tenants.northwind.id,
    hash_password: stamp,
    aud: 'https://api.prowler.com',
    iss: 'https://api.prowler.com',
    iat: access.iat,
    nbf: access.iat,
    jti: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
  };
  expect(access).toEqual({ ...shared, typ: 'access', exp: access.iat + 30 * 60 });
  expect(renewal).toEqual({ ...shared, typ: 'refresh', exp: access.iat + 24 * 3600 });
  expect(access.jti).not.toBe(renewal.jti);
});

it('gives a renewed refresh token a whole new life, and leaves the start of the session in `nbf`', async () => {
  const first = claimsOf(lab.prowler.issuePair(ana()).refresh);
  const { refresh: token } = lab.prowler.issuePair(ana());
  lab.settings.clockOffsetMs += 3_600_000;

  const next = claimsOf(pairIn(await refresh(lab, token)).refresh);

  expect(next.exp - next.iat).toBe(24 * 3600);
  expect(next.iat - first.iat).toBeGreaterThanOrEqual(3600);
  expect(next.nbf).toBe(first.nbf);
});

it('leaves the time of the spent token in a renewed access token’s `iat`', async () => {
  const pair = lab.prowler.issuePair(ana());
  lab.settings.clockOffsetMs += 600_000;

  const { access } = pairIn(await refresh(lab, pair.refresh));

  expect(claimsOf(access).iat).toBe(claimsOf(pair.refresh).iat);
  expect(claimsOf(access).exp).toBeGreaterThanOrEqual(claimsOf(pair.access).exp + 600);
});

it('follows the lives set while it runs', () => {
  lab.settings.accessLifeMs = 120_000;

  const { iat, exp } = claimsOf(lab.prowler.issuePair(ana()).access);

  expect(exp - iat).toBe(120);
});

it('knows the state of every token it made', async () => {
  const spent = lab.prowler.issuePair(ana());
  await refresh(lab, spent.refresh);

  const states = lab.prowler.outstanding().map(({ typ, state }) => `${typ} ${state}`);

  expect(states).toEqual(['access live', 'refresh rotated', 'access live', 'refresh live']);
  expect(lab.prowler.issuedTokens()).toContain(spent.refresh);
});

// @vitest-environment node
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { call, errorsIn, read, refresh } from './testing-api';
import { claimsOf, forge } from './tokens';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const ana = () => lab.prowler.people.ana;
const asked = (authorization: string, path = '/users/me') =>
  call(lab, path, { headers: authorization === '' ? {} : { Authorization: authorization } });

describe.each(['/users/me', '/tenants', '/tokens/switch'])('the 401 of %s', (path) => {
  it.each(['', 'Token x', 'bearer x', 'Basic eDp5', 'BEARER x'])('has one error for "%s"', async (header) => {
    const reply = await asked(header, path);

    expect(reply.status).toBe(401);
    expect(errorsIn(reply)).toEqual([
      {
        detail: 'Authentication credentials were not provided.',
        status: '401',
        source: { pointer: '/data' },
        code: 'not_authenticated',
      },
    ]);
  });

  const bad: Record<string, { token: () => string; detail: string }> = {
    'an expired token': {
      token: () => {
        const { access } = lab.prowler.issuePair(ana());
        lab.settings.clockOffsetMs += lab.settings.accessLifeMs;
        return access;
      },
      detail: 'Token is expired',
    },
    'a token from the future': {
      token: () => {
        const { access } = lab.prowler.issuePair(ana());
        lab.settings.clockOffsetMs -= 60_000;
        return access;
      },
      detail: 'Token is invalid',
    },
    'a token somebody else signed': { token: () => forged({}), detail: 'Token is invalid' },
    'a token for another audience': { token: () => forged({ aud: 'https://x.example' }), detail: 'Token is invalid' },
    garbage: { token: () => 'garbage', detail: 'Token is invalid' },
    'a key where a token belongs': { token: () => 'pk_aaaaaaaa.bbbb', detail: 'Token is invalid' },
    'a refresh token': { token: () => lab.prowler.issuePair(ana()).refresh, detail: 'Token has wrong type' },
  };

  it.each(Object.keys(bad))('has three errors for %s', async (kind) => {
    const { token, detail } = bad[kind] ?? { token: () => '', detail: '' };

    const reply = await asked(`Bearer ${token()}`, path);

    const general = ['Given token not valid for any token type', 'token_not_valid'];
    const errors = errorsIn(reply);
    expect(reply.status).toBe(401);
    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('token_not_valid'));
    expect(errors.map((error) => error.detail)).toEqual(
      path === '/tokens/switch' ? [...general, detail] : [detail, ...general],
    );
    expect(errors.map(({ source }) => source !== undefined)).toEqual(
      path === '/tokens/switch' ? [true, true, true] : [false, true, true],
    );
  });

  const gone: Record<string, { arrange: () => void; details: string[] }> = {
    'whose owner changed the password': {
      arrange: () => lab.prowler.changePassword(ana()),
      details: ["The user's password has been changed.", 'password_changed'],
    },
    'whose owner is inactive': {
      arrange: () => lab.prowler.deactivate(ana()),
      details: ['User is inactive', 'user_inactive'],
    },
    'whose owner was deleted': {
      arrange: () => lab.prowler.deleteUser(ana()),
      details: ['User not found', 'user_not_found'],
    },
  };

  it.each(Object.keys(gone))('has two errors for a token %s', async (kind) => {
    const { access } = lab.prowler.issuePair(ana());
    gone[kind]?.arrange();

    const reply = await asked(`Bearer ${access}`, path);

    expect(reply.status).toBe(401);
    expect(errorsIn(reply).map(({ detail }) => detail)).toEqual(gone[kind]?.details);
    expect(errorsIn(reply).map(({ code }) => code)).toEqual(['authentication_failed', 'authentication_failed']);
  });

  it.each(['Bearer a b', 'Bearer '])('has two errors for "%s"', async (header) => {
    const reply = await asked(header, path);

    expect(errorsIn(reply).map(({ detail }) => detail)).toEqual([
      'Authorization header must contain two space-delimited values',
      'bad_authorization_header',
    ]);
  });

  it('never names a scheme to use', async () => {
    const reply = await asked('', path);

    expect(reply.headers).not.toHaveProperty('www-authenticate');
  });
});

describe('an API key', () => {
  it('works, for its one tenant', async () => {
    const key = lab.prowler.addApiKey(ana(), lab.prowler.tenants.contoso);

    const me = await asked(`Api-Key ${key}`);
    const tenants = await asked(`Api-Key ${key}`, '/tenants');

    const { data } = me.json() as {
      data: { relationships: { memberships: { data: { meta: { active: boolean } }[] } } };
    };
    expect(key).toMatch(/^pk_.{8}\./);
    expect(data.relationships.memberships.data.map(({ meta }) => meta.active)).toEqual([false, true, false]);
    expect(tenants.status).toBe(200);
  });

  const refused: Record<string, { key: () => string; detail: string }> = {
    'that is malformed': { key: () => 'nothing', detail: 'Invalid API Key.' },
    'that is unknown': { key: () => 'pk_aaaaaaaa.bbbb', detail: 'No entity matching this api key.' },
    'that has a good prefix only': {
      key: () => `${lab.prowler.addApiKey(ana(), lab.prowler.tenants.contoso).split('.')[0]}.x`,
      detail: 'Invalid API Key.',
    },
    'that has expired': {
      key: () => lab.prowler.addApiKey(ana(), lab.prowler.tenants.contoso, { expiresAt: 1 }),
      detail: 'API Key has already expired.',
    },
    'that was revoked': {
      key: () => {
        const key = lab.prowler.addApiKey(ana(), lab.prowler.tenants.contoso);
        lab.prowler.revokeApiKey(key);
        return key;
      },
      detail: 'This API Key has been revoked.',
    },
  };

  it.each(Object.keys(refused))('is refused with one error %s', async (kind) => {
    const reply = await asked(`Api-Key ${refused[kind]?.key()}`);

    expect(reply.status).toBe(401);
    expect(errorsIn(reply)).toEqual([
      {
        detail: refused[kind]?.detail,
        status: '401',
        source: { pointer: '/data' },
        code: 'authentication_failed',
      },
    ]);
  });
});

it('lets tokens already issued live on after a refresh and after an expulsion', async () => {
  const pair = lab.prowler.issuePair(ana());
  await refresh(lab, pair.refresh);
  lab.prowler.removeMember(ana(), lab.prowler.tenants.northwind);

  const reply = await read(lab, '/users/me', pair.access);

  expect(reply.status).toBe(200);
});

function forged(changes: object): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return forge({ ...claimsOf(lab.prowler.issuePair(ana()).access), ...changes }, privateKey);
}

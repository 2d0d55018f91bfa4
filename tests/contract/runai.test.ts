import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { RunaiSettings } from '../../lab/runai/settings';
import type { Outcome } from '../../lib/core/failure';
import { MINUTE } from '../../lib/core/time';
import type { Deployment, Granted, Renewing, Values } from '../../lib/core/vendor';
import { runai } from '../../lib/vendors/runai';
import { runExchanges } from './run-exchange';

// Fob's exchanges against the vendor's servers as the contract has them: what is built here is what is answered there.

const deployment: Deployment = { console: 'https://northwind.run.ai', api: 'https://northwind.run.ai' };
const callback = 'https://northwind.run.ai/login/callback';
const failure = (code: string) => ({ ok: false, failure: expect.objectContaining({ code }) as unknown });
let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const set = (change: Partial<RunaiSettings>) => Object.assign(lab.settings.runai, change);
const ana = () => lab.runai.people.ana;
const northwind = () => lab.runai.tenants.northwind;
const signIn = (way: Exclude<keyof typeof runai.obtain, 'token'>, values: Values): Promise<Outcome<Granted>> =>
  runExchanges(lab, runai.obtain[way].exchanges, { deployment, values });

function climb(name: 'rotate' | 'request', input: Partial<Renewing>): Promise<Outcome<Granted>> {
  const rung = runai.renewal.find((one) => one.name === name);
  if (!rung) throw new Error(`no rung is called ${name}`);
  return runExchanges(lab, rung.exchanges, { deployment, access: '', subject: '', tenant: 'northwind', ...input });
}

/** The paths that were asked, in order, with their queries left out. */
const paths = () => lab.ledger.of({ host: 'northwind.run.ai' }).map(({ path }) => path.split('?')[0]);
const v1 = '/api/v1/token';
const v2 = '/api/v2/token';

describe('an application', () => {
  const credentials = (named = false): Values => {
    const { id, secret, name } = lab.runai.addServiceAccount(northwind(), 'pipeline');
    return { client_id: id, client_secret: secret, ...(named ? { name } : {}) };
  };

  it.each([
    ['3.0', false, [v2]],
    ['2.24', false, [v2]],
    ['2.22', false, [v2, v1]],
    ['2.19', false, [v2, v1, v1]],
    ['2.24', true, [v2]],
    ['2.19', true, [v2, '/v1/k8s/auth/oauth/apptoken']],
  ] as const)('signs in at version %s (named: %s), and again, by %j', async (version, named, asked) => {
    set({ version });
    const values = credentials(named);

    const first = await signIn('application', values);
    const again = await climb('request', { client: values });

    for (const one of [first, again]) {
      expect(one).toMatchObject({ ok: true, value: { tenant: 'northwind', ids: { client: values['client_id'] } } });
      if (!one.ok) throw new Error(one.failure.code);
      const { issuedAt, expiresAt = 0 } = one.value.token;
      expect(Math.round((expiresAt - issuedAt) / MINUTE)).toBe(60);
      expect(one.value).not.toHaveProperty('refresh');
      expect(lab.runai.stateOf(one.value.access)).toBe('live');
    }
    expect(paths()).toEqual([...asked, ...asked]);
  });

  it.each([
    ['3.0', false],
    ['2.22', false],
    ['2.19', false],
    ['2.19', true],
  ] as const)('is refused with a wrong secret at version %s (named: %s)', async (version, named) => {
    set({ version });
    const values = { ...credentials(named), client_secret: 'canary-secret-wrong' };

    expect(await signIn('application', values)).toEqual(failure('credentials_refused'));
    expect(await climb('request', { client: values })).toEqual(failure('credentials_refused'));
  });

  it('is refused where 401 is the word for it', async () => {
    set({ version: '2.22', refusedStatus: 401 });

    expect(await signIn('application', { ...credentials(), client_secret: 'x' })).toEqual(
      failure('credentials_refused'),
    );
  });

  it('waits for a server that is down', async () => {
    lab.faults.add({ host: 'northwind.run.ai', path: v2, kind: 'status', status: 503, times: 1 });

    expect(await signIn('application', credentials())).toEqual(failure('vendor_down'));
  });
});

describe('a person', () => {
  it.each([
    ['3.0', [v2]],
    ['2.23', [v2, v1]],
  ] as const)('signs in with a password at version %s', async (version, asked) => {
    set({ version });

    const granted = await signIn('password', { username: ana().email, password: ana().password });

    expect(granted).toMatchObject({ ok: true, value: { tenant: 'northwind', ids: { client: 'cli' } } });
    expect(granted.ok && granted.value.refresh).toBeTruthy();
    expect(paths()).toEqual(asked);
  });

  it.each(['3.0', '2.23'] as const)('is refused with a wrong one at version %s', async (version) => {
    set({ version });

    expect(await signIn('password', { username: ana().email, password: 'canary-pw-wrong' })).toEqual(
      failure('credentials_refused'),
    );
    expect(await signIn('password', { username: 'nobody@northwind.example', password: 'canary-pw-x' })).toEqual(
      failure('credentials_refused'),
    );
  });

  it('keeps the client of a sign-in whose token does not name it, and renews with it', async () => {
    set({ version: '2.24', bareClaims: true });

    const granted = await signIn('password', { username: ana().email, password: ana().password });
    if (!granted.ok) throw new Error(granted.failure.code);
    const { access, refresh = '', ids = {} } = granted.value;

    expect(await climb('rotate', { access, refresh, ids })).toMatchObject({ ok: true });
  });
});

describe('a code', () => {
  const code = () => lab.runai.issueCode(ana(), northwind(), callback);
  const legacy = '/v1/k8s/auth/token/exchange';

  it.each([
    ['2.24', [v2]],
    ['3.0', [v2, v1]],
    ['2.20', [v2, v1]],
  ] as const)('is exchanged at version %s by %j', async (version, asked) => {
    set({ version });

    const granted = await signIn('code', { code: code(), redirect_uri: callback });

    expect(granted).toMatchObject({ ok: true, value: { tenant: 'northwind', ids: { client: 'runai-admin-ui' } } });
    expect(paths()).toEqual(asked);
  });

  it('is exchanged by the deprecated path where the others are not there', async () => {
    set({ version: '2.18' });
    lab.faults.add({ host: 'northwind.run.ai', path: v1, kind: 'status', status: 404, times: 1 });

    const granted = await signIn('code', { code: code(), redirect_uri: callback });

    expect(granted).toMatchObject({ ok: true, value: { tenant: 'northwind' } });
    expect(paths()).toEqual([v2, v1, legacy]);
  });

  it.each(['2.24', '3.0', '2.18'] as const)('that was used is told so at version %s', async (version) => {
    set({ version });
    const values = { code: code(), redirect_uri: callback };
    await signIn('code', values);

    expect(await signIn('code', values)).toEqual(failure('code_used'));
  });

  it('that was used is told so by the deprecated path', async () => {
    set({ version: '2.18' });
    lab.faults.add({ host: 'northwind.run.ai', path: v1, kind: 'status', status: 404, times: 2 });
    const values = { code: code(), redirect_uri: callback };
    await signIn('code', values);

    expect(await signIn('code', values)).toEqual(failure('code_used'));
  });

  it('of another tenant, or never made, is no better', async () => {
    const foreign = lab.runai.issueCode(ana(), lab.runai.tenants.contoso, callback);

    expect(await signIn('code', { code: foreign, redirect_uri: callback })).toEqual(failure('code_used'));
    expect(await signIn('code', { code: 'canary-code', redirect_uri: callback })).toEqual(failure('code_used'));
  });
});

describe("an identity provider's token", () => {
  it.each([
    ['3.0', [v2]],
    ['2.22', [v2, v1]],
    ['2.24', [v2, v1]],
  ] as const)('is exchanged at version %s by %j', async (version, asked) => {
    set({ version });

    const granted = await signIn('external', { external_token: lab.runai.externalToken(ana(), northwind()) });

    expect(granted).toMatchObject({ ok: true, value: { tenant: 'northwind' } });
    expect(paths()).toEqual(asked);
  });

  it.each(['3.0', '2.22'] as const)('that nobody knows is refused at version %s', async (version) => {
    set({ version });

    expect(await signIn('external', { external_token: 'canary-unknown' })).toEqual(failure('credentials_refused'));
  });
});

describe('a refresh token', () => {
  const issued = (client?: string): Partial<Renewing> => lab.runai.issueTokens(ana(), northwind(), client);
  const legacy = '/v1/k8s/auth/oauth/tokens/refresh';

  it.each([
    ['2.24', [v2]],
    ['3.0', [v2, v1]],
    ['2.19', [v2, v1]],
  ] as const)('renews at version %s by %j, for the client it was made for', async (version, asked) => {
    set({ version });

    expect(await climb('rotate', issued('runai-cli'))).toMatchObject({ ok: true, value: { tenant: 'northwind' } });
    expect(paths()).toEqual(asked);
  });

  it('goes into an address only where the path before is not there', async () => {
    set({ version: '2.18' });
    lab.faults.add({ host: 'northwind.run.ai', path: v1, kind: 'status', status: 404, times: 1 });

    expect(await climb('rotate', issued())).toMatchObject({ ok: true, value: { tenant: 'northwind' } });
    expect(paths()).toEqual([v2, v1, legacy]);
  });

  it.each([405, 500] as const)('goes into no address after a %i', async (status) => {
    set({ version: '2.18' });
    lab.faults.add({ host: 'northwind.run.ai', path: v1, kind: 'status', status, times: 1 });

    expect((await climb('rotate', issued())).ok).toBe(false);
    expect(paths()).not.toContain(legacy);
  });

  it('that brings no successor stays the one there is', async () => {
    set({ refreshAnswersRefreshToken: false });

    const renewed = await climb('rotate', issued());

    expect(renewed.ok).toBe(true);
    expect(renewed.ok && renewed.value).not.toHaveProperty('refresh');
  });

  it.each([
    ['3.0', 400],
    ['2.24', 400],
    ['2.19', 400],
    ['2.19', 401],
    ['2.19', 403],
  ] as const)('that is spent is dead at version %s, told with %i', async (version, deadRefreshStatus) => {
    set({ version, deadRefreshStatus, rotation: 'strict' });
    const tokens = issued();
    await climb('rotate', tokens);

    expect(await climb('rotate', tokens)).toEqual(failure('grant_dead'));
  });

  it('whose session an administrator ended is dead', async () => {
    const tokens = issued();
    lab.runai.endSessions(ana(), northwind());

    expect(await climb('rotate', tokens)).toEqual(failure('grant_dead'));
  });

  it('that is dead by the deprecated path is told so', async () => {
    set({ version: '2.18' });
    lab.faults.add({ host: 'northwind.run.ai', path: v1, kind: 'status', status: 404, times: 1 });

    expect(await climb('rotate', { ...issued(), refresh: 'canary-dead' })).toEqual(failure('grant_dead'));
  });

  it('refused with a 500 is tried again: it may be the server', async () => {
    set({ version: '2.19', deadRefreshStatus: 500 });

    expect(await climb('rotate', { ...issued(), refresh: 'canary-dead' })).toEqual(failure('vendor_down'));
  });

  it('of a token that says neither when it was made nor its client, where no life is told, counts by the answer', async () => {
    set({ version: '2.19', bareClaims: true });
    lab.settings.clockOffsetMs += 6 * 60 * MINUTE;

    const renewed = await climb('rotate', { ...issued(), ids: { client: 'runai-admin-ui' } });

    if (!renewed.ok) throw new Error(renewed.failure.code);
    const { issuedAt, expiresAt = 0 } = renewed.value.token;
    expect(Math.round((expiresAt - issuedAt) / MINUTE)).toBe(60);
  });
});

describe('a token seen on the way', () => {
  it.each(['access', 'id'] as const)('says whose it is (%s token)', (kind) => {
    const token = lab.runai.issueTokens(ana(), northwind())[kind];

    const to = new URL('https://northwind.run.ai/v1/k8s/auth/me');
    const seen = runai.wire(`Bearer ${token}`, to, deployment) ?? '';

    expect(runai.claims(seen, deployment)).toMatchObject({
      tenant: 'northwind',
      labels: { person: 'Ana Ruiz', email: ana().email },
      ids: { client: 'runai-admin-ui' },
    });
  });

  it('of a realm on its own host, or on a host of the customer, belongs there and nowhere else', () => {
    const { fabrikam, adventureWorks } = lab.runai.tenants;
    const at = (host: string): Deployment => ({ console: `https://${host}`, api: `https://${host}` });
    const theirs = lab.runai.issueTokens(ana(), fabrikam).access;
    const own = lab.runai.issueTokens(lab.runai.people.ben, adventureWorks).access;

    expect(runai.claims(theirs, at(fabrikam.host))?.tenant).toBe('fabrikam');
    expect(runai.claims(own, at(adventureWorks.host))?.tenant).toBe('runai');
    expect(runai.claims(theirs, deployment)).toBeUndefined();
    expect(runai.claims(own, deployment)).toBeUndefined();
    expect(runai.claims(lab.runai.issueTokens(ana(), northwind()).access, at(adventureWorks.host))).toBeUndefined();
  });

  it('to renew with is no bearer', () => {
    expect(runai.claims(lab.runai.issueTokens(ana(), northwind()).refresh, deployment)).toBeUndefined();
  });
});

// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { send } from '../testing-client';
import { hostOf, type TestHost } from './testing-api';

let lab: Lab;
let northwind: TestHost;
beforeEach(async () => {
  lab = await startLab();
  northwind = hostOf(lab);
});
afterEach(() => lab.close());

const ana = () => lab.runai.people.ana;
const tenant = () => lab.runai.tenants.northwind;
const statusOf = async (bearer: string) => (await northwind.read('/v1/k8s/auth/me', bearer)).status;

describe('the bearer', () => {
  it('may be the access token or the ID token, and never the refresh token', async () => {
    const { access, id, refresh } = lab.runai.issueTokens(ana(), tenant());

    expect([await statusOf(access), await statusOf(id), await statusOf(refresh)]).toEqual([200, 200, 401]);
  });

  it.each(['', 'Bearer', 'Basic eDp5', 'Bearer x'])('is wanted, and not as %j', async (Authorization) => {
    const reply = await northwind.call('/api/v1/clusters', { headers: { Authorization } });

    expect(reply.status).toBe(401);
    expect(reply.json()).toEqual({ code: 401, message: 'Issuer is not familiar.' });
  });

  it('is good for its own tenant only', async () => {
    const { access } = lab.runai.issueTokens(ana(), lab.runai.tenants.contoso);

    expect(await statusOf(access)).toBe(401);
    expect((await hostOf(lab, 'contoso.run.ai').read('/v1/k8s/auth/me', access)).status).toBe(200);
  });

  it('ends with its time', async () => {
    const { access } = lab.runai.issueTokens(ana(), tenant());
    lab.settings.clockOffsetMs += 3_601_000;

    const reply = await northwind.read('/api/v1/clusters', access);

    expect(reply.json()).toEqual({ code: 401, message: 'Unauthorized', details: 'Token is expired' });
  });

  it('outlives its session, unless the deployment looks', async () => {
    const { access } = lab.runai.issueTokens(ana(), tenant());
    lab.runai.endSessions(ana(), tenant());

    const without = await statusOf(access);
    lab.settings.runai.endedSessionsKillBearers = true;

    expect([without, await statusOf(access)]).toEqual([200, 401]);
  });
});

describe('resources', () => {
  it('tell anybody the realm', async () => {
    const reply = await northwind.call('/v1/k8s/config');

    expect(reply.json()).toMatchObject({ authRealm: 'northwind', authUrl: 'https://app.run.ai/auth' });
  });

  it('tell who one is', async () => {
    const { access } = lab.runai.issueTokens(ana(), tenant());

    const reply = await northwind.read('/v1/k8s/auth/me', access);

    expect(reply.json()).toMatchObject({ email: ana().email, name: 'Ana Ruiz', tenantName: 'Northwind Retail' });
  });

  it('tell after how long a session falls idle', async () => {
    lab.settings.runai.idleTimeoutMinutes = 60;
    const { access } = lab.runai.issueTokens(ana(), tenant());

    const reply = await northwind.read('/api/v1/security/settings', access);

    expect(reply.json()).toEqual({ browserSessionTimeout: { idleTimeout: 60 } });
  });

  it('end the sessions of others for administrators only', async () => {
    const { ben } = lab.runai.people;
    const [admin, viewer] = [lab.runai.issueTokens(ana(), tenant()), lab.runai.issueTokens(ben, tenant())];
    const subjects = lab.runai.outstanding();
    const subOf = (index: number) => subjects[index]?.sub ?? '';
    const out = async (sub: string, bearer: string) =>
      (
        await northwind.call(`/api/v1/users/${sub}/logout`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${bearer}` },
        })
      ).status;

    const statuses = [await out(subOf(0), viewer.access), await out(subOf(3), admin.access)];

    expect(statuses).toEqual([403, 204]);
    expect([lab.runai.stateOf(admin.refresh), lab.runai.stateOf(viewer.refresh)]).toEqual(['live', 'session_over']);
  });

  it('are not there under other paths', async () => {
    const reply = await northwind.call('/api/v1/nothing');

    expect([reply.status, reply.text]).toEqual([404, '404 page not found\n']);
  });
});

describe('the console', () => {
  const page = async (host = 'northwind.run.ai') => (await send(lab.port, `https://${host}/projects`)).text;

  it('is one page on every tenant’s host, with its own realm and no token', async () => {
    const { refresh } = lab.runai.issueTokens(ana(), tenant());

    const [northwindPage, ownPage] = [await page(), await page('runai.adventure-works.example')];

    expect(northwindPage).toContain('"issuer":"https://app.run.ai/auth/realms/northwind"');
    expect(ownPage).toContain('"issuer":"https://runai.adventure-works.example/auth/realms/runai"');
    expect(northwindPage).not.toContain(refresh);
  });

  it('keeps its tokens where the settings say', async () => {
    const before = await page();
    Object.assign(lab.settings.runai, { consoleTokens: 'localStorage', consoleTokensKey: 'authentication' });

    const after = await page();

    expect(before).toContain('"consoleTokens":"memory"');
    expect(after).toContain('"consoleTokens":"localStorage","consoleTokensKey":"authentication"');
  });
});

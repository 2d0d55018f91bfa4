import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { AgilicusSettings } from '../../lab/agilicus/settings';
import type { Outcome } from '../../lib/core/failure';
import { MINUTE } from '../../lib/core/time';
import { nextTokenFilter } from '../../lib/core/token-pages';
import type { Deployment, TenantPage, TokenFilter, TokenPage, TokenWanted } from '../../lib/core/vendor';
import { agilicus } from '../../lib/vendors/agilicus';
import { runExchange } from './run-exchange';

// Fob's exchanges against the vendor's servers as the contract has them: what is built here is what is answered there.

const deployment: Deployment = {
  console: 'https://admin.northwind.agilicus.cloud',
  api: 'https://api.agilicus.com',
};
const failure = (code: string) => ({ ok: false, failure: expect.objectContaining({ code }) as unknown });
let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const set = (change: Partial<AgilicusSettings>) => Object.assign(lab.settings.agilicus, change);
const people = () => lab.agilicus.people;
const orgs = () => lab.agilicus.orgs;
const issue = (...given: Parameters<Lab['agilicus']['issueToken']>) => lab.agilicus.issueToken(...given);
const placed = (access: string, person = people().ana) => ({
  deployment,
  access,
  subject: person.id,
  tenant: orgs().northwind.id,
});
const identify = (access: string) => runExchange(lab, agilicus.identify, { deployment, access });
const reissue = (access: string, tenant: string) => runExchange(lab, agilicus.move.to, { deployment, access, tenant });
const wanted = (change: Partial<TokenWanted> = {}): TokenWanted => ({
  subject: people().ana.id,
  tenant: orgs().northwind.id,
  audiences: ['urn:api:agilicus:gateway'],
  durationS: 7200,
  ...change,
});
const minutes = ({ issuedAt, expiresAt = 0 }: { issuedAt: number; expiresAt?: number }) =>
  Math.round((expiresAt - issuedAt) / MINUTE);

describe('introspection', () => {
  it.each(['number', 'text', 'iso'] as const)('says whose a token is, with moments as %s', async (tokenTimes) => {
    set({ tokenTimes });
    const token = issue(people().ana);
    const { exp, iat, session, jti } = lab.agilicus.outstanding()[0] ?? {};

    expect(await identify(token)).toEqual({
      ok: true,
      value: {
        subject: people().ana.id,
        tenant: orgs().northwind.id,
        labels: { person: 'Ana Ruiz', email: people().ana.email, roles: ['applications: owner', 'users: owner'] },
        issuedAt: (iat ?? 0) * 1000,
        expiresAt: (exp ?? 0) * 1000,
        ids: { session, jti, root_org: orgs().northwind.id },
      },
    });
  });

  it('needs no more than the first release says', async () => {
    set({ release: 'first' });

    expect(await identify(issue(people().ana))).toMatchObject({ ok: true, value: { subject: people().ana.id } });
  });

  it('says that somebody ended a token', async () => {
    const token = issue(people().ana);
    lab.agilicus.revoke(token);

    expect(await identify(token)).toEqual(failure('revoked'));
  });

  it.each([400, 401, 404] as const)('of what is no token any more is a refusal, with %i', async (status) => {
    set({ introspectExpiredStatus: status, introspectGarbageStatus: status });
    const token = issue(people().ana, undefined, { expInMs: 1000 });
    lab.settings.clockOffsetMs += 2000;

    expect(await identify(token)).toEqual(failure('unauthorized'));
    expect(await identify('canary-garbage')).toEqual(failure('unauthorized'));
  });

  it('of an ended token that is answered all the same says that it has ended', async () => {
    set({ introspectExpiredStatus: 200 });
    const token = issue(people().ana, undefined, { expInMs: 1000 });
    lab.settings.clockOffsetMs += 2000;

    const said = await identify(token);

    expect(said.ok && (said.value.expiresAt ?? 0) < Date.now() + lab.settings.clockOffsetMs).toBe(true);
  });
});

describe('the organisations of a person', () => {
  const list = (access: string, cursor?: string): Promise<Outcome<TenantPage>> =>
    runExchange(lab, agilicus.tenants, { ...placed(access), ...(cursor === undefined ? {} : { cursor }) });

  it.each(['document', 'array'] as const)('are those they are in, as a %s', async (orgsOfUser) => {
    set({ orgsOfUser });

    const page = await list(issue(people().ana));

    const { northwind, logistics, longName } = orgs();
    expect(page).toEqual({
      ok: true,
      value: { items: [northwind, logistics, longName].map(({ id, name }) => ({ id, name })) },
    });
  });

  it('are called by their names one by one, too, as far as they may be seen', async () => {
    const name = (tenant: string) => runExchange(lab, agilicus.tenantName, { ...placed(issue(people().ben)), tenant });

    expect(await name(orgs().northwind.id)).toEqual({ ok: true, value: orgs().northwind.name });
    expect(await name(orgs().contoso.id)).toMatchObject({ ok: false });
  });

  it('leave out those that are disabled: nobody can go there', async () => {
    lab.agilicus.disableOrg(orgs().logistics);

    const page = await list(issue(people().ana));

    expect(page.ok && page.value.items.map(({ id }) => id)).not.toContain(orgs().logistics.id);
  });

  it('may be three hundred', async () => {
    lab.agilicus.addOrgs(people().ana, 300);

    const page = await list(issue(people().ana));

    expect(page.ok && page.value.items.length).toBe(303);
  });

  it("are told to nobody with a dead token, and not to somebody else's", async () => {
    const dead = issue(people().ana);
    lab.agilicus.revoke(dead);

    expect(await list(dead)).toEqual(failure('unauthorized'));
    expect(await list(issue(people().ben))).toEqual(failure('forbidden'));
  });
});

describe('a reissue', () => {
  it.each(['current', 'first'] as const)(
    'gives a token there with the end of the one it is from (%s)',
    async (release) => {
      set({ release });
      const root = issue(people().ana);
      lab.settings.clockOffsetMs += 20 * MINUTE;

      const moved = await reissue(root, orgs().logistics.id);

      if (!moved.ok) throw new Error(moved.failure.code);
      expect(moved.value).toMatchObject({ tenant: orgs().logistics.id, subject: people().ana.id });
      expect(minutes(moved.value.token)).toBe(40);
      expect(lab.agilicus.stateOf(root)).toBe('live');
      expect(await identify(moved.value.access)).toMatchObject({ ok: true, value: { tenant: orgs().logistics.id } });
    },
  );

  it.each([400, 403] as const)('to where one may not be is refused, with %i', async (reissueForbiddenStatus) => {
    set({ reissueForbiddenStatus });

    expect(await reissue(issue(people().ana), orgs().contoso.id)).toEqual(failure('tenant_refused'));
    expect(await reissue(issue(people().ana), 'nowhere')).toEqual(failure('tenant_refused'));
  });

  it.each([
    [401, 'unauthorized'],
    [410, 'revoked'],
  ] as const)('from a token that is dead is refused, with %i', async (reissueDeadStatus, code) => {
    set({ reissueDeadStatus });

    expect(await reissue('canary-dead', orgs().logistics.id)).toEqual(failure(code));
  });
});

describe('a revocation', () => {
  const revoke = (access: string, allSessions: boolean) =>
    runExchange(lab, agilicus.revoke, { deployment, access, allSessions });

  it('ends one token, or every sign-in', async () => {
    const [one, two, three] = [issue(people().ana), issue(people().ana), issue(people().ana)];

    expect(await revoke(one, false)).toEqual({ ok: true, value: undefined });
    expect([one, two, three].map(lab.agilicus.stateOf)).toEqual(['revoked', 'live', 'live']);
    expect(await revoke(two, true)).toEqual({ ok: true, value: undefined });
    expect([one, two, three].map(lab.agilicus.stateOf)).toEqual(['revoked', 'revoked', 'revoked']);
  });

  it('that does not get through says so', async () => {
    const token = issue(people().ana);
    const fault = { host: 'api.agilicus.com', path: '/v1/tokens/revoke', kind: 'status', times: 1 } as const;

    lab.faults.add({ ...fault, status: 503 });
    expect(await revoke(token, false)).toEqual(failure('vendor_down'));
    lab.faults.add({ ...fault, status: 403 });
    expect(await revoke(token, false)).toEqual(failure('forbidden'));
    expect(lab.agilicus.stateOf(token)).toBe('live');
  });

  it("of somebody's sign-in is for those who may", async () => {
    const { ana, ben } = people();
    const [own, theirs, other] = [issue(ana), issue(ben), issue(ben)];
    const session = lab.agilicus.outstanding()[1]?.session ?? '';
    const end = (access: string, of: { subject: string; tenant?: string; session?: string }) =>
      runExchange(lab, agilicus.endSession, { deployment, access, of });

    expect(await end(theirs, { subject: ana.id })).toEqual(failure('forbidden'));
    expect(await end('canary-dead', { subject: ben.id })).toEqual(failure('unauthorized'));
    const named = { subject: ben.id, tenant: orgs().northwind.id, session };
    expect(await end(own, named)).toEqual({ ok: true, value: undefined });

    expect([own, theirs, other].map(lab.agilicus.stateOf)).toEqual(['live', 'revoked', 'live']);
  });
});

describe('a token made to order', () => {
  const validate = (order: TokenWanted, access = issue(people().ana)) =>
    runExchange(lab, agilicus.validate, { deployment, access, wanted: order });
  const create = (order: TokenWanted, access = issue(people().ana)) =>
    runExchange(lab, agilicus.create, { deployment, access, wanted: order });

  it.each([201, 200] as const)('is checked first, and made, with %i', async (createStatus) => {
    set({ createStatus });

    expect(await validate(wanted())).toEqual({ ok: true, value: undefined });
    const made = await create(wanted({ createRefreshToken: true }));

    if (!made.ok) throw new Error(made.failure.code);
    expect(made.value).toMatchObject({ subject: people().ana.id, tenant: orgs().northwind.id });
    expect(minutes(made.value.token)).toBe(120);
    expect(minutes(made.value.refreshLife ?? { issuedAt: 0 })).toBe(24 * 60);
  });

  it('for what one may not have is refused by the check already', async () => {
    const { ben } = people();
    const order = wanted({ subject: ben.id, scopes: ['urn:agilicus:users'] });

    expect(await validate(order)).toEqual(failure('forbidden'));
    expect(await create(order, issue(ben))).toEqual(failure('forbidden'));
  });

  it('that is no order at all is refused as such', async () => {
    expect(await validate(wanted({ durationS: -1 }))).toEqual(failure('invalid_input'));
    expect(await create(wanted({ durationS: -1 }))).toEqual(failure('invalid_input'));
    expect(await create(wanted(), 'canary-dead')).toEqual(failure('unauthorized'));
  });

  it.each([false, true])('is renewed with its own refresh token (which rotates: %s)', async (apiRefreshRotates) => {
    set({ apiRefreshRotates });
    const made = await create(wanted({ createRefreshToken: true }));
    if (!made.ok) throw new Error(made.failure.code);
    const { access, refresh = '' } = made.value;
    const rotate = (token: string, as: string) =>
      runExchange(lab, agilicus.renewal[0]?.exchanges[0], { ...placed(as), refresh: token });

    const renewed = await rotate(refresh, access);

    expect(renewed).toMatchObject({ ok: true, value: { tenant: orgs().northwind.id } });
    expect(renewed.ok && renewed.value.refresh !== undefined).toBe(apiRefreshRotates);
    expect(await rotate(access, access)).toEqual(failure('unexpected_status'));
    expect(await rotate(refresh, 'canary-dead')).toEqual(failure('unauthorized'));
  });
});

describe('the list of tokens', () => {
  const list = (access: string, filter: TokenFilter = {}): Promise<Outcome<TokenPage>> =>
    runExchange(lab, agilicus.list, { deployment, access, filter });
  const found = async (access: string, filter: TokenFilter) => {
    const page = await list(access, filter);
    if (!page.ok) throw new Error(page.failure.code);
    return page.value.items.map(({ jti }) => jti);
  };

  it('tells of each what the vendor knows', async () => {
    const token = issue(people().ana);
    const { jti, session, iat, exp } = lab.agilicus.outstanding()[0] ?? { iat: 0, exp: 0 };

    const page = await list(token);

    expect(page).toMatchObject({
      ok: true,
      value: {
        limit: 100,
        items: [
          {
            jti,
            session,
            subject: people().ana.id,
            email: people().ana.email,
            tenant: orgs().northwind.id,
            issuedAt: iat * 1000,
            expiresAt: exp * 1000,
            isRevoked: false,
            isMasquerading: false,
            roles: { 'urn:api:agilicus:users': ['owner'] },
          },
        ],
      },
    });
  });

  it('takes every filter of the contract', async () => {
    const { ana, ben } = people();
    const old = issue(ana, orgs().logistics, { scopes: ['urn:a:b', 'urn:c:d'], expInMs: 30 * 24 * 60 * MINUTE });
    lab.agilicus.revoke(old);
    lab.settings.clockOffsetMs += 3 * 60 * MINUTE;
    const own = issue(ana);
    issue(ben);
    const [first, , third] = lab.agilicus.outstanding();
    const now = Date.now() + lab.settings.clockOffsetMs;
    const iso = (hours: number) => new Date(now + hours * 60 * MINUTE).toISOString();

    const byFilter: Record<string, [TokenFilter, unknown]> = {
      limit: [{ limit: 1, iatTo: iso(-1) }, [first?.jti]],
      subject: [{ subject: ben.id }, [third?.jti]],
      tenant: [{ tenant: orgs().logistics.id }, [first?.jti]],
      jti: [{ jti: third?.jti ?? '' }, [third?.jti]],
      session: [{ session: third?.session ?? '' }, [third?.jti]],
      revoked: [{ isRevoked: true }, [first?.jti]],
      'not revoked': [{ isRevoked: false, subject: ben.id }, [third?.jti]],
      'iat to': [{ iatTo: iso(-1) }, [first?.jti]],
      'iat from': [{ iatFrom: iso(-4), iatTo: iso(-2) }, [first?.jti]],
      'exp from': [{ expFrom: iso(24) }, [first?.jti]],
      'exp to': [{ expTo: iso(2), subject: ben.id }, [third?.jti]],
      scopes: [{ scopes: ['urn:a:%', 'urn:c:d'] }, [first?.jti]],
      'scopes that none has together': [{ scopes: ['urn:a:b', 'urn:agilicus:users'] }, []],
    };

    for (const [what, [filter, jtis]] of Object.entries(byFilter))
      expect([what, await found(own, filter)]).toEqual([what, jtis]);
  });

  it('is read to its end, however often it is cut', async () => {
    const own = issue(people().ana);
    for (let index = 0; index < 25; index += 1) {
      lab.settings.clockOffsetMs += index % 3 === 0 ? 1000 : 0;
      issue(people().ana);
    }
    const seen = new Set<string>();

    for (let filter: TokenFilter | undefined = { limit: 7 }; filter !== undefined;) {
      const page = await list(own, filter);
      if (!page.ok) throw new Error(page.failure.code);
      for (const { jti } of page.value.items) seen.add(jti);
      filter = nextTokenFilter(filter, page.value).next;
    }

    expect(seen.size).toBe(26);
  });

  it('is given to nobody with a dead token, nor for a time that is none', async () => {
    expect(await list('canary-dead')).toEqual(failure('unauthorized'));
    expect(await list(issue(people().ana), { iatFrom: 'whenever' })).toEqual(failure('invalid_input'));
  });
});

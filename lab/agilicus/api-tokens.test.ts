// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../index';
import { call, claimsOf, documentIn, post, read, tokenIn } from './testing-api';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const ana = () => lab.agilicus.people.ana;
const orgs = () => lab.agilicus.orgs;
const issue = (...given: Parameters<Lab['agilicus']['issueToken']>) => lab.agilicus.issueToken(...given);
const reissue = (token: unknown, org_id: unknown) => post(lab, '/v1/tokens/reissue', { token, org_id });

describe('POST /v1/tokens/reissue', () => {
  it('gives a token for another organisation that ends with the one shown, which stays good', async () => {
    const root = issue(ana());
    lab.settings.clockOffsetMs += 600_000;

    const reply = await reissue(root, orgs().logistics.id);

    const token = tokenIn(reply);
    expect(reply.status).toBe(200);
    expect(claimsOf(token)).toMatchObject({ org: orgs().logistics.id, sub: ana().id, exp: claimsOf(root).exp });
    expect(claimsOf(token).jti).not.toBe(claimsOf(root).jti);
    expect([lab.agilicus.stateOf(root), lab.agilicus.stateOf(token)]).toEqual(['live', 'live']);
  });

  it('answers with session and validity, and with the token alone in the first release', async () => {
    const now = documentIn(await reissue(issue(ana()), orgs().logistics.id));
    lab.settings.agilicus.release = 'first';
    const then = documentIn(await reissue(issue(ana()), orgs().logistics.id));

    expect(now).toMatchObject({ session: expect.any(String), time_validity: { duration: 3600 } });
    expect(Object.keys(then)).toEqual(['token']);
  });

  it.each([
    ['expired', 400],
    ['revoked', 400],
    ['garbage', 400],
  ])('refuses one that is %s', async (kind, status) => {
    const token = kind === 'garbage' ? 'x' : issue(ana(), undefined, { expInMs: 1000 });
    if (kind === 'revoked') lab.agilicus.revoke(token);
    if (kind === 'expired') lab.settings.clockOffsetMs += 2000;

    const reply = await reissue(token, orgs().logistics.id);

    expect(reply.status).toBe(status);
    expect(reply.json()).toEqual({
      error_code: 'invalid_token',
      error_message: 'The token reissue request is invalid',
    });
  });

  it('refuses organisations one is not in, that are disabled, and that do not exist', async () => {
    const root = issue(ana());
    lab.agilicus.disableOrg(orgs().logistics);

    const statuses = [];
    for (const id of [orgs().contoso.id, orgs().logistics.id, 'nowhere']) {
      statuses.push((await reissue(root, id)).status);
    }

    expect(statuses).toEqual([400, 400, 400]);
  });

  it('refuses with other statuses where the deployment does', async () => {
    Object.assign(lab.settings.agilicus, { reissueDeadStatus: 401, reissueForbiddenStatus: 403 });

    const statuses = [(await reissue('x', 'y')).status, (await reissue(issue(ana()), 'y')).status];

    expect(statuses).toEqual([401, 403]);
  });

  it('leads back too, unless only the first token may lead on', async () => {
    const away = tokenIn(await reissue(issue(ana()), orgs().logistics.id));

    const back = await reissue(away, orgs().northwind.id);
    lab.settings.agilicus.reissueFrom = 'root_only';
    const refused = await reissue(away, orgs().northwind.id);

    expect([back.status, refused.status]).toEqual([200, 400]);
  });

  it.each([
    ['token', { org_id: 'x' }],
    ['org_id', { token: 'x' }],
  ])('wants %s', async (name, body) => {
    const reply = await post(lab, '/v1/tokens/reissue', body);

    expect(reply.json()).toMatchObject({ error_message: `'${name}' is a required property` });
  });
});

describe('POST /v1/tokens/revoke', () => {
  const revoke = (body: object) => post(lab, '/v1/tokens/revoke', body);

  it('ends one token and says nothing', async () => {
    const [token, other] = [issue(ana()), issue(ana())];

    const reply = await revoke({ token });

    expect([reply.status, reply.text]).toEqual([204, '']);
    expect([lab.agilicus.stateOf(token), lab.agilicus.stateOf(other)]).toEqual(['revoked', 'live']);
    expect((await post(lab, '/v1/tokens/introspect', { token })).status).toBe(410);
  });

  it('ends all sessions when asked to', async () => {
    const [token, other, stranger] = [issue(ana()), issue(ana()), issue(lab.agilicus.people.ben)];

    await revoke({ token, all_sessions: true });

    expect([token, other, stranger].map(lab.agilicus.stateOf)).toEqual(['revoked', 'revoked', 'live']);
  });

  it('may mean the token’s own session only', async () => {
    lab.settings.agilicus.allSessions = 'of_session';
    const [token, other] = [issue(ana()), issue(ana())];
    const derived = tokenIn(await reissue(token, orgs().logistics.id));

    await revoke({ token, all_sessions: true });

    expect([token, derived, other].map(lab.agilicus.stateOf)).toEqual(['revoked', 'revoked', 'live']);
  });

  it.each([{}, { token: 'x' }])('says the same to %j', async (body) => {
    expect((await revoke(body)).status).toBe(204);
  });
});

describe('POST /v1/tokens/bulk_revoke', () => {
  it('ends what a user has, for oneself and for owners', async () => {
    const { ben } = lab.agilicus.people;
    const [own, theirs] = [issue(ana()), issue(ben)];

    const refused = await post(lab, '/v1/tokens/bulk_revoke', { user_id: ana().id }, theirs);
    const done = await post(lab, '/v1/tokens/bulk_revoke', { user_id: ben.id }, own);

    expect([refused.status, done.status]).toEqual([403, 200]);
    expect([lab.agilicus.stateOf(own), lab.agilicus.stateOf(theirs)]).toEqual(['live', 'revoked']);
  });
});

const order = (changes: object = {}) => ({
  sub: ana().id,
  org: orgs().northwind.id,
  audiences: ['urn:api:agilicus:gateway'],
  time_validity: { duration: 7200 },
  ...changes,
});

describe('POST /v1/tokens', () => {
  const create = (changes: object = {}, bearer = issue(ana())) => post(lab, '/v1/tokens', order(changes), bearer);

  it.each([201, 200] as const)('makes a token, with %i', async (status) => {
    lab.settings.agilicus.createStatus = status;
    const bearer = issue(ana());

    const reply = await create({}, bearer);

    const claims = claimsOf(tokenIn(reply));
    expect(reply.status).toBe(status);
    expect(claims).toMatchObject({ aud: ['urn:api:agilicus:gateway'], sub: ana().id });
    expect(claims.exp - claims.iat).toBe(7200);
    expect(documentIn(reply).session).toBe((claimsOf(bearer) as unknown as { session: string }).session);
  });

  it('makes one that ends with the bearer where it may not outlive it', async () => {
    lab.settings.agilicus.createMayOutlive = false;
    const bearer = issue(ana());

    expect(claimsOf(tokenIn(await create({}, bearer))).exp).toBe(claimsOf(bearer).exp);
  });

  it('counts a validity in what the deployment counts in', async () => {
    lab.settings.agilicus.durationUnitMs = 60_000;

    const { exp, iat } = claimsOf(tokenIn(await create({ time_validity: { duration: 5 } })));

    expect(exp - iat).toBe(300);
  });

  it('makes a session of its own, a refresh token and the user when asked to', async () => {
    const bearer = issue(ana());

    const document = documentIn(
      await create({ inherit_session: false, create_refresh_token: true, get_user: true }, bearer),
    );

    expect(document.session).not.toBe((claimsOf(bearer) as unknown as { session: string }).session);
    expect(document.refresh_token).toEqual(expect.any(String));
    expect(document.user).toMatchObject({ email: ana().email });
  });

  it('notes who made it', async () => {
    const { ben } = lab.agilicus.people;

    const token = tokenIn(await create({ sub: ben.id }));

    const document = documentIn(await post(lab, '/v1/tokens/introspect', { token }));
    expect(document).toMatchObject({ sub: ben.id, creating_sub: ana().id, creating_org: orgs().northwind.id });
  });

  it('grants scopes one may have, and drops optional ones one may not', async () => {
    const { ben } = lab.agilicus.people;
    const scopes = ['urn:agilicus:applications', 'urn:agilicus:users?'];

    const token = tokenIn(await create({ sub: ben.id, scopes }, issue(ben)));

    expect(claimsOf(token)).toMatchObject({ scopes: ['urn:agilicus:applications'] });
  });

  it('refuses what one may not have', async () => {
    const { ben } = lab.agilicus.people;

    const statuses = [
      (await create({ sub: ben.id, scopes: ['urn:agilicus:users'] }, issue(ben))).status,
      (await create({ sub: ana().id }, issue(ben))).status,
      (await create({ org: orgs().contoso.id })).status,
    ];

    expect(statuses).toEqual([403, 403, 403]);
  });

  it.each(['sub', 'org', 'audiences', 'time_validity'])('wants %s', async (name) => {
    const reply = await create({ [name]: undefined });

    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error_message: `'${name}' is a required property` });
  });

  it('wants a live bearer', async () => {
    const dead = issue(ana());
    lab.agilicus.revoke(dead);

    const statuses = [(await post(lab, '/v1/tokens', order())).status, (await create({}, dead)).status];

    expect(statuses).toEqual([401, 401]);
  });
});

describe('POST /v1/tokens/validations', () => {
  const validate = (changes: object = {}) => post(lab, '/v1/tokens/validations', order(changes));

  it('gives the request back when it would be granted, without a bearer', async () => {
    const request = order({ scopes: ['urn:agilicus:users'], colour: 'green' });

    const reply = await post(lab, '/v1/tokens/validations', request);

    expect([reply.status, reply.json()]).toEqual([200, request]);
  });

  it('answers 403 with a message when it would not', async () => {
    const reply = await validate({ sub: lab.agilicus.people.ben.id, scopes: ['urn:agilicus:users'] });

    expect(reply.status).toBe(403);
    expect(reply.json()).toEqual({ error_code: 'invalid_token_request', error_message: 'Token request is invalid' });
  });
});

describe('POST /v1/tokens/refresh', () => {
  const pair = async () => {
    const reply = await post(lab, '/v1/tokens', order({ create_refresh_token: true }), issue(ana()));
    return documentIn(reply) as { token: string; refresh_token: string };
  };
  const refresh = (token: string, bearer: string) => post(lab, '/v1/tokens/refresh', { token }, bearer);

  it('gives a token with a life of its own, and leaves the refresh token good', async () => {
    const { token, refresh_token } = await pair();
    lab.settings.clockOffsetMs += 600_000;

    const reply = await refresh(refresh_token, token);

    const claims = claimsOf(tokenIn(reply));
    expect([reply.status, claims.exp - claims.iat]).toEqual([201, 3600]);
    expect(documentIn(reply)).not.toHaveProperty('refresh_token');
    expect((await refresh(refresh_token, token)).status).toBe(201);
  });

  it('rotates where the deployment does', async () => {
    lab.settings.agilicus.apiRefreshRotates = true;
    const { token, refresh_token } = await pair();

    const next = documentIn(await refresh(refresh_token, token)).refresh_token as string;

    expect([(await refresh(refresh_token, token)).status, (await refresh(next, token)).status]).toEqual([400, 201]);
  });

  it('takes no access token, and no refresh token as a bearer', async () => {
    const { token, refresh_token } = await pair();

    expect([(await refresh(token, token)).status, (await refresh(refresh_token, refresh_token)).status]).toEqual([
      400, 401,
    ]);
  });

  it('is in the ledger as a renewal', async () => {
    const { token, refresh_token } = await pair();
    await refresh(refresh_token, token);

    expect([...lab.ledger.refreshTokensPresented().keys()]).toEqual([claimsOf(refresh_token).jti]);
  });
});

describe('GET /v1/tokens', () => {
  type Item = { jti: string; org: string; sub: string; revoked: boolean };
  const list = async (query = '', bearer = issue(ana())) =>
    (await read(lab, `/v1/tokens${query}`, bearer)).json() as { limit: number; tokens: Item[] };
  const jtis = async (query: string, bearer: string) =>
    (await list(query, bearer)).tokens.map(({ jti }) => jti).filter((jti) => jti !== claimsOf(bearer).jti);

  it('shows a hundred, with what every item has', async () => {
    for (let count = 0; count < 105; count += 1) issue(ana());

    const { limit, tokens } = await list();

    expect([limit, tokens.length]).toEqual([100, 100]);
    expect(Object.keys(tokens[0] ?? {})).toEqual(
      expect.arrayContaining(['jti', 'roles', 'iat', 'exp', 'aud', 'sub', 'session', 'revoked', 'scopes', 'updated']),
    );
    expect((await list('?limit=3')).tokens).toHaveLength(3);
  });

  it('shows owners everybody’s tokens, and others their own', async () => {
    const { ben, chloe } = lab.agilicus.people;
    const [own, theirs] = [issue(ana()), issue(ben)];
    issue(chloe);

    expect((await list('', own)).tokens.map(({ sub }) => sub).toSorted()).toEqual([ana().id, ben.id].toSorted());
    expect((await list('', theirs)).tokens.map(({ sub }) => sub)).toEqual([ben.id]);
  });

  it('finds by person, id, organisation, session, scope and whether it is revoked', async () => {
    const bearer = issue(ana());
    const { ben } = lab.agilicus.people;
    const [theirs, away, ended] = [issue(ben), issue(ana(), orgs().logistics, { scopes: ['a:b:c'] }), issue(ana())];
    lab.agilicus.revoke(ended);
    const { jti } = claimsOf(theirs);
    const { session } = lab.agilicus.outstanding().find((one) => one.jti === jti) ?? { session: '' };

    const found = {
      sub: await jtis(`?sub=${ben.id}`, bearer),
      jti: await jtis(`?jti=${jti}`, bearer),
      org: await jtis(`?org=${orgs().logistics.id}`, bearer),
      session: await jtis(`?session=${session}`, bearer),
      scopes: await jtis('?scopes=a:%25:c', bearer),
      revoked: await jtis('?revoked=true', bearer),
      both: await jtis(`?revoked=false&org=${orgs().logistics.id}`, bearer),
    };

    const [one, other, last] = [[jti], [claimsOf(away).jti], [claimsOf(ended).jti]];
    expect(found).toEqual({ sub: one, jti: one, org: other, session: one, scopes: other, revoked: last, both: other });
  });

  it('finds by time, written in any of the ways people write it', async () => {
    const old = issue(ana(), undefined, { expInMs: 30 * 24 * 3_600_000 });
    lab.settings.clockOffsetMs += 3 * 3_600_000;
    const bearer = issue(ana());
    const hourAgo = new Date(Date.now() + lab.settings.clockOffsetMs - 3_600_000);

    const queries = [
      `?iat_to=${hourAgo.toISOString()}`,
      `?iat_to=${Math.floor(hourAgo.getTime() / 1000)}`,
      '?iat_to=1%20hour%20ago',
      '?iat_from=yesterday&iat_to=2%20hours%20ago',
      '?exp_from=tomorrow',
      '?exp_from=in%202%20weeks&exp_to=in%202%20months',
    ];

    for (const query of queries) expect(await jtis(query, bearer)).toEqual([claimsOf(old).jti]);
    expect(await jtis('?iat_from=1%20hour%20ago', bearer)).toEqual([]);
  });

  it.each(['?limit=0', '?limit=x', '?revoked=perhaps', '?iat_from=whenever'])('refuses %s', async (query) => {
    expect((await read(lab, `/v1/tokens${query}`, issue(ana()))).status).toBe(400);
  });

  it('wants a bearer', async () => {
    expect((await call(lab, '/v1/tokens')).status).toBe(401);
  });
});

describe('tokens', () => {
  it('may say hardly anything', () => {
    lab.settings.agilicus.bareClaims = true;

    expect(Object.keys(claimsOf(issue(ana())))).toEqual(['aud', 'exp', 'iat', 'jti', 'org', 'sub']);
  });
});

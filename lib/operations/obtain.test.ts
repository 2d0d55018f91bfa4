import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant, MINUTE } from '../core/time';
import type { Field, SignIn, Vendor } from '../core/vendor';
import { unsigned } from '../testing/odd-answers';
import { EXTENSION, makeWorld } from '../testing/world';
import { vendors } from '../vendors/index';
import { add_deployment } from './hosts';
import { obtain, sign_ins } from './obtain';
import { consent } from './settings';

const PERSON = '11111111-1111-4111-8111-111111111111';
const TENANT = '22222222-2222-4222-8222-222222222222';
const APP = 'd0000000-0000-4000-8000-000000000001';

/** Where a person says each vendor's console is. */
const places: Record<string, string> = {
  prowler: 'https://cloud.prowler.com',
  cloudcheckr: 'https://app-eu.cloudcheckr.com',
  esper: 'northwind',
  runai: 'northwind',
  agilicus: 'northwind.example',
};

/** A token of one person in one tenant, whichever vendor reads it. */
const tokenAt = (now: Instant, kind = 'access', over: object = {}): string =>
  unsigned({
    sub: PERSON,
    tenant_id: TENANT,
    iss: 'https://northwind.run.ai/auth/realms/northwind',
    iat: now / 1000,
    exp: (now + (kind === 'refresh' ? 24 * HOUR : 30 * MINUTE)) / 1000,
    jti: `canary-${kind}-${now}`,
    ...(kind === 'refresh' ? { typ: 'refresh' } : {}),
    ...over,
  });

/** Every vendor's calls for a first token and whose it is, each answered as its contract has it. */
function answer(request: HttpRequest, now: Instant): HttpResponse {
  const { pathname } = new URL(request.url);
  const access = tokenAt(now);
  const refresh = tokenAt(now, 'refresh');
  const json = {
    '/api/v1/tokens': { data: { type: 'tokens', attributes: { access, refresh } } },
    '/api/v1/users/me': {
      data: { type: 'users', id: PERSON, attributes: { name: 'Ana Ruiz', email: 'ana.ruiz@northwind.example' } },
      included: [
        { type: 'memberships', id: 'm', relationships: { tenant: { data: { type: 'tenants', id: TENANT } } } },
        { type: 'tenants', id: TENANT, attributes: { name: 'Northwind' } },
      ],
    },
    '/auth/connect/token': { access_token: access, expires_in: 1800, token_type: 'Bearer' },
    '/auth/v1/token/info': { userId: PERSON, customerId: TENANT, expiration: '2026-01-15T10:00:00Z', roles: [] },
    [`/customer/v1/customers/${TENANT}`]: { name: 'Northwind' },
    '/api/v1/token-info/': { id: '570', enterprise: TENANT, user: PERSON, developer_app: APP, expires_on: -1 },
    '/api/v2/token': { access_token: access, refresh_token: refresh, expires_in: 1800 },
    '/v1/tokens/introspect': { sub: PERSON, org: TENANT, exp: (now + HOUR) / 1000 },
  }[pathname];
  return { status: json === undefined ? 404 : 200, headers: {}, json, startedAt: now };
}

type Case = { readonly vendor: Vendor; readonly way: string; readonly form: SignIn };
const ways = vendors.flatMap((vendor: Vendor): [string, Case][] =>
  Object.entries(vendor.obtain).map(([way, form]) => [`${vendor.name}, ${way}`, { vendor, way, form }]),
);

const sample = ({ name, kind }: Field): string =>
  ({
    text: `typed ${name}`,
    email: 'ana.ruiz@northwind.example',
    secret: `canary-${name}-typed`,
    uuid: TENANT,
    url: 'https://northwind.run.ai/callback',
    number: '7',
    lines: 'one\ntwo',
  })[kind];
const filled = ({ form }: Case): Record<string, string> =>
  Object.fromEntries(form.fields.map((field) => [field.name, sample(field)]));

/** A world with consent, in which the vendors answer as their contracts have it, or as `handle` does. */
async function agreed(handle = answer) {
  const asked: HttpRequest[] = [];
  const world = makeWorld({
    handle: (request, now) => {
      asked.push(request);
      return handle(request, now);
    },
  });
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  const signIn = (one: Case, values: Record<string, string> = filled(one), place = places[one.vendor.id] ?? '') =>
    obtain.run(fob, { vendor: one.vendor.id, place, way: one.way, values }, EXTENSION);
  /** What is behind the seals. */
  const sealed = async () =>
    (await Promise.all(world.heads().map((head) => fob.vault.open(head)))).map((one) => {
      if (!one.ok) throw new Error('a seal does not open');
      return one.value.secrets;
    });
  return { world, fob, asked, signIn, sealed };
}

/** What a person types so that this way succeeds: a token that is typed has to be one the vendor can read. */
const working = (one: Case, now: Instant): Record<string, string> => ({
  ...filled(one),
  ...('takes' in one.form && one.form.takes === 'token' ? { token: tokenAt(now) } : {}),
});

describe.each(ways)('signing in through Fob: %s', (_, one) => {
  const taken = 'takes' in one.form;
  const keeps = 'keeps' in one.form ? (one.form.keeps ?? []) : [];

  it('makes a session of the person the vendor names', async () => {
    const { world, signIn, sealed } = await agreed();
    const values = working(one, world.now());

    const said = await signIn(one, values);

    expect(said).toEqual({ ok: true, value: { session: world.heads()[0]?.id } });
    expect(world.heads()).toMatchObject([
      { vendor: one.vendor.id, subject: PERSON, provenance: taken ? 'entered' : 'own', confirmedAt: world.now() },
    ]);
    const [secrets] = await sealed();
    expect(secrets?.access).toBe('takes' in one.form ? values[one.form.takes] : tokenAt(world.now()));
    expect(Object.keys(secrets?.client ?? {})).toEqual(keeps);
  });

  it('leaves nothing of what was typed but what it keeps, and that behind the seal', async () => {
    const { world, signIn, sealed } = await agreed();
    const values = working(one, world.now());
    await signIn(one, values);
    const secret = one.form.fields.flatMap(({ name, kind }) => (kind === 'secret' ? [name] : []));
    const stays = [...keeps, ...('takes' in one.form ? [one.form.takes] : [])];
    const behind = JSON.stringify(await sealed());

    for (const name of secret) {
      expect(world.text()).not.toContain(values[name]);
      expect(behind.includes(values[name] ?? '')).toBe(stays.includes(name));
    }
  });

  it.each([400, 401, 403, 429, 500, 503])('stores nothing where the vendor answers %d', async (status) => {
    const { world, signIn } = await agreed((_request, now) => ({ status, headers: {}, json: {}, startedAt: now }));
    const before = world.text();

    // Run:ai's own token is asked of nobody: what it says of itself is all there is.
    if (one.vendor.id === 'runai' && taken) return;
    expect(await signIn(one, working(one, world.now()))).toMatchObject({ ok: false });
    expect(world.text()).toBe(before);
  });

  it('sends nothing before the first-run page is accepted, nor where the browser does not allow it', async () => {
    const { world, asked, signIn } = await agreed();
    world.permitted = false;
    expect(await signIn(one)).toEqual({
      ok: false,
      failure: { code: 'permission_missing', host: expect.stringMatching(/^[a-z-]+\.[a-z.]+$/) as string },
    });
    world.rewrite('fob', ({ consent: _agreed, ...rest }) => rest);
    world.permitted = true;
    const input = { vendor: one.vendor.id, place: places[one.vendor.id] ?? '', way: one.way, values: filled(one) };

    expect(await obtain.run(world.worker().fob, input, EXTENSION)).toEqual({
      ok: false,
      failure: { code: 'consent_missing' },
    });
    expect(asked).toEqual([]);
    expect(world.heads()).toEqual([]);
  });
});

const caseOf = (vendor: string, way: string): Case => {
  const found = ways.find(([, one]) => one.vendor.id === vendor && one.way === way);
  if (!found) throw new Error(`${vendor} has no ${way}`);
  return found[1];
};

describe('what was typed', () => {
  const needed = ways.flatMap(([title, one]) =>
    one.form.fields.flatMap((field): [string, Case, Field][] =>
      field.isOptional ? [] : [[`${title}: ${field.name}`, one, field]],
    ),
  );
  it.each(needed)(
    'is needed, and is not blank nor longer than the vendor takes: %s',
    async (_, one, { name, longest = 8192 }) => {
      const { asked, signIn } = await agreed();
      const { [name]: __, ...others } = filled(one);
      const faults: unknown[] = [];
      for (const values of [
        others,
        { ...others, [name]: '' },
        { ...others, [name]: ' \n ' },
        { ...others, [name]: 'a'.repeat(longest + 1) },
      ]) {
        const said = await signIn(one, values);
        faults.push(said.ok ? undefined : said.failure);
      }

      const missing = { code: 'invalid_input', field: name, detail: 'missing' };
      expect(faults).toEqual([missing, missing, missing, { ...missing, detail: 'too_long' }]);
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ['prowler', 'password', 'tenant_id', 'northwind', { detail: 'not_whole_id' }],
    ['prowler', 'password', 'tenant_id', `${TENANT}0`, { detail: 'not_whole_id' }],
    ['runai', 'code', 'redirect_uri', 'callback', {}],
  ])('is refused where it is of another kind: %s, %s, %s %s', async (vendor, way, name, value, detail) => {
    const { asked, signIn } = await agreed();
    const one = caseOf(vendor, way);

    expect(await signIn(one, { ...filled(one), [name]: value })).toEqual({
      ok: false,
      failure: { code: 'invalid_input', field: name, ...detail },
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ['prowler', 'key', 'https://prowler.example'],
    ['prowler', 'key', '__proto__'],
    ['cloudcheckr', 'client', 'https://app-mars.cloudcheckr.com'],
    ['esper', 'key', 'https://northwind.esper.cloud.evil.example'],
    ['esper', 'key', 'a.b'],
    ['runai', 'password', 'https://northwind.run.ai.evil.example'],
    ['runai', 'password', 'https://northwind.run.ai:8443'],
    ['agilicus', 'token', 'northwind'],
    ['agilicus', 'token', ''],
  ])('is refused where it is no place of the vendor: %s, %s, %j', async (vendor, way, place) => {
    const { asked, signIn } = await agreed();

    expect(await signIn(caseOf(vendor, way), undefined, place)).toEqual({
      ok: false,
      failure: { code: 'invalid_input', field: 'place' },
    });
    expect(asked).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'magic', ''])(
    'is refused with a way there is not: %j',
    async (way) => {
      const { asked, signIn } = await agreed();

      for (const vendor of ['prowler', 'runai', '__proto__', 'nobody']) {
        const one = { ...caseOf('prowler', 'key'), way, vendor: { id: vendor } as Vendor };
        expect(await signIn(one, {}, 'northwind')).toEqual({ ok: false, failure: { code: 'not_offered' } });
      }
      expect(asked).toEqual([]);
    },
  );
});

describe('an older server', () => {
  const oldest = { accessToken: '', refreshToken: '', expiresIn: 1800 };
  /** Run:ai that offers these paths and no others. */
  const offering =
    (...paths: readonly string[]) =>
    (request: HttpRequest, now: Instant): HttpResponse => {
      const isThere = paths.includes(new URL(request.url).pathname);
      const json = isThere ? { ...oldest, accessToken: tokenAt(now) } : {};
      return { status: isThere ? 200 : 404, headers: {}, json, startedAt: now };
    };

  it.each([
    ['application', ['/api/v1/token'], ['/api/v2/token', '/v1/k8s/auth/oauth/apptoken', '/api/v1/token']],
    ['application', ['/v1/k8s/auth/oauth/apptoken'], ['/api/v2/token', '/v1/k8s/auth/oauth/apptoken']],
    ['password', ['/api/v1/token'], ['/api/v2/token', '/api/v1/token']],
    ['code', ['/api/v1/token'], ['/api/v2/token', '/api/v1/token']],
    ['code', ['/v1/k8s/auth/token/exchange'], ['/api/v2/token', '/api/v1/token', '/v1/k8s/auth/token/exchange']],
    ['external', ['/api/v1/token'], ['/api/v2/token', '/api/v1/token']],
  ])('is asked by the way it has: %s at %j', async (way, offered, paths) => {
    const { asked, signIn, world } = await agreed(offering(...offered));

    expect(await signIn(caseOf('runai', way))).toMatchObject({ ok: true });
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(paths);
    expect(world.heads()).toHaveLength(1);
  });

  it.each([401, 403, 429, 500, 503])('is not what an answer of %d tells of', async (status) => {
    const { asked, signIn } = await agreed((_, now) => ({ status, headers: {}, json: {}, startedAt: now }));

    await signIn(caseOf('runai', 'application'));

    expect(asked).toHaveLength(1);
  });
});

describe('signing in again', () => {
  it.each(ways)('replaces the grant of the same session: %s', async (_, one) => {
    const { world, signIn } = await agreed();
    await signIn(one, working(one, world.now()));
    const [first] = world.heads();
    world.pass(5 * MINUTE);

    expect(await signIn(one, working(one, world.now()))).toEqual({ ok: true, value: { session: first?.id } });
    expect(world.heads()).toMatchObject([{ id: first?.id, generation: 2, usedAt: world.now() }]);
  });
});

describe('where and how one can sign in', () => {
  it('is every vendor with every way, what each keeps, and own hosts among the places', async () => {
    const { fob } = await agreed();
    const console = 'https://prowler.northwind.example';
    const own = { vendor: 'prowler', console, api: 'https://api.northwind.example' };
    await add_deployment.run(fob, own, EXTENSION);

    const said = await sign_ins.run(fob, {}, EXTENSION);

    const all = said.ok ? said.value : [];
    expect(all.flatMap((one) => one.ways.map(({ way, keeps }) => `${one.vendor} ${way}: ${keeps.join(' ')}`))).toEqual([
      'prowler password: ',
      'prowler key: api_key',
      'prowler token: token',
      'cloudcheckr client: client_id client_secret',
      'cloudcheckr token: token',
      'esper key: key',
      'runai application: client_id client_secret name',
      'runai password: ',
      'runai code: ',
      'runai external: ',
      'runai token: token',
      'agilicus token: token',
    ]);
    expect(all.map(({ vendor, choices, isTyped }) => [vendor, choices.length, isTyped])).toEqual([
      ['prowler', 2, false],
      ['cloudcheckr', 4, false],
      ['esper', 0, true],
      ['runai', 0, true],
      ['agilicus', 0, true],
    ]);
  });

  it('is at own hosts, too, and the token goes to the API that was allowed there', async () => {
    const { fob, world, asked, signIn } = await agreed();
    const console = 'https://prowler.northwind.example';
    const own = { vendor: 'prowler', console, api: 'https://api.northwind.example' };
    await add_deployment.run(fob, own, EXTENSION);

    expect(await signIn(caseOf('prowler', 'password'), undefined, console)).toMatchObject({ ok: true });
    expect(new Set(asked.map(({ url }) => new URL(url).origin))).toEqual(new Set([own.api]));
    expect(world.heads()).toMatchObject([{ console, api: own.api }]);
    expect(await signIn(caseOf('runai', 'token'), undefined, console)).toMatchObject({
      failure: { code: 'invalid_input', field: 'place' },
    });
  });
});

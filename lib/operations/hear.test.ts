import { describe, expect, it } from 'vitest';
import type { WireRequest } from '../core/console-tabs';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant, MINUTE } from '../core/time';
import { unsigned } from '../testing/odd-answers';
import { EXTENSION, makeWorld, type World } from '../testing/world';
import { confirm } from './confirm';
import type { Fob } from './fob';
import { hear } from './hear';
import { obtain } from './obtain';
import { consent, policy } from './settings';

const TAB = 7;
const RUNAI = 'https://northwind.run.ai';
const CHECKR = 'https://app-eu.cloudcheckr.com';
const ESPER = 'https://northwind.esper.cloud';
const AGILICUS = 'https://admin.northwind.example';

type Said = { readonly status: number; readonly json?: unknown };

/** A world with consent and one added console, in which a vendor says of each token what `said` has. */
async function agreed(said: Record<string, Said> = {}) {
  const asked: string[] = [];
  const handle = (request: HttpRequest, now: Instant): HttpResponse => {
    const shown = /^Bearer (.*)$/.exec(request.headers['authorization'] ?? '')?.[1];
    const token = shown ?? (JSON.parse(request.body ?? '{}') as { token?: string }).token ?? '';
    asked.push(`${new URL(request.url).host} ${token}`);
    const { status, json } = said[token] ?? { status: 404 };
    return { status, headers: {}, json, startedAt: now };
  };
  const world = makeWorld({ handle });
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  await fob.vault.transact(() => ({
    events: [
      {
        type: 'deployment_added',
        deployment: { vendor: 'agilicus', console: AGILICUS, api: 'https://api.agilicus.com' },
      },
    ],
    result: undefined,
  }));
  return { world, fob, asked };
}

const request = (page: string, url: string, token: string, over: Partial<WireRequest> = {}): WireRequest => ({
  tab: TAB,
  page,
  url: new URL(url),
  authorization: `Bearer ${token}`,
  status: 200,
  ...over,
});

/** A token of a person in a realm of Run:ai. */
const realmToken = (world: World, over: object = {}, realm = 'northwind', host = RUNAI): string =>
  unsigned({
    typ: 'Bearer',
    iss: `${host}/auth/realms/${realm}`,
    sub: '11111111-1111-4111-8111-111111111111',
    email: 'ana.ruiz@northwind.example',
    name: 'Ana Ruiz',
    iat: world.now() / 1000,
    exp: (world.now() + 30 * MINUTE) / 1000,
    jti: 'canary-access-1',
    ...over,
  });

describe('what a console sends to its vendor', () => {
  it.each([
    ['another page', 'https://news.example', `${RUNAI}/api/v1/clusters`],
    ["another vendor's console", CHECKR, `${RUNAI}/api/v1/clusters`],
    ["another tenant's console", 'https://fabrikam.run.ai', `${RUNAI}/api/v1/clusters`],
    ['its console, to another host', RUNAI, 'https://telemetry.example/v1'],
    ['its console, to another port', RUNAI, `${RUNAI}:8443/api/v1/clusters`],
    ['its console, without TLS', RUNAI, 'http://northwind.run.ai/api/v1/clusters'],
    ['no page', '', `${RUNAI}/api/v1/clusters`],
    ['a page without an origin', 'null', `${RUNAI}/api/v1/clusters`],
  ])('is nothing to Fob from %s', async (_, page, url) => {
    const { world, fob, asked } = await agreed();

    expect(await hear(fob, request(page, url, realmToken(world)))).toEqual({ ok: true, value: undefined });
    expect(world.heads()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it.each([100, 199, 300, 302, 304, 400, 401, 403, 404, 429, 500, 503, 0, Number.NaN])(
    'is nothing to Fob where the answer is %d',
    async (status) => {
      const { world, fob } = await agreed();

      await hear(fob, request(RUNAI, `${RUNAI}/api/v1/clusters`, realmToken(world), { status }));

      expect(world.heads()).toEqual([]);
    },
  );

  it.each([200, 201, 204, 206])('is a session where the answer is %d', async (status) => {
    const { world, fob } = await agreed();

    await hear(fob, request(RUNAI, `${RUNAI}/api/v1/clusters`, realmToken(world), { status }));

    expect(world.heads()).toMatchObject([{ vendor: 'runai', console: RUNAI, api: RUNAI, provenance: 'borrowed' }]);
  });

  it.each(['Basic YW5hOmNhbmFyeQ==', 'Bearer', 'Bearer a b', 'Bearer a,Bearer b', 'canary', ''])(
    'is nothing to Fob with %j',
    async (authorization) => {
      const { world, fob, asked } = await agreed();

      await hear(fob, request(ESPER, 'https://northwind-api.esper.cloud/api/v1/x', '', { authorization }));

      expect(world.heads()).toEqual([]);
      expect(asked).toEqual([]);
    },
  );

  it("is nothing to Fob where the token is another vendor's, which sees none of it", async () => {
    const { world, fob, asked } = await agreed();
    const token = realmToken(world, {}, 'northwind', 'https://fabrikam.run.ai');

    expect(await hear(fob, request(RUNAI, `${RUNAI}/api/v1/clusters`, token))).toMatchObject({ ok: false });
    expect(world.heads()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('is nothing before the first-run page is accepted', async () => {
    const world = makeWorld();
    const { fob } = world.worker();

    const answer = await hear(fob, request(RUNAI, `${RUNAI}/api/v1/clusters`, realmToken(world)));

    expect(answer).toEqual({ ok: false, failure: { code: 'consent_missing' } });
    expect([world.heads(), world.sent]).toEqual([[], []]);
  });

  it.each([
    [RUNAI, RUNAI],
    [ESPER, 'https://northwind-api.esper.cloud'],
  ])('is nothing where the person said never: %s', async (page, api) => {
    const { world, fob, asked } = await agreed();
    await policy.run(fob, { console: page, keep: 'never' }, EXTENSION);

    await hear(fob, request(page, `${api}/api/v1/clusters`, realmToken(world)));

    expect([world.heads(), asked]).toEqual([[], []]);
  });
});

describe('a token that names its person', () => {
  it('is confirmed by what it says, as the vendor has taken it, and nobody is asked', async () => {
    const { world, fob, asked } = await agreed();

    await hear(fob, request(RUNAI, `${RUNAI}/api/v1/clusters`, realmToken(world)));

    const [head] = world.heads();
    expect(head).toMatchObject({ tenant: 'northwind', confirmedAt: world.now(), keeping: 'offered' });
    expect(head && (await fob.vault.open(head))).toMatchObject({
      value: { labels: { person: 'Ana Ruiz', email: 'ana.ruiz@northwind.example' } },
    });
    expect(asked).toEqual([]);
    expect(world.panels).toEqual([TAB]);
  });

  it('has a session of its own for every tenant, person and container', async () => {
    const { world, fob } = await agreed();
    const FABRIKAM = 'https://fabrikam.run.ai';
    const other = { sub: '22222222-2222-4222-8222-222222222222', name: 'Ben Ode' };
    const shown: readonly WireRequest[] = [
      request(RUNAI, `${RUNAI}/api/v1/clusters`, realmToken(world)),
      request(RUNAI, `${RUNAI}/api/v1/clusters`, realmToken(world, other), { tab: 8 }),
      request(RUNAI, `${RUNAI}/api/v1/clusters`, realmToken(world), { tab: 9, container: 'firefox-container-2' }),
      request(FABRIKAM, `${FABRIKAM}/api/v1/clusters`, realmToken(world, {}, 'fabrikam', FABRIKAM), { tab: 10 }),
    ];

    await Promise.all([...shown, ...shown].map((one) => hear(fob, one)));

    expect(world.heads().map((one) => [one.console, one.tenant, one.subject[0], one.container])).toEqual([
      [RUNAI, 'northwind', '1', undefined],
      [RUNAI, 'northwind', '2', undefined],
      [RUNAI, 'northwind', '1', 'firefox-container-2'],
      [FABRIKAM, 'fabrikam', '1', undefined],
    ]);
    expect(new Set([...world.tabs.values()].map(({ session }) => session)).size).toBe(4);
    const people = await Promise.all(world.heads().map((head) => fob.vault.open(head)));
    expect(people.map((one) => one.ok && one.value.labels.person)).toEqual([
      'Ana Ruiz',
      'Ben Ode',
      'Ana Ruiz',
      'Ana Ruiz',
    ]);
  });

  it('is written down once, however often the console sends it', async () => {
    const { world, fob } = await agreed();
    const one = request(RUNAI, `${RUNAI}/api/v1/clusters`, realmToken(world));
    await hear(fob, one);
    const before = world.text();

    for (let i = 0; i < 50; i += 1) await hear(fob, one);

    expect(world.text()).toBe(before);
  });
});

/** What the vendors whose tokens say nothing are asked, and how they say whose one is. */
const opaque = {
  cloudcheckr: {
    page: CHECKR,
    api: 'https://api-eu.cloudcheckr.com',
    at: 'api-eu.cloudcheckr.com',
    says: (expiration: string, userId = '4100') => ({ userId, customerId: 'c-1', expiration, roles: ['Admin'] }),
  },
  esper: {
    page: ESPER,
    api: 'https://northwind-api.esper.cloud',
    at: 'northwind-api.esper.cloud',
    says: (expires_on: string, user = '4100', app = 1) => ({
      id: '570',
      enterprise: 'e0000000-0000-4000-8000-000000000001',
      user,
      developer_app: `d0000000-0000-4000-8000-00000000000${app}`,
      expires_on,
    }),
  },
  agilicus: {
    page: AGILICUS,
    api: 'https://api.agilicus.com',
    at: 'api.agilicus.com',
    says: (exp: string, sub = '4100') => ({ sub, org: 'org-1', exp }),
  },
} as const;
const SOON = '2026-01-15T10:00:00Z';
const LATER = '2026-01-15T11:00:00Z';
const names = Object.keys(opaque) as (keyof typeof opaque)[];
/** One answered request of that vendor's console, with a token. */
const sent = (name: keyof typeof opaque, token: string, over: Partial<WireRequest> = {}): WireRequest =>
  request(opaque[name].page, `${opaque[name].api}/v1/anything`, token, over);

describe.each(names)('a token that says nothing of itself, at %s', (name) => {
  const { at, says } = opaque[name];

  it('is asked about before it is a session, once, however often the console sends it', async () => {
    const { world, fob, asked } = await agreed({ canary1: { status: 200, json: says(SOON) } });

    await Promise.all(Array.from({ length: 5 }, () => hear(fob, sent(name, 'canary1'))));
    await hear(fob, sent(name, 'canary1', { tab: 8 }));

    expect(asked.filter((one) => one === `${at} canary1`)).toHaveLength(name === 'esper' ? 1 : 2);
    expect(world.heads()).toMatchObject([
      {
        vendor: name,
        subject: '4100',
        provenance: 'borrowed',
        confirmedAt: world.now(),
        token: { expiresAt: Date.parse(SOON) },
      },
    ]);
  });

  it.each([401, 403, 404, 429, 500, 503])(
    'is no session where the vendor answers %d, and is not stored',
    async (status) => {
      const { world, fob, asked } = await agreed({ canary1: { status } });

      expect(await hear(fob, sent(name, 'canary1'))).toMatchObject({ ok: false });
      expect(await hear(fob, sent(name, 'canary1'))).toMatchObject({ ok: false });
      expect(world.heads()).toEqual([]);
      expect(world.tabs.get(TAB)).toEqual({ vendor: name, console: opaque[name].page, shows: 'nothing_yet' });
      expect(asked).toEqual([`${at} canary1`]);
    },
  );

  it('is asked about again once a failure is ten seconds old', async () => {
    const said: Record<string, Said> = { canary1: { status: 503 } };
    const { world, fob } = await agreed(said);
    await hear(fob, sent(name, 'canary1'));
    said['canary1'] = { status: 200, json: says(SOON) };
    world.pass(10_000);

    expect(await hear(fob, sent(name, 'canary1'))).toMatchObject({ ok: true });
    expect(world.heads()).toHaveLength(1);
  });

  it('gives way to a newer one, and not to an older one', async () => {
    const { world, fob } = await agreed({
      canary1: { status: 200, json: says(SOON) },
      canary2: { status: 200, json: says(LATER) },
    });
    const held = async () => {
      const [head] = world.heads();
      const opened = head && (await fob.vault.open(head));
      return { access: opened?.ok && opened.value.secrets.access, ends: head?.token.expiresAt };
    };
    await hear(fob, sent(name, 'canary1'));
    await hear(fob, sent(name, 'canary2'));
    expect(await held()).toEqual({ access: 'canary2', ends: Date.parse(LATER) });

    await hear(fob, sent(name, 'canary1'));
    await hear(fob, sent(name, 'canary1'));

    expect(world.heads()).toHaveLength(1);
    expect(await held()).toEqual({ access: 'canary2', ends: Date.parse(LATER) });
  });

  it('of another person is another session', async () => {
    const { world, fob } = await agreed({
      canary1: { status: 200, json: says(SOON) },
      canary2: { status: 200, json: says(SOON, '4200') },
    });

    await Promise.all([hear(fob, sent(name, 'canary1')), hear(fob, sent(name, 'canary2', { tab: 8 }))]);

    expect(world.heads().map(({ subject }) => subject)).toEqual(['4100', '4200']);
    expect(world.tabs.get(7)?.session).not.toBe(world.tabs.get(8)?.session);
  });

  it('is in no clear record', async () => {
    const { world, fob } = await agreed({ canary1: { status: 200, json: says(SOON) } });

    await hear(fob, sent(name, 'canary1'));

    expect(world.text()).not.toContain('canary1');
  });
});

describe('a key the person entered', () => {
  const { says } = opaque.esper;
  const NEVER = '-1';
  const enter = (fob: Fob, key: string) =>
    obtain.run(fob, { vendor: 'esper', place: 'northwind', way: 'key', values: { key } }, EXTENSION);
  const heldIn = async (world: World, fob: Fob): Promise<string[]> =>
    Promise.all(
      world.heads().map(async (head) => {
        const opened = await fob.vault.open(head);
        return `${head.provenance} ${opened.ok ? opened.value.secrets.access : 'sealed'}`;
      }),
    );

  it.each([
    ['with an end', LATER],
    ['without an end', NEVER],
  ])('%s is not replaced by one the console uses', async (_, ends) => {
    const { world, fob } = await agreed({
      canary1: { status: 200, json: says(ends) },
      canary2: { status: 200, json: says('2027-01-15T11:00:00Z') },
    });
    await enter(fob, 'canary1');

    await hear(fob, sent('esper', 'canary2'));
    await hear(fob, sent('esper', 'canary2'));

    expect(await heldIn(world, fob)).toEqual(['entered canary1']);
    expect(world.tabs.get(TAB)?.session).toBe(world.heads()[0]?.id);
  });

  it('of another application is another session, though it is the same person', async () => {
    const { world, fob } = await agreed({
      canary1: { status: 200, json: says(LATER) },
      canary2: { status: 200, json: says(LATER, '4100', 2) },
    });
    await enter(fob, 'canary1');

    await hear(fob, sent('esper', 'canary2'));

    expect(await heldIn(world, fob)).toEqual(['entered canary1', 'borrowed canary2']);
    expect(world.heads().map(({ ids }) => ids?.['application']?.slice(-1))).toEqual(['1', '2']);
  });

  it('gives way to the one the console uses when the vendor has refused it, with the end of that one', async () => {
    const said: Record<string, Said> = {
      canary1: { status: 200, json: says(SOON) },
      canary2: { status: 200, json: says(LATER) },
    };
    const { world, fob } = await agreed(said);
    await enter(fob, 'canary1');
    await hear(fob, sent('esper', 'canary2'));
    said['canary1'] = { status: 401 };
    await confirm(fob, world.heads()[0]?.id ?? '');
    world.pass(2 * HOUR - MINUTE);

    await hear(fob, sent('esper', 'canary2'));

    expect(await heldIn(world, fob)).toEqual(['borrowed canary2']);
    expect(world.heads()[0]?.token.expiresAt).toBe(Date.parse(LATER));
  });
});

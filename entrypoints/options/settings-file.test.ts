import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { session } from '../../components/fixtures/session';
import type { SessionView } from '../../lib/core/view';
import { operations } from '../../lib/operations/index';
import { viewOf } from '../../lib/operations/view';
import { headIn, makeMany, tells } from '../../lib/testing/many';
import { AGILICUS, CLOUDCHECKR, RUNAI } from '../../lib/testing/vendors';
import { EXTENSION } from '../../lib/testing/world';
import { changesOf, type Current, readSettings, type SettingsFile, writeSettings } from './settings-file';

const current: Current = {
  preferences: { isMasked: true },
  consoles: [{ console: 'https://cloud.prowler.com', keep: 'always', panelHidden: true }],
  hosts: [{ vendor: 'runai', console: 'https://gpu.corp.example', api: 'https://gpu.corp.example' }],
  sessions: [session()],
};
const file = (over: Partial<Record<keyof SettingsFile, unknown>> = {}): string =>
  JSON.stringify({ ...(JSON.parse(writeSettings(current)) as object), ...over });

describe('the file of settings', () => {
  it('holds consoles, hosts, choices, and tenants with the chip they have everywhere', () => {
    expect(JSON.parse(writeSettings(current))).toEqual({
      fob: 'settings',
      version: 1,
      preferences: { isMasked: true },
      consoles: current.consoles,
      hosts: current.hosts,
      tenants: [
        {
          vendor: 'prowler',
          console: 'https://cloud.prowler.com',
          id: '7d0a51c8-1111-4222-8333-944455556666',
          name: 'Northwind Retail',
          letter: 'N',
          shape: expect.stringMatching(/^[a-z]+$/),
          hue: expect.any(Number),
        },
      ],
    });
  });

  it('is read as it was written', () => {
    const text = writeSettings(current);

    expect(readSettings(text)).toEqual(JSON.parse(text));
  });

  it('leaves out whatever else Fob has, wherever it lies', () => {
    const canaries = new Set<string>();
    const canary = (): string => {
      const one = `canary-secret-${canaries.size}`;
      canaries.add(one);
      return one;
    };
    // Every object gets a member that nobody has promised, as a later read model might.
    const laced = <T extends object>(one: T): T =>
      Object.fromEntries([
        ...Object.entries(one).map(([name, value]) => [
          name,
          typeof value === 'object' && value !== null && !Array.isArray(value) ? laced(value as object) : value,
        ]),
        ['access', canary()],
        ['refresh', { token: canary() }],
      ]) as T;
    const all: Current = {
      preferences: laced(current.preferences ?? {}),
      consoles: current.consoles.map(laced),
      hosts: current.hosts.map(laced),
      sessions: [
        laced(
          session({
            subject: canary(),
            ids: { session: canary() },
            person: { name: canary(), email: canary() },
            roles: [canary()],
          }) as SessionView & object,
        ),
      ],
    };

    expect(canaries.size).toBeGreaterThan(10);
    expect(writeSettings(all)).not.toContain('canary');
  });

  it('holds no token, key, password or person of sessions at every vendor', async () => {
    const world = await makeMany();
    const { vendors } = world;
    const { fob } = world.one;
    const now = world.now();
    const pair = vendors.runai.signIn('ana', now);
    const tokens = [
      vendors.cloudcheckr.signIn('ana', 'customer-a', now),
      pair.access,
      vendors.agilicus.signIn('ana', 'org-a', now),
    ];
    for (const [index, console] of [CLOUDCHECKR, RUNAI, AGILICUS].entries()) {
      await tells(world, console, tokens[index] ?? '', index + 1);
      await operations.keep.run(fob, { session: headIn(world, index + 1)?.id ?? '' }, EXTENSION);
    }
    const key = vendors.esper.key({}, now);
    const client = { client_id: 'canary-client', client_secret: 'canary-client-secret' };
    vendors.cloudcheckr.clients.set(client.client_id, client.client_secret);
    for (const typed of [
      { vendor: 'esper', place: 'northwind', way: 'key', values: { key } },
      { vendor: 'cloudcheckr', place: CLOUDCHECKR, way: 'client', values: client },
    ])
      expect(await operations.obtain.run(fob, typed, EXTENSION)).toMatchObject({ ok: true });
    const view = await viewOf(fob);
    const consoles = await operations.policies.run(fob, {}, EXTENSION);
    const hosts = await operations.deployments.run(fob, {}, EXTENSION);
    if (!consoles.ok || !hosts.ok) throw new Error('there is nothing to write');

    const text = writeSettings({ ...view, preferences: {}, consoles: consoles.value, hosts: hosts.value });

    expect(new Set(view.sessions.map(({ vendor }) => vendor.id)).size).toBe(4);
    const { tenants } = JSON.parse(text) as SettingsFile;
    expect(new Set(tenants.map(({ id }) => id))).toEqual(new Set(view.sessions.map(({ tenant }) => tenant.id)));
    const secrets = Object.values(world.sealed()).flatMap((sealed) =>
      Object.values((JSON.parse(sealed) as { secrets: Record<string, string> }).secrets),
    );
    expect(secrets.length).toBeGreaterThanOrEqual(4);
    for (const secret of [...tokens, key, pair.refresh, ...Object.values(client), ...secrets])
      expect(text).not.toContain(secret);
    const people = view.sessions.flatMap(({ person, subject }) => [person.name, person.email, subject]);
    for (const name of people.filter((one) => one !== undefined)) expect(text).not.toContain(name);
  });
});

describe('a file somebody chose', () => {
  it.each([
    ['no JSON', 'canary-access-1', 'not_settings'],
    ['nothing', '', 'not_settings'],
    ['a list', '[]', 'not_settings'],
    ['null', 'null', 'not_settings'],
    ['the file of something else', '{"version":1}', 'not_settings'],
    ['a file of a later Fob', file({ version: 2, more: {} } as never), 'newer'],
    ['a file that is too large', ' '.repeat(1_000_001), 'too_large'],
  ])('is not taken where it is %s', (_, text, why) => {
    expect(readSettings(text)).toEqual({ why });
  });

  const origins = [
    'http://cloud.prowler.com/path',
    'https://user:canary@cloud.prowler.com',
    'https://cloud.prowler.com?token=canary',
    'data:text/html,canary',
    'cloud.prowler.com',
    '',
    7,
  ];
  it.each([
    ...origins.map((console): [string, object, string] => [
      `a console at ${console}`,
      { consoles: [{ console, keep: 'ask', panelHidden: false }] },
      'consoles 1: console',
    ]),
    ['a decision nobody can make', { consoles: [{ ...current.consoles[0], keep: 'steal' }] }, 'consoles 1: keep'],
    ['a token', { consoles: [{ ...current.consoles[0], access: 'canary' }] }, 'consoles 1: access'],
    ['sessions', { sessions: [] }, 'sessions'],
    ['no hosts', { hosts: undefined }, 'hosts'],
    ['hosts that are no list', { hosts: {} }, 'hosts'],
    ['a host that is none', { hosts: [null] }, 'hosts 1'],
    ['choices that are a list', { preferences: [] }, 'preferences'],
    ['a choice that is none', { preferences: { isMasked: 'yes' } }, 'preferences: isMasked'],
    ['a version that is none', { version: 'one' }, 'version'],
  ])('is not taken with %s, and the place is told', (_, over, place) => {
    expect(readSettings(file(over))).toEqual({ why: 'fault', place });
  });

  it('is not taken with a member that every object inherits', () => {
    expect(readSettings(file().replace('"isMasked":', '"__proto__":{},"isMasked":'))).toEqual({
      why: 'fault',
      place: 'preferences: __proto__',
    });
  });

  it('never throws, and is taken whole or not at all', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.dictionary(fc.constantFrom('consoles', 'hosts', 'tenants'), fc.jsonValue()),
        ),
        (odd) => {
          const read = readSettings(typeof odd === 'string' ? odd : file(odd));
          expect('why' in read ? read : readSettings(JSON.stringify(read))).toEqual(read);
        },
      ),
    );
  });
});

describe('taking a file in', () => {
  const read = (over = {}): SettingsFile => {
    const taken = readSettings(file(over));
    if ('why' in taken) throw new Error(taken.why);
    return taken;
  };

  it('changes nothing where all of it is here already', () => {
    expect(changesOf(read(), current)).toEqual({ consoles: [], hosts: [], kept: [], preferences: {} });
  });

  it('changes what differs, and adds what is not here', () => {
    const here: Current = { preferences: undefined, consoles: [], hosts: [], sessions: [] };

    expect(changesOf(read(), here)).toEqual({
      consoles: [{ ...current.consoles[0], was: 'ask' }],
      hosts: current.hosts,
      kept: [],
      preferences: { isMasked: true },
    });
  });

  it('leaves alone what is not in the file', () => {
    expect(changesOf(read({ consoles: [], hosts: [], preferences: {} }), current)).toEqual({
      consoles: [],
      hosts: [],
      kept: [],
      preferences: {},
    });
  });

  it('gives no console another API: the sessions there would have to go', () => {
    const other = { ...current.hosts[0], api: 'https://elsewhere.example' };

    expect(changesOf(read({ hosts: [other] }), current)).toMatchObject({ hosts: [], kept: [other] });
  });
});

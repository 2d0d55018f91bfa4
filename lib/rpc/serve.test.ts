import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../core/failure';
import { MINUTE } from '../core/time';
import { capture } from '../operations/capture';
import { operations } from '../operations/index';
import { keep } from '../operations/keep';
import { consent } from '../operations/settings';
import { tenants } from '../operations/tenants';
import { unsigned } from '../testing/odd-answers';
import { CONSOLE, consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import { callerOf, type Sender, serve } from './serve';

const self = { id: 'fob-id', origin: 'chrome-extension://fob-id' };
const TAB = 7;
const page: Sender = { id: self.id, url: `${self.origin}/popup.html` };
const inConsole: Sender = { id: self.id, url: `${CONSOLE}/scans`, frameId: 0, tab: { id: TAB } };
const refused = { ok: false, failure: { code: 'origin_refused' } };

type Name = keyof typeof operations;
const names = Object.keys(operations) as Name[];
const forConsoles = names.filter((name) => (operations[name].from as readonly string[]).includes('console'));
const forPagesOnly = names.filter((name) => !forConsoles.includes(name));

/** A world in which everything that can be held is held, and the tokens it was all made of. */
async function inhabited(): Promise<{
  world: World;
  fob: ReturnType<World['worker']>['fob'];
  id: string;
  ask: typeof ask;
  issued: Set<string>;
}> {
  const world = makeWorld();
  const issued = new Set<string>();
  const note = (value: unknown): void => {
    for (const token of JSON.stringify(value).match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []) issued.add(token);
  };
  const { handle, signIn } = world.vendor;
  world.vendor.handle = (request, now) => {
    const answer = handle(request, now);
    note(answer.json);
    return answer;
  };
  world.vendor.signIn = (tenant, now) => {
    const pair = signIn(tenant, now);
    note(pair);
    return pair;
  };
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  await capture.run(fob, { access: world.vendor.signIn('tenant-a', world.now()).access }, consoleIn(TAB));
  const id = world.tabs.get(TAB)?.session ?? '';
  await keep.run(fob, { session: id }, EXTENSION);
  await tenants.run(fob, { session: id }, EXTENSION);
  const ask = (message: unknown, sender: Sender = page): Promise<Outcome<unknown>> => serve(fob, message, sender, self);
  return { world, fob, id, ask, issued };
}

describe('who is heard', () => {
  it('is a page of Fob', () => {
    expect(callerOf(page, self)).toEqual({ kind: 'extension' });
    expect(callerOf({ ...page, url: self.origin }, self)).toEqual({ kind: 'extension' });
    expect(
      callerOf({ ...page, url: `${self.origin}/options.html?x#consent`, frameId: 0, tab: { id: 3 } }, self),
    ).toEqual({
      kind: 'extension',
    });
  });

  it('is a console, by the address of its top frame', () => {
    expect(callerOf(inConsole, self)).toMatchObject({ kind: 'console', tab: TAB, deployment: { console: CONSOLE } });
    expect(callerOf(inConsole, self)).not.toHaveProperty('container');
  });

  it('is a console in its container', () => {
    const sender = { ...inConsole, tab: { id: TAB, cookieStoreId: 'firefox-container-2' } };

    expect(callerOf(sender, self)).toMatchObject({ container: 'firefox-container-2' });
  });

  const strangers: readonly [string, Sender][] = [
    ['another extension', { ...page, id: 'other-id' }],
    ['another extension with a console', { ...inConsole, id: 'other-id' }],
    ['nobody', {}],
    ['an id alone', { id: self.id }],
    ['a framed console', { ...inConsole, frameId: 1 }],
    ['a console without a frame', { id: self.id, url: `${CONSOLE}/`, tab: { id: TAB } }],
    ['a console without a tab', { id: self.id, url: `${CONSOLE}/`, frameId: 0 }],
    ['a tab without an id', { ...inConsole, tab: {} }],
    ['another site', { ...inConsole, url: 'https://evil.example/' }],
    ['a console over http', { ...inConsole, url: 'http://cloud.prowler.com/' }],
    ['a console at another port', { ...inConsole, url: `${CONSOLE}:8443/` }],
    ['a host that begins like the console', { ...inConsole, url: 'https://cloud.prowler.com.evil.example/' }],
    ['a host that ends like the console', { ...inConsole, url: 'https://evilcloud.prowler.com/' }],
    ['a sibling host', { ...inConsole, url: 'https://api.prowler.com/' }],
    ['a user called like the console', { ...inConsole, url: 'https://cloud.prowler.com@evil.example/' }],
    ['a path called like the console', { ...inConsole, url: 'https://evil.example/https://cloud.prowler.com/' }],
    ['an id that begins like Fob', { ...page, url: 'chrome-extension://fob-id.evil/popup.html' }],
    ['an id that goes on like Fob', { ...page, url: 'chrome-extension://fob-id2/popup.html' }],
    ['a site with the name of Fob in it', { ...page, url: 'https://evil.example/chrome-extension://fob-id/' }],
    ['another scheme with the id of Fob', { ...page, url: 'moz-extension://fob-id/popup.html' }],
    ['no address', { ...page, url: '' }],
    ['something that is no address', { ...page, url: 'popup.html' }],
    ['an empty document', { ...inConsole, url: 'about:blank' }],
    ['a data document', { ...inConsole, url: `data:text/html,${CONSOLE}/` }],
    ['a local file', { ...inConsole, url: 'file:///cloud.prowler.com/' }],
  ];
  it.each(strangers)('is not %s', async (_, sender) => {
    expect(callerOf(sender, self)).toBeUndefined();
    const { ask, world } = await inhabited();
    const before = world.text();

    expect(await ask({ fob: 'policies', input: {} }, sender)).toEqual(refused);
    expect(await ask({ fob: 'panel', input: {} }, sender)).toEqual(refused);
    expect(world.text()).toBe(before);
  });
});

describe('what is heard', () => {
  const nonsense: readonly unknown[] = [
    undefined,
    null,
    7,
    'policies',
    [],
    {},
    { fob: null },
    { fob: ['policies'], input: {} },
    { input: {} },
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'Policies', 'policies ', 'run'].map((fob) => ({
      fob,
      input: {},
    })),
  ];
  it.each(nonsense.map((message) => [JSON.stringify(message), message] as const))(
    'is nothing in %s',
    async (_, message) => {
      const { ask } = await inhabited();

      expect(await ask(message)).toEqual(refused);
      expect(await ask(message, inConsole)).toEqual(refused);
    },
  );

  it.each(forPagesOnly)('%s is not for a console', async (name) => {
    const { ask, world, id } = await inhabited();
    const before = world.text();

    expect(
      await ask({ fob: name, input: { session: id, as: 'token', console: CONSOLE, keep: 'never' } }, inConsole),
    ).toEqual(refused);
    expect(world.text()).toBe(before);
  });

  it('an input of the wrong shape is refused with the name of its field', async () => {
    const { ask } = await inhabited();

    expect(await ask({ fob: 'reveal', input: { session: 7, as: 'token' } })).toEqual({
      ok: false,
      failure: { code: 'invalid_input', field: 'session' },
    });
    expect(await ask({ fob: 'move', input: { session: 'x', tenant: 'y', console: 'yes' } }, inConsole)).toEqual({
      ok: false,
      failure: { code: 'invalid_input', field: 'console' },
    });
  });

  it.each(names)('%s takes no input that is none, and says nothing of what it was given', async (name) => {
    const { ask } = await inhabited();

    for (const input of [undefined, null, 'canary-input', 7]) {
      const answer = await ask({ fob: name, input }, forConsoles.includes(name) ? inConsole : page);

      expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid_input' } });
      expect(JSON.stringify(answer)).not.toContain('canary');
    }
  });

  it('a bug is answered without a word of what it was about', async () => {
    const { fob, ask } = await inhabited();
    Object.assign(fob, { publish: () => Promise.reject(new Error('canary in a message')) });

    expect(await ask({ fob: 'consent', input: {} })).toEqual({ ok: false, failure: { code: 'bug' } });
  });
});

describe('a console', () => {
  const onSession = ['keep', 'watch', 'renew', 'tenants'] as const;
  const elsewhere: readonly [string, (id: string, world: World) => { id: string; sender: Sender }][] = [
    ['no session', () => ({ id: 'session-99', sender: inConsole })],
    ['__proto__', () => ({ id: '__proto__', sender: inConsole })],
    ['constructor', () => ({ id: 'constructor', sender: inConsole })],
    [
      "another container's session",
      (id) => ({ id, sender: { ...inConsole, tab: { id: TAB, cookieStoreId: 'firefox-container-2' } } }),
    ],
    [
      "another deployment's session",
      (id, world) => {
        world.rewrite(`head:${id}`, (head) => ({ ...head, console: 'https://prowler.example' }));
        return { id, sender: inConsole };
      },
    ],
  ];
  const cases = elsewhere.flatMap(([what, make]) => onSession.map((name) => ({ what, make, name })));
  it.each(cases)('cannot $name $what', async ({ make, name }) => {
    const { world, id } = await inhabited();
    const wanted = make(id, world);
    const { fob } = world.worker();
    const before = world.text();
    const sent = world.sent.length;

    const answer = await serve(fob, { fob: name, input: { session: wanted.id } }, wanted.sender, self);

    expect(answer).toEqual({ ok: false, failure: { code: 'unknown_session' } });
    expect(world.text()).toBe(before);
    expect(world.sent).toHaveLength(sent);
  });

  it('cannot move another session, nor take another tab along', async () => {
    const { world, id, ask } = await inhabited();
    const stranger = { ...inConsole, tab: { id: 8, cookieStoreId: 'firefox-container-2' } };
    const input = { session: id, tenant: 'tenant-b', console: true, tabId: 99 };

    expect(await ask({ fob: 'move', input }, stranger)).toMatchObject({ failure: { code: 'unknown_session' } });
    expect(await ask({ fob: 'move', input }, inConsole)).toMatchObject({ value: { console: 'followed' } });
    expect(world.followed.map(({ tab }) => tab)).toEqual([TAB]);
  });

  it('hides the panel of its own console, whatever it names', async () => {
    const { fob, ask } = await inhabited();

    await ask({ fob: 'hide', input: { console: 'https://other.example', hidden: false } }, inConsole);

    expect((await fob.vault.state()).policies).toEqual({ [CONSOLE]: { keep: 'ask', panelHidden: true } });
  });

  it('is given no secret by any operation, whatever happens', async () => {
    const inputs = (id: string, access: string): Record<string, readonly object[]> => ({
      capture: [{ access }, { access, expiresAt: '2026-01-16T09:00:00.000Z' }],
      move: [
        { session: id, tenant: 'tenant-b', console: true },
        { session: id, tenant: 'tenant-z', console: false },
      ],
      tenants: [{ session: id, again: true }, { session: id }],
      keep: [{ session: id, always: true }],
      hide: [{}],
      panel: [{}],
      attend: [{}],
      open_popup: [{}],
    });
    const answers: string[] = [];
    const tokens = new Set<string>();
    for (const name of forConsoles.toSorted((a, b) => Number(a === 'hide') - Number(b === 'hide'))) {
      for (const weather of ['fine', 'lost_after', { status: 503 }, { status: 401 }] as const) {
        const { world, id, ask, issued } = await inhabited();
        world.pass(20 * MINUTE);
        const { access } = world.vendor.signIn('tenant-a', world.now());
        for (const input of inputs(id, access)[name] ?? [{ session: id }]) {
          world.weather.push(weather);
          answers.push(`${name}: ${JSON.stringify(await ask({ fob: name, input }, inConsole))}`);
        }
        for (const token of issued) tokens.add(token);
      }
    }

    expect(tokens.size).toBeGreaterThan(10);
    // Its own signature part alone would give a token away, as would its payload.
    const parts = [...tokens].flatMap((token) => [token, token.split('.')[1] ?? token]);
    expect(parts.filter((part) => answers.some((answer) => answer.includes(part)))).toEqual([]);
    expect(answers.join()).not.toMatch(/canary|eyJ|[rR]efreshToken|"access"|"refresh"/);
    expect(answers.some((answer) => answer.startsWith('move: {"ok":true'))).toBe(true);
  });
});

describe('a page that has taken over its script', () => {
  const flooded = { ok: false, failure: { code: 'rate_limited', retryAt: expect.any(Number) } };

  it('is answered fifty times a second, and disturbs neither another tab nor Fob’s own pages', async () => {
    const { ask, world } = await inhabited();
    const flood = Array.from({ length: 10_000 }, () => ask({ fob: 'attend', input: {} }, inConsole));
    const answers = await Promise.all(flood);

    expect(answers.filter((one) => one.ok)).toHaveLength(50);
    expect(answers.at(-1)).toEqual(flooded);
    expect(await ask({ fob: 'attend', input: {} }, { ...inConsole, tab: { id: 8 } })).toMatchObject({ ok: true });
    expect(await ask({ fob: 'policies', input: {} })).toMatchObject({ ok: true });
    world.pass(1000);
    expect(await ask({ fob: 'attend', input: {} }, inConsole)).toMatchObject({ ok: true });
  });

  it('has the vendor asked about a hundred forged tokens at most, and about one a second after that', async () => {
    const { ask, world, id } = await inhabited();
    const [asked, stored] = [world.sent.length, world.text().length];
    const claims = { typ: 'access', tenant_id: 'tenant-a', iat: 1_768_467_000, exp: 1_768_497_000 };
    for (let i = 0; i < 1000; i += 1) {
      world.pass(20);
      await ask({ fob: 'capture', input: { access: unsigned({ ...claims, sub: `mallory-${i}` }) } }, inConsole);
    }

    expect(world.sent.length - asked).toBeLessThanOrEqual(100 + 20);
    expect(world.text().length - stored).toBeLessThan(1000);
    expect(world.heads().map((head) => head.id)).toEqual([id]);
  });

  const deep = (): unknown => {
    let value: unknown = [];
    for (let i = 0; i < 20_000; i += 1) value = [value];
    return value;
  };
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  const large: readonly [string, () => unknown][] = [
    ['64 kB of a name', () => ({ session: 'a'.repeat(65_536) })],
    ['64 kB beside what is asked for', () => ({ rest: 'a'.repeat(65_536) })],
    ['a list nested 20,000 deep', deep],
    ['a circle', () => circle],
    ['a number of its own kind', () => ({ session: 7n })],
  ];
  it.each(large)('is not heard with %s', async (_, input) => {
    const { ask, world } = await inhabited();
    const before = world.text();

    expect(await ask({ fob: 'keep', input: input() }, inConsole)).toEqual({
      ok: false,
      failure: { code: 'too_large' },
    });
    expect(world.text()).toBe(before);
  });
});

describe('a console on own hosts', () => {
  const OWN = 'https://prowler.northwind.example';
  const own = { [OWN]: { vendor: 'prowler', console: OWN, api: 'https://api.northwind.example' } };
  const inOwn: Sender = { id: self.id, url: `${OWN}/scans`, frameId: 0, tab: { id: 8 } };

  it('is heard by the address that was added, with the API that was allowed', () => {
    expect(callerOf(inOwn, self, own)).toMatchObject({
      kind: 'console',
      tab: 8,
      vendor: { id: 'prowler' },
      deployment: { console: OWN, api: 'https://api.northwind.example' },
    });
  });

  const strangers: readonly [string, Sender, typeof own | object][] = [
    ['before it is added', inOwn, {}],
    ['in a frame', { ...inOwn, frameId: 2 }, own],
    ['at another port', { ...inOwn, url: `${OWN}:8443/` }, own],
    ['without TLS', { ...inOwn, url: 'http://prowler.northwind.example/' }, own],
    ['on a sibling host', { ...inOwn, url: 'https://api.northwind.example/' }, own],
    ['on a host that goes on', { ...inOwn, url: `${OWN}.evil.example/` }, own],
    ['of a vendor Fob does not know', inOwn, { [OWN]: { ...own[OWN], vendor: 'nobody' } }],
    ['of a name every object has', { ...inOwn, url: 'constructor' }, own],
  ];
  it.each(strangers)('is nobody %s', (_, sender, added) => {
    expect(callerOf(sender, self, added as typeof own)).toBeUndefined();
  });

  it('is served for its own sessions alone, from the moment it is added until it is removed', async () => {
    const { world, fob, id, ask } = await inhabited();
    const shown = { fob: 'capture', input: { access: world.vendor.signIn('tenant-a', world.now()).access } };
    expect(await ask(shown, inOwn)).toEqual(refused);
    await ask({ fob: 'add_deployment', input: { vendor: 'prowler', console: OWN, api: own[OWN]?.api } });

    expect(await ask(shown, inOwn)).toMatchObject({ ok: true });
    const ownId = world.tabs.get(8)?.session ?? '';
    expect(ownId).not.toBe(id);
    expect((await fob.vault.state()).heads[ownId]).toMatchObject({ console: OWN, api: own[OWN]?.api });
    expect(await ask({ fob: 'keep', input: { session: ownId } }, inOwn)).toMatchObject({ ok: true });

    const unknown = { ok: false, failure: { code: 'unknown_session' } };
    expect(await ask({ fob: 'keep', input: { session: id } }, inOwn)).toEqual(unknown);
    expect(await ask({ fob: 'tenants', input: { session: ownId } }, inConsole)).toEqual(unknown);

    await ask({ fob: 'remove_deployment', input: { console: OWN } });
    expect(await ask(shown, inOwn)).toEqual(refused);
  });

  it.each(['consider', 'add_deployment', 'remove_deployment', 'refuse_host', 'obtain', 'deployments'])(
    'is not served with %s',
    async (name) => {
      const { ask, fob } = await inhabited();
      await ask({ fob: 'add_deployment', input: { vendor: 'prowler', console: OWN, api: own[OWN]?.api } });

      expect(await ask({ fob: name, input: { vendor: 'prowler', console: OWN, address: OWN } }, inOwn)).toEqual(
        refused,
      );
      expect(Object.keys((await fob.vault.state()).deployments)).toEqual([OWN]);
    },
  );
});

describe('for any input', () => {
  const session = fc.constantFrom('session-1', '__proto__', 'constructor', 'toString', 'valueOf', '');
  const member = fc.oneof(fc.jsonValue(), session, fc.constantFrom(CONSOLE, 'token', 'always', true));
  const input = fc
    .dictionary(
      fc.constantFrom('session', 'tenant', 'console', 'keep', 'as', 'always', 'access', 'expiresAt', 'tabId', 'hidden'),
      member,
    )
    .chain((some) =>
      fc.constantFrom(
        some,
        JSON.parse(`{"__proto__":${JSON.stringify(some)},"constructor":{"prototype":{"polluted":1}}}`) as object,
        { ...some, ...(JSON.parse('{"__proto__":{"polluted":1}}') as object) },
      ),
    );

  it('nothing throws, no object is changed, and the session stays readable', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names.filter((name) => name !== 'forget' && name !== 'lockdown')),
        input,
        fc.constantFrom(page, inConsole),
        async (name, anything, sender) => {
          const { world, ask, id } = await inhabited();

          const answer = await ask({ fob: name, input: anything }, sender);

          expect(answer).toHaveProperty('ok');
          expect(JSON.stringify(answer)).not.toContain('"bug"');
          expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
          const next = world.worker().fob;
          expect(Object.keys((await next.vault.state()).heads)).toContain(id);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'nothing is forgotten, kept or moved under the name %s',
    async (name) => {
      const { world, ask } = await inhabited();
      const before = world.text();
      for (const fob of ['forget', 'keep', 'watch', 'renew', 'tenants', 'allow', 'reveal'] as const) {
        expect(await ask({ fob, input: { session: name, as: 'token' } })).toEqual({
          ok: false,
          failure: { code: 'unknown_session' },
        });
      }

      expect(world.text()).toBe(before);
    },
  );
});

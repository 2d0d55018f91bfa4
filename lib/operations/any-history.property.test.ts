import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { LEAST_INTERVAL } from '../core/ladder';
import { after, HOUR, type Instant, SECOND } from '../core/time';
import { hears, makeMany, type ManyWorld, tells } from '../testing/many';
import { AGILICUS, CLOUDCHECKR, DAY, ESPER, RUNAI } from '../testing/vendors';
import { EXTENSION, type Weather, type Worker } from '../testing/world';
import { readHead } from '../vault/records';
import { forget } from './forget';
import { keep, pause } from './keep';
import { move } from './move';
import { obtain } from './obtain';
import { renew } from './renew';
import { create, revoke } from './tokens';
import { viewOf } from './view';
import { start, wake } from './wake';

/** A call that renews: whose grant, what was presented, whether it left this computer, and whether it was asked to come later. */
type Renewal = {
  readonly whose: string;
  readonly key: string;
  readonly at: Instant;
  isSent: boolean;
  isPutOff: boolean;
};

/** A world with everything written down that the laws are about. */
type Real = {
  readonly world: ManyWorld;
  worker: Worker;
  readonly renewals: Renewal[];
  /** Renewals a person has asked for. */
  presses: number;
  /** A person is signing in: what is sent then renews nothing. */
  isSigningIn: boolean;
  readonly borrowedRefresh: Set<string>;
  readonly thrown: unknown[];
  readonly said: string[];
};

const RENEWALS = /\/token$|\/tokens\/refresh$|\/renew-token\/$/;

async function makeReal(draws: readonly number[]): Promise<Real> {
  let drawn = 0;
  const world = await makeMany({ draw: () => draws[(drawn += 1) % draws.length] ?? 0.5 });
  const real: Real = {
    world,
    worker: world.one,
    renewals: [],
    presses: 0,
    isSigningIn: false,
    borrowedRefresh: new Set(),
    thrown: [],
    said: [],
  };
  attach(real);
  return real;
}

/** Has every renewal of the present worker written down. */
function attach(real: Real): void {
  const { fob } = real.worker;
  const { send } = fob;
  const { esper, runai } = real.world.vendors;
  Object.assign(fob, {
    send: async (...args: Parameters<typeof send>) => {
      const [{ api }, request] = args;
      const { pathname, searchParams } = new URL(request.url);
      if (!RENEWALS.test(pathname) || real.isSigningIn) return send(...args);
      const form = { ...Object.fromEntries(searchParams), ...Object.fromEntries(new URLSearchParams(request.body)) };
      const { access_token: key = '', refresh_token: refresh = '', client_id: client = refresh } = form;
      const whose = esper.books.get(key)?.application ?? runai.refreshBooks.get(refresh)?.subject ?? client;
      const renewal = {
        whose: `${api} ${whose}`,
        key: key || refresh,
        at: real.world.now(),
        isSent: true,
        isPutOff: false,
      };
      real.renewals.push(renewal);
      const answer = await send(...args);
      if (!answer.ok && answer.failure.code === 'offline') renewal.isSent = false;
      renewal.isPutOff = answer.ok && answer.value.status === 429;
      return answer;
    },
  });
}

/** Lets the worker do something; a dead one does nothing more. */
async function run(real: Real, act: (fob: Worker['fob']) => Promise<unknown>): Promise<void> {
  const { worker } = real;
  const done = act(worker.fob).then(
    (said) => void real.said.push(JSON.stringify(said) ?? ''),
    (error: unknown) => void real.thrown.push(error),
  );
  await Promise.race([done, dead(worker)]);
}
async function dead(worker: Worker): Promise<void> {
  while (worker.isAlive()) await new Promise((resolve) => setImmediate(resolve));
}
function restart(real: Real): void {
  real.worker.kill();
  real.worker = real.world.worker();
  attach(real);
}
async function ensureAlive(real: Real): Promise<void> {
  if (real.worker.isAlive()) return;
  restart(real);
  await run(real, start);
}

function lawsHold(real: Real): void {
  const { world, renewals, borrowedRefresh } = real;
  const { cloudcheckr, esper, runai, agilicus, seen } = world.vendors;
  expect(real.thrown).toEqual([]);

  // Nobody is asked but the session's own deployment, and no token is shown to another vendor.
  expect(world.sent.filter(({ origin, api }) => origin !== api)).toEqual([]);
  const books: readonly [RegExp, ReadonlyMap<string, unknown>][] = [
    [/\.cloudcheckr\.com$/, cloudcheckr.books],
    [/-api\.esper\.cloud$/, esper.books],
    [/\.run\.ai$/, runai.books],
    [/^https:\/\/api\.agilicus\.com$/, new Map([...agilicus.books, ...agilicus.refreshBooks])],
  ];
  const astray = seen.filter(
    ({ origin, token }) => token !== '' && !books.some(([at, of]) => at.test(origin) && of.has(token)),
  );
  expect(astray.map(({ origin, path }) => origin + path)).toEqual([]);

  // A borrowed refresh token is nobody's to present.
  expect(runai.presented.filter((token) => borrowedRefresh.has(token))).toEqual([]);

  // No token and nothing that was typed is in the clear, in an answer, or in what the popup reads.
  const text = world.text() + real.said.join('');
  const issued = [...books.flatMap(([, of]) => [...of.keys()]), ...runai.refreshBooks.keys()];
  expect(issued.filter((token) => text.includes(token))).toEqual([]);
  expect(text).not.toContain('canary');

  // A minute between two renewals of a grant.
  const hasty = renewals.filter((one, index) => {
    const before = renewals.slice(0, index).findLast(({ whose, isSent }) => isSent && whose === one.whose);
    return before !== undefined && one.at - before.at < LEAST_INTERVAL;
  });
  expect(hasty.map(({ whose, at }) => ({ whose, at }))).toEqual([]);

  // A key is presented for another once, and again only because a person says so, or the vendor: to come later.
  const keys = renewals.filter(({ key, isSent, isPutOff }) => isSent && !isPutOff && esper.books.has(key));
  expect(keys.length - new Set(keys.map(({ key }) => key)).size).toBeLessThanOrEqual(real.presses);

  // Whatever is stored can be read again, and is of one person, tenant and key alone.
  const stored = [...world.disk.local, ...world.disk.session].filter(([name]) => name.startsWith('head:'));
  expect(stored.filter(([, value]) => readHead(value).kind !== 'record')).toEqual([]);
  const heads = new Map(world.heads().flatMap((head) => (head.isApart ? [] : [[head.id, head] as const])));
  const places = [...heads.values()].map((head) =>
    [head.console, head.subject, head.tenant, head.ids?.['application']].join(' '),
  );
  expect(new Set(places).size).toBe(places.length);
}

class Step implements fc.AsyncCommand<Record<never, never>, Real> {
  constructor(
    readonly name: string,
    readonly act: (real: Real) => Promise<void>,
  ) {}
  check = (): boolean => true;
  async run(_: Record<never, never>, real: Real): Promise<void> {
    await this.act(real);
    lawsHold(real);
  }
  toString = (): string => this.name;
}
const step = (name: string, act: (real: Real) => Promise<void> | void) =>
  new Step(name, async (real) => {
    await ensureAlive(real);
    await act(real);
  });

const hear = (name: string, console: string, tokenOf: (world: ManyWorld, real: Real) => string) =>
  step(`hear ${name}`, (real) =>
    run(real, (fob) => {
      const tab = real.world.vendors.seen.length % 3;
      return hears(real.world, console, tokenOf(real.world, real), { tab, fob });
    }),
  );
const atRunai = ({ vendors, now }: ManyWorld, real: Real): string => {
  const { access, refresh } = vendors.runai.signIn('ana', now());
  real.borrowedRefresh.add(refresh);
  return access;
};
const shows = [
  hear('CloudCheckr', CLOUDCHECKR, ({ vendors, now }) => vendors.cloudcheckr.signIn('ana', 'customer-a', now())),
  hear('Esper', ESPER, ({ vendors, now }) => vendors.esper.key({}, now())),
  hear('Agilicus', AGILICUS, ({ vendors, now }) => vendors.agilicus.signIn('ana', 'org-a', now())),
  hear('Run:ai', RUNAI, atRunai),
];

const signIn = (
  vendor: string,
  place: string,
  api: string,
  way: string,
  valuesOf: (world: ManyWorld) => Record<string, string>,
) =>
  step(`sign in at ${vendor} with ${way}`, async (real) => {
    real.isSigningIn = true;
    // A new grant: what was asked for the one before says nothing about it.
    for (const one of real.renewals) if (one.whose.includes(api)) one.isSent = false;
    await run(real, (fob) => obtain.run(fob, { vendor, place, way, values: valuesOf(real.world) }, EXTENSION));
    real.isSigningIn = false;
  });
const signIns = [
  signIn('cloudcheckr', CLOUDCHECKR, '.cloudcheckr.com', 'client', () => ({
    client_id: 'client-1',
    client_secret: 'canary-client-secret',
  })),
  signIn('runai', 'northwind', '.run.ai', 'application', () => ({
    client_id: 'app-1',
    client_secret: 'canary-app-secret',
  })),
  signIn('runai', 'northwind', '.run.ai', 'password', () => ({
    username: 'ana.ruiz@northwind.example',
    password: ' canary-password ',
  })),
  signIn('esper', 'northwind', '.esper.cloud', 'key', ({ vendors, now }) => ({
    key: vendors.esper.key({ expiresAt: after(now(), 31 * DAY) }, now()),
  })),
];

/** What a person does with a session; tried at the vendors named, where there is a session of theirs. */
type Act = { at?: string; do: (fob: Worker['fob'], session: string, real: Real) => Promise<unknown> };
const goTo = (...tenants: readonly string[]): Act => ({
  at: 'cloudcheckr agilicus',
  do: (fob, session) =>
    Promise.all(tenants.map((tenant) => move.run(fob, { session, tenant, console: false }, EXTENSION))),
});
const RENEWABLE = 'runai cloudcheckr esper';
const acts: Readonly<Record<string, Act>> = {
  keep: { do: (fob, session) => keep.run(fob, { session }, EXTENSION) },
  pause: { do: (fob, session) => pause.run(fob, { session }, EXTENSION) },
  forget: { do: (fob, session) => forget.run(fob, { session }, EXTENSION) },
  renew: { at: RENEWABLE, do: (fob, session) => renew.run(fob, { session }, EXTENSION) },
  'renew twice at once': {
    at: RENEWABLE,
    do: (fob, session) => Promise.all([1, 2].map(() => renew.run(fob, { session }, EXTENSION))),
  },
  'renew again and again': {
    at: RENEWABLE,
    async do(fob, session) {
      for (let i = 0; i < 3; i += 1) await renew.run(fob, { session }, EXTENSION);
    },
  },
  'move to the second': goTo('customer-b', 'org-b'),
  'move to the first': goTo('customer-a', 'org-a'),
  revoke: { at: 'agilicus', do: (fob, session) => revoke.run(fob, { session, allSessions: true }, EXTENSION) },
  create: {
    at: 'agilicus',
    do: (fob, session) => {
      const wanted = { subject: 'ana', tenant: 'org-a', audiences: ['app'], durationS: 60, createRefreshToken: true };
      return create.run(fob, { session, wanted }, EXTENSION);
    },
  },
  look: { do: (fob) => viewOf(fob) },
};

/** From alarm to alarm, until something is asked for or a day is over. */
async function alarms(real: Real): Promise<void> {
  const { world } = real;
  const sent = world.sent.length;
  const until = world.now() + DAY;
  while (world.now() < until && world.sent.length === sent && real.worker.isAlive()) {
    world.pass(Math.max((world.alarm ?? until) - world.now(), 0));
    await run(real, wake);
    if (world.alarm !== undefined && world.alarm <= world.now()) return;
  }
}

const weathers: readonly Weather[] = [
  'lost_before',
  'lost_after',
  'lost_after',
  { status: 503 },
  { status: 429 },
  { status: 401 },
  { status: 400 },
  { status: 403 },
  { code: 'offline' },
  { code: 'too_large' },
  'fine',
];

const commands = [
  fc.constantFrom(...shows),
  fc.constantFrom(...shows),
  fc.constantFrom(...signIns),
  fc.constant(
    step('a page of Run:ai tells', (real) =>
      run(real, () => tells({ ...real.world, one: real.worker }, RUNAI, atRunai(real.world, real))),
    ),
  ),
  ...Object.entries(acts).map(([name, act]) =>
    fc.nat(9).map((index) =>
      step(`${name} (${index})`, async (real) => {
        const all = real.world.heads();
        const some = all.filter(({ vendor }) => act.at?.includes(vendor) ?? true);
        const heads = some.length > 0 ? some : all;
        if (name.startsWith('renew')) real.presses += 3;
        await run(real, (fob) => act.do(fob, heads[index % Math.max(1, heads.length)]?.id ?? 'none', real));
      }),
    ),
  ),
  ...Array.from({ length: 6 }, () => fc.constant(step('alarms', alarms))),
  fc.constant(
    step('the vendors end every refresh token', ({ world: { vendors } }) => {
      vendors.runai.refreshBooks.clear();
      vendors.agilicus.refreshBooks.clear();
    }),
  ),
  fc.integer({ min: 0, max: 60 }).map((steps) =>
    step(`alarms, and death ${steps} steps after a call`, async (real) => {
      const { worker } = real;
      const { sent } = real.world;
      const before = sent.length;
      const { send } = worker.fob;
      Object.assign(worker.fob, {
        send: (...args: Parameters<typeof send>) => {
          if (sent.length === before) worker.killAt(steps);
          return send(...args);
        },
      });
      await alarms(real);
      worker.kill();
      await ensureAlive(real);
    }),
  ),
  fc.constant(
    new Step('kill and wake', async (real) => {
      restart(real);
      await run(real, start);
    }),
  ),
  fc.integer({ min: 0, max: 60 }).map((steps) => step(`kill ${steps} steps on`, (real) => real.worker.killAt(steps))),
  fc
    .array(fc.constantFrom(...weathers), { minLength: 1, maxLength: 3 })
    .map((some) => step(`weather ${JSON.stringify(some)}`, (real) => void real.world.weather.push(...some))),
  fc
    .oneof(
      fc.integer({ min: 0, max: 90 * SECOND }),
      fc.integer({ min: 0, max: HOUR }),
      fc.integer({ min: 0, max: 2 * DAY }),
    )
    .map((ms) => step(`pass ${ms}`, (real) => real.world.pass(ms))),
];

it('keeps its laws through any history of many vendors', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands(commands, { maxCommands: 30 }),
      fc.array(
        fc.nat(9999).map((some) => some / 10_000),
        { minLength: 1, maxLength: 5 },
      ),
      fc.subarray([...signIns, ...shows], { minLength: 2, maxLength: 5 }),
      async (history, draws, first) => {
        const real = await makeReal(draws);
        for (const one of first) await one.act(real);
        for (const { id } of real.world.heads()) await run(real, (fob) => keep.run(fob, { session: id }, EXTENSION));

        await fc.asyncModelRun(() => ({ model: {}, real }), history);

        restart(real);
        real.world.weather.length = 0;
        await run(real, start);
        lawsHold(real);
        expect(real.world.heads().filter(({ lease }) => lease !== undefined)).toEqual([]);
        for (const head of real.world.heads()) expect((await real.worker.fob.vault.open(head)).ok).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

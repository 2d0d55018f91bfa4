import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { LEAST_INTERVAL } from '../core/ladder';
import type { Head } from '../core/state';
import { HOUR, type Instant, MINUTE, SECOND } from '../core/time';
import { consoleIn, EXTENSION, makeWorld, type Weather, type Worker, type World } from '../testing/world';
import { readHead } from '../vault/records';
import { capture } from './capture';
import { forget } from './forget';
import { keep, pause } from './keep';
import { move } from './move';
import { renew } from './renew';
import { consent } from './settings';
import { sign_out } from './sign-out';
import { start, wake } from './wake';

const TAB = 7;

/** A call to the vendor as it saw it, or as it was lost before it did. */
type Call = {
  path: string;
  at: Instant;
  token: string;
  /** refused: the vendor has said that it did nothing. lost: it may have done what it was asked. */
  came: 'taken' | 'refused' | 'lost' | 'nowhere';
  /** Whoever asked; until the step is over, it may die with the answer in its hands. */
  asker: Worker | undefined;
  head: Head | undefined;
};

/** A world with everything written down that the laws are about. */
type Real = {
  world: World;
  worker: Worker;
  calls: Call[];
  issued: Set<string>;
  borrowedRefresh: Set<string>;
  thrown: unknown[];
};

/** The model knows nothing: what must hold is known of the world alone. */
type Model = Record<never, never>;

function makeReal(draws: readonly number[]): Real {
  let drawn = 0;
  const world = makeWorld({ draw: () => draws[(drawn += 1) % draws.length] ?? 0.5 });
  const real: Real = {
    world,
    worker: world.worker(),
    calls: [],
    issued: new Set(),
    borrowedRefresh: new Set(),
    thrown: [],
  };
  attach(real);
  const { handle } = world.vendor;
  world.vendor.handle = (request, now) => {
    const answer = handle(request, now);
    for (const token of JSON.stringify(answer.json).match(/eyJ[\w+/-]+\.[\w+/-]+\.[\w+/-]+/g) ?? [])
      real.issued.add(token);
    return answer;
  };
  return real;
}

/** Has every call of the present worker written down, with the head it was made for. */
function attach(real: Real): void {
  const { worker } = real;
  const { fob } = worker;
  const { send } = fob;
  Object.assign(fob, {
    send: async (...args: Parameters<typeof send>) => {
      const [, request] = args;
      const body = request.body === undefined ? {} : (JSON.parse(request.body) as Sent);
      const call: Call = {
        path: new URL(request.url).pathname,
        at: real.world.now(),
        token: body.data?.attributes?.['refresh'] ?? '',
        came: 'lost',
        asker: worker,
        head: real.world.heads().find((one) => one.tenant === (body.data?.attributes?.['tenant_id'] ?? one.tenant)),
      };
      real.calls.push(call);
      const answer = await send(...args);
      call.came = cameOf(answer);
      return answer;
    },
  });
}
type Sent = { data?: { attributes?: Record<string, string> } };

function cameOf(answer: Awaited<ReturnType<Worker['fob']['send']>>): Call['came'] {
  if (!answer.ok) return answer.failure.code === 'offline' ? 'nowhere' : 'lost';
  if (answer.value.status >= 500) return 'lost';
  return answer.value.status === 200 ? 'taken' : 'refused';
}

/** Lets the worker do something; a dead one does nothing more. */
async function run(real: Real, act: (fob: Worker['fob']) => Promise<unknown>): Promise<void> {
  const done = act(real.worker.fob).catch((error: unknown) => {
    real.thrown.push(error);
  });
  if (!real.worker.isAlive()) return;
  await Promise.race([done, dead(real.worker)]);
}

/** Waits until a worker is dead and nothing of it is left to run. */
async function dead(worker: Worker): Promise<void> {
  while (worker.isAlive()) await new Promise((resolve) => setImmediate(resolve));
}

function restart(real: Real): void {
  real.worker.kill();
  real.worker = real.world.worker();
  attach(real);
}

/** A dead worker is woken by whatever comes next, and begins as every worker does. */
async function ensureAlive(real: Real): Promise<void> {
  if (real.worker.isAlive()) return;
  restart(real);
  await run(real, start);
}

const sessionIn = (real: Real): string => real.world.heads()[0]?.id ?? 'none';

class Step implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly name: string,
    readonly act: (real: Real) => Promise<void>,
  ) {}
  check = (): boolean => true;
  async run(_: Model, real: Real): Promise<void> {
    await this.act(real);
    lawsHold(real);
  }
  toString = (): string => this.name;
}

function lawsHold(real: Real): void {
  const { world, calls, issued, borrowedRefresh } = real;
  expect(real.thrown).toEqual([]);

  for (const call of calls) {
    if (call.came === 'taken' && call.asker?.isAlive() === false) call.came = 'lost';
    call.asker = undefined;
  }

  // No token in the clear.
  const text = world.text();
  expect([...issued].filter((token) => text.includes(token))).toEqual([]);

  // A borrowed refresh token is nobody's to present.
  expect(world.vendor.presented.filter((token) => borrowedRefresh.has(token))).toEqual([]);

  // Presented again only where the vendor has said that it did nothing, or where the answer was lost and nothing could mint.
  const rotations = calls.filter(({ token }) => token !== '');
  const again = rotations.filter((call, index) => {
    const before = rotations.slice(0, index).filter(({ token }) => token === call.token);
    return before.some(({ came }) => came === 'taken' || (came === 'lost' && couldMint(call)));
  });
  expect(again).toEqual([]);

  // A minute between two renewals of a session, but for the mint that makes good for a rotation that came to nothing, and
  // for a token of the console's that took the place of what Fob had.
  const renewals = calls.filter(({ path, came }) => path.startsWith('/api/v1/tokens/') && came !== 'nowhere');
  const hasty = renewals.filter((call, index) => {
    const before = renewals.slice(0, index).findLast(({ head }) => head?.id === call.head?.id);
    const isNew = call.head?.provenance === 'borrowed' && before?.head?.generation !== call.head.generation;
    const makesGood = before?.token !== '' && call.token === '';
    return before !== undefined && call.at - before.at < LEAST_INTERVAL && !isNew && !makesGood;
  });
  expect(hasty.map(({ path, at }) => ({ path, at }))).toEqual([]);

  // Whatever is stored can be read again.
  const stored = [...world.disk.local, ...world.disk.session].filter(([key]) => key.startsWith('head:'));
  expect(stored.filter(([, value]) => readHead(value).kind !== 'record')).toEqual([]);

  // Whatever is kept and can go on by itself is looked at again.
  const goesOn = world
    .heads()
    .filter(({ keeping, trouble }) => keeping === 'kept' && (!trouble || trouble.retryAt !== undefined));
  expect(world.alarm !== undefined || goesOn.length === 0).toBe(true);
}

/** Whether the access token of the session could still have been used to mint, when the call was made. */
function couldMint({ head, at }: Call): boolean {
  return (
    head !== undefined &&
    head.refused?.access === undefined &&
    (head.token.expiresAt === undefined || head.token.expiresAt > at + 2 * SECOND)
  );
}

const step = (name: string, act: (real: Real) => Promise<void>) => fc.constant(new Step(name, act));
const asAlive = (act: (real: Real) => Promise<void>) => async (real: Real) => {
  await ensureAlive(real);
  await act(real);
};

/** The console signs in and its page tells. */
const signsIn = asAlive(async (real) => {
  const pair = real.world.vendor.signIn('tenant-a', real.world.now());
  real.borrowedRefresh.add(pair.refresh);
  real.issued.add(pair.refresh).add(pair.access);
  await run(real, (fob) => capture.run(fob, { access: pair.access }, consoleIn(TAB)));
});
/** The alarm goes off, when it is its time. */
const alarm = asAlive(async (real) => {
  const at = real.world.alarm;
  if (at !== undefined && at > real.world.now()) real.world.pass(at - real.world.now());
  await run(real, wake);
});

const weathers: readonly Weather[] = [
  'lost_before',
  'lost_after',
  'lost_after',
  { status: 503 },
  { status: 429 },
  { status: 429, retryAfter: '600' },
  { status: 401 },
  { status: 400 },
  { code: 'offline' },
  'fine',
];

const commands = [
  step('alarm', alarm),
  step('alarm', alarm),
  step('alarm', alarm),
  step(
    'press Renew',
    asAlive((real) => run(real, (fob) => renew.run(fob, { session: sessionIn(real) }, EXTENSION))),
  ),
  step(
    'press Renew twice at once',
    asAlive((real) =>
      run(real, (fob) =>
        Promise.all([wake(fob), ...[1, 2].map(() => renew.run(fob, { session: sessionIn(real) }, EXTENSION))]),
      ),
    ),
  ),
  step(
    'keep',
    asAlive((real) => run(real, (fob) => keep.run(fob, { session: sessionIn(real) }, EXTENSION))),
  ),
  step(
    'pause',
    asAlive((real) => run(real, (fob) => pause.run(fob, { session: sessionIn(real) }, EXTENSION))),
  ),
  step('sign in at the console', signsIn),
  step(
    'sign out at the console',
    asAlive((real) => run(real, (fob) => sign_out.run(fob, {}, consoleIn(TAB)))),
  ),
  step(
    'forget',
    asAlive((real) => run(real, (fob) => forget.run(fob, { session: sessionIn(real) }, EXTENSION))),
  ),
  step('kill and wake', async (real) => {
    restart(real);
    await run(real, start);
  }),
  step('restart the browser', async (real) => {
    real.worker.kill();
    real.world.disk.session.clear();
    real.world.tabs.clear();
    // No alarm outlives the browser everywhere.
    real.world.alarm = undefined;
    restart(real);
    await run(real, start);
  }),
  fc.integer({ min: 0, max: 40 }).map(
    (steps) =>
      new Step(`kill ${steps} steps on`, async (real) => {
        await ensureAlive(real);
        real.worker.killAt(steps);
      }),
  ),
  fc
    .array(fc.constantFrom(...weathers), { minLength: 1, maxLength: 3 })
    .map((some) => new Step(`weather ${JSON.stringify(some)}`, async (real) => void real.world.weather.push(...some))),
  fc
    .oneof(
      fc.integer({ min: 0, max: 90 * SECOND }),
      fc.integer({ min: 0, max: HOUR }),
      fc.integer({ min: 0, max: 14 * HOUR }),
    )
    .map((ms) => new Step(`pass ${ms}`, async (real) => real.world.pass(ms))),
];

it('keeps its laws through any history', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands(commands, { maxCommands: 40 }),
      fc.array(
        fc.nat(9999).map((some) => some / 10_000),
        { minLength: 1, maxLength: 5 },
      ),
      async (history, draws) => {
        const real = makeReal(draws);
        await run(real, (fob) => consent.run(fob, {}, EXTENSION));
        await signsIn(real);
        await run(real, (fob) => keep.run(fob, { session: sessionIn(real) }, EXTENSION));

        await fc.asyncModelRun(() => ({ model: {}, real }), history);

        // In the end: everything readable, and well again as soon as the weather is, unless a person is needed.
        restart(real);
        real.world.weather.length = 0;
        await run(real, start);
        expect(real.world.heads().filter(({ lease }) => lease !== undefined)).toEqual([]);
        for (let i = 0; i < 3; i += 1) await alarm(real);
        lawsHold(real);
        const unwell = real.world.heads().filter(({ keeping, trouble, token }) => {
          const needsPerson = trouble !== undefined && trouble.retryAt === undefined;
          return keeping === 'kept' && !needsPerson && (trouble ?? (token.expiresAt ?? 0) <= real.world.now());
        });
        expect(unwell).toEqual([]);
        for (const head of real.world.heads()) {
          const opened = await real.worker.fob.vault.open(head);
          expect(opened.ok).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('keeps them with two tenants, too', async () => {
  const real = makeReal([0.3]);
  await run(real, (fob) => consent.run(fob, {}, EXTENSION));
  await signsIn(real);
  await run(real, (fob) => keep.run(fob, { session: sessionIn(real) }, EXTENSION));
  await run(real, (fob) => move.run(fob, { session: sessionIn(real), tenant: 'tenant-b', console: false }, EXTENSION));
  real.calls.length = 0;

  for (let i = 0; i < 30; i += 1) await alarm(real);

  const { heads, now, vendor } = real.world;
  expect(heads().every(({ token }) => (token.expiresAt ?? 0) > now())).toBe(true);
  expect(new Set(vendor.presented).size).toBe(vendor.presented.length);
  expect(now() - heads()[0]!.usedAt).toBeGreaterThan(30 * MINUTE);
});

it('takes a rotated pair however late it comes, and no late failure', async () => {
  for (const isRefused of [false, true]) {
    const real = makeReal([0.5]);
    await run(real, (fob) => consent.run(fob, {}, EXTENSION));
    await signsIn(real);
    await run(real, (fob) => keep.run(fob, { session: sessionIn(real) }, EXTENSION));
    const { world, worker } = real;
    world.pass(25 * MINUTE);
    const { send } = worker.fob;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    if (isRefused) world.weather.push({ code: 'grant_dead' });
    Object.assign(worker.fob, {
      send: async (...args: Parameters<typeof send>) => {
        const answer = await send(...args);
        await held;
        return answer;
      },
    });
    const late = wake(worker.fob);
    await new Promise((resolve) => setTimeout(resolve, 5));
    Object.assign(worker.fob, { send });
    // The machine slept with the call out; on waking there is no network at first.
    world.pass(10 * MINUTE);
    world.weather.push('lost_before');
    await wake(worker.fob);

    letGo();
    await late;

    const [head] = world.heads();
    expect(head?.generation).toBe(isRefused ? 2 : 3);
    expect(head?.refused).toBeUndefined();
    expect(head?.trouble?.code).toBe(isRefused ? 'unanswered' : undefined);
  }
});

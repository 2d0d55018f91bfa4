import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAST_INTERVAL } from '../core/ladder';
import type { FailureCode } from '../core/failure';
import type { HttpResponse } from '../core/http';
import type { Head } from '../core/state';
import { HOUR, type Instant, MINUTE, SECOND } from '../core/time';
import { ISSUER, makeIssuer, type Reuse, type TestIssuer } from '../testing/issuer';
import { consoleIn, EXTENSION, makeWorld, type Weather, type Worker, type World } from '../testing/world';
import type { Lasting } from '../vault/records';
import { capture } from './capture';
import { forget } from './forget';
import { keep, pause } from './keep';
import { move } from './move';
import { obtain } from './obtain';
import { renew } from './renew';
import { consent } from './settings';
import { sign_out } from './sign-out';
import { viewOf } from './view';
import { start, wake } from './wake';

/** Histories in all; other ones, and more, by `npm run test:model -- --runs N`. */
const RUNS = Number(process.env['FOB_MODEL_RUNS'] ?? 5000);
/** The same histories each time, unless more are asked for: a change is judged by what it changes. */
const SEED = Number(process.env['FOB_MODEL_SEED'] ?? (process.env['FOB_MODEL_RUNS'] === undefined ? 2026 : Number.NaN));

const TAB = 7;
const TURN = 2 * HOUR;

/** Where refresh tokens are strict, and minting makes good for a lost one; and three issuers where nothing does. */
type Kind = 'mints' | Reuse;

/** A call to the vendor as it saw it, or as it was lost before it did. */
type Call = {
  path: string;
  /** By the vendor's clock. */
  at: Instant;
  /** By this computer's. */
  local: Instant;
  token: string;
  /** refused: the vendor has said that it did nothing. lost: it may have done what it was asked. */
  came: 'taken' | 'refused' | 'lost' | 'nowhere';
  /** Whoever asked; until the step is over, it may die with the answer in its hands. */
  asker: Worker | undefined;
  head: Head | undefined;
  /** A person pressed for it. */
  isForced: boolean;
  /** How often the clock was turned before. */
  turns: number;
  /** How often somebody signed in before. */
  signIns: number;
};

/** A world with everything written down that the laws are about. */
type Real = {
  kind: Kind;
  world: World;
  issuer: TestIssuer;
  worker: Worker;
  calls: Call[];
  issued: Set<string>;
  borrowedRefresh: Set<string>;
  thrown: unknown[];
  isPressed: boolean;
  turns: number;
  signIns: number;
  /** The vendor has said no although nothing was wrong: made up by the weather, and obeyed. */
  hasLied: boolean;
  /** A store was not what it was when it was last written. */
  isDamaged: boolean;
  /** What the issuer says of the lives of its tokens, where it is not how long they live. */
  saidLife: unknown;
  /** The newest grant each session was ever stored with. */
  newest: Map<string, number>;
  /** What each store was like at some time. */
  backups: { store: Lasting; records: Map<string, unknown> }[];
  signedOut: Set<string>;
};

/** The model knows nothing: what must hold is known of the world alone. */
type Model = Record<never, never>;

function makeReal(kind: Kind, draws: readonly number[]): Real {
  let drawn = 0;
  const issuer = makeIssuer(kind === 'mints' ? 'strict' : kind);
  const world = makeWorld({
    draw: () => draws[(drawn += 1) % draws.length] ?? 0.5,
    ...(kind === 'mints' ? {} : { handle: (request, now) => said(issuer.handle(request, now)) }),
  });
  const real: Real = {
    kind,
    world,
    issuer,
    worker: world.worker(),
    calls: [],
    issued: new Set(),
    borrowedRefresh: new Set(),
    thrown: [],
    isPressed: false,
    turns: 0,
    signIns: 0,
    hasLied: false,
    isDamaged: false,
    saidLife: undefined,
    newest: new Map(),
    backups: [],
    signedOut: new Set(),
  };
  attach(real);
  return real;

  function said(answer: HttpResponse): HttpResponse {
    if (answer.status !== 200 || real.saidLife === undefined) return answer;
    return { ...answer, json: { ...(answer.json as object), expires_in: real.saidLife, expiresIn: real.saidLife } };
  }
}

/** Has every call of the present worker written down, with the head it was made for. */
function attach(real: Real): void {
  const { worker, world } = real;
  const { fob } = worker;
  const { send } = fob;
  Object.assign(fob, {
    send: async (...args: Parameters<typeof send>) => {
      const [, request] = args;
      const fields = fieldsOf(request.body ?? new URL(request.url).search);
      const call: Call = {
        path: new URL(request.url).pathname,
        at: world.trueTime(),
        local: world.now(),
        token: fields['refresh'] ?? fields['refresh_token'] ?? fields['refreshToken'] ?? '',
        came: 'lost',
        asker: worker,
        head: world.heads().find((one) => one.tenant === (fields['tenant_id'] ?? one.tenant)),
        isForced: real.isPressed,
        turns: real.turns,
        signIns: real.signIns,
      };
      real.calls.push(call);
      const weather = world.weather[0];
      // A bare 401 is a bearer's refusal, and at a token endpoint nobody's word.
      if (real.kind === 'mints' && typeof weather === 'object' && 'status' in weather && weather.status === 401)
        real.hasLied = true;
      const answer = await send(...args);
      call.came = cameOf(answer);
      if (answer.ok) for (const token of tokensIn(answer.value.json)) real.issued.add(token);
      return answer;
    },
  });
}

function fieldsOf(body: string): Record<string, string> {
  if (!body.startsWith('{')) return Object.fromEntries(new URLSearchParams(body));
  const document = JSON.parse(body) as { data?: { attributes?: Record<string, string> } } & Record<string, string>;
  return document.data?.attributes ?? document;
}
const tokensIn = (json: unknown): readonly string[] =>
  (JSON.stringify(json) ?? '').match(/eyJ[\w+/-]+\.[\w+/-]+\.[\w+/-]+/g) ?? [];

function cameOf(answer: Awaited<ReturnType<Worker['fob']['send']>>): Call['came'] {
  if (!answer.ok) {
    const { code } = answer.failure;
    // Sent on to elsewhere, it was not looked at.
    return code === 'offline' ? 'nowhere' : code === 'redirected' ? 'refused' : 'lost';
  }
  const { status, json } = answer.value;
  if (status >= 500 || (status === 200 && json === undefined)) return 'lost';
  return status === 200 ? 'taken' : 'refused';
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

/** What only a person can mend here. */
const VERDICTS: readonly FailureCode[] = ['grant_dead', 'sign_in_needed', 'vault_unreadable'];

/** Ends a history in which something did not hold. */
function broken(what: string, about: unknown): never {
  throw new Error(`${what}: ${typeof about === 'string' ? `\n${about}` : JSON.stringify(about)}`);
}

/** What must hold after every step, whatever came before. */
function lawsHold(real: Real): void {
  const { world, calls, borrowedRefresh } = real;
  if (real.thrown.length > 0) throw real.thrown[0];

  for (const call of calls) {
    if (call.came === 'taken' && call.asker?.isAlive() === false) call.came = 'lost';
    call.asker = undefined;
  }

  // Nothing is sent but to the session's own API.
  if (world.sent.some(({ origin, api }) => origin !== api)) broken('sent to another API', world.sent);

  // No token in the clear, in any store.
  const text = world.text();
  for (const token of real.issued) if (text.includes(token)) broken('a token in the clear', token.length);

  const presented = real.kind === 'mints' ? world.vendor.presented : real.issuer.presented;
  // A borrowed refresh token is nobody's to present.
  if (presented.some((token) => borrowedRefresh.has(token))) broken('a borrowed refresh token presented', calls.length);

  // Presented again only where the vendor has said that it did nothing, where the access token served no more, or at a press.
  const last = calls.at(-1);
  if (last && last.token !== '' && last.came !== 'nowhere') {
    // Of the same grant: where a refresh token is never spent, the one after it has the same.
    const before = calls
      .slice(0, -1)
      .filter((call) => call.token === last.token && call.head?.generation === last.head?.generation)
      .filter(({ came }) => came !== 'nowhere');
    const isReplay = before.some(({ came }) => came === 'taken' || (came === 'lost' && isServed(last)));
    if (isReplay && !last.isForced) broken('presented again while the token serves', inShort(calls));
  }

  // A minute between two renewals of a session, but for the mint that makes good for a rotation that came to nothing, and
  // for a token of the console's that took the place of what Fob had.
  const renewals = calls.filter(
    ({ path, token, came }) => (token !== '' || path.startsWith('/api/v1/tokens/')) && came !== 'nowhere',
  );
  const [one, two] = renewals.slice(-2);
  if (one && two && one.head?.id === two.head?.id && two.at - one.at < LEAST_INTERVAL) {
    const isNew = one.signIns !== two.signIns;
    const makesGood = one.token !== '' && two.token === '';
    const isOfAnotherClock = one.turns !== two.turns;
    // An endpoint that is not there: its other form is asked, or was to be when the network was gone.
    const isOtherForm =
      one.came === 'refused' && (one.path !== two.path || calls[calls.indexOf(two) - 1]?.came === 'nowhere');
    if (!isNew && !makesGood && !isOfAnotherClock && !isOtherForm) broken('less than a minute apart', inShort(calls));
  }

  // A death may leave a second, older one in memory: what is stored counts.
  const heads = new Map(
    world
      .heads()
      .toReversed()
      .map((head) => [head.id, head]),
  );
  for (const head of heads.values()) {
    // No end that is no time.
    if (!Number.isSafeInteger(head.token.expiresAt ?? 0)) broken('an end that is no time', head);
    // Nobody is sent to a person but by the vendor's own word: a lost answer is none, and any number of failures is none.
    const { trouble } = head;
    if (trouble && trouble.retryAt === undefined && !VERDICTS.includes(trouble.code))
      broken('sent to a person without a word of the vendor', head);
    // No grant comes after a newer one.
    const newest = real.newest.get(head.id) ?? 0;
    if (head.generation < newest) broken('an older grant in the place of a newer', head);
    real.newest.set(head.id, head.generation);
    // Whoever signed out stays out, until somebody says otherwise.
    if (real.signedOut.has(head.id) && head.keeping === 'kept') broken('kept after a sign-out', head);
  }

  // Whatever is kept and can go on by itself is looked at again.
  const goesOn = world
    .heads()
    .filter(({ keeping, trouble }) => keeping === 'kept' && (!trouble || trouble.retryAt !== undefined));
  if (goesOn.length > 0 && world.alarm === undefined) broken('no wake planned', goesOn);
}

/** Calls as a failing history shows them: nothing that is a token. */
const inShort = (calls: readonly Call[]): string =>
  calls
    .map(({ path, at, local, token, came, isForced, head }) =>
      [path, at % HOUR, local % HOUR, token.length, came, isForced, head?.token.expiresAt, head?.trouble?.code].join(
        ' ',
      ),
    )
    .join('\n');

/** Whether the session's access token could still be used when a call was made, by this computer's clock. */
function isServed({ head, local }: Call): boolean {
  return (
    head !== undefined &&
    head.refused?.access === undefined &&
    (head.token.expiresAt === undefined || head.token.expiresAt > local + 2 * SECOND)
  );
}

const step = (name: string, act: (real: Real) => Promise<void>) => fc.constant(new Step(name, act));
const asAlive = (act: (real: Real) => Promise<void>) => async (real: Real) => {
  await ensureAlive(real);
  await act(real);
};
const press = (act: (fob: Worker['fob'], session: string) => Promise<unknown>) =>
  asAlive(async (real) => {
    real.isPressed = true;
    await run(real, (fob) => act(fob, sessionIn(real)));
    real.isPressed = false;
  });

/** A person signs in: at the console, whose page tells; or, where there is no console that tells, through Fob. */
const signsIn = asAlive(async (real) => {
  const { world } = real;
  real.signedOut.clear();
  real.signIns += 1;
  if (real.kind !== 'mints') {
    const values = { username: 'ana', password: 'canary-password' };
    await run(real, (fob) =>
      obtain.run(fob, { vendor: 'runai', place: ISSUER.place, way: 'password', values }, EXTENSION),
    );
    return;
  }
  const pair = world.vendor.signIn('tenant-a', world.trueTime());
  real.borrowedRefresh.add(pair.refresh);
  real.issued.add(pair.refresh).add(pair.access);
  await run(real, (fob) => capture.run(fob, { access: pair.access }, consoleIn(TAB)));
});
const keeps = press(async (fob, session) => keep.run(fob, { session }, EXTENSION));

/** The alarm goes off, when it is its time. */
const alarm = asAlive(async (real) => {
  const at = real.world.alarm;
  if (at !== undefined && at > real.world.now()) real.world.pass(at - real.world.now());
  await run(real, wake);
});

/** A renewal is sent, and its answer comes only after something else was done: what is newer by then stays as it is. */
const overtaken = (act: (real: Real) => Promise<void>) =>
  asAlive(async (real) => {
    const { world, worker } = real;
    const { fob } = worker;
    const { send } = fob;
    // Where a form is not there, another is asked in the same renewal: that is not what comes late.
    const weather = world.weather
      .splice(0)
      .filter((one) => typeof one !== 'object' || !('status' in one && one.status === 404));
    world.weather.push(...weather);
    const before = world.heads()[0]?.generation;
    const late: { call?: Call | undefined; isDone?: true } = {};
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    Object.assign(fob, {
      send: async (...args: Parameters<typeof send>) => {
        const isRenewal = !late.call && args[1].url.includes('/token');
        const answer = await send(...args);
        if (!isRenewal) return answer;
        late.call = real.calls.at(-1);
        await held;
        return answer;
      },
    });
    const done = alarm(real).then(() => (late.isDone = true));
    while (!late.call && !late.isDone && worker.isAlive()) await new Promise((resolve) => setImmediate(resolve));
    Object.assign(fob, { send });
    if (late.call) await act(real);
    const stored = () => JSON.stringify([world.heads()[0]?.generation, world.sealed()]);
    const isOvertaken = world.heads()[0]?.generation !== before;
    if (isOvertaken && late.call?.came === 'taken') late.call.came = 'lost';
    const then = stored();
    letGo();
    await done;
    if (isOvertaken && stored() !== then) expect(stored()).toBe('what came later');
  });

/** The browser is started anew: memory is gone, and alarms with it. */
async function restartBrowser(real: Real): Promise<void> {
  real.worker.kill();
  real.world.disk.session.clear();
  real.world.tabs.clear();
  real.world.alarm = undefined;
  restart(real);
  await run(real, start);
}

/** Files are damaged while nobody has them open: by the next start, one store is not what it was. */
const damaged = (name: string, damage: (records: Map<string, unknown>, real: Real, store: Lasting) => void) =>
  fc.constantFrom<Lasting>('local', 'copy').map(
    (store) =>
      new Step(`${name}: ${store}`, async (real) => {
        // A death between the two writes leaves one store ahead, and only that one must then not be damaged: one thing at a time.
        await ensureAlive(real);
        real.worker.kill();
        real.isDamaged = true;
        damage(real.world.disk[store], real, store);
        await restartBrowser(real);
        // Should it have died as it began: the next one mends.
        await ensureAlive(real);
      }),
  );

const weathers: readonly Weather[] = [
  'lost_before',
  'lost_after',
  'garbled',
  { code: 'unanswered', why: 'cut_short' },
  { status: 503 },
  { status: 429 },
  { status: 429, retryAfter: '600' },
  { status: 401 },
  { status: 400 },
  { status: 404 },
  { code: 'redirected' },
  { code: 'offline' },
  'fine',
];

const commands = [
  step('alarm', alarm),
  step('alarm', alarm),
  step('alarm', alarm),
  step(
    'press Renew',
    press((fob, session) => renew.run(fob, { session }, EXTENSION)),
  ),
  step(
    'press Renew twice at once',
    press((fob, session) => Promise.all([wake(fob), ...[1, 2].map(() => renew.run(fob, { session }, EXTENSION))])),
  ),
  step('keep', (real) => {
    real.signedOut.clear();
    return keeps(real);
  }),
  step(
    'pause',
    press((fob, session) => pause.run(fob, { session }, EXTENSION)),
  ),
  step('sign in', signsIn),
  step(
    'sign out at the console',
    asAlive(async (real) => {
      if (real.kind !== 'mints') return;
      const seen = real.world.heads().filter((head) => head.seen !== undefined);
      await run(real, (fob) => sign_out.run(fob, {}, consoleIn(TAB)));
      if (real.worker.isAlive()) for (const head of seen) real.signedOut.add(head.id);
    }),
  ),
  step(
    'forget',
    press((fob, session) => forget.run(fob, { session }, EXTENSION)),
  ),
  step(
    'a renewal is overtaken',
    overtaken(async (real) => {
      if (real.kind !== 'mints') return signsIn(real);
      // Past the time that any answer is waited for.
      real.world.pass(3 * MINUTE);
      await alarm(real);
    }),
  ),
  fc
    .constantFrom<unknown>('soon', -600, 0, 1e300, true, {}, 600)
    .map(
      (life) =>
        new Step(`tokens are said to live for ${JSON.stringify(life)}`, async (real) => void (real.saidLife = life)),
    ),
  step('kill and wake', async (real) => {
    restart(real);
    await run(real, start);
  }),
  step('restart the browser', restartBrowser),
  fc.integer({ min: 0, max: 60 }).map(
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
  fc.integer({ min: -TURN, max: TURN }).map(
    (ms) =>
      new Step(`turn the clock by ${ms}`, async (real) => {
        real.turns += 1;
        real.world.turn(ms);
      }),
  ),
  fc.constantFrom<Lasting>('local', 'copy').map(
    (store) =>
      new Step(`back ${store} up`, async (real) => {
        real.backups.push({ store, records: new Map(real.world.disk[store]) });
      }),
  ),
  damaged('go back in time', (records, real, store) => {
    const backup = real.backups.findLast((one) => one.store === store);
    if (!backup) return;
    records.clear();
    for (const [name, value] of backup.records) records.set(name, value);
  }),
  damaged('wipe', (records) => records.clear()),
  fc.tuple(fc.nat(), fc.nat(), fc.nat(6)).chain(([which, where, bit]) =>
    damaged(`flip bit ${bit} of letter ${where} of record ${which}`, (records) => {
      const names = [...records.keys()].filter((name) => !name.startsWith('journal:'));
      const name = names[which % Math.max(1, names.length)];
      const value = records.get(name ?? '');
      if (name === undefined || typeof value !== 'string') return;
      const at = where % value.length;
      records.set(
        name,
        value.slice(0, at) + String.fromCharCode(value.charCodeAt(at) ^ (1 << bit)) + value.slice(at + 1),
      );
    }),
  ),
];

/** What must hold in the end, once the weather is fine and somebody looks. */
async function endsWell(real: Real): Promise<void> {
  const { world } = real;
  const isUnwell = ({ keeping, trouble, token }: Head): boolean =>
    keeping === 'kept' && (trouble ? trouble.retryAt !== undefined : (token.expiresAt ?? 0) <= world.now());
  restart(real);
  world.weather.length = 0;
  await run(real, start);
  if (world.heads().some(({ lease }) => lease !== undefined)) broken('an open call in the end', world.heads());
  // What went unanswered waits for the end of its token, however far off a turned clock has put it.
  for (let i = 0; i < 3 || (i < 40 && world.heads().some(isUnwell)); i += 1) await alarm(real);
  lawsHold(real);

  const { vault } = real.worker.fob;
  // Nobody is told of damage that was only a death between two writes.
  const { damage } = await vault.state();
  if (!real.isDamaged && damage) broken('told of damage where there was none', damage);
  for (const head of world.heads()) {
    const { keeping, trouble } = head;
    if (isUnwell(head)) broken('not well again', head);

    const opened = await vault.open(head);
    if (!opened.ok) throw broken('a seal that does not open', head);

    const refresh = opened.value.secrets.refresh ?? '';
    const issuer = real.kind === 'mints' ? world.vendor : real.issuer;
    // Said to be well: what is stored is what the vendor would take.
    if (keeping === 'kept' && !trouble && head.provenance === 'own' && !issuer.isLive(refresh, world.trueTime()))
      broken('said to be well, with a refresh token that is not taken', head);

    // Dead: something must excuse it, and where a refresh token is never spent nothing that happens on the way does.
    if (keeping === 'kept' && trouble?.code === 'grant_dead') {
      const isExcused = real.hasLied || real.turns > 0 || real.calls.some((call) => call.came === 'lost');
      if (!isExcused) broken('dead without an excuse', head);
      if (real.kind === 'static' && !real.hasLied && issuer.isLive(refresh, world.trueTime()))
        broken('dead, and its refresh token is as good as ever', head);
    }
  }

  // What people and reports are given has no secret in it.
  const told = JSON.stringify([
    await viewOf(real.worker.fob),
    await Promise.all(world.heads().map(({ id }) => vault.journal(id))),
  ]);
  for (const token of real.issued) if (told.includes(token)) broken('a token in what is told', token.length);
}

describe.each<Kind>(['mints', 'strict', 'grace', 'static'])('where a spent refresh token is %s', (kind) => {
  it('keeps its laws through any history', { timeout: 100_000_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.commands(commands, { maxCommands: 40 }),
        fc.array(
          fc.nat(9999).map((some) => some / 10_000),
          { minLength: 1, maxLength: 5 },
        ),
        async (history, draws) => {
          const real = makeReal(kind, draws);
          await run(real, (fob) => consent.run(fob, {}, EXTENSION));
          await signsIn(real);
          await keeps(real);

          await fc.asyncModelRun(() => ({ model: {}, real }), history);
          await expect(endsWell(real)).resolves.toBeUndefined();
        },
      ),
      {
        numRuns: Math.ceil(RUNS / 4),
        endOnFailure: process.env['FOB_MODEL_SHRINK'] === '0',
        ...(Number.isNaN(SEED) ? {} : { seed: SEED }),
      },
    );
  });
});

it('keeps them with two tenants, too', async () => {
  const real = makeReal('mints', [0.3]);
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
    const real = makeReal('mints', [0.5]);
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

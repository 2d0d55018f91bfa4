import { failed, type Failure, ok, type Outcome } from '../core/failure';
import type { HttpResponse } from '../core/http';
import type { Head, SessionId } from '../core/state';
import { after, type Instant, MINUTE } from '../core/time';
import { capture } from '../operations/capture';
import { keep } from '../operations/keep';
import { obtain } from '../operations/obtain';
import { consent } from '../operations/settings';
import { create } from '../operations/tokens';
import { wake } from '../operations/wake';
import { headIn, hears, makeMany, type ManyWorld } from './many';
import { AGILICUS, CLOUDCHECKR, DAY, RUNAI } from './vendors';
import { consoleIn, EXTENSION, makeWorld, type Worker, type World } from './world';

/** What an answer, or its absence, has come to. Read off the head alone: what the planner and the words go by. */
export type Verdict =
  | 'renewed'
  | 'access refused'
  | 'refresh refused'
  | 'client refused'
  /** Nothing is wrong with what was presented: the deployment, the request or a right is not as it should be. Tried again. */
  | 'configuration'
  /** The vendor named a time. */
  | 'retry at'
  /** The vendor may have acted: what was presented may be spent. */
  | 'may have acted'
  /** Nothing is known, and nothing is ended. Tried again, later and later. */
  | 'suspect'
  /** Nothing is ended, and nothing is sent again before a person says so. */
  | 'asks a person';

/** A session that is due, by one rung of one vendor. */
type Due = {
  readonly world: World;
  readonly fob: Worker['fob'];
  readonly id: SessionId;
  readonly isOf: (path: string) => boolean;
};

async function signedIn(
  vendor: string,
  place: string,
  way: string,
  values: (world: ManyWorld) => Record<string, string>,
) {
  const world = await makeMany();
  const { fob } = world.one;
  const done = await obtain.run(fob, { vendor, place, way, values: values(world) }, EXTENSION);
  if (!done.ok) throw new Error(done.failure.code);
  return { world, fob, id: done.value.session };
}

async function seenAtProwler() {
  const world = makeWorld();
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  await capture.run(fob, { access: world.vendor.signIn('tenant-a', world.now()).access }, consoleIn(7));
  return { world, fob, id: headIn(world)?.id ?? '' };
}

const endsWith =
  (...ends: readonly string[]) =>
  (path: string) =>
    ends.some((end) => path.endsWith(end));

/** Every rung there is, by its vendor: a session for which it is the next to be tried, and is due. */
export const rungs = {
  'Prowler: rotate': async (): Promise<Due> => {
    const one = await seenAtProwler();
    await keep.run(one.fob, { session: one.id }, EXTENSION);
    one.world.pass(25 * MINUTE);
    return { ...one, isOf: endsWith('/tokens/refresh') };
  },
  'Prowler: mint': async (): Promise<Due> => {
    const one = await seenAtProwler();
    await one.fob.vault.transact((_, at) => ({
      events: [{ type: 'keeping_set', id: one.id, at, keeping: 'kept', keptUntil: after(at, DAY) }],
      result: undefined,
    }));
    return { ...one, isOf: endsWith('/tokens/switch') };
  },
  'CloudCheckr: request': async (): Promise<Due> => {
    const client = { client_id: 'client-1', client_secret: 'canary-client-secret' };
    const one = await signedIn('cloudcheckr', CLOUDCHECKR, 'client', () => client);
    one.world.pass(50 * MINUTE);
    return { ...one, isOf: endsWith('/connect/token') };
  },
  'Run:ai: rotate': async (): Promise<Due> => {
    const person = { username: 'ana.ruiz@northwind.example', password: ' canary-password ' };
    const one = await signedIn('runai', 'northwind', 'password', () => person);
    one.world.pass(50 * MINUTE);
    return { ...one, isOf: endsWith('/token', '/tokens/refresh') };
  },
  'Run:ai: request': async (): Promise<Due> => {
    const app = { client_id: 'app-1', client_secret: 'canary-app-secret' };
    const one = await signedIn('runai', RUNAI, 'application', () => app);
    one.world.pass(50 * MINUTE);
    return { ...one, isOf: endsWith('/token') };
  },
  'Agilicus: rotate': async (): Promise<Due> => {
    const world = await makeMany();
    const { fob } = world.one;
    await hears(world, AGILICUS, world.vendors.agilicus.signIn('ana', 'org-a', world.now()));
    const wanted = { subject: 'robot', tenant: 'org-a', audiences: ['app'], durationS: 3600, createRefreshToken: true };
    const made = await create.run(fob, { session: headIn(world)?.id ?? '', wanted }, EXTENSION);
    const id = made.ok ? made.value.session : '';
    await keep.run(fob, { session: id }, EXTENSION);
    world.pass(50 * MINUTE);
    return { world, fob, id, isOf: endsWith('/tokens/refresh') };
  },
  'Esper: renew_key': async (): Promise<Due> => {
    const one = await signedIn('esper', 'northwind', 'key', ({ vendors, now }) => ({
      key: vendors.esper.key({ expiresAt: after(now(), 20 * DAY) }, now()),
    }));
    await keep.run(one.fob, { session: one.id }, EXTENSION);
    return { ...one, isOf: endsWith('/renew-token/') };
  },
} satisfies Record<string, () => Promise<Due>>;

/** One rung of one vendor. */
export type RungName = keyof typeof rungs;

/** What a vendor says to a renewal, or what becomes of the call. */
export type Said = Failure | (Partial<Omit<HttpResponse, 'startedAt'>> & { readonly status: number });

/** What one answer came to. */
type Judged = {
  readonly verdict: Verdict;
  readonly code: string | undefined;
  /** How long until it is tried again (ms). */
  readonly waitMs: number | undefined;
  /** Whether all that the session holds is what it was before. */
  readonly isUntouched: boolean;
};

/** Lets one due session be renewed, gives its first call (in all its forms) that answer, and says what came of it. */
export async function judge(rung: RungName, said: Said): Promise<Judged> {
  const { world, fob, id, isOf } = await rungs[rung]();
  const head = (): Head | undefined => world.heads().find((one) => one.id === id);
  const sealed = world.sealed()[id];
  const { generation } = head() ?? {};
  const { send } = fob;
  let judged: Head | undefined;
  let sentAt: Instant | undefined;
  Object.assign(fob, {
    send: async (...[deployment, request, how]: Parameters<typeof send>): Promise<Outcome<HttpResponse>> => {
      const { pathname } = new URL(request.url);
      // What comes after the verdict is another story.
      if (head()?.trouble) judged ??= head();
      if (judged || (!isOf(pathname) && sentAt !== undefined)) return failed({ code: 'offline' });
      if (!isOf(pathname)) return send(deployment, request, how);
      sentAt ??= world.now();
      if ('code' in said) return failed(said);
      return ok({ headers: {}, json: undefined, ...said, startedAt: world.now() });
    },
  });
  await wake(fob);
  const now = judged ?? head();
  if (sentAt === undefined || !now) throw new Error('nothing was due');
  const { trouble } = now;
  return {
    verdict: verdictOf(now),
    code: trouble?.code,
    waitMs: trouble?.retryAt === undefined ? undefined : trouble.retryAt - sentAt,
    isUntouched: head()?.generation === generation && world.sealed()[id] === sealed,
  };
}

const CONFIGURATION = new Set<string>([
  'misconfigured',
  'not_offered',
  'forbidden',
  'invalid_input',
  'permission_missing',
]);

function verdictOf({ trouble, refused = {}, unansweredSince }: Head): Verdict {
  if (!trouble) return 'renewed';
  for (const which of ['access', 'refresh', 'client'] as const) if (refused[which]) return `${which} refused`;
  if (unansweredSince !== undefined) return 'may have acted';
  if (trouble.retryAt === undefined) return 'asks a person';
  if (trouble.code === 'rate_limited') return 'retry at';
  return CONFIGURATION.has(trouble.code) ? 'configuration' : 'suspect';
}

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../core/http';
import { LEAST_INTERVAL } from '../core/ladder';
import { HOUR, type Instant, MINUTE, SECOND } from '../core/time';
import { EXTENSION, makeWorld, type Weather, type World } from '../testing/world';
import { hear } from './hear';
import { keep, pause } from './keep';
import { move } from './move';
import { obtain } from './obtain';
import { renew } from './renew';
import { consent } from './settings';
import { wake } from './wake';

const RUNAI = 'https://northwind.run.ai';
const UUID = '22222222-2222-4222-8222-222222222222';
const jwt = (claims: object): string =>
  `${[{ alg: 'RS256' }, claims].map((part) => btoa(JSON.stringify(part)).replaceAll('=', '')).join('.')}.c2ln`;

/** Consoles, and the one origin each one's tokens may go to. */
const APIS: Readonly<Record<string, string>> = {
  'https://app-eu.cloudcheckr.com': 'https://api-eu.cloudcheckr.com',
  'https://northwind.esper.cloud': 'https://northwind-api.esper.cloud',
  [RUNAI]: RUNAI,
};
const CONSOLES = Object.keys(APIS);
const FORMS = [
  { vendor: 'cloudcheckr', place: CONSOLES[0] ?? '', way: 'client', values: { client_id: 'app', client_secret: 's' } },
  { vendor: 'esper', place: 'northwind', way: 'key', values: { key: 'canary-key' } },
  { vendor: 'runai', place: 'northwind', way: 'password', values: { username: 'ana', password: 's' } },
  { vendor: 'runai', place: 'northwind', way: 'application', values: { client_id: 'app', client_secret: 's' } },
];
/** Paths that make another token of one: never for a token of a console. */
const RENEWING = /renew-token|connect\/token|\/api\/v\d\/token$|oauth/;

type Sent = { console: string; api: string; origin: string; path: string; token: string; at: Instant };
type Real = { world: World; sent: Sent[]; shown: Set<string>; fob: ReturnType<World['worker']>['fob'] };

/** One answer that every vendor's calls can read. */
function answerTo(request: HttpRequest, now: Instant, made: number): HttpResponse {
  const claims = {
    sub: 'user-1',
    iss: `${RUNAI}/auth/realms/northwind`,
    authz_customer_id: 'customer-a',
    iat: Math.floor(now / 1000),
    exp: Math.floor((now + HOUR) / 1000),
    jti: `made-${made}`,
  };
  const end = new Date(now + HOUR).toISOString();
  const [access, refresh] = [jwt(claims), `refresh-${made}`];
  const tokens = { access_token: access, refresh_token: refresh, accessToken: access, refreshToken: refresh };
  const info = { userId: 'user-1', customerId: 'customer-a', expiration: end, name: 'Northwind' };
  const key = {
    id: 1,
    enterprise: UUID,
    user: 7,
    developer_app: UUID,
    expires_on: end,
    expires_at: end,
    token: access,
  };
  const json = { ...tokens, ...info, ...key, expires_in: 3600 };
  const isRefused = request.url.includes('exchange') && made % 3 === 0;
  return { status: isRefused ? 403 : 200, headers: { date: new Date(now).toUTCString() }, json, startedAt: now };
}

async function makeReal(): Promise<Real> {
  let made = 0;
  const world = makeWorld({ handle: (request, now) => answerTo(request, now, (made += 1)) });
  const { fob } = world.worker();
  const sent: Sent[] = [];
  const { send } = fob;
  Object.assign(fob, {
    send: (...args: Parameters<typeof send>) => {
      const [{ console, api }, request] = args;
      const { origin, pathname: path } = new URL(request.url);
      const token = (request.headers['authorization'] ?? '').replace('Bearer ', '');
      sent.push({ console, api, origin, path, token, at: world.now() });
      return send(...args);
    },
  });
  await consent.run(fob, {}, EXTENSION);
  return { world, sent, shown: new Set(), fob };
}

const place = fc.nat({ max: 20 });
const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];
const weather = fc.constantFrom<Weather>(
  'fine',
  'lost_before',
  'lost_after',
  { code: 'offline' },
  { status: 401 },
  { status: 404 },
  { status: 429, retryAfter: '120' },
  { status: 503 },
);
type Step = (real: Real) => Promise<unknown>;
const onSession = (act: (fob: Real['fob'], session: string) => Promise<unknown>) =>
  place.map(
    (at): Step =>
      async ({ world, fob }) =>
        act(fob, pick(world.heads(), at)?.id ?? 'none'),
  );
const step: fc.Arbitrary<Step> = fc.oneof(
  place.map((at): Step => ({ world, shown, fob }) => {
    const console = pick(CONSOLES, at) ?? '';
    const token = jwt({
      sub: 'user-1',
      iss: `${RUNAI}/auth/realms/northwind`,
      iat: Math.floor(world.now() / 1000),
      exp: Math.floor((world.now() + HOUR) / 1000),
      jti: `shown-${shown.size}`,
    });
    shown.add(token);
    const url = new URL(`${APIS[console]}/anything`);
    return hear(fob, { page: `${console}/`, url, authorization: `Bearer ${token}`, status: 200, tab: at });
  }),
  place.map(
    (at): Step =>
      ({ fob }) =>
        obtain.run(fob, FORMS[at % FORMS.length] as (typeof FORMS)[0], EXTENSION),
  ),
  onSession((fob, session) => keep.run(fob, { session }, EXTENSION)),
  onSession((fob, session) => pause.run(fob, { session }, EXTENSION)),
  onSession((fob, session) => renew.run(fob, { session }, EXTENSION)),
  onSession((fob, session) => Promise.all([wake(fob), renew.run(fob, { session }, EXTENSION)])),
  onSession((fob, session) => move.run(fob, { session, tenant: 'customer-a', console: false }, EXTENSION)),
  fc.array(weather, { maxLength: 4 }).map(
    (all): Step =>
      async ({ world }) =>
        void world.weather.push(...all),
  ),
  fc.constantFrom(SECOND, 30 * SECOND, MINUTE, 20 * MINUTE, HOUR, 13 * HOUR).map((ms): Step => async (real) => {
    real.world.pass(ms);
    await wake(real.fob);
  }),
);

it('sends tokens of several vendors nowhere but to their own, leaves the consoles theirs, and keeps its distance', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const real = await makeReal();
      const renewed = new Map<string, number>();
      const tooSoon: string[] = [];
      for (const one of steps) {
        await one(real);
        for (const { id, renewedAt = 0 } of real.world.heads()) {
          const before = renewed.get(id) ?? -Infinity;
          // A sign-in since is another grant, of which nothing was renewed yet.
          if (renewedAt === 0) renewed.delete(id);
          if (renewedAt === 0 || renewedAt === before) continue;
          if (renewedAt - before < LEAST_INTERVAL) tooSoon.push(id);
          renewed.set(id, renewedAt);
        }
      }
      expect(tooSoon).toEqual([]);
      for (const { console, api, origin, path, token } of real.sent) {
        expect([api, origin]).toEqual([APIS[console], APIS[console]]);
        expect(RENEWING.test(path) && real.shown.has(token)).toBe(false);
      }
    }),
    { numRuns: 150 },
  );
});

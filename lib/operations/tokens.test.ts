import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../core/http';
import { HOUR, type Instant, MINUTE } from '../core/time';
import { stateAt } from '../core/view';
import { EXTENSION, makeWorld, type World } from '../testing/world';
import { keep } from './keep';
import { hear } from './hear';
import { add_deployment } from './hosts';
import { obtain } from './obtain';
import { consent } from './settings';
import { create, end_session, list_tokens, revoke, validate } from './tokens';
import { viewOf } from './view';
import { wake } from './wake';

const CONSOLE = 'https://admin.northwind.example';
const jwt = (claims: object): string =>
  `${[{ alg: 'RS256' }, claims].map((part) => btoa(JSON.stringify(part)).replaceAll('=', '')).join('.')}.c2ln`;
const seconds = (at: number): number => Math.floor(at / 1000);

type Call = { path: string; query: URLSearchParams; body: unknown };
type TokenWorld = World & { id: string; calls: Call[]; answers: Record<string, { status: number; json?: unknown }> };

/** A session at Agilicus: with a token that a person typed, or seen on the console. */
async function session({ borrowed = false, list = (_: URLSearchParams): unknown => ({}) } = {}): Promise<TokenWorld> {
  const calls: Call[] = [];
  const answers: TokenWorld['answers'] = {};
  const handle = (request: HttpRequest, now: Instant): HttpResponse => {
    const { pathname: path, searchParams: query } = new URL(request.url);
    const body: unknown = request.body === undefined ? undefined : JSON.parse(request.body);
    calls.push({ path, query, body });
    const said = (status: number, json: unknown): HttpResponse => ({
      status,
      headers: { date: new Date(now).toUTCString() },
      json,
      startedAt: now,
    });
    const answer = answers[path];
    if (answer) return said(answer.status, answer.json);
    const token = (body as { token?: string } | undefined)?.token ?? '';
    if (path.endsWith('/introspect')) return said(200, JSON.parse(atob(token.split('.')[1] ?? '')));
    if (path === '/v1/tokens' && request.method === 'GET') return said(200, list(query));
    return said(path.endsWith('/revoke') ? 204 : 200, {});
  };
  const world = makeWorld({ handle });
  const access = jwt({ sub: 'user-1', org: 'org-a', iat: seconds(world.now()), exp: seconds(world.now() + HOUR) });
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  await add_deployment.run(fob, { vendor: 'agilicus', console: CONSOLE }, EXTENSION);
  if (borrowed) {
    const url = new URL('https://api.agilicus.com/v1/orgs');
    await hear(fob, { page: CONSOLE, url, authorization: `Bearer ${access}`, status: 200, tab: 7 });
  } else {
    await obtain.run(fob, { vendor: 'agilicus', place: CONSOLE, way: 'token', values: { token: access } }, EXTENSION);
  }
  const id = world.heads()[0]?.id ?? '';
  await keep.run(fob, { session: id }, EXTENSION);
  calls.length = 0;
  return Object.assign(world, { id, calls, answers });
}

const head = (world: TokenWorld) => world.heads().find(({ id }) => id === world.id);
const state = async (world: TokenWorld) => {
  const one = (await viewOf(world.worker().fob)).sessions.find(({ id }) => id === world.id);
  return one && stateAt(one, world.now());
};
const end = (world: TokenWorld, allSessions = false) =>
  revoke.run(world.worker().fob, { session: world.id, allSessions }, EXTENSION);

describe('revoking a session', () => {
  it('ends the console of nobody: a token that is only seen is refused without a call', async () => {
    const world = await session({ borrowed: true });

    expect(await end(world)).toEqual({ ok: false, failure: { code: 'not_offered' } });
    expect(world.calls).toEqual([]);
  });

  it.each([200, 204, 410])('with %i has ended it, and nothing is asked in its name again', async (status) => {
    const world = await session();
    world.answers['/v1/tokens/revoke'] = { status };

    expect(await end(world)).toEqual({ ok: true, value: undefined });
    expect(await state(world)).toMatchObject({ kind: 'needs_sign_in', code: 'revoked' });
    world.calls.length = 0;
    world.pass(HOUR - MINUTE);
    await wake(world.worker().fob);
    expect(world.calls).toEqual([]);
    expect(world.alarm).toBeUndefined();
  });

  it.each([400, 403, 500, 503, 429])('that is answered %i changes nothing', async (status) => {
    const world = await session();
    const before = head(world);
    world.answers['/v1/tokens/revoke'] = { status };

    expect(await end(world)).toMatchObject({ ok: false });
    expect(head(world)).toEqual(before);
  });

  it.each([true, false])('asks for all sign-ins of it: %s', async (allSessions) => {
    const world = await session();

    await end(world, allSessions);

    expect(world.calls.map(({ body }) => body)).toEqual([expect.objectContaining({ all_sessions: allSessions })]);
  });
});

const WANTED = { subject: 'user-2', tenant: 'org-b', audiences: ['urn:api'], durationS: 600 };

describe('a token made on purpose', () => {
  it.each([200, 201])('is checked first, and answered %i it is a session of its own', async (status) => {
    const world = await session();
    const access = jwt({ sub: 'user-2', org: 'org-b', exp: seconds(world.now() + 10 * MINUTE) });
    world.answers['/v1/tokens'] = { status, json: { token: access } };

    const said = await create.run(world.worker().fob, { session: world.id, wanted: WANTED }, EXTENSION);

    expect(world.calls.map(({ path }) => path)).toEqual([
      '/v1/tokens/validations',
      '/v1/tokens',
      '/v1/tokens/introspect',
      '/v1/orgs/org-b',
    ]);
    expect(world.heads().find(({ id }) => said.ok && id === said.value.session)).toMatchObject({
      subject: 'user-2',
      tenant: 'org-b',
      provenance: 'own',
      keeping: 'paused',
    });
    expect(world.heads()).toHaveLength(2);
  });

  it('that the vendor says is for somebody else is not held, and that is said', async () => {
    const world = await session();
    const access = jwt({ sub: 'user-3', org: 'org-b', exp: seconds(world.now() + 10 * MINUTE) });
    world.answers['/v1/tokens'] = { status: 201, json: { token: access } };

    const said = await create.run(world.worker().fob, { session: world.id, wanted: WANTED }, EXTENSION);

    expect(said).toEqual({ ok: false, failure: { code: 'identity_changed' } });
    expect(world.heads()).toHaveLength(1);
  });

  it('is not asked for when the check refuses it', async () => {
    const world = await session();
    world.answers['/v1/tokens/validations'] = { status: 403 };

    const asked = { session: world.id, wanted: WANTED };
    const said = await create.run(world.worker().fob, asked, EXTENSION);

    expect(said).toEqual({ ok: false, failure: { code: 'forbidden' } });
    expect(await validate.run(world.worker().fob, asked, EXTENSION)).toEqual(said);
    expect(world.calls.map(({ path }) => path)).toEqual(['/v1/tokens/validations', '/v1/tokens/validations']);
    expect(world.heads()).toHaveLength(1);
  });
});

describe('ending a sign-in by its ids', () => {
  it('names the person and the sign-in, and leaves the session that asked as it is', async () => {
    const world = await session();
    const before = head(world);
    const of = { session: world.id, subject: 'user-2', tenant: 'org-b', sessionId: 'sign-in-1' };

    expect(await end_session.run(world.worker().fob, of, EXTENSION)).toEqual({ ok: true, value: undefined });
    expect(world.calls.map(({ path, body }) => [path, body])).toEqual([
      ['/v1/tokens/bulk_revoke', { user_id: 'user-2', org_id: 'org-b', session_id: 'sign-in-1' }],
    ]);
    expect(head(world)).toEqual(before);
  });
});

type Filter = Parameters<typeof list_tokens.run>[1]['filter'];

describe('the list of tokens', () => {
  it('has every token but those it says share one time, and ends', async () => {
    const days = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(days, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (ages, limit, isInclusive) => {
        const start = Date.UTC(2026, 0, 10);
        const tokens = ages
          .map((age, place) => ({ jti: `jti-${place}`, iat: start + age * MINUTE }))
          .toSorted((a, b) => b.iat - a.iat);
        const list = (query: URLSearchParams): unknown => {
          const [from, to] = [Date.parse(query.get('iat_from') ?? ''), Date.parse(query.get('iat_to') ?? '')];
          const isIn = (at: number): boolean => !(isInclusive ? at < from || at > to : at <= from || at >= to);
          const found = tokens.filter(({ iat }) => isIn(iat)).slice(0, Number(query.get('limit')));
          return { limit, tokens: found.map(({ jti, iat }) => ({ jti, iat: new Date(iat).toISOString() })) };
        };
        const world = await session({ list });
        const { fob } = world.worker();
        const listed = new Set<string>();
        const shared = new Set<number>();
        let pages = 0;
        for (let next: Filter | undefined = { limit }; next !== undefined && pages < 60; pages += 1) {
          const page = await list_tokens.run(fob, { session: world.id, filter: next }, EXTENSION);
          if (!page.ok) throw new Error(page.failure.code);
          for (const { jti } of page.value.items) listed.add(jti);
          if (page.value.sharedTime !== undefined) shared.add(page.value.sharedTime);
          next = page.value.next as Filter | undefined;
        }
        expect(pages).toBeLessThan(60);
        expect(tokens.filter(({ jti, iat }) => !listed.has(jti) && !shared.has(iat))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../core/time';
import { headIn, hears, makeMany, type ManyWorld } from '../testing/many';
import { AGILICUS, CLOUDCHECKR } from '../testing/vendors';
import { EXTENSION } from '../testing/world';
import { capture } from './capture';
import { move } from './move';
import { obtain } from './obtain';
import { reveal } from './reveal';
import { create, end_session, list_tokens, revoke, validate } from './tokens';
import { start } from './wake';

/** An Agilicus console that shows Ana in one organisation. */
async function shown() {
  const world = await makeMany();
  const access = world.vendors.agilicus.signIn('ana', 'org-a', world.now());
  await hears(world, AGILICUS, access);
  return { world, access, id: forget(world) };
}
function forget(world: ManyWorld): string {
  world.sent.length = 0;
  world.vendors.seen.length = 0;
  return headIn(world)?.id ?? '';
}
const typed = async (world: ManyWorld, token: string): Promise<string> => {
  const place = { vendor: 'agilicus', place: AGILICUS, way: 'token', values: { token } };
  const done = await obtain.run(world.one.fob, place, EXTENSION);
  world.sent.length = 0;
  return done.ok ? done.value.session : done.failure.code;
};
const headOf = (world: ManyWorld, id: string) => world.heads().find((one) => one.id === id);
const paths = (world: ManyWorld): string[] => world.sent.map(({ path }) => path);
const wanted = { subject: 'robot', tenant: 'org-a', audiences: ['urn:api:agilicus:gateway'], durationS: 3600 };

describe('revoking', () => {
  it("is not for a console's token", async () => {
    const { world, id } = await shown();

    const answer = await revoke.run(world.one.fob, { session: id, allSessions: true }, EXTENSION);

    expect(answer).toEqual({ ok: false, failure: { code: 'not_offered' } });
    expect(world.sent).toEqual([]);
  });

  it('is not for a vendor without the call', async () => {
    const world = await makeMany();
    const token = world.vendors.cloudcheckr.signIn('ana', 'customer-a', world.now());
    const place = { vendor: 'cloudcheckr', place: CLOUDCHECKR, way: 'token', values: { token } };
    const done = await obtain.run(world.one.fob, place, EXTENSION);

    const session = done.ok ? done.value.session : '';
    const answer = await revoke.run(world.one.fob, { session, allSessions: false }, EXTENSION);

    expect(answer).toEqual({ ok: false, failure: { code: 'not_offered' } });
  });

  it.each([false, true])('ends a token that was typed; every sign-in: %s', async (allSessions) => {
    const world = await makeMany();
    const access = world.vendors.agilicus.signIn('ana', 'org-a', world.now());
    const id = await typed(world, access);
    world.vendors.seen.length = 0;

    const answer = await revoke.run(world.one.fob, { session: id, allSessions }, EXTENSION);

    expect(answer).toEqual({ ok: true, value: undefined });
    expect(world.vendors.seen).toMatchObject([{ fields: { token: access, all_sessions: allSessions } }]);
    expect(headOf(world, id)).toMatchObject({ trouble: { code: 'revoked' }, refused: { access: 'revoked' } });
    await start(world.worker().fob);
    expect(paths(world)).toEqual(['/v1/tokens/revoke']);
  });

  it('ends what was moved to, and not where it came from', async () => {
    const { world, access, id } = await shown();
    const moved = await move.run(world.one.fob, { session: id, tenant: 'org-b', console: false }, EXTENSION);
    const inB = moved.ok ? moved.value.session : '';

    await revoke.run(world.one.fob, { session: inB, allSessions: false }, EXTENSION);

    expect(headOf(world, inB)?.trouble?.code).toBe('revoked');
    expect(headOf(world, id)?.trouble).toBeUndefined();
    expect(world.vendors.agilicus.revoked.has(access)).toBe(false);
  });

  it('of what somebody else has revoked is done', async () => {
    const world = await makeMany();
    const access = world.vendors.agilicus.signIn('ana', 'org-a', world.now());
    const id = await typed(world, access);
    world.vendors.agilicus.revoked.add(access);

    const answer = await revoke.run(world.one.fob, { session: id, allSessions: false }, EXTENSION);

    expect(answer.ok).toBe(true);
    expect(headOf(world, id)?.trouble?.code).toBe('revoked');
  });

  it.each([403, 500])('that is answered with %i ends nothing', async (status) => {
    const world = await makeMany();
    const id = await typed(world, world.vendors.agilicus.signIn('ana', 'org-a', world.now()));
    const before = world.text();
    world.weather.push({ status });

    const answer = await revoke.run(world.one.fob, { session: id, allSessions: false }, EXTENSION);

    expect(answer.ok).toBe(false);
    expect(world.text()).toBe(before);
  });
});

describe("ending somebody's sign-in", () => {
  it('is asked with the token of the session, for those named and nobody else', async () => {
    const { world, access, id } = await shown();

    const input = { session: id, subject: 'ben', tenant: 'org-a', sessionId: 'sign-in-9' };
    const answer = await end_session.run(world.one.fob, input, EXTENSION);

    expect(answer.ok).toBe(true);
    expect(world.vendors.seen).toMatchObject([
      { path: '/v1/tokens/bulk_revoke', fields: { user_id: 'ben', org_id: 'org-a', session_id: 'sign-in-9' } },
    ]);
    expect(world.vendors.seen[0]?.token).toBe(access);
  });

  it('that is refused says so', async () => {
    const { world, id } = await shown();
    world.weather.push({ status: 403 });

    const answer = await end_session.run(world.one.fob, { session: id, subject: 'ben' }, EXTENSION);

    expect(answer).toEqual({ ok: false, failure: { code: 'forbidden' } });
  });
});

describe('making a token', () => {
  it('is checked first, and costs nothing where that is refused', async () => {
    const { world, id } = await shown();
    const input = { session: id, wanted: { ...wanted, tenant: 'org-forbidden' } };

    const answers = [
      await validate.run(world.one.fob, input, EXTENSION),
      await create.run(world.one.fob, input, EXTENSION),
    ];

    expect(answers).toEqual([1, 2].map(() => ({ ok: false, failure: { code: 'forbidden' } })));
    expect(paths(world)).toEqual(['/v1/tokens/validations', '/v1/tokens/validations']);
    expect(world.heads()).toHaveLength(1);
  });

  it.each([
    ['without', {}],
    ['with', { createRefreshToken: true }],
  ])('%s a refresh token makes a session of its own, which is let alone', async (_, over) => {
    const { world, id } = await shown();

    const made = await create.run(world.one.fob, { session: id, wanted: { ...wanted, ...over } }, EXTENSION);

    const session = made.ok ? made.value.session : '';
    expect(headOf(world, session)).toMatchObject({
      subject: 'robot',
      tenant: 'org-a',
      provenance: 'own',
      keeping: 'paused',
      confirmedAt: world.now(),
      token: { expiresAt: world.now() + HOUR },
    });
    expect(headOf(world, session)?.refresh !== undefined).toBe('createRefreshToken' in over);
    expect(headOf(world, id)).toMatchObject({ provenance: 'borrowed', generation: 1 });
    expect(world.text()).not.toContain('canary');
    expect(world.alarm).toBeUndefined();
  });

  it('for oneself is beside the sign-in, and neither takes the place of the other', async () => {
    const { world, access, id } = await shown();
    const made = await create.run(world.one.fob, { session: id, wanted: { ...wanted, subject: 'ana' } }, EXTENSION);
    const session = made.ok ? made.value.session : '';
    const token = await reveal.run(world.one.fob, { session, as: 'token' }, EXTENSION);
    world.pass(30 * MINUTE);

    await hears(world, AGILICUS, access);
    const newer = world.vendors.agilicus.signIn('ana', 'org-a', world.now());
    await hears(world, AGILICUS, newer);
    await move.run(world.one.fob, { session: id, tenant: 'org-b', console: false }, EXTENSION);
    const back = await move.run(world.one.fob, { session: id, tenant: 'org-a', console: false }, EXTENSION);

    expect(headIn(world)?.id).toBe(id);
    expect(headOf(world, id)).toMatchObject({ generation: 2, provenance: 'borrowed' });
    expect(headOf(world, session)).toMatchObject({ generation: 1, provenance: 'own' });
    expect(await reveal.run(world.one.fob, { session, as: 'token' }, EXTENSION)).toEqual(token);
    expect(back).toMatchObject({ ok: true, value: { session: id } });
  });

  it("that the vendor then calls somebody else's is not kept, and says so", async () => {
    const { world, id } = await shown();
    const { books } = world.vendors.agilicus;
    const { set } = books;
    books.set = (access, issued) => set.call(books, access, { ...issued, subject: 'mallory' });

    const made = await create.run(world.one.fob, { session: id, wanted }, EXTENSION);

    expect(made).toEqual({ ok: false, failure: { code: 'identity_changed' } });
    expect(world.heads().map((one) => one.id)).toEqual([id]);
  });

  it('is held even when nobody then says whose it is', async () => {
    const { world, id } = await shown();
    world.weather.push('fine', 'fine', { status: 503 });

    const made = await create.run(world.one.fob, { session: id, wanted }, EXTENSION);

    expect(made.ok).toBe(true);
    expect(world.heads()).toHaveLength(2);
  });

  it('is for no console to ask', () => {
    for (const one of [create, validate, revoke, end_session, list_tokens]) expect(one.from).toEqual(['extension']);
    expect(capture.from).toEqual(['console']);
  });
});

describe('the list of tokens', () => {
  it('is asked for with every filter there is, and stores nothing', async () => {
    const { world, id } = await shown();
    const before = world.text();
    const filter = {
      limit: 7,
      subject: 'ben',
      isRevoked: false,
      scopes: ['a', 'b'],
      iatTo: '2026-01-15T09:00:00.000Z',
    };

    const answer = await list_tokens.run(world.one.fob, { session: id, filter }, EXTENSION);

    expect(answer).toEqual({ ok: true, value: { items: [] } });
    expect(world.vendors.seen).toMatchObject([{ fields: { limit: '7', sub: 'ben', revoked: 'false' } }]);
    expect(world.text()).toBe(before);
  });
});

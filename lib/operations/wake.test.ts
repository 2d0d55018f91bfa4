import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../core/time';
import { SUBJECT } from '../testing/vendor';
import { CONSOLE, consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import { capture } from './capture';
import { repair } from './diagnose';
import { forget } from './forget';
import { keep } from './keep';
import { renew } from './renew';
import { consent, policy } from './settings';
import { sign_out } from './sign-out';
import { viewOf } from './view';
import { installed, missed, permitted, start, update, wake } from './wake';

const TAB = 7;

/** A console session that Fob has seen and, if asked, keeps: with a token of its own. */
async function captured({ kept = false } = {}): Promise<World & { id: string }> {
  const world = makeWorld();
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  const pair = world.vendor.signIn('tenant-a', world.now());
  await capture.run(fob, { access: pair.access }, consoleIn(TAB));
  const id = world.tabs.get(TAB)?.session ?? '';
  if (kept) await keep.run(fob, { session: id }, EXTENSION);
  world.sent.length = 0;
  return Object.assign(world, { id });
}

const head = (world: World) => {
  const [one] = world.heads();
  if (!one) throw new Error('no session is stored');
  return one;
};

const renewals = (world: World) => world.sent.filter(({ path }) => path.includes('/tokens/'));

describe('a session that is only seen', () => {
  it('is not stored on disk', async () => {
    const world = await captured();

    expect([...world.disk.local.keys()]).toEqual(['fob']);
    expect(head(world)).toMatchObject({
      provenance: 'borrowed',
      keeping: 'offered',
      console: CONSOLE,
      subject: SUBJECT,
    });
  });

  it('is confirmed by the vendor before it is shown as known', async () => {
    const world = await captured();

    expect(head(world).confirmedAt).toBe(world.now());
  });

  it('plans no wake: nobody asked for anything', async () => {
    const world = await captured();

    expect(world.alarm).toBeUndefined();
  });

  it('is not taken before consent', async () => {
    const world = makeWorld();
    const { fob } = world.worker();

    const answer = await capture.run(
      fob,
      { access: world.vendor.signIn('tenant-a', world.now()).access },
      consoleIn(TAB),
    );

    expect(answer).toEqual({ ok: false, failure: { code: 'consent_missing' } });
    expect(world.sent).toEqual([]);
    expect([...world.disk.local.keys(), ...world.disk.copy.keys(), ...world.disk.session.keys()]).toEqual(['checked']);
  });

  it('leaves nothing when the vendor does not know its token', async () => {
    const world = makeWorld();
    const { fob } = world.worker();
    await consent.run(fob, {}, EXTENSION);
    const { access } = world.vendor.signIn('tenant-a', world.now());
    world.pass(31 * MINUTE);

    await capture.run(fob, { access }, consoleIn(TAB));

    expect(world.heads()).toEqual([]);
  });
});

describe('a kept session', () => {
  it('has a token of its own, made without spending anything', async () => {
    const world = await captured({ kept: true });

    expect(head(world)).toMatchObject({ provenance: 'own', keeping: 'kept', generation: 2 });
    expect(world.vendor.presented).toEqual([]);
  });

  it('is renewed before its access token ends, for as long as it is kept', async () => {
    const world = await captured({ kept: true });

    for (let i = 0; i < 10; i += 1) {
      world.pass((world.alarm ?? world.now()) - world.now());
      await wake(world.worker().fob);
      expect(head(world).token.expiresAt).toBeGreaterThan(world.now());
    }

    expect(new Set(world.vendor.presented).size).toBe(world.vendor.presented.length);
    expect(world.vendor.presented.length).toBeGreaterThan(0);
  });

  it('sends one request when two wakes overlap', async () => {
    const world = await captured({ kept: true });
    world.pass(25 * MINUTE);
    const { fob } = world.worker();

    await Promise.all([wake(fob), wake(fob)]);

    expect(world.vendor.presented).toHaveLength(1);
  });

  it('says yes to Keep where the wake planned for it was through first', async () => {
    const world = await captured();
    const { fob } = world.worker();
    const { publish } = fob;
    let isFirst = true;
    const published = async () => {
      await publish();
      if (isFirst) {
        isFirst = false;
        await wake(fob);
      }
    };
    Object.assign(fob, { publish: published });

    expect(await keep.run(fob, { session: world.id }, EXTENSION)).toEqual({ ok: true });
    expect(head(world)).toMatchObject({ provenance: 'own', keeping: 'kept' });
    expect(renewals(world)).toHaveLength(1);
  });

  it('sends nothing more while an answer is out, however long the minute since is over', async () => {
    const world = await captured({ kept: true });
    const { fob } = world.worker();
    const { send } = fob;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    Object.assign(fob, { send: async (...args: Parameters<typeof send>) => (await held, send(...args)) });
    world.pass(25 * MINUTE);
    const out = wake(fob);
    while (head(world).lease === undefined) await new Promise((resolve) => setImmediate(resolve));

    world.pass(1.5 * MINUTE);
    const pressed = renew.run(fob, { session: world.id }, EXTENSION);
    await new Promise((resolve) => setImmediate(resolve));
    letGo();
    await out;

    expect(await pressed).toMatchObject({ failure: { code: 'busy' } });
    expect(renewals(world)).toHaveLength(1);
  });

  it('sends one request when twenty people press Renew', async () => {
    const world = await captured({ kept: true });
    world.pass(5 * MINUTE);
    const { fob } = world.worker();

    await Promise.all(Array.from({ length: 20 }, () => renew.run(fob, { session: world.id }, EXTENSION)));

    expect(world.vendor.presented).toHaveLength(1);
  });

  it('answers an eager click with when it was last renewed', async () => {
    const world = await captured({ kept: true });
    const { fob } = world.worker();
    world.pass(20_000);

    const answer = await renew.run(fob, { session: world.id }, EXTENSION);

    expect(answer).toEqual({ ok: false, failure: { code: 'renewed_already', at: head(world).renewedAt } });
  });

  it('is renewed when the machine wakes long after the access token ended', async () => {
    const world = await captured({ kept: true });
    world.pass(5 * 60 * MINUTE);

    await start(world.worker().fob);

    expect(head(world).token.expiresAt).toBeGreaterThan(world.now());
    expect(head(world).trouble).toBeUndefined();
  });

  it('mints when the answer of a rotation is lost, and presents nothing twice', async () => {
    const world = await captured({ kept: true });
    world.pass(25 * MINUTE);
    world.weather.push('lost_after');

    await wake(world.worker().fob);

    expect(renewals(world).map(({ path }) => path)).toEqual(['/api/v1/tokens/refresh', '/api/v1/tokens/switch']);
    expect(head(world).unansweredSince).toBeUndefined();
    expect(head(world).token.expiresAt).toBeGreaterThan(world.now());
  });

  it('waits as long as the vendor asks', async () => {
    const world = await captured({ kept: true });
    world.pass(25 * MINUTE);
    world.weather.push({ status: 429, retryAfter: '180' });

    await wake(world.worker().fob);

    expect(head(world).trouble).toMatchObject({ code: 'rate_limited', retryAt: world.now() + 180_000 });
    expect(renewals(world)).toHaveLength(1);
  });

  it('is not given up for any number of failures that are no verdict', async () => {
    const world = await captured({ kept: true });
    for (let i = 0; i < 30; i += 1) {
      world.weather.push({ status: 503 });
      world.pass((world.alarm ?? world.now()) - world.now());
      await wake(world.worker().fob);
    }
    expect(head(world).refused).toBeUndefined();
    world.weather.length = 0;
    world.pass(16 * MINUTE);

    await wake(world.worker().fob);

    expect(head(world).token.expiresAt).toBeGreaterThan(world.now());
  });

  it('asks for a sign-in when the vendor refuses both tokens, and says so without asking again', async () => {
    const world = await captured({ kept: true });
    world.pass(25 * 60 * MINUTE);
    // Kept that long only because it was in use.
    await world.worker().fob.vault.transact((state, now) => ({
      events: Object.keys(state.heads).map((id) => ({
        type: 'used',
        id,
        at: now,
        keptUntil: (now + MINUTE) as typeof now,
      })),
      result: undefined,
    }));

    await wake(world.worker().fob);
    const asked = world.sent.length;
    await wake(world.worker().fob);

    expect(head(world).trouble).toMatchObject({ code: 'sign_in_needed' });
    expect(world.sent).toHaveLength(asked);
  });

  it('takes the console token and mints when its own can no longer be renewed', async () => {
    const world = await captured({ kept: true });
    const { fob } = world.worker();
    await fob.vault.transact((_, now) => ({
      events: [
        {
          type: 'renewal_failed',
          id: world.id,
          at: now,
          failure: { code: 'grant_dead' },
          refused: 'refresh',
          unanswered: false,
        },
        {
          type: 'renewal_failed',
          id: world.id,
          at: now,
          failure: { code: 'unauthorized' },
          refused: 'access',
          unanswered: false,
        },
      ],
      result: undefined,
    }));

    await capture.run(fob, { access: world.vendor.signIn('tenant-a', world.now()).access }, consoleIn(TAB));

    expect(head(world)).toMatchObject({ provenance: 'own' });
    expect(head(world).trouble).toBeUndefined();
  });

  it('keeps its own token when the console shows a newer one', async () => {
    const world = await captured({ kept: true });
    const { generation } = head(world);
    world.pass(MINUTE);

    await capture.run(
      world.worker().fob,
      { access: world.vendor.signIn('tenant-a', world.now()).access },
      consoleIn(TAB),
    );

    expect(head(world)).toMatchObject({ provenance: 'own', generation });
  });

  it('stops when the console signs out, and is kept on disk until the person decides', async () => {
    const world = await captured({ kept: true });
    await sign_out.run(world.worker().fob, {}, consoleIn(TAB));
    world.pass(25 * MINUTE);

    await wake(world.worker().fob);

    expect(renewals(world)).toEqual([]);
    expect(world.alarm).toBeUndefined();
    expect(head(world).keeping).toBe('stopped_signed_out');
  });

  it('stops twelve hours after the console and Fob were last used', async () => {
    const world = await captured({ kept: true });
    for (let hours = 0; hours < 13; hours += 1) {
      world.pass(60 * MINUTE);
      await wake(world.worker().fob);
    }

    expect(head(world).keeping).toBe('stopped_unused');
    expect(world.alarm).toBeUndefined();
  });

  it('spends nothing without the permission to reach the vendor', async () => {
    const world = await captured({ kept: true });
    world.pass(25 * MINUTE);
    world.permitted = false;

    await wake(world.worker().fob);

    expect(world.sent).toEqual([]);
    expect(head(world).trouble).toMatchObject({ code: 'permission_missing' });
  });

  it('goes on by itself when the permission is given', async () => {
    const world = await captured({ kept: true });
    world.pass(25 * MINUTE);
    world.permitted = false;
    await wake(world.worker().fob);
    world.permitted = true;

    await permitted(world.worker().fob);

    expect(head(world).trouble).toBeUndefined();
    expect(head(world).token.expiresAt).toBeGreaterThan(world.now() + 25 * MINUTE);
  });

  it('leaves a tombstone without a name when it is forgotten', async () => {
    const world = await captured({ kept: true });

    await forget.run(world.worker().fob, { session: world.id }, EXTENSION);

    expect([...world.disk.local.keys()].toSorted()).toEqual(['fob', `tombstone:${world.id}`]);
    expect(world.text()).not.toContain('Ana');
  });

  it('does not come back when an answer arrives after it was forgotten', async () => {
    const world = await captured({ kept: true });
    world.pass(25 * MINUTE);
    const { fob } = world.worker();
    const waking = wake(fob);
    await forget.run(fob, { session: world.id }, EXTENSION);

    await waking;

    expect(world.heads()).toEqual([]);
  });
});

describe('a worker killed at any step of a renewal', () => {
  let length = 0;
  beforeEach(async () => {
    const world = await captured({ kept: true });
    world.pass(25 * MINUTE);
    const worker = world.worker();
    await start(worker.fob);
    length = worker.steps();
  });

  it('never loses the session, never presents a spent token while another way is open, and always leaves a wake planned', async () => {
    expect(length).toBeGreaterThan(20);
    for (let at = 0; at < length; at += 1) {
      const world = await captured({ kept: true });
      world.pass(25 * MINUTE);
      const worker = world.worker();
      worker.killAt(at);
      await Promise.race([start(worker.fob), new Promise((resolve) => setTimeout(resolve, 5))]);
      worker.kill();
      expect(world.alarm, `killed at step ${at}`).toBeDefined();
      world.pass(30_000);

      await start(world.worker().fob);

      const after = head(world);
      expect(after.trouble, `killed at step ${at}`).toBeUndefined();
      expect(after.token.expiresAt, `killed at step ${at}`).toBeGreaterThan(world.now() + MINUTE);
      expect(new Set(world.vendor.presented).size, `killed at step ${at}`).toBe(world.vendor.presented.length);
    }
  });
});

describe('what a fresh look found', () => {
  it('ends when the seal of a session cannot be opened any more, and asks for a sign-in', async () => {
    const world = await captured({ kept: true });
    world.spoil(`sealed:${world.id}`, JSON.stringify({ associated: 'another', text: '' }));
    world.pass(25 * MINUTE);

    await wake(world.worker().fob);

    expect(head(world).trouble).toMatchObject({ code: 'vault_unreadable' });
    expect(head(world).trouble?.retryAt).toBeUndefined();
  });

  it('presents a refresh token once, however oddly it is refused', async () => {
    const world = await captured({ kept: true });
    const { handle } = world.vendor;
    world.vendor.handle = (request, now) =>
      request.url.endsWith('/tokens/refresh')
        ? {
            ...handle({ ...request, url: request.url.replace('refresh', 'elsewhere') }, now),
            status: 400,
            json: {
              errors: [
                {
                  code: 'invalid',
                  detail: 'Tenant does not exist or user is not a member.',
                  source: { pointer: '/data' },
                },
              ],
            },
          }
        : handle(request, now);
    world.pass(25 * MINUTE);

    await wake(world.worker().fob);

    expect(renewals(world).filter(({ path }) => path.endsWith('/refresh'))).toHaveLength(1);
    expect(head(world).token.expiresAt).toBeGreaterThan(world.now());
  });

  it('takes a console token it has seen before, once there is no other way on', async () => {
    const world = await captured({ kept: true });
    const { fob } = world.worker();
    const shown = world.vendor.signIn('tenant-a', world.now());
    await capture.run(fob, { access: shown.access }, consoleIn(TAB));
    await fob.vault.transact((_, now) => ({
      events: [
        {
          type: 'renewal_failed',
          id: world.id,
          at: now,
          failure: { code: 'grant_dead' },
          refused: 'refresh',
          unanswered: false,
        },
        {
          type: 'renewal_failed',
          id: world.id,
          at: now,
          failure: { code: 'unauthorized' },
          refused: 'access',
          unanswered: false,
        },
      ],
      result: undefined,
    }));

    await capture.run(world.worker().fob, { access: shown.access }, consoleIn(TAB));

    expect(head(world).trouble).toBeUndefined();
    expect(head(world).provenance).toBe('own');
  });

  it('goes on keeping what the person chose to keep after a sign-out, however often the sign-in page is shown', async () => {
    const world = await captured({ kept: true });
    await sign_out.run(world.worker().fob, {}, consoleIn(TAB));
    await keep.run(world.worker().fob, { session: world.id }, EXTENSION);

    await sign_out.run(world.worker().fob, {}, consoleIn(TAB + 1));

    expect(head(world).keeping).toBe('kept');
  });

  it('does not give way to a late report of an older token', async () => {
    const world = await captured();
    const older = world.vendor.signIn('tenant-a', world.now());
    world.pass(MINUTE);
    const newer = world.vendor.signIn('tenant-a', world.now());
    await capture.run(world.worker().fob, { access: newer.access }, consoleIn(TAB));
    const { expiresAt } = head(world).token;

    await capture.run(world.worker().fob, { access: older.access }, consoleIn(TAB));

    expect(head(world).token.expiresAt).toBe(expiresAt);
  });

  it('pauses what is kept on a console that is to be left alone', async () => {
    const world = await captured({ kept: true });

    await policy.run(world.worker().fob, { console: CONSOLE, keep: 'never' }, EXTENSION);

    expect(head(world).keeping).toBe('paused');
  });
});

describe('a browser that starts', () => {
  it('with nothing stored, where Fob is not new, is told to have lost everything, until that was seen', async () => {
    const world = makeWorld();
    await missed(world.worker().fob);

    expect((await viewOf(world.worker().fob)).lost).toEqual(['']);
    await repair.run(world.worker().fob, { what: 'lost' }, EXTENSION);
    expect((await viewOf(world.worker().fob)).lost).toBeUndefined();
  });

  it('has lost nothing where Fob was installed, whatever a person agreed to', async () => {
    const world = makeWorld();
    await installed(world.worker().fob);
    await missed(world.worker().fob);

    expect((await viewOf(world.worker().fob)).lost).toBeUndefined();
  });

  it('has lost nothing where something was agreed to before that was noted', async () => {
    const world = await captured();
    await missed(world.worker().fob);

    expect((await viewOf(world.worker().fob)).lost).toBeUndefined();
  });
});

describe('an update', () => {
  it('takes over at once where no answer is waited for', async () => {
    const world = await captured({ kept: true });
    let reloads = 0;
    await update(world.worker().fob, () => (reloads += 1));

    expect([reloads, world.waited]).toEqual([1, []]);
  });

  it('waits for the answer to a call that spends', async () => {
    const world = await captured({ kept: true });
    world.pass(25 * MINUTE);
    const { fob } = world.worker();
    const { send } = fob;
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    Object.assign(fob, {
      send: async (...args: Parameters<typeof send>) => {
        await held;
        return send(...args);
      },
      // The answer comes while it waits.
      wait: async () => {
        letGo();
        await renewing;
      },
    });
    const renewing = wake(fob);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const generations: number[] = [];

    await update(fob, () => generations.push(head(world).generation));

    expect(generations).toEqual([3]);
  });
});

import { describe, expect, it } from 'vitest';
import { consoleIn, EXTENSION, makeWorld } from '../testing/world';
import { capture } from './capture';
import { operations } from './index';
import { keep } from './keep';
import { reveal } from './reveal';
import { consent } from './settings';

const TAB = 7;

async function captured({ kept = false } = {}) {
  const world = makeWorld();
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  const pair = world.vendor.signIn('tenant-a', world.now());
  await capture.run(fob, { access: pair.access }, consoleIn(TAB));
  const id = world.tabs.get(TAB)?.session ?? '';
  if (kept) await keep.run(fob, { session: id }, EXTENSION);
  return { world, fob, id, pair };
}

describe('revealing a token', () => {
  it('gives the access token and when it ends', async () => {
    const { world, fob, id, pair } = await captured();

    expect(await reveal.run(fob, { session: id, as: 'token' }, EXTENSION)).toEqual({
      ok: true,
      value: { text: pair.access, expiresAt: world.heads()[0]?.token.expiresAt },
    });
  });

  it('gives a text for a terminal that asks whose it is', async () => {
    const { fob, id, pair } = await captured();

    const answer = await reveal.run(fob, { session: id, as: 'curl' }, EXTENSION);

    expect(answer.ok && answer.value.text).toContain(`-H 'Authorization: Bearer ${pair.access}'`);
  });

  it('never gives a refresh token', async () => {
    const { world, fob, id } = await captured({ kept: true });
    const head = world.heads()[0];
    const opened = head && (await fob.vault.open(head));
    const refresh = opened?.ok ? opened.value.secrets.refresh : undefined;

    expect(refresh).toBeDefined();
    for (const as of ['token', 'curl'] as const)
      expect(JSON.stringify(await reveal.run(fob, { session: id, as }, EXTENSION))).not.toContain(refresh);
  });

  it('sends and writes nothing', async () => {
    const { world, fob, id } = await captured({ kept: true });
    const before = world.text();
    world.sent.length = 0;

    await reveal.run(fob, { session: id, as: 'token' }, EXTENSION);

    expect([world.text(), world.sent]).toEqual([before, []]);
  });

  it('of a session that is not there is refused', async () => {
    const { fob } = await captured();

    for (const session of ['session-99', '__proto__', 'constructor'])
      expect(await reveal.run(fob, { session, as: 'token' }, EXTENSION)).toEqual({
        ok: false,
        failure: { code: 'unknown_session' },
      });
  });

  it('of a record that was edited is refused', async () => {
    const { world, id } = await captured({ kept: true });
    world.spoil(`sealed:${id}`, JSON.stringify({ associated: 'another session', text: '' }));

    expect(await reveal.run(world.worker().fob, { session: id, as: 'token' }, EXTENSION)).toEqual({
      ok: false,
      failure: { code: 'vault_unreadable' },
    });
  });

  it('is for pages of Fob alone', () => {
    expect(operations.reveal.from).toEqual(['extension']);
  });
});

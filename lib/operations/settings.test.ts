import { describe, expect, it } from 'vitest';
import { CONSOLE, consoleIn, EXTENSION, makeWorld, type World } from '../testing/world';
import { capture } from './capture';
import { attend } from './look';
import { allow, consent, hide, open_consent, open_console, open_popup, policies, policy } from './settings';
import { panel } from './view';

const TAB = 7;

/** A world whose tabs write down what is opened in them. */
function watched(): { world: World; fob: ReturnType<World['worker']>['fob']; opened: string[] } {
  const world = makeWorld();
  const { fob } = world.worker();
  const opened: string[] = [];
  Object.assign(fob.tabs, {
    open: async (address: string) => void opened.push(address),
    openPopup: async () => void opened.push('popup'),
  });
  return { world, fob, opened };
}
async function captured() {
  const all = watched();
  await consent.run(all.fob, {}, EXTENSION);
  const { access } = all.world.vendor.signIn('tenant-a', all.world.now());
  await capture.run(all.fob, { access }, consoleIn(TAB));
  return { ...all, id: all.world.tabs.get(TAB)?.session ?? '' };
}

describe('consent', () => {
  it('is stored with its version and time, and there for the next worker', async () => {
    const { world, fob } = watched();

    await consent.run(fob, {}, EXTENSION);

    expect((await world.worker().fob.vault.state()).consent).toEqual({ version: 1, at: world.now() });
  });

  it('is what lets a console be looked at', async () => {
    const { fob } = watched();

    expect(await attend.run(fob, {}, consoleIn(TAB))).toEqual({ ok: true, value: { mayLook: false } });
    await consent.run(fob, {}, EXTENSION);
    expect(await attend.run(fob, {}, consoleIn(TAB))).toEqual({ ok: true, value: { mayLook: true } });
  });

  it('is asked for in a tab of its own', async () => {
    const { fob, opened } = watched();

    await open_consent.run(fob, {}, EXTENSION);

    expect(opened).toEqual(['options.html#consent']);
  });
});

describe('what is decided for a console', () => {
  it('is asked about where nothing was decided', async () => {
    const { fob } = watched();

    expect(await policies.run(fob, {}, EXTENSION)).toEqual({
      ok: true,
      value: expect.arrayContaining([
        { console: CONSOLE, vendorName: 'Prowler', keep: 'ask', panelHidden: false },
      ]) as unknown,
    });
  });

  it('is kept beside what is decided of its panel', async () => {
    const { world, fob } = watched();
    await hide.run(fob, { console: CONSOLE }, EXTENSION);
    await policy.run(fob, { console: CONSOLE, keep: 'always' }, EXTENSION);

    expect(await policies.run(world.worker().fob, {}, EXTENSION)).toMatchObject({
      value: expect.arrayContaining([
        expect.objectContaining({ console: CONSOLE, keep: 'always', panelHidden: true }),
      ]) as unknown,
    });
  });

  it('never: it is not looked at, and shows no panel', async () => {
    const { fob } = await captured();
    await policy.run(fob, { console: CONSOLE, keep: 'never' }, EXTENSION);

    expect(await attend.run(fob, {}, consoleIn(TAB))).toEqual({ ok: true, value: { mayLook: false } });
    expect(await panel.run(fob, {}, consoleIn(TAB))).toEqual({ ok: true, value: undefined });
  });
});

describe('the panel', () => {
  it('is hidden by the console itself, and shown again by Fob alone', async () => {
    const { fob } = await captured();
    expect(await panel.run(fob, {}, consoleIn(TAB))).toMatchObject({ value: { shows: 'offer' } });

    await hide.run(fob, { hidden: false }, consoleIn(TAB));
    expect(await panel.run(fob, {}, consoleIn(TAB))).toEqual({ ok: true, value: undefined });

    await hide.run(fob, { console: CONSOLE, hidden: false }, EXTENSION);
    expect(await panel.run(fob, {}, consoleIn(TAB))).toMatchObject({ value: { shows: 'offer' } });
  });

  it('is hidden of a console that is named', async () => {
    const { fob } = watched();

    expect(await hide.run(fob, {}, EXTENSION)).toEqual({
      ok: false,
      failure: { code: 'invalid_input', field: 'console', detail: 'missing' },
    });
  });

  it('of a tab nothing was seen in is nothing', async () => {
    const { fob } = await captured();

    expect(await panel.run(fob, {}, consoleIn(TAB + 1))).toEqual({ ok: true, value: undefined });
  });
});

describe('what is opened', () => {
  it("is the session's own console", async () => {
    const { fob, opened, id } = await captured();

    await open_console.run(fob, { session: id }, EXTENSION);
    await open_console.run(fob, { session: id }, consoleIn(TAB));

    expect(opened).toEqual([`${CONSOLE}/`, `${CONSOLE}/`]);
  });

  it("is Fob's own page that asks for a host", async () => {
    const { fob, opened, id } = await captured();

    await allow.run(fob, { session: id }, EXTENSION);

    expect(opened).toEqual(['options.html#hosts']);
  });

  it('is the popup', async () => {
    const { fob, opened } = await captured();

    await open_popup.run(fob, {}, consoleIn(TAB));

    expect(opened).toEqual(['popup']);
  });

  it.each(['session-99', '__proto__', 'constructor'])('is nothing for a session called %s', async (session) => {
    const { fob, opened } = await captured();

    for (const one of [open_console, allow])
      expect(await one.run(fob, { session }, EXTENSION)).toEqual({ ok: false, failure: { code: 'unknown_session' } });
    expect(opened).toEqual([]);
  });
});

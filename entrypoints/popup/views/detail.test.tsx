// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionAct } from '../../../components/acts';
import { now, session } from '../../../components/fixtures/session';
import { after, HOUR } from '../../../lib/core/time';
import type { SessionView } from '../../../lib/core/view';
import type { At, Place } from '../place';
import { Detail } from './detail';

const background = vi.hoisted(() => ({ asked: [] as unknown[], answer: { ok: true, value: [] } as unknown }));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string, input: object) => {
    background.asked.push([name, input]);
    return Promise.resolve(background.answer);
  },
}));

beforeEach(() => vi.useFakeTimers({ now, toFake: ['Date'] }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const agilicus: Partial<SessionView> = {
  vendor: { id: 'agilicus', name: 'Agilicus' },
  offers: ['revoke', 'end_session', 'create', 'list'],
  move: { verb: 'reissue', follows: false },
  keeps: 'nothing',
};
const borrowed: Partial<SessionView> = {
  ...agilicus,
  provenance: 'borrowed',
  keeps: 'follows',
  subject: 'user-1',
  tenant: { id: 'org-1', name: 'Harbour Logistics' },
  ids: { session: 'session-1' },
};
const key: Partial<SessionView> = {
  vendor: { id: 'esper', name: 'Esper' },
  provenance: 'entered',
  keeps: 'key',
  keeping: 'paused',
  token: { expiresAt: after(now, 41 * 24 * HOUR) },
};

function show(
  over: Partial<SessionView>,
  { ask, others = [] }: { ask?: At<'detail'>['ask']; others?: SessionView[] } = {},
) {
  const act = vi.fn<(session: SessionView, act: SessionAct, tab?: number) => void>();
  const go = vi.fn<(to: Place) => void>();
  const one = session(over);
  render(
    <Detail
      session={one}
      place={{ at: 'detail', session: one.id, ask }}
      view={{ consent: 'given', sessions: [one, ...others], tabs: {} }}
      seen={{ view: undefined, tab: undefined, failure: undefined, lookAgain: () => {} }}
      acts={{
        busy: undefined,
        trouble: undefined,
        done: undefined,
        dismiss: () => {},
        dismissTrouble: () => {},
        act,
        move: () => {},
      }}
      go={go}
    />,
  );
  return { done: () => act.mock.calls.map(([, name]) => name), gone: () => go.mock.calls.map(([to]) => to) };
}
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));
const asked = async () => within(await screen.findByRole('dialog'));

describe('a key', () => {
  it('is renewed only after the list of what happens', async () => {
    const { done } = show(key);

    press('Renew…');
    const dialog = await asked();
    expect(dialog.getByText(/asks Esper once for a new key/)).toBeTruthy();
    expect(dialog.getByText(/nothing is sent a second time by itself/)).toBeTruthy();
    expect(done()).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Renew' }));

    expect(done()).toEqual(['renew']);
  });

  it('is renewed from now on where that is ticked', async () => {
    const { done } = show(key, { ask: 'renew_key' });
    const dialog = await asked();

    fireEvent.click(dialog.getByRole('checkbox', { name: 'Renew this key for me from now on' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Renew' }));

    expect(done()).toEqual(['renew_and_arm']);
  });

  it('is armed and disarmed in its own words', () => {
    const open = show(key);
    press('Arm');
    expect(open.done()).toEqual(['keep']);
    cleanup();

    const { done } = show({ ...key, keeping: 'kept' });
    expect(screen.getByText('Stop renewing this key for me')).toBeTruthy();
    press('Pause');
    expect(done()).toEqual(['pause']);
  });

  it('has no renewal without the list, not even by a key', () => {
    show({ ...key, keeping: 'kept' });

    expect(document.querySelector('[aria-keyshortcuts="R"]')).toBeNull();
  });
});

describe('what can be ended at the vendor', () => {
  it('is the token, after the list of what stops', async () => {
    const { done } = show(agilicus);

    press('Revoke…');
    const dialog = await asked();
    expect(done()).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Revoke' }));

    expect(done()).toEqual(['revoke']);
  });

  it('is every sign-in, only with a second yes, and names the tokens that were made from it', async () => {
    const porto = session({ id: 'b', parent: 'a', tenant: { id: 'p', name: 'Porto Depot' } });
    const other = session({ id: 'c', tenant: { id: 'o', name: 'Elsewhere Ltd' } });
    const { done } = show(agilicus, { others: [porto, other] });
    press('Revoke all…');
    const dialog = await asked();

    expect(dialog.getByText(/Porto Depot/)).toBeTruthy();
    expect(dialog.queryByText(/Elsewhere/)).toBeNull();
    fireEvent.click(dialog.getByRole('button', { name: 'Revoke all' }));
    expect(done()).toEqual([]);
    fireEvent.click(dialog.getByRole('checkbox'));
    fireEvent.click(dialog.getByRole('button', { name: 'Revoke all' }));

    expect(done()).toEqual(['revoke_all']);
  });

  it('is a console’s sign-in by its name alone: user, organisation and session', async () => {
    const { done } = show(borrowed);
    expect(screen.queryByRole('button', { name: /Revoke/ })).toBeNull();

    press('End session…');
    const dialog = await asked();
    for (const words of [/Ana Ruiz.*user-1/, /Harbour Logistics.*org-1/, /session-1/]) {
      expect(dialog.getByText(words)).toBeTruthy();
    }
    fireEvent.click(dialog.getByRole('button', { name: 'End session' }));

    expect(done()).toEqual(['end_session']);
  });

  it('is nothing where the session has no id to name it by', () => {
    show({ ...borrowed, ids: {} });

    expect(screen.queryByText('At Agilicus')).toBeNull();
  });

  it('is nothing of Fob’s own where the vendor has no call for it, and that is said', () => {
    show({});

    expect(screen.getByText(/Fob knows no call by which Prowler ends one token/)).toBeTruthy();
  });
});

describe('forgetting', () => {
  it.each<[string, Partial<SessionView>, RegExp, boolean]>([
    ['can be revoked first where the vendor lets Fob', agilicus, /To have Agilicus end it too/, true],
    ['cannot where there is no call for it', {}, /To have Prowler end it too/, false],
    ['leaves a console signed in', {}, /The console stays signed in/, true],
    ['leaves none signed in where the token was entered', key, /The console stays signed in/, false],
  ])('%s', async (_, over, words, isSaid) => {
    show(over);

    press('Forget');

    expect((await asked()).queryByText(words) !== null).toBe(isSaid);
  });
});

it('says of an application how its token is had again', () => {
  show({ person: {}, signIn: { whose: 'fob', extendedByRenewal: false } });

  expect(screen.getByText(/with the client ID and secret you entered/)).toBeTruthy();
  expect(screen.queryByText(/The console has another one/)).toBeNull();
});

it('says whose word it is where only the token says so', () => {
  show({ vendor: { id: 'runai', name: 'Run:ai' }, saidBy: 'token' });

  expect(screen.getByText(/accepted by Run:ai, .*the name is the token’s own claim/)).toBeTruthy();
});

describe('a session whose host the browser withholds', () => {
  it.each([
    ['is kept', {}],
    ['follows the console', borrowed],
    ['is a key', key],
    ['is kept by nothing', agilicus],
  ])('has one thing to press when it %s: to allow it', (_, over) => {
    const { done } = show({ ...over, isWithheld: true });

    press('Allow access');

    expect(done()).toEqual(['allow']);
    expect(screen.queryByRole('button', { name: /Renew|Keep it alive|Follow the console/ })).toBeNull();
  });
});

describe('a session of no console’s tab', () => {
  it('leads to where else it can be', () => {
    const { gone } = show(agilicus);

    press('Switch tenant');

    expect(gone()).toEqual([{ at: 'switch', session: 'a' }]);
  });

  it.each<[string, Partial<SessionView>]>([
    ['the vendor knows no other place', { move: undefined } as object],
    ['its token has ended', { keeps: 'nothing', token: { expiresAt: after(now, -HOUR) } }],
  ])('leads nowhere where %s', (_, over) => {
    show(over);

    expect(screen.queryByRole('button', { name: 'Switch tenant' })).toBeNull();
  });
});

describe('what happened', () => {
  it('is asked of the background and told', async () => {
    background.answer = { ok: true, value: [{ at: now, what: 'signed_out' }] };
    show({});

    expect(await screen.findByText('The console signed out')).toBeTruthy();
    expect(background.asked).toContainEqual(['timeline', { session: 'a' }]);
  });

  it('can be asked for again', async () => {
    background.answer = { ok: false, failure: { code: 'not_answering' } };
    show({});
    await screen.findByText('Fob is not answering');
    background.answer = { ok: true, value: [] };

    press('Try again');

    expect(await screen.findByText(/^Nothing yet/)).toBeTruthy();
  });
});

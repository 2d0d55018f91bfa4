// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { now, session } from '../../components/fixtures/session';
import type { View } from '../../lib/core/view';
import { App } from './app';

const contoso = session({ id: 'b', tenant: { id: 't1', name: 'Contoso Health' } });
const background = vi.hoisted(() => ({
  view: undefined as View | undefined,
  answers: {} as Record<string, unknown>,
  calls: [] as { name: string; input: unknown }[],
  tab: { id: 7 } as { id: number; url?: string },
}));

vi.mock('../../lib/rpc/client', () => ({
  call: (name: string, input: unknown) => {
    background.calls.push({ name, input });
    return Promise.resolve(background.answers[name] ?? { ok: true, value: undefined });
  },
}));
vi.mock('../../lib/rpc/snapshot', () => ({
  readSnapshot: () => Promise.resolve(background.view),
  onSnapshot: () => () => {},
}));
vi.mock('../../lib/rpc/active-tab', () => ({ activeTab: () => Promise.resolve(background.tab) }));

const copied = vi.fn<(text: string) => Promise<void>>();

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
  const tab = { vendor: 'prowler', console: 'https://cloud.prowler.com', shows: 'session', session: 'a' } as const;
  background.view = { consent: 'given', sessions: [session(), contoso], tabs: { 7: tab } };
  background.answers = {};
  background.calls = [];
  background.tab = { id: 7, url: 'https://cloud.prowler.com/scans' };
  copied.mockResolvedValue(undefined);
  vi.spyOn(navigator, 'clipboard', 'get').mockReturnValue({ writeText: copied } as unknown as Clipboard);
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(100);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const asked = (name: string) => background.calls.filter((call) => call.name === name).map(({ input }) => input);
const button = (name: string | RegExp) => screen.findByRole('button', { name });

describe('the popup', () => {
  it('shows the session of the tab in view, and the others below', async () => {
    render(<App />);

    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('Northwind Retail');
    expect(screen.getByRole('heading', { level: 2 }).textContent).toBe('Elsewhere');
    expect(await button(/Switch this tab to .*Contoso/)).toBeTruthy();
    expect(asked('look')).toEqual([{ tabId: 7 }]);
  });

  it.each([
    ['went to another site', { id: 7, url: 'https://cloud.prowler.com.example/' }],
    ['went where Fob may not read', { id: 7 }],
  ])('does not say of a tab that %s what it showed before', async (_, tab) => {
    background.tab = tab;
    render(<App />);

    expect(await screen.findByText('No console in this tab.')).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1 }).textContent).not.toContain('Northwind');
    expect(await button('Northwind Retail')).toBeTruthy();
  });

  it('shows what it knows while the background is silent, and says that it is', async () => {
    background.answers['look'] = { ok: false, failure: { code: 'not_answering' } };
    render(<App />);

    expect((await screen.findByRole('alert')).textContent).toContain('Fob is not answering');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Northwind Retail');
  });

  it('says that Fob is not answering where nothing is known at all', async () => {
    background.view = undefined;
    background.answers['look'] = { ok: false, failure: { code: 'not_answering' } };
    render(<App />);

    fireEvent.click(await button('Try again'));

    await waitFor(() => expect(asked('look')).toHaveLength(2));
  });

  it('leads to the page that asks, before anything is agreed to', async () => {
    background.view = { consent: 'missing', sessions: [], tabs: {} };
    render(<App />);

    fireEvent.click(await button('Read on and agree'));

    expect(asked('open_consent')).toHaveLength(1);
  });

  it('says what to do when there is nothing yet', async () => {
    background.view = { consent: 'given', sessions: [], tabs: {} };
    render(<App />);

    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('Open a console and sign in as usual');
  });

  it('copies by the key C, and says for how long it is good', async () => {
    background.answers['reveal'] = { ok: true, value: { text: 'secret', expiresAt: session().token.expiresAt } };
    render(<App />);
    await button('Copy token');

    fireEvent.keyDown(document.body, { key: 'c' });

    expect(await screen.findByText('Copied. Good for 23 min.')).toBeTruthy();
    expect(copied).toHaveBeenCalledExactlyOnceWith('secret');
    expect(document.body.textContent).not.toContain('secret');
  });

  it('says so when the browser does not let it copy, and offers it again', async () => {
    background.answers['reveal'] = { ok: true, value: { text: 'secret' } };
    copied.mockRejectedValueOnce(new DOMException('not focused', 'NotAllowedError'));
    render(<App />);

    fireEvent.click(await button('Copy token'));
    fireEvent.click(await button('Copy again'));

    expect(await screen.findByText('Copied.')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('asks once when pressed twice', async () => {
    background.answers['renew'] = new Promise(() => {});
    render(<App />);
    const renew = await button('Renew now');

    fireEvent.click(renew);
    fireEvent.click(renew);

    await waitFor(() => expect(renew.getAttribute('aria-busy')).toBe('true'));
    expect(asked('renew')).toHaveLength(1);
  });

  it('tells a failure where it happened, with its next step, and closes over the page that opens', async () => {
    const closed = vi.spyOn(window, 'close').mockImplementation(() => {});
    background.answers['renew'] = { ok: false, failure: { code: 'permission_missing', host: 'api.prowler.com' } };
    render(<App />);

    fireEvent.click(await button('Renew now'));
    expect((await screen.findByRole('alert')).textContent).toContain('Fob may not reach api.prowler.com');
    fireEvent.click(await button('Allow access'));

    expect(asked('allow')).toEqual([{ session: 'a' }]);
    await waitFor(() => expect(closed).toHaveBeenCalledOnce());
  });

  it('switches the tab in view by one press, and shows before and after', async () => {
    background.answers['move'] = { ok: true, value: { session: 'b', from: 'a', console: 'followed' } };
    render(<App />);

    fireEvent.click(await button(/Switch this tab to .*Contoso/));

    expect(await screen.findByText(/The console in this tab is in .*Contoso Health.* now/)).toBeTruthy();
    expect(asked('move')).toEqual([{ session: 'a', tenant: 't1', console: true, tabId: 7 }]);
  });

  it('leaves the console alone when the person says so', async () => {
    background.answers['tenants'] = {
      ok: true,
      value: { fetchedAt: now, items: [{ id: 't1', name: 'Contoso Health', current: false }] },
    };
    background.answers['move'] = { ok: true, value: { session: 'b', from: 'a' } };
    render(<App />);
    await button('Details');
    fireEvent.keyDown(document.body, { key: 's' });

    fireEvent.click(await screen.findByRole('switch'));
    fireEvent.click(await screen.findByRole('option'));

    expect(await screen.findByText(/still in .*Northwind Retail/)).toBeTruthy();
    expect(asked('move')).toEqual([{ session: 'a', tenant: 't1', console: false }]);
  });

  it.each([
    ['another person', { subject: 'someone-else' }],
    ['the same person in another container', { container: 'work' }],
    ['another console', { console: 'https://prowler.corp.example' }],
  ])('does not switch the tab to a session of %s', async (_, other) => {
    background.view = {
      consent: 'given',
      tabs: {},
      ...background.view,
      sessions: [session(), { ...contoso, ...other }],
    };
    render(<App />);

    expect(await button('Contoso Health')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Switch this tab to/ })).toBeNull();
  });

  it.each([
    ['unanswered', 'Try again', 'move', { session: 'a', tenant: 't1', console: true, tabId: 7 }],
    ['permission_missing', 'Allow access', 'allow', { session: 'a' }],
    ['tenant_refused', 'Choose another tenant', 'tenants', { session: 'a' }],
    ['console_not_followed', 'Open the console', 'open_console', { session: 'a' }],
  ])('takes the step that fits when the console does not follow: %s', async (failed, step, name, input) => {
    background.answers['move'] = { ok: true, value: { session: 'b', from: 'a', console: { failed } } };
    render(<App />);
    fireEvent.click(await button(/Switch this tab to .*Contoso/));

    fireEvent.click(await button(step));

    await waitFor(() => expect(asked(name).at(-1)).toEqual(input));
    expect(asked('move')).toHaveLength(name === 'move' ? 2 : 1);
  });

  it('leads home when the session before a move is gone', async () => {
    background.answers['move'] = { ok: true, value: { session: 'b', from: 'gone' } };
    render(<App />);

    fireEvent.click(await button(/Switch this tab to .*Contoso/));

    await waitFor(() => expect(asked('move')).toHaveLength(1));
    expect(await button('Copy token')).toBeTruthy();
    expect(screen.queryByText('Waking Fob')).toBeNull();
  });

  it('has a way back while the session after a move is not known yet', async () => {
    background.answers['move'] = { ok: true, value: { session: 'later', from: 'a' } };
    render(<App />);
    fireEvent.click(await button(/Switch this tab to .*Contoso/));

    fireEvent.click(await button('Back'));

    expect(await button('Copy token')).toBeTruthy();
  });

  it('does not say that it reads a console whose session is gone', async () => {
    background.view = { consent: 'given', tabs: {}, ...background.view, sessions: [contoso] };
    render(<App />);

    expect(await button('Contoso Health')).toBeTruthy();
    expect(screen.queryByText(/Reading the console/)).toBeNull();
  });

  it('offers access where the list of tenants lacks it', async () => {
    background.answers['tenants'] = { ok: false, failure: { code: 'permission_missing', host: 'api.prowler.com' } };
    render(<App />);
    fireEvent.click(await button('Switch tenant'));

    fireEvent.click(await button('Allow access'));

    expect(asked('allow')).toEqual([{ session: 'a' }]);
  });

  it('stays in the list after a refused switch, and says where the person still is', async () => {
    background.answers['tenants'] = {
      ok: true,
      value: { fetchedAt: now, items: [{ id: 't9', name: 'Trey Research', current: false }] },
    };
    background.answers['move'] = { ok: false, failure: { code: 'tenant_refused' } };
    render(<App />);
    fireEvent.click(await button('Switch tenant'));

    fireEvent.click(await screen.findByRole('option'));

    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Trey Research');
    expect(alert.textContent).toContain('Northwind Retail');
    expect(screen.getByRole('combobox')).toBeTruthy();
  });

  it('forgets only after the list of what stops', async () => {
    render(<App />);
    await button('Details');
    fireEvent.keyDown(document.body, { key: 'd' });

    fireEvent.click(await button('Forget'));
    expect(asked('forget')).toHaveLength(0);
    expect(screen.getByRole('dialog').textContent).toContain('Fob stops keeping it alive');
    fireEvent.click(screen.getAllByRole('button', { name: 'Forget' }).at(-1) ?? document.body);

    expect(asked('forget')).toEqual([{ session: 'a' }]);
  });

  it('goes back by Esc', async () => {
    render(<App />);
    fireEvent.click(await button('Details'));
    expect(await button('Forget')).toBeTruthy();

    fireEvent.keyDown(document.body, { key: 'Escape' });

    expect(await button('Copy token')).toBeTruthy();
  });
});

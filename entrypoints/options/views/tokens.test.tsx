// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { session } from '../../../components/fixtures/session';
import { HOUR, type Instant } from '../../../lib/core/time';
import type { TokenRecord } from '../../../lib/core/vendor';
import { TokensView } from './tokens';

const background = vi.hoisted(() => ({
  calls: [] as [name: string, input: unknown][],
  answers: {} as Record<string, unknown[]>,
}));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string, input: unknown) => {
    background.calls.push([name, input]);
    return Promise.resolve(background.answers[name]?.shift() ?? { ok: true, value: { items: [] } });
  },
}));

const ago = (ms: number): Instant => (Date.now() - ms) as Instant;
const token = (jti: string, over: Partial<TokenRecord> = {}): TokenRecord => ({
  jti,
  subject: 'user-1',
  email: 'ben.ode@harbour.example',
  tenant: 'org-1',
  session: 'sign-in-1',
  issuedAt: ago(HOUR),
  expiresAt: ago(-HOUR),
  audiences: [],
  scopes: ['a', 'b'],
  roles: {},
  ...over,
});
const admin = session({
  id: 'admin',
  vendor: { id: 'agilicus', name: 'Agilicus' },
  subject: 'user-9',
  tenant: { id: 'org-1', name: 'Harbour Logistics' },
  offers: ['revoke', 'end_session', 'create', 'list'],
});
const page = (items: readonly TokenRecord[], more = {}) => ({ ok: true, value: { items, ...more } });
const called = (name: string): unknown[] => background.calls.filter(([one]) => one === name).map(([, input]) => input);
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));
const type = (label: string | RegExp, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const send = (button: string) => {
  const form = screen.getByRole('button', { name: button }).closest('form');
  if (form) fireEvent.submit(form);
};

beforeEach(() => {
  background.calls = [];
  background.answers = {};
});
afterEach(cleanup);

describe('the tokens a vendor has issued', () => {
  it('are listed with whose they are, for where, and what state they are in', async () => {
    background.answers['list_tokens'] = [
      page([
        token('t1'),
        token('t2', { isRevoked: true, tenant: 'org-2' }),
        token('t3', { expiresAt: ago(1), isMasquerading: true }),
      ]),
    ];
    render(<TokensView sessions={[session(), admin]} />);

    send('Get the list');

    const table = await screen.findByRole('table', { name: 'Tokens' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map((row) => within(row).getAllByRole('cell')[5]?.textContent.trim())).toEqual([
      'alive',
      'revoked',
      'ended',
    ]);
    expect(rows[0]?.textContent).toContain('ben.ode@harbour.example');
    expect(rows[0]?.textContent).toContain('Harbour Logistics');
    expect(rows[1]?.textContent).toContain('org-2');
    expect(rows[2]?.textContent).toContain('acting for this person');
    expect(screen.getByText('3 tokens.')).toBeTruthy();
    expect(called('list_tokens')).toEqual([{ session: 'admin', filter: {} }]);
  });

  it('are narrowed by everything the vendor takes', async () => {
    render(<TokensView sessions={[admin]} />);
    const list = screen.getByRole('region', { name: 'Tokens' });
    const fill = (label: string, value: string) =>
      fireEvent.input(within(list).getByLabelText(label), { target: { value } });
    fill('Person, by user id', ' user-1 ');
    fill('Organisation, by id', 'org-1');
    fill('Token id', 't1');
    fill('Session id', 'sign-in-1');
    fireEvent.change(within(list).getByLabelText('Revoked'), { target: { value: 'no' } });
    fill('At once', '50');
    fill('Made from', '2026-11-01T08:00');
    fill('Made until', '2026-11-02T08:00');
    fill('Ends from', '2026-11-03T08:00');
    fill('Ends until', '2026-11-04T08:00');
    fill('With these scopes', 'one\n\n two ');

    send('Get the list');

    const at = (local: string): string => new Date(local).toISOString();
    expect(called('list_tokens')).toEqual([
      {
        session: 'admin',
        filter: {
          subject: 'user-1',
          tenant: 'org-1',
          jti: 't1',
          session: 'sign-in-1',
          isRevoked: false,
          limit: 50,
          iatFrom: at('2026-11-01T08:00'),
          iatTo: at('2026-11-02T08:00'),
          expFrom: at('2026-11-03T08:00'),
          expTo: at('2026-11-04T08:00'),
          scopes: ['one', 'two'],
        },
      },
    ]);
    expect(await screen.findByText('No token like that.')).toBeTruthy();
  });

  it('say under the field that nobody can ask for so many at once', async () => {
    render(<TokensView sessions={[admin]} />);
    type('At once', '5000');

    send('Get the list');

    expect(await screen.findByText('A whole number from 1 to 1000.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('At once')));
    expect(called('list_tokens')).toEqual([]);
  });

  it('go on page by page, each token once, and say where the vendor lists no more', async () => {
    const next = { iatTo: '2026-11-17T13:00:00.000Z' };
    background.answers['list_tokens'] = [
      page([token('t1'), token('t2')], { next, sharedTime: ago(HOUR) }),
      page([token('t2'), token('t3')]),
    ];
    render(<TokensView sessions={[admin]} />);
    send('Get the list');
    expect(await screen.findByText('2 tokens so far; there may be more.')).toBeTruthy();
    expect(screen.getByText(/^More than 2 tokens were made at .*; not all of them can be listed\.$/)).toBeTruthy();

    await press('Get more');

    const sum = await screen.findByText('3 tokens.');
    expect(called('list_tokens')[1]).toEqual({ session: 'admin', filter: next });
    expect(screen.queryByRole('button', { name: 'Get more' })).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(sum));
  });

  it('say what went wrong, and keep what is listed', async () => {
    background.answers['list_tokens'] = [
      page([token('t1')], { next: {} }),
      { ok: false, failure: { code: 'forbidden' } },
    ];
    render(<TokensView sessions={[admin]} />);
    send('Get the list');

    await press('Get more');

    expect((await screen.findByRole('alert')).textContent).toContain('may not do that in');
    expect(screen.getByRole('table')).toBeTruthy();
  });

  it('have their session ended after the person has read what that stops', async () => {
    background.answers['list_tokens'] = [page([token('t1'), token('t2', { session: 'sign-in-2' })])];
    background.answers['end_session'] = [{ ok: true }];
    render(<TokensView sessions={[admin]} />);
    send('Get the list');
    fireEvent.click((await screen.findAllByRole('button', { name: /^End this session of ben/ }))[0] as Element);

    expect(screen.getByText(/^Every token of session .*sign-in-1.* in .*Harbour Logistics/)).toBeTruthy();
    await press('End this session');

    expect(await screen.findByText(/^The session of .*ben\.ode.* was ended$/)).toBeTruthy();
    expect(called('end_session')).toEqual([
      { session: 'admin', subject: 'user-1', tenant: 'org-1', sessionId: 'sign-in-1' },
    ]);
    const states = screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => within(row).getAllByRole('cell')[5]?.textContent);
    expect(states.map((one) => one?.trim())).toEqual(['revoked', 'alive']);
  });

  it.each([
    ['it is revoked', { isRevoked: true }],
    ['no session is named: all of that person would end', { session: undefined }],
    ['nobody is named', { subject: undefined }],
  ])('cannot be ended where %s', async (_, over) => {
    const plain = Object.fromEntries(
      Object.entries({ ...token('t1'), ...over }).filter(([, value]) => value !== undefined),
    );
    background.answers['list_tokens'] = [page([plain as TokenRecord])];
    render(<TokensView sessions={[admin]} />);
    send('Get the list');
    await screen.findByRole('table');

    expect(screen.queryByRole('button', { name: /^End this session/ })).toBeNull();
  });

  it('are nothing to see without a session that may list them', () => {
    render(<TokensView sessions={[session()]} />);

    expect(screen.getByText('No session here may list tokens')).toBeTruthy();
  });
});

describe('a token to be made', () => {
  const wanted = { subject: 'user-9', tenant: 'org-1', audiences: ['urn:api:one', 'urn:api:two'], durationS: 1800 };

  function fillIn(): void {
    render(<TokensView sessions={[admin]} />);
    type('Audiences', 'urn:api:one\nurn:api:two');
    type('Lives for, in minutes', '30');
  }

  it('is checked with the vendor before it is made', async () => {
    background.answers['create'] = [{ ok: true, value: { session: 'new' } }];
    fillIn();

    send('Check with Agilicus');
    expect(await screen.findByText('Agilicus would allow this')).toBeTruthy();
    expect(called('create')).toEqual([]);
    send('Make the token');

    const done = await screen.findByText('A token was made');
    await waitFor(() => expect(document.activeElement).toBe(done.closest('[role=status]')));
    expect(called('validate')).toEqual([{ session: 'admin', wanted }]);
    expect(called('create')).toEqual([{ session: 'admin', wanted }]);
  });

  it('is checked again after a change', async () => {
    fillIn();
    send('Check with Agilicus');
    await screen.findByText('Agilicus would allow this');

    type(/^Scopes/, 'urn:scope?');
    fireEvent.click(screen.getByRole('checkbox', { name: /^With a refresh token/ }));
    send('Check with Agilicus');

    await waitFor(() =>
      expect(called('validate')[1]).toEqual({
        session: 'admin',
        wanted: { ...wanted, scopes: ['urn:scope?'], createRefreshToken: true },
      }),
    );
  });

  it('is refused in the vendor’s sense, above the fields', async () => {
    background.answers['validate'] = [{ ok: false, failure: { code: 'forbidden' } }];
    fillIn();

    send('Check with Agilicus');

    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/may not do that in .*Harbour Logistics/);
    expect(alert.compareDocumentPosition(screen.getByLabelText('Audiences'))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    expect(screen.queryByRole('button', { name: 'Make the token' })).toBeNull();
  });

  it.each([
    ['Audiences', '', 'This is needed here.'],
    ['Lives for, in minutes', '1.5', 'A whole number of minutes, 1 or more.'],
    ['Lives for, in minutes', '0', 'A whole number of minutes, 1 or more.'],
  ])('needs %s other than %o', async (label, value, words) => {
    fillIn();
    type(label, value);

    send('Check with Agilicus');

    expect(await screen.findByText(words)).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(label)));
    expect(called('validate')).toEqual([]);
  });

  it('is not offered where the vendor makes none', () => {
    render(<TokensView sessions={[{ ...admin, offers: ['list'] }]} />);

    expect(screen.queryByText('Make a token')).toBeNull();
  });
});

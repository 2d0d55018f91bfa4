// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { session } from '../../../components/fixtures/session';
import type { Failure } from '../../../lib/core/failure';
import type { SessionView } from '../../../lib/core/view';
import { SignInsView } from './sign-ins';

const SECRET = 'canary-password-1';
const background = vi.hoisted(() => ({
  asked: [] as { place: string; way: string; values: Record<string, string> }[],
  answers: [] as unknown[],
  isThere: true,
  permitted: [] as (readonly string[])[],
  allows: true,
  sessions: [] as SessionView[],
}));
const failure = (one: Failure) => ({ ok: false, failure: one });

vi.mock('../../../lib/platform/permissions', () => ({
  askFor: (origins: readonly string[]) => {
    background.permitted.push(origins);
    return Promise.resolve(background.allows);
  },
}));
vi.mock('../../../lib/rpc/snapshot', () => ({
  readSnapshot: () => Promise.resolve({ consent: 'given', sessions: background.sessions, tabs: {} }),
}));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string, input: (typeof background.asked)[number]) => {
    if (!background.isThere) return Promise.resolve({ ok: false, failure: { code: 'not_answering' } });
    if (name === 'obtain') {
      background.asked.push(structuredClone(input));
      return Promise.resolve(background.answers.shift() ?? { ok: true, value: { session: 'a' } });
    }
    const secret = (field: string) => ({ name: field, kind: 'secret' });
    return Promise.resolve({
      ok: true,
      value: [
        {
          vendor: 'prowler',
          name: 'Prowler',
          choices: ['https://cloud.prowler.com'],
          isTyped: false,
          ways: [
            {
              way: 'password',
              fields: [
                { name: 'email', kind: 'email' },
                { name: 'password', kind: 'secret', longest: 128 },
                { name: 'tenant_id', kind: 'uuid', isOptional: true },
              ],
              keeps: [],
            },
            { way: 'token', fields: [secret('token')], keeps: ['token'] },
          ],
        },
        {
          vendor: 'runai',
          name: 'Run:ai',
          choices: [],
          isTyped: true,
          ways: [
            { way: 'token', fields: [secret('token')], keeps: ['token'] },
            { way: 'code', fields: [secret('code'), { name: 'redirect_uri', kind: 'url' }], keeps: [] },
          ],
        },
      ],
    });
  },
}));

beforeEach(() => {
  Object.assign(background, { asked: [], answers: [], isThere: true, permitted: [], allows: true });
  background.sessions = [session()];
});
afterEach(cleanup);

const choose = async (name: string) => fireEvent.click(await screen.findByRole('radio', { name }));
const field = (label: string | RegExp) => screen.getByLabelText<HTMLInputElement>(label);
const type = (label: string, value: string) => fireEvent.input(field(label), { target: { value } });
const send = (button: string) => {
  const form = screen.getByRole('button', { name: button }).closest('form');
  if (form) fireEvent.submit(form);
};

async function fillIn(over: { tenant?: string } = {}): Promise<void> {
  render(<SignInsView />);
  await choose('Prowler');
  type('E-mail', 'ana.ruiz@northwind.example');
  type('Password', SECRET);
  if (over.tenant !== undefined) type('Tenant id optional', over.tenant);
}

describe('signing in through Fob', () => {
  it('sends what was typed, empties what is secret, and says who is signed in where', async () => {
    await fillIn();
    expect(screen.getByText('The password is not kept.')).toBeTruthy();

    send('Sign in');

    expect(field('Password').value).toBe('');
    expect(field('E-mail').value).toBe('ana.ruiz@northwind.example');
    const done = (await screen.findByText(/^Signed in as/)).closest('[role=status]');
    expect(done?.textContent).toMatch(
      /Ana Ruiz.* in .*Northwind Retail.*Fob keeps it alive\. It is in Fob’s popup now\./,
    );
    await waitFor(() => expect(document.activeElement).toBe(done));
    expect(background.asked).toEqual([
      {
        vendor: 'prowler',
        place: 'https://cloud.prowler.com',
        way: 'password',
        values: { email: 'ana.ruiz@northwind.example', password: SECRET, tenant_id: '' },
      },
    ]);
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it('promises to keep alive only what Fob renews', async () => {
    background.sessions = [session({ keeps: 'nothing', keeping: 'offered' })];
    await fillIn();

    send('Sign in');

    expect(await screen.findByText('It is in Fob’s popup now.')).toBeTruthy();
  });

  it('says under the field what is wrong with it, takes the person there, and sends nothing', async () => {
    await fillIn({ tenant: '7d0a51c8' });

    send('Sign in');

    const wrong = await screen.findByText('That is not a whole id. It has 36 characters.');
    const tenant = field(/^Tenant id/);
    expect(tenant.getAttribute('aria-invalid')).toBe('true');
    expect(tenant.getAttribute('aria-describedby')?.split(' ')).toContain(wrong.closest('p')?.id);
    await waitFor(() => expect(document.activeElement).toBe(tenant));
    expect(background.asked).toEqual([]);
    expect(field('Password').value).toBe(SECRET);
  });

  it('says under the place that the vendor has no console there', async () => {
    background.answers = [failure({ code: 'invalid_input', field: 'place' })];
    render(<SignInsView />);
    await choose('Run:ai');
    type('Where', 'nowhere');
    type('Token', SECRET);

    send('Ask Run:ai whose it is');

    expect(await screen.findByText('Fob knows no Run:ai console by that name.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(field('Where')));
  });

  it('asks the browser at the click, and goes on by itself with what was typed', async () => {
    background.answers = [failure({ code: 'permission_missing', host: 'api.prowler.com' })];
    await fillIn();
    send('Sign in');

    fireEvent.click(await screen.findByRole('button', { name: 'Allow access to api.prowler.com' }));

    expect(background.permitted).toEqual([['https://api.prowler.com']]);
    expect(await screen.findByText(/^Signed in as/)).toBeTruthy();
    expect(background.asked.map(({ values }) => values['password'])).toEqual([SECRET, SECRET]);
  });

  it('lets go of what waits once something else is typed', async () => {
    background.answers = [failure({ code: 'permission_missing', host: 'api.prowler.com' })];
    await fillIn();
    send('Sign in');
    await screen.findByRole('button', { name: 'Allow access to api.prowler.com' });

    type('E-mail', 'ben.ode@northwind.example');

    await waitFor(() => expect(screen.queryByRole('button', { name: /^Allow access/ })).toBeNull());
    expect(background.permitted).toEqual([]);
  });

  it('lets go of what was typed when the browser says no', async () => {
    background.answers = [failure({ code: 'permission_missing', host: 'api.prowler.com' })];
    background.allows = false;
    await fillIn();
    send('Sign in');

    fireEvent.click(await screen.findByRole('button', { name: 'Allow access to api.prowler.com' }));

    expect(await screen.findByText('Not allowed, and not sent')).toBeTruthy();
    expect(background.asked).toHaveLength(1);
  });

  it.each([
    [{ code: 'credentials_refused' }, 'Prowler does not know these credentials', 'Check and try again.'],
    [{ code: 'code_used' }, 'That code was used already, or has ended', 'Get a new one'],
    [
      { code: 'unanswered', why: 'timeout' },
      'Prowler was asked and nothing came back',
      'Prowler may have acted all the same.',
    ],
    [{ code: 'offline' }, 'Nothing was sent: no connection', 'Nothing was stored.'],
  ] as const)('says what happened: %o', async (one, title, text) => {
    background.answers = [failure(one)];
    await fillIn();

    send('Sign in');

    expect((await screen.findByRole('alert')).textContent).toContain(title);
    expect(screen.getByRole('alert').textContent).toContain(text);
  });

  it('shows a secret only while the eye is held', async () => {
    await fillIn();
    const eye = screen.getByRole('button', { name: 'Show while held: Password' });

    expect(field('Password').type).toBe('password');
    fireEvent.pointerDown(eye);
    expect(field('Password').type).toBe('text');
    fireEvent.pointerUp(eye);
    expect(field('Password').type).toBe('password');
    fireEvent.keyDown(eye, { key: ' ' });
    expect(field('Password').type).toBe('text');
    fireEvent.blur(eye);
    expect(field('Password').type).toBe('password');
  });

  it('forgets what was typed for one vendor when another is chosen', async () => {
    render(<SignInsView />);
    await choose('Prowler');
    await choose('A token you have');
    type('Token', SECRET);

    await choose('Run:ai');

    expect(field('Token').value).toBe('');
  });

  it('folds away what is of use to few', async () => {
    render(<SignInsView />);
    await choose('Run:ai');

    expect(screen.getByRole('radio', { name: 'Authorization code' }).closest('details')).toBeTruthy();
    expect(screen.getByRole('radio', { name: 'A token you have' }).closest('details')).toBeNull();
  });

  it('offers to try again when Fob does not answer', async () => {
    background.isThere = false;
    render(<SignInsView />);
    await screen.findByText('Fob is not answering');
    background.isThere = true;

    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));

    expect(await screen.findByRole('radio', { name: 'Prowler' })).toBeTruthy();
  });
});

// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { session } from '../../../components/fixtures/session';
import type { SessionView } from '../../../lib/core/view';
import { asked, fixed } from './api-permissions';
import { HostsView } from './hosts';

const browser = vi.hoisted(() => {
  const listeners = new Set<() => void>();
  return {
    sessions: [] as SessionView[],
    allowed: new Set<string>(),
    answer: true,
    asked: [] as (readonly string[])[],
    fixed: new Set<string>(),
    withdrawn: [] as string[],
    clipboard: false,
    policies: [] as { console: string; keep: string }[],
    listeners,
    changed: () => {
      for (const listener of listeners) listener();
    },
    own: [] as { vendor: string; console: string; api: string }[],
    candidates: [] as unknown[],
    calls: [] as [name: string, input: unknown][],
    answers: {} as Record<string, unknown>,
  };
});

vi.mock('../../../lib/platform/permissions', () => ({
  isAllowed: (origin: string) => Promise.resolve(browser.allowed.has(origin)),
  allowedHosts: () => Promise.resolve([...browser.allowed].map((origin) => new URL(origin).hostname)),
  isFixed: (origin: string) => browser.fixed.has(origin),
  withdraw: (origin: string) => {
    browser.withdrawn.push(origin);
    browser.changed();
    return Promise.resolve(browser.allowed.delete(origin));
  },
  holdsClipboard: () => Promise.resolve(browser.clipboard),
  askForClipboard: () => Promise.resolve((browser.clipboard = browser.answer)),
  letGoOfClipboard: () => {
    browser.clipboard = false;
    return Promise.resolve(true);
  },
  askFor: (origins: readonly string[]) => {
    browser.asked.push(origins);
    if (browser.answer) for (const origin of origins) browser.allowed.add(origin);
    browser.changed();
    return Promise.resolve(browser.answer);
  },
  onPermissions: (listener: () => void) => {
    browser.listeners.add(listener);
    return () => browser.listeners.delete(listener);
  },
}));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string, input: { address?: string }) => {
    browser.calls.push([name, input]);
    if (name === 'remove_deployment') browser.own = [];
    const value = {
      deployments: browser.own,
      policies: browser.policies,
      consider: { console: `https://${input.address?.replace('https://', '')}`, candidates: browser.candidates },
    }[name];
    return Promise.resolve(browser.answers[name] ?? { ok: true, value });
  },
}));

const cloudcheckr = ['us', 'eu', 'au', 'gov'].flatMap((region) =>
  ['app', 'api', 'auth'].map((what) => `https://${what}-${region}.cloudcheckr.com`),
);

beforeEach(() => {
  Object.assign(browser, { own: [], calls: [], answers: {} });
  browser.candidates = [
    {
      vendor: 'prowler',
      name: 'Prowler',
      isLikely: false,
      origins: ['https://prowler.corp.example', 'https://prowler.corp.example:8080'],
      api: 'https://prowler.corp.example:8080',
    },
  ];
  browser.sessions = [];
  Object.assign(browser, { fixed: new Set(), withdrawn: [], clipboard: false, policies: [] });
  browser.allowed = new Set(['https://cloud.prowler.com', 'https://api.agilicus.com', ...cloudcheckr]);
  browser.answer = true;
  browser.asked = [];
});
afterEach(cleanup);

const row = async (host: string): Promise<HTMLElement> => {
  const found = (await screen.findByText(host)).closest('li');
  if (!found) throw new Error(`${host} is in no list`);
  return found;
};
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));

describe('the hosts', () => {
  it('are told with what each is for and whether it is allowed', async () => {
    render(<HostsView sessions={browser.sessions} />);

    expect(await within(await row('cloud.prowler.com')).findByText('Allowed')).toBeTruthy();
    expect(await within(await row('api.prowler.com')).findByText('Not allowed')).toBeTruthy();
    expect((await row('api.prowler.com')).textContent).toContain('API of Prowler');
  });

  it('are asked for at the click, and the state follows the answer', async () => {
    render(<HostsView sessions={browser.sessions} />);

    await press('Allow access to api.prowler.com');

    expect(browser.asked).toEqual([['https://api.prowler.com']]);
    expect(await within(await row('api.prowler.com')).findByText('Allowed')).toBeTruthy();
    const done = await screen.findByText('Fob may reach api.prowler.com');
    await waitFor(() => expect(document.activeElement).toBe(done.closest('[role=status]')));
  });

  it('say so when the browser refuses', async () => {
    browser.answer = false;
    render(<HostsView sessions={browser.sessions} />);

    await press('Allow access to api.prowler.com');

    expect(await screen.findByText('Fob still may not reach api.prowler.com')).toBeTruthy();
    expect(await within(await row('api.prowler.com')).findByText('Not allowed')).toBeTruthy();
  });

  it('are those of every session, each once, and all missing ones can be allowed at once', async () => {
    const own = session({ console: 'https://prowler.corp.example', apiHost: 'prowler.corp.example' });
    browser.sessions = [own, session({ id: 'b' })];
    render(<HostsView sessions={browser.sessions} />);

    expect((await row('prowler.corp.example')).textContent).toContain('Console and API of Prowler');
    await press('Allow all 2');

    expect(browser.asked).toEqual([['https://api.prowler.com', 'https://prowler.corp.example']]);
    expect(screen.getAllByText('prowler.corp.example')).toHaveLength(1);
  });

  it('are one row where a vendor has many, which asks for all that are missing', async () => {
    browser.allowed.delete('https://api-eu.cloudcheckr.com');
    browser.allowed.delete('https://auth-eu.cloudcheckr.com');
    render(<HostsView sessions={[]} />);

    expect(await within(await row('CloudCheckr')).findByText('2 not allowed')).toBeTruthy();
    await press('Allow access to the hosts of CloudCheckr');

    expect(browser.asked).toEqual([['https://api-eu.cloudcheckr.com', 'https://auth-eu.cloudcheckr.com']]);
  });
});

const called = (name: string): unknown[] => browser.calls.filter(([one]) => one === name).map(([, input]) => input);
const typeConsole = async (address: string): Promise<void> => {
  fireEvent.input(screen.getByLabelText('Address of the console'), { target: { value: address } });
  await waitFor(() => expect(called('consider')).toContainEqual({ address }));
};
const send = () => {
  const form = screen.getByRole('button', { name: 'Allow and add' }).closest('form');
  if (form) fireEvent.submit(form);
};

describe('a console on a host of one’s own', () => {
  it('is asked for in one question at the click, and added once it is allowed', async () => {
    render(<HostsView sessions={[]} />);
    await typeConsole('prowler.corp.example');
    expect(await screen.findByText('The browser asks you about prowler.corp.example.')).toBeTruthy();

    send();

    expect(browser.asked).toEqual([['https://prowler.corp.example', 'https://prowler.corp.example:8080']]);
    const done = await screen.findByText('Fob may look at prowler.corp.example now');
    expect(called('add_deployment')).toEqual([{ vendor: 'prowler', console: 'prowler.corp.example' }]);
    await waitFor(() => expect(document.activeElement).toBe(done.closest('[role=status]')));
    expect(screen.getByLabelText<HTMLInputElement>('Address of the console').value).toBe('');
  });

  it('may have its API elsewhere', async () => {
    render(<HostsView sessions={[]} />);
    await typeConsole('prowler.corp.example');
    fireEvent.input(screen.getByLabelText(/^Address of its API/), { target: { value: 'api.corp.example' } });

    send();

    expect(browser.asked).toEqual([['https://prowler.corp.example', 'https://api.corp.example']]);
  });

  it('is not added when the browser says no', async () => {
    browser.answer = false;
    render(<HostsView sessions={[]} />);
    await typeConsole('prowler.corp.example');

    send();

    expect(await screen.findByText(/^Fob still may not reach prowler.corp.example/)).toBeTruthy();
    expect(called('add_deployment')).toEqual([]);
  });

  it.each([
    ['Fob knows this console already.', [], 'prowler.corp.example'],
    ['That is not the address of a console of Prowler.', [{ vendor: 'runai', origins: [], api: '' }], 'other.example'],
  ])('is told apart from others: %s', async (words, candidates, address) => {
    browser.candidates = candidates;
    render(<HostsView sessions={[]} />);
    await typeConsole(address);

    send();

    expect(await screen.findByText(words)).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Address of the console')));
    expect(browser.asked).toEqual([]);
  });

  it('is asked for at another click where Fob did not know yet whom to ask about', async () => {
    render(<HostsView sessions={[]} />);
    fireEvent.input(screen.getByLabelText('Address of the console'), { target: { value: 'prowler.corp.example' } });

    send();

    expect(browser.asked).toEqual([]);
    await press('Allow access to prowler.corp.example');
    expect(browser.asked).toHaveLength(1);
    expect(await screen.findByText('Fob may look at prowler.corp.example now')).toBeTruthy();
  });

  it('says what went wrong', async () => {
    browser.answers['add_deployment'] = { ok: false, failure: { code: 'not_answering' } };
    render(<HostsView sessions={[]} />);
    await typeConsole('prowler.corp.example');

    send();

    expect(await screen.findByText('Fob is not answering')).toBeTruthy();
  });

  it('is removed with its sessions, after the person has read that', async () => {
    browser.own = [{ vendor: 'runai', console: 'https://gpu.corp.example', api: 'https://gpu.corp.example' }];
    render(<HostsView sessions={[session({ console: 'https://gpu.corp.example' })]} />);

    await press('Remove gpu.corp.example');
    expect(screen.getByText('1 session there is forgotten on this computer')).toBeTruthy();
    await press('Remove');

    await waitFor(() => expect(called('remove_deployment')).toEqual([{ console: 'https://gpu.corp.example' }]));
    expect(await screen.findByText('None yet.')).toBeTruthy();
  });
});

describe('a console one comes from', () => {
  const query = 'console=https%3A%2F%2Fprowler.corp.example&vendor=prowler&api=https%3A%2F%2Fapi.corp.example';

  it('is allowed with one click, and says to go back to it', async () => {
    render(<HostsView sessions={[]} query={query} />);
    expect(await screen.findByText('Is prowler.corp.example a console of Prowler?')).toBeTruthy();

    await press('Allow on this host');

    expect(browser.asked).toEqual([['https://prowler.corp.example', 'https://api.corp.example']]);
    expect(await screen.findByText('Fob may look at prowler.corp.example now')).toBeTruthy();
    expect(screen.getByText('Go back to the console.')).toBeTruthy();
    expect(called('add_deployment')).toEqual([
      { vendor: 'prowler', console: 'https://prowler.corp.example', api: 'https://api.corp.example' },
    ]);
  });

  it('is left alone for good when the person says so', async () => {
    render(<HostsView sessions={[]} query={query} />);

    await press('Not here');

    const left = await screen.findByText('Fob leaves prowler.corp.example alone');
    await waitFor(() => expect(document.activeElement).toBe(left.closest('[role=status]')));
    expect(called('refuse_host')).toEqual([{ console: 'https://prowler.corp.example' }]);
  });

  it.each(['', 'console=nothing+at+all&vendor=prowler', 'console=https%3A%2F%2Fa.example&vendor=nobody'])(
    'is nothing where the address names none: %s',
    async (other) => {
      render(<HostsView sessions={[]} query={other} />);
      await row('cloud.prowler.com');

      expect(screen.queryByText('Allow on this host')).toBeNull();
    },
  );
});

describe('a host that is allowed', () => {
  it('is taken back once the person has read what stops', async () => {
    const there = session({ console: 'https://gpu.corp.example', apiHost: 'gpu.corp.example', keeping: 'kept' });
    browser.allowed.add('https://gpu.corp.example');
    render(<HostsView sessions={[there, session({ id: 'b' })]} />);

    await press('Withdraw gpu.corp.example');
    expect(screen.getByText('1 session there is not kept alive any more')).toBeTruthy();
    expect(screen.getByText('A sign-in there goes unnoticed')).toBeTruthy();
    expect(browser.withdrawn).toEqual([]);
    await press('Withdraw');

    await waitFor(() => expect(browser.withdrawn).toEqual(['https://gpu.corp.example']));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Withdraw gpu.corp.example' })).toBeNull());
    expect(called('remove_deployment')).toEqual([]);
  });

  it('and came with Fob, is used no more, for the browser alone takes it away', async () => {
    browser.fixed.add('https://cloud.prowler.com');
    render(<HostsView sessions={[]} />);

    await press('Stop using cloud.prowler.com');
    expect(screen.getByText(/the browser takes it away on its page of extensions/)).toBeTruthy();
    await press('Stop using');

    await waitFor(() => expect(called('policy')).toEqual([{ console: 'https://cloud.prowler.com', keep: 'never' }]));
    expect(browser.withdrawn).toEqual([]);
  });

  it('and is not used, can be used again', async () => {
    browser.fixed.add('https://cloud.prowler.com');
    browser.policies = [{ console: 'https://cloud.prowler.com', keep: 'never' }];
    render(<HostsView sessions={[]} />);

    await press('Use cloud.prowler.com again');

    expect(called('policy')).toEqual([{ console: 'https://cloud.prowler.com', keep: 'ask' }]);
  });

  it('is listed where nothing needs it any more, too, to be taken back', async () => {
    browser.allowed.add('https://left.example');
    render(<HostsView sessions={[]} />);

    expect((await row('left.example')).textContent).toContain('Nothing needs it now.');
    expect(await screen.findByRole('button', { name: 'Withdraw left.example' })).toBeTruthy();
  });
});

describe('what the browser lets Fob do', () => {
  it('is told with the reason for each, by the list that the manifest is held to', () => {
    const section = readFileSync('README.md', 'utf8')
      .split(/^## /m)
      .find((part) => part.startsWith('What Fob asks'));
    const told = [...(section ?? '').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);

    expect(new Set([...fixed.flatMap(([names]) => names), ...asked])).toEqual(new Set(told));
  });

  it('is asked for at the click, and taken back at another', async () => {
    render(<HostsView sessions={[]} />);

    await press('Allow access to the clipboard');
    await waitFor(() => expect(called('prefer')).toEqual([{ clearsClipboard: true }]));
    browser.changed();
    await press('Withdraw access to the clipboard');

    await waitFor(() => expect(called('prefer')).toHaveLength(2));
    expect(browser.clipboard).toBe(false);
  });

  it('is left as it was where the browser says no', async () => {
    browser.answer = false;
    render(<HostsView sessions={[]} />);

    await press('Allow access to the clipboard');

    expect(called('prefer')).toEqual([]);
  });
});

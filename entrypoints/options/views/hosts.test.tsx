// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { session } from '../../../components/fixtures/session';
import type { SessionView } from '../../../lib/core/view';
import { HostsView } from './hosts';

const browser = vi.hoisted(() => ({
  sessions: [] as SessionView[],
  allowed: new Set<string>(),
  answer: true,
  asked: [] as (readonly string[])[],
  changed: () => {},
}));

vi.mock('../../../lib/platform/permissions', () => ({
  isAllowed: (origin: string) => Promise.resolve(browser.allowed.has(origin)),
  askFor: (origins: readonly string[]) => {
    browser.asked.push(origins);
    if (browser.answer) for (const origin of origins) browser.allowed.add(origin);
    browser.changed();
    return Promise.resolve(browser.answer);
  },
  onPermissions: (listener: () => void) => {
    browser.changed = listener;
    return () => {};
  },
}));
beforeEach(() => {
  browser.sessions = [];
  browser.allowed = new Set(['https://cloud.prowler.com']);
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
    expect(await screen.findByText('Fob may reach api.prowler.com')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('status')));
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
    await press('Allow all 4');

    expect(browser.asked).toEqual([
      [
        'https://api.prowler.com',
        'https://app-us.cloudcheckr.com',
        'https://api-us.cloudcheckr.com',
        'https://prowler.corp.example',
      ],
    ]);
    expect(screen.getAllByRole('listitem')).toHaveLength(5);
  });
});

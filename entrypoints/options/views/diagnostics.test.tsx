// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { now, session } from '../../../components/fixtures/session';
import { after, MINUTE } from '../../../lib/core/time';
import type { Diagnosis } from '../../../lib/core/view';
import { DiagnosticsView } from './diagnostics';

const browser = vi.hoisted(() => ({
  calls: [] as [name: string, input: unknown][],
  found: {} as unknown,
  answers: {} as Record<string, unknown>,
  missing: new Set<string>(),
  asked: [] as (readonly string[])[],
}));

vi.mock('../../../lib/platform/about', () => ({ version: () => '0.1.0' }));
vi.mock('../../../lib/platform/permissions', () => ({
  isAllowed: (origin: string) => Promise.resolve(!browser.missing.has(origin)),
  askFor: (origins: readonly string[]) => {
    browser.asked.push(origins);
    for (const origin of origins) browser.missing.delete(origin);
    return Promise.resolve(true);
  },
  onPermissions: () => () => {},
}));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string, input: unknown) => {
    browser.calls.push([name, input]);
    const value = { diagnose: browser.found, deployments: [] }[name];
    return Promise.resolve(browser.answers[name] ?? { ok: true, value });
  },
}));

const well = { state: 'well', mended: 0, lost: 0 } as const;
const found = (over: Partial<Diagnosis> = {}): Diagnosis => ({
  consentAt: now,
  alarmAt: after(now, MINUTE),
  wakeAt: after(now, MINUTE),
  woke: { at: now, dueAt: now },
  stores: { local: well, copy: well },
  sessions: [{ session: session(), isReadable: true, timeline: [] }],
  ...over,
});

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
  Object.assign(browser, { calls: [], found: found(), answers: {}, missing: new Set(), asked: [] });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function show(over: Partial<Diagnosis> = {}): Promise<HTMLElement> {
  browser.found = found(over);
  render(<DiagnosticsView />);
  await screen.findByRole('button', { name: 'Check again' });
  return screen.getAllByRole('list')[0] as HTMLElement;
}
const verdict = () => screen.getAllByRole('heading', { level: 2 })[0]?.textContent;
const repairs = () => browser.calls.filter(([name]) => name === 'repair').map(([, input]) => input);
const row = (title: string | RegExp) => within(screen.getByText(title).closest('li') as HTMLElement);

describe('the self-test', () => {
  it('says of each thing that it is well', async () => {
    const list = await show();

    expect(verdict()).toBe('All is well');
    for (const words of [
      'You agreed to what Fob reads',
      /^The next wake is planned for/,
      /^The browser last woke Fob at/,
      'What Fob stores in the browser',
      'The copy of it',
      'Everything stored can be read',
      'The clock is right',
      'Fob may reach ⁨cloud.prowler.com⁩',
      'Fob may reach ⁨api.prowler.com⁩',
    ]) {
      expect(within(list).getByText(words)).toBeTruthy();
    }
    expect(within(list).queryByRole('button')).toBeNull();
  });

  it('has nothing to wake for where nothing is kept, and no host where there is no session', async () => {
    await show({ sessions: [], alarmAt: undefined, wakeAt: undefined, woke: undefined } as never);

    expect(verdict()).toBe('All is well');
    expect(screen.getByText('There is nothing to wake for')).toBeTruthy();
    expect(screen.getByText('No host is in use yet')).toBeTruthy();
    expect(screen.getByText('No vendor has been asked yet.')).toBeTruthy();
    expect(screen.queryByText('Sessions')).toBeNull();
  });

  it.each([
    ['wake', { alarmAt: undefined } as never, /^No wake is planned/, /^Plan it again/],
    ['wake', { alarmAt: after(now, -5 * MINUTE) }, /^The wake planned for .* did not come/, /^Plan it again/],
    [
      'stores',
      { stores: { local: { state: 'unreadable', mended: 0, lost: 0 }, copy: well } },
      'What Fob stores in the browser',
      /^Mend it/,
    ],
    [
      'stores',
      { stores: { local: well, copy: { state: 'not_answering', mended: 0, lost: 0 } } },
      'The copy of it',
      /^Mend it/,
    ],
  ] as [string, Partial<Diagnosis>, string | RegExp, RegExp][])(
    'mends the %s at one click where it is not well',
    async (what, over, title, button) => {
      await show(over);
      expect(verdict()).toBe('1 of 9 needs a hand');
      browser.found = found();

      fireEvent.click(row(title).getByRole('button', { name: button }));

      await waitFor(() => expect(verdict()).toBe('All is well'));
      expect(repairs()).toEqual([{ what }]);
      expect(document.activeElement?.textContent).toBe('All is well');
    },
  );

  it('asks for a host that is missing, at the click', async () => {
    browser.missing.add('https://api.prowler.com');
    await show();

    fireEvent.click(row('Fob may not reach ⁨api.prowler.com⁩').getByRole('button'));

    expect(browser.asked).toEqual([['https://api.prowler.com']]);
    expect(await screen.findByText('Fob may reach ⁨api.prowler.com⁩')).toBeTruthy();
  });

  it('lets go of what cannot be read only after the list of what that means', async () => {
    await show({ sessions: [{ session: session(), isReadable: false, timeline: [] }] });

    fireEvent.click(screen.getByRole('button', { name: /^Let go…/ }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText('Let go of 1 session?')).toBeTruthy();
    expect(repairs()).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Let go' }));

    await waitFor(() => expect(repairs()).toEqual([{ what: 'unread' }]));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('says what was mended and what is lost', async () => {
    await show({
      stores: { local: { state: 'mended', mended: 2, lost: 0 }, copy: { state: 'mended', mended: 0, lost: 1 } },
    });

    expect(screen.getByText(/^2 records were damaged and are mended/)).toBeTruthy();
    expect(screen.getByText(/^1 record is lost/)).toBeTruthy();
    expect(verdict()).toBe('1 of 9 needs a hand');
  });

  it('says by whose clock Fob goes when this one is off', async () => {
    await show({ sessions: [{ session: session(), isReadable: true, clockAheadMs: -6 * MINUTE, timeline: [] }] });

    expect(screen.getByText('This computer’s clock is 6 min off')).toBeTruthy();
    expect(screen.getByText(/Fob goes by the vendor’s clock: .api.prowler.com/)).toBeTruthy();
  });

  it('says of a wake that came late why that may be', async () => {
    await show({ woke: { at: now, dueAt: after(now, -4 * 60 * MINUTE) } });

    expect(screen.getByText(/^It was due .* computer sleeps/)).toBeTruthy();
  });

  it('says that the vault cannot be read, and nothing of what was agreed', async () => {
    await show({ unread: 'vault_newer', sessions: [], consentAt: undefined } as never);

    expect(screen.getByText('Made by a newer Fob')).toBeTruthy();
    expect(screen.queryByText('Fob is asleep until you agree')).toBeNull();
  });

  it('leads to the first-run page where nobody has agreed', async () => {
    await show({ consentAt: undefined } as never);

    fireEvent.click(screen.getByRole('button', { name: /^Read on and agree/ }));

    expect(location.hash).toBe('#consent');
  });

  it('numbers the sessions and names nobody', async () => {
    const dead = session({ trouble: { code: 'grant_dead', at: now } });
    await show({
      sessions: [
        { session: dead, isReadable: true, timeline: [{ at: now, what: 'renewal_failed', code: 'grant_dead' }] },
        { session: session({ id: 'b' }), isReadable: true, timeline: [] },
      ],
    });

    const list = screen.getAllByRole('list').at(-1) as HTMLElement;
    expect(list.textContent).toMatch(
      /1\. ProwlerNeeds sign-ingrant_dead .*2\. ProwlerKept aliveNothing went wrong lately/,
    );
    expect(document.body.textContent).not.toMatch(/Northwind|Ana/);
  });

  it('can be asked again when nobody answered', async () => {
    browser.answers = { diagnose: { ok: false, failure: { code: 'not_answering' } } };
    render(<DiagnosticsView />);
    await screen.findByText('Fob is not answering');
    browser.answers = {};

    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));

    expect(await screen.findByText('All is well')).toBeTruthy();
    expect(screen.queryByText('Fob is not answering')).toBeNull();
  });

  it('says what a repair came to when it came to nothing', async () => {
    browser.answers = { repair: { ok: false, failure: { code: 'vault_full' } } };
    await show({ alarmAt: undefined } as never);

    fireEvent.click(screen.getByRole('button', { name: /^Plan it again/ }));

    expect(await screen.findByText('No room left')).toBeTruthy();
  });
});

describe('the report', () => {
  it('is copied, and shown to whoever wants to see it first', async () => {
    const writeText = vi.fn<(text: string) => Promise<void>>().mockResolvedValue();
    vi.stubGlobal('navigator', { userAgent: 'Firefox/153', languages: ['en'], clipboard: { writeText } });
    await show();

    fireEvent.click(screen.getByRole('button', { name: 'Copy report' }));

    expect(await screen.findByText('Copied.')).toBeTruthy();
    expect(writeText.mock.calls[0]?.[0]).toMatch(/^Fob 0\.1\.0, Firefox 153\n/);
    expect(document.querySelector('pre')?.textContent).toBe(writeText.mock.calls[0]?.[0]);
    vi.unstubAllGlobals();
  });

  it('can be copied by hand where the browser refuses', async () => {
    const writeText = vi.fn<(text: string) => Promise<void>>().mockRejectedValue(new Error('no focus'));
    vi.stubGlobal('navigator', { userAgent: 'Firefox/153', languages: ['en'], clipboard: { writeText } });
    await show();

    fireEvent.click(screen.getByRole('button', { name: 'Copy report' }));

    expect(await screen.findByText('The browser did not let Fob copy')).toBeTruthy();
    vi.unstubAllGlobals();
  });
});

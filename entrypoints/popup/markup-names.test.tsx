// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { markupNames } from '../../components/fixtures/markup-names';
import { now, session } from '../../components/fixtures/session';
import { MoveResult } from '../../components/move-result';
import { TenantPicker } from '../../components/tenant-picker';
import type { SessionView, View } from '../../lib/core/view';
import { App } from './app';
import { Detail } from './views/detail';

const background = vi.hoisted(() => ({ view: undefined as View | undefined }));
vi.mock('../../lib/rpc/client', () => ({
  call: (name: string) => Promise.resolve({ ok: true, value: name === 'timeline' ? [] : undefined }),
}));
vi.mock('../../lib/rpc/snapshot', () => ({
  readSnapshot: () => Promise.resolve(background.view),
  onSnapshot: () => () => {},
}));
vi.mock('../../lib/rpc/active-tab', () => ({
  activeTab: () => Promise.resolve({ id: 7, url: 'https://cloud.prowler.com/scans' }),
}));

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(100);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const named = (name: string, over: Partial<SessionView> = {}): SessionView =>
  session({ person: { name, email: name }, tenant: { id: 't', name }, roles: [name], subject: name, ...over });

/** What a surface is made of: its elements and the names of their attributes, and the few values that lead somewhere. */
function madeOf(): string {
  return [...document.body.querySelectorAll('*')]
    .map((one) => {
      const leads = ['href', 'src', 'action', 'formaction', 'srcdoc']
        .map((name) => one.getAttribute(name) ?? '')
        .join('');
      return `${one.localName} ${one.getAttributeNames().toSorted().join()} ${leads}`;
    })
    .join('\n');
}

/** All that is read or read out. */
const words = (): string =>
  [
    document.body.textContent ?? '',
    ...[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes].map(({ value }) => value)),
  ].join(' ');

const surfaces: readonly [string, (name: string) => Promise<unknown> | void][] = [
  [
    'the popup',
    async (name) => {
      const tab = { vendor: 'prowler', console: 'https://cloud.prowler.com', shows: 'session', session: 'a' } as const;
      background.view = {
        consent: 'given',
        sessions: [named(name), named(name, { id: 'b', tenant: { id: 'u', name } })],
        tabs: { 7: tab },
      };
      render(<App />);
      await vi.waitFor(() => expect(document.querySelector('h1')).not.toBeNull(), { interval: 1 });
      // What is loaded after the first view is a part of it.
      await vi.waitFor(() => expect(document.querySelector('[aria-keyshortcuts="L"]')).not.toBeNull(), { interval: 1 });
    },
  ],
  [
    'the details of a session',
    (name) => {
      const one = named(name, { trouble: { code: 'grant_dead', at: now }, ids: { client: name }, container: name });
      render(
        <Detail
          session={one}
          place={{ at: 'detail', session: one.id, ask: undefined }}
          view={{ consent: 'given', sessions: [one, named(name, { id: 'b' })], tabs: {} }}
          seen={{ view: undefined, tab: undefined, failure: undefined, lookAgain: () => {} }}
          acts={{
            busy: undefined,
            trouble: undefined,
            done: undefined,
            dismiss() {},
            dismissTrouble() {},
            act() {},
            move() {},
          }}
          go={() => {}}
        />,
      );
    },
  ],
  [
    'the switcher',
    (name) => {
      const items = ['t0', 't1'].map((id, index) => ({ id, name, role: name, current: index === 0 }));
      render(
        <TenantPicker
          list={{ fetchedAt: now, items }}
          vendor="Prowler"
          now={now}
          loading={false}
          onPick={() => {}}
          onAgain={() => {}}
        />,
      );
    },
  ],
  [
    'the result of a move',
    (name) => {
      const result = { session: 'b', from: 'a' };
      render(
        <MoveResult
          before={named(name)}
          after={named(name, { id: 'b' })}
          result={result}
          isHere
          now={now}
          onStep={() => {}}
        />,
      );
    },
  ],
];

it('has more than a hundred names that are no names, each once', () => {
  expect(markupNames.length).toBeGreaterThan(100);
  expect(new Set(markupNames).size).toBe(markupNames.length);
});

describe.each(surfaces)('%s', (_, show) => {
  it('is made of the same whatever somebody is called', async () => {
    await show('Ana Ruiz');
    const usual = madeOf();
    cleanup();
    const wrong: string[] = [];
    for (const name of markupNames) {
      await show(name);
      if (madeOf() !== usual) wrong.push(`another shape: ${name.slice(0, 60)}`);
      // Isolates stand around a name in a sentence; nothing that turns or ends them comes out of one.
      if (/[\p{Cc}\u202a-\u202e\u2066\u2067]/u.test(words())) wrong.push(`not cleaned: ${name.slice(0, 60)}`);
      if ('owned' in window) wrong.push(`run: ${name.slice(0, 60)}`);
      cleanup();
    }

    expect(wrong).toEqual([]);
  });
});

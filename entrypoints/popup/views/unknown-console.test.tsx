// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnknownConsole } from './unknown-console';

const background = vi.hoisted(() => ({
  answer: undefined as unknown,
  calls: [] as { name: string; input: unknown }[],
}));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string, input: unknown) => {
    background.calls.push({ name, input });
    return Promise.resolve(name === 'consider' ? background.answer : { ok: true });
  },
}));

const console = 'https://admin.example.org';
const agilicus = {
  vendor: 'agilicus',
  name: 'Agilicus',
  isLikely: true,
  origins: [console, 'https://api.agilicus.com'],
  api: 'https://api.agilicus.com',
};
const answer = (...candidates: object[]) => ({ ok: true, value: { console, candidates, isRefused: false } });
const opened = vi.fn<typeof window.open>(() => null);
const closed = vi.fn<typeof window.close>();

beforeEach(() => {
  background.calls = [];
  vi.spyOn(window, 'open').mockImplementation(opened);
  vi.spyOn(window, 'close').mockImplementation(closed);
});
afterEach(() => {
  cleanup();
  opened.mockClear();
  closed.mockClear();
});

const show = (url?: string) => render(<UnknownConsole tab={{ id: 7, ...(url === undefined ? {} : { url }) }} />);

describe('a page that may be a console', () => {
  it('is offered with the host it is on, and allowed on a page that stays', async () => {
    background.answer = answer(agilicus);
    show(`${console}/users?page=2`);

    fireEvent.click(await screen.findByRole('button', { name: 'Allow on this host: Agilicus' }));

    expect(screen.getByText('Fob may not look at admin.example.org')).toBeTruthy();
    expect(closed).toHaveBeenCalledOnce();
    const [address = ''] = opened.mock.calls[0] ?? [];
    const { hash } = new URL(String(address), 'https://fob.example');
    expect(hash.startsWith('#hosts?')).toBe(true);
    expect(Object.fromEntries(new URLSearchParams(hash.slice(7)))).toEqual({
      console,
      vendor: 'agilicus',
      api: 'https://api.agilicus.com',
    });
  });

  it('is asked about first where nothing tells that it is one', async () => {
    background.answer = answer(
      { ...agilicus, isLikely: false },
      { ...agilicus, vendor: 'runai', name: 'Run:ai', isLikely: false },
    );
    show(console);

    fireEvent.click(await screen.findByRole('button', { name: 'Is this one of your consoles?' }));

    expect(screen.getAllByRole('button', { name: /^Allow on this host/ })).toHaveLength(2);
  });

  it('is not offered again once it is refused', async () => {
    background.answer = answer(agilicus);
    show(console);

    fireEvent.click(await screen.findByRole('button', { name: 'Not here' }));

    await waitFor(() => expect(screen.queryByRole('button')).toBeNull());
    expect(background.calls.at(-1)).toEqual({ name: 'refuse_host', input: { console } });
  });

  it.each([
    ['no vendor could be there', answer()],
    ['it was refused before', { ok: true, value: { console, candidates: [agilicus], isRefused: true } }],
    ['nobody answers', { ok: false, failure: { code: 'not_answering' } }],
  ])('is not spoken of where %s', async (_, given) => {
    background.answer = given;
    show(console);

    await waitFor(() => expect(background.calls).toHaveLength(1));
    expect(screen.queryByRole('button')).toBeNull();
  });

  it.each([undefined, 'chrome://extensions/', 'file:///home/ana/notes.html'])('is none at %s', (url) => {
    show(url);

    expect(background.calls).toEqual([]);
  });
});

// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SessionView } from '../lib/core/view';
import { now, session } from './fixtures/session';
import { SessionList } from './session-list';
import { findSessions } from './session-search';

afterEach(cleanup);

const well = session({ id: 'well', tenant: { id: 't1', name: 'Contoso Health' } });
const dead = session({ id: 'dead', tenant: { id: 't2', name: 'Tailspin' }, trouble: { code: 'grant_dead', at: now } });

function show(over: Partial<Parameters<typeof SessionList>[0]> = {}) {
  const on = {
    onOpen: vi.fn<(of: SessionView) => void>(),
    onSignIn: vi.fn<(of: SessionView) => void>(),
    go: vi.fn<() => void>(),
  };
  render(
    <SessionList
      sessions={[dead, well]}
      now={now}
      by="vendor"
      onOpen={on.onOpen}
      onSignIn={on.onSignIn}
      goOf={() => on.go}
      {...over}
    />,
  );
  return on;
}

describe('the list of sessions', () => {
  it('gives a healthy session one line, and one that is not a second that says what is next', () => {
    show();

    const [first, second] = screen.getAllByRole('listitem');
    expect(first?.textContent).toContain('Needs sign-in since');
    expect(second?.querySelectorAll('p')).toHaveLength(0);
  });

  it('offers a sign-in instead of a switch where no token works', () => {
    const on = show();

    fireEvent.click(screen.getByRole('button', { name: /Sign in to .*Tailspin/ }));

    expect(on.onSignIn).toHaveBeenCalledExactlyOnceWith(dead);
    expect(screen.queryByRole('button', { name: /Switch this tab to .*Tailspin/ })).toBeNull();
  });

  it('switches the tab by one press', () => {
    const on = show();

    fireEvent.click(screen.getByRole('button', { name: /Switch this tab to .*Contoso/ }));

    expect(on.go).toHaveBeenCalledOnce();
    expect(on.onOpen).not.toHaveBeenCalled();
  });

  it('says first who needs somebody when there is no console to speak of', () => {
    show({ by: 'need' });

    expect(screen.getAllByRole('heading').map((heading) => heading.textContent?.trim())).toEqual([
      'Need youSwitch this tab',
      'Kept aliveSwitch this tab',
    ]);
  });

  it.each(['contoso', 'ana', 'prowler', 'northwind.example', 'cloud'])('finds a session by %s', (query) => {
    expect(findSessions([well], query)).toEqual([well]);
  });
});

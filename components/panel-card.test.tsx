// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PanelView } from '../lib/core/view';
import { now, session } from './fixtures/session';
import { type PanelAct, PanelCard, type PanelCardProps } from './panel-card';

afterEach(cleanup);

const ready = { id: 't1', name: 'Contoso Health', current: false, ready: { session: 'b' } };

const twelve = Array.from({ length: 12 }, (_, index) => ({ id: `t${index}`, name: `Tenant ${index}`, current: false }));

function show(view: Partial<PanelView> = {}, over: Partial<PanelCardProps> = {}) {
  const onAct = vi.fn<(act: PanelAct) => void>();
  const whole: PanelView = { session: session(), policy: 'ask', shows: 'card', ready: [ready], ...view };
  render(<PanelCard view={whole} now={now} size="card" onAct={onAct} {...over} />);
  return onAct;
}
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));

describe('the panel', () => {
  it('asks before it keeps a sign-in alive, and says what happens otherwise', () => {
    const onAct = show({ session: session({ keeping: 'offered', provenance: 'borrowed' }), shows: 'offer' });

    expect(screen.getByText('Keep this sign-in alive?')).toBeTruthy();
    expect(screen.getByText(/Otherwise it ends/)).toBeTruthy();
    press('Keep it alive');
    expect(onAct).toHaveBeenCalledExactlyOnceWith({ do: 'keep' });
  });

  it('takes a no for an answer', () => {
    const onAct = show({ session: session({ keeping: 'offered' }), shows: 'offer' });

    press('Not now');

    expect(onAct).toHaveBeenCalledExactlyOnceWith({ do: 'watch' });
  });

  it('keeps nothing going by itself after a sign-out', () => {
    const onAct = show({ session: session({ keeping: 'stopped_signed_out' }), shows: 'signed_out' });

    expect(screen.getByText(/^The console signed out, so Fob stopped renewing\. It ends/)).toBeTruthy();
    press('Keep it alive');
    expect(onAct).toHaveBeenCalledExactlyOnceWith({ do: 'keep' });
  });

  it('has nothing to go on with where it only followed', () => {
    const follows = session({ keeping: 'stopped_signed_out', keeps: 'follows', provenance: 'borrowed' });
    show({ session: follows, shows: 'signed_out' });

    expect(screen.getByText(/so there is nothing left to follow/)).toBeTruthy();
    expect(screen.queryByText(/Fob stopped renewing/)).toBeNull();
    expect(screen.queryByRole('button', { name: /Keep it alive|Follow/ })).toBeNull();
  });

  it('offers to follow where the vendor gives Fob no token of its own, and does not call it keeping alive', () => {
    show({ session: session({ keeping: 'offered', keeps: 'follows', provenance: 'borrowed' }), shows: 'offer' });

    expect(screen.getByRole('button', { name: 'Follow the console' })).toBeTruthy();
    expect(screen.queryByText(/alive/)).toBeNull();
  });

  it.each([
    ['switch', 'Switch tenant'],
    ['exchange', 'Exchange for…'],
    ['reissue', 'Reissue for…'],
  ] as const)('calls a %s what the vendor does', (verb, words) => {
    const onAct = show({ session: session({ move: { verb, follows: false } }), ready: [] });

    press(words);

    expect(onAct).toHaveBeenCalledExactlyOnceWith({ do: 'tenants' });
  });

  it('goes by one press where a token is already held', () => {
    const onAct = show();

    press(/Contoso Health/);

    expect(onAct).toHaveBeenCalledExactlyOnceWith({ do: 'move', tenant: ready });
  });

  it('switches nowhere with a token that is refused', () => {
    show({ session: session({ trouble: { code: 'grant_dead', at: now } }) });

    expect(screen.queryByRole('button', { name: /Contoso Health/ })).toBeNull();
    expect(screen.queryByText('23 min')).toBeNull();
  });

  it('offers nothing that copies, forgets or cannot be undone', () => {
    show();

    for (const button of screen.getAllByRole('button')) {
      expect(button.textContent ?? '').not.toMatch(/copy|forget|revoke|delete/i);
    }
  });

  it('is one small button while it steps aside, and says what it stands for', () => {
    const onAct = show({}, { size: 'small' });

    press(/Fob: .*Northwind Retail.*, Kept alive, 23 min/);

    expect(onAct).toHaveBeenCalledExactlyOnceWith({ do: 'open' });
  });

  it('keeps every sign-in alive when that is ticked', () => {
    const onAct = show({ session: session({ keeping: 'offered' }), shows: 'offer' }, { always: true });

    expect(screen.getByRole<HTMLInputElement>('checkbox').checked).toBe(true);
    press('Keep it alive');
    expect(onAct).toHaveBeenCalledExactlyOnceWith({ do: 'keep_always' });
  });

  it('shows the whole list with a field once it is long', () => {
    const onAct = show({}, { tenants: twelve });

    fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'tenant 11' } });

    expect(screen.getAllByRole('button', { name: /^Tenant/ })).toHaveLength(12);
    expect(onAct).toHaveBeenCalledExactlyOnceWith({ do: 'find', query: 'tenant 11' });
  });

  it('shows of the list what is looked for', () => {
    show({}, { tenants: twelve, query: 'tenant 11' });

    expect(screen.getAllByRole('button', { name: /^Tenant/ })).toHaveLength(1);
  });

  it('says of a refused switch where the person still is', () => {
    show({}, { failure: { told: { code: 'tenant_refused' }, tenant: 'Trey Research' } });

    expect(screen.getByRole('alert').textContent).toContain('Trey Research');
    expect(screen.getByRole('alert').textContent).toContain('You are still in');
  });
});

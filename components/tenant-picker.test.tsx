// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { instant, MINUTE } from '../lib/core/time';
import type { TenantList, TenantView } from '../lib/core/view';
import { now } from './fixtures/session';
import { TenantPicker } from './tenant-picker';

const names = ['Northwind Retail', 'Contoso Health', 'Fabrikam Labs', 'Blue Yonder Airlines'];
const list: TenantList = {
  fetchedAt: instant(now - 12 * MINUTE),
  items: names.map((name, index) => ({
    id: `t${index}`,
    name,
    current: index === 0,
    ...(index === 2 ? { ready: { session: 's', expiresAt: instant(now + 11 * MINUTE) } } : {}),
  })),
};

// The keyboard goes by what is drawn, and nothing has a size here.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(100);
});
afterEach(cleanup);

function show(over: Partial<Parameters<typeof TenantPicker>[0]> = {}) {
  const onPick = vi.fn<(tenant: TenantView) => void>();
  render(
    <TenantPicker
      list={list}
      vendor="Prowler"
      now={now}
      loading={false}
      onPick={onPick}
      onAgain={() => {}}
      {...over}
    />,
  );
  return onPick;
}
const field = () => screen.getByRole('combobox');
const key = (name: string) => fireEvent.keyDown(field(), { key: name });
const chosen = () => document.querySelector('[aria-selected="true"]')?.textContent;

describe('the switcher', () => {
  it('has the focus at once, so that typing searches', () => {
    show();

    expect(document.activeElement).toBe(field());
  });

  it('puts first where a token is already held, and says for how long', () => {
    show();

    const options = screen.getAllByRole('option').map((option) => option.textContent);
    expect(options[0]).toContain('You are here');
    expect(options[1]).toContain('ready, 11 min');
  });

  it('never chooses the tenant one is in', () => {
    const onPick = show();

    expect(chosen()).toContain('Fabrikam Labs');
    fireEvent.click(screen.getByText('Northwind Retail'));
    expect(onPick).not.toHaveBeenCalled();
  });

  it('moves by arrows and switches by Enter', () => {
    const onPick = show();

    key('ArrowDown');
    key('Enter');

    expect(onPick).toHaveBeenCalledExactlyOnceWith(list.items[1]);
  });

  it('finds by a part of the name, marks it, and chooses the best hit', () => {
    const onPick = show();

    fireEvent.input(field(), { target: { value: 'yond' } });

    expect(screen.getByRole('status').textContent).toBe('1 of 4 match');
    expect(document.querySelector('mark')?.textContent).toBe('Yond');
    key('Enter');
    expect(onPick).toHaveBeenCalledExactlyOnceWith(list.items[3]);
  });

  it('says from when the list is when nothing is found', () => {
    show();

    fireEvent.input(field(), { target: { value: 'xyzzy' } });

    expect(screen.getByRole('heading').textContent).toBe('No tenant by that name');
    expect(screen.getByText(/^The list is from /)).toBeTruthy();
  });

  it('draws no more than a hundred of many, and says so', () => {
    const many = Array.from({ length: 4812 }, (_, index) => ({
      id: `m${index}`,
      name: `Tenant ${index}`,
      current: false,
    }));
    show({ list: { ...list, items: many } });

    expect(screen.getAllByRole('option')).toHaveLength(100);
    expect(screen.getByRole('status').textContent).toBe('The first 100. Type to find the rest.');
  });

  it('clears the search by Esc before anything else hears it', () => {
    const onKeyDown = vi.fn<() => void>();
    document.addEventListener('keydown', onKeyDown);
    show();
    fireEvent.input(field(), { target: { value: 'yond' } });

    key('Escape');

    expect(field()).toHaveProperty('value', '');
    expect(onKeyDown).not.toHaveBeenCalled();
    document.removeEventListener('keydown', onKeyDown);
  });
});

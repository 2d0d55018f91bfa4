// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { now, session } from '../../components/fixtures/session';
import type { PanelView } from '../../lib/core/view';
import type { Neighbour } from '../../lib/rpc/neighbour';
import { openPanel } from './open-panel';

// As the build does: the components are drawn by the panel's own lines.
vi.mock('preact', () => import('./draw'));
vi.mock('preact/jsx-runtime', () => import('./draw'));
vi.mock('preact/jsx-dev-runtime', () => import('./draw'));

/** What of the page lies under the chip: the test's document has no layout to tell. */
let below: Element[] = [];
beforeEach(() => {
  vi.useFakeTimers({ now });
  below = [];
  document.elementsFromPoint = () => below;
});
const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
  vi.useRealTimers();
});

const tenants = Array.from({ length: 12 }, (_, index) => ({
  id: `t${index}`,
  name: `Tenant ${index}`,
  current: false,
}));
const offer: PanelView = {
  session: session({ keeping: 'offered', provenance: 'borrowed' }),
  policy: 'ask',
  shows: 'offer',
  ready: [],
};
const card: PanelView = { ...offer, session: session(), shows: 'card' };

/** A panel on an empty page, beside a script whose Fob shows `view` and answers with `answers`. */
async function onPage(view: PanelView, answers: Record<string, unknown> = {}) {
  const host = document.createElement('fob-panel');
  const root = host.appendChild(document.createElement('div'));
  document.body.append(host);
  const fob = { view, isAlive: true, changed: (): void => undefined };
  const call = vi.fn<(name: string, input: object) => Promise<unknown>>(async (name) =>
    name === 'panel' ? { ok: true, value: fob.view } : (answers[name] ?? { ok: true, value: {} }),
  );
  const lent = {
    call,
    onChanged: (listener) => {
      fob.changed = listener;
      return () => (fob.changed = () => undefined);
    },
    isAlive: () => fob.isAlive,
  } as Neighbour;
  const { end } = openPanel({ host, root, remove: () => host.remove() }, lent, () => undefined);
  ended.push(end);
  await settled();
  const asked = (name: string): unknown[] => call.mock.calls.flatMap(([one, input]) => (one === name ? [input] : []));
  return { host, root, fob, asked };
}
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`fob-panel ${selector}`)];
function the(selector: string, words = /(?:)/): HTMLElement {
  const found = all(selector).find((one) => words.test(one.getAttribute('aria-label') ?? one.textContent));
  if (!found) throw new Error(`there is no ${selector} that says ${words}`);
  return found;
}
async function press(words: RegExp): Promise<void> {
  the('button', words).click();
  await settled();
}

describe('the panel on a page', () => {
  it('opens an offer by itself, and keeps as it is told', async () => {
    const { asked } = await onPage(offer);

    the('input').click();
    await press(/^Keep it alive/);

    expect(asked('keep')).toEqual([{ session: offer.session.id, always: true }]);
    expect(asked('panel')).toHaveLength(2);
  });

  it('waits to be asked while all is well, then gives the focus to what it opened', async () => {
    await onPage(card);
    expect(all('h2')).toEqual([]);

    await press(/^Fob: .*Kept alive/);

    expect(the('h2').textContent).toBe('Northwind Retail');
    expect(document.activeElement?.tagName).toBe('SECTION');
  });

  it('does one thing at a time', async () => {
    const { asked } = await onPage(offer, { keep: new Promise(() => undefined) });

    await press(/^Keep it alive/);
    await press(/^Keep it alive/);

    expect(asked('keep')).toHaveLength(1);
    expect(the('button', /^Keep it alive/).getAttribute('aria-busy')).toBe('true');
  });

  it('says what went wrong, at once', async () => {
    await onPage(offer, { keep: { ok: false, failure: { code: 'grant_dead' } } });

    await press(/^Keep it alive/);

    expect(the('[role="alert"]').textContent).toContain('Prowler no longer renews this sign-in');
    expect(the('button', /^Keep it alive/).hasAttribute('aria-busy')).toBe(false);
  });

  it('leaves what is read and focused in place when something changes', async () => {
    const { fob } = await onPage(offer);
    the('button', /^Not now/).focus();
    const before = the('h2');

    fob.view = { ...offer, session: { ...offer.session, tenant: { id: 'a', name: 'Contoso Health' } } };
    fob.changed();
    await settled();

    expect(the('h2')).toBe(before);
    expect(before.textContent).toBe('Contoso Health');
    expect(document.activeElement).toBe(the('button', /^Not now/));
  });

  it('finds a tenant while somebody types, and goes there', async () => {
    const { asked } = await onPage(card, { tenants: { ok: true, value: { items: tenants, fetchedAt: now } } });
    await press(/^Fob: /);
    await press(/^Switch tenant/);
    const field = the('input') as HTMLInputElement;
    field.focus();

    field.value = 'tenant 11';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await vi.advanceTimersByTimeAsync(10_000);

    expect(document.activeElement).toBe(field);
    expect(field.value).toBe('tenant 11');
    await press(/Tenant 11/);
    expect(asked('move')).toEqual([{ session: card.session.id, tenant: 't11', console: true }]);
    expect(the('[role="status"]', /^Switched to .*Tenant 11/)).toBeTruthy();
  });

  it('draws rings and icons as pictures', async () => {
    const { root } = await onPage(card);

    for (const shape of root.querySelectorAll('svg, svg *')) {
      expect(shape.namespaceURI).toBe('http://www.w3.org/2000/svg');
    }
    expect(root.querySelectorAll('svg circle[stroke-dasharray]')).toHaveLength(1);
  });

  it('steps aside where it would lie on something to press, and back', async () => {
    await onPage(card);
    expect(the('button').textContent).toContain('Kept alive');
    const isSmall = (): boolean => all('button svg').length === 0;
    expect(isSmall()).toBe(false);

    below = [document.createElement('button')];
    dispatchEvent(new Event('scroll'));
    await vi.advanceTimersByTimeAsync(200);
    expect(isSmall()).toBe(true);

    below = [];
    dispatchEvent(new Event('scroll'));
    await vi.advanceTimersByTimeAsync(200);
    expect(isSmall()).toBe(false);
  });

  it('goes when nobody answers for it any more', async () => {
    const { host, fob } = await onPage(card);

    fob.isAlive = false;
    await vi.advanceTimersByTimeAsync(5000);

    expect(host.isConnected).toBe(false);
  });
});

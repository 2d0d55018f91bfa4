// @vitest-environment happy-dom
import { render } from 'preact';
import { expect, it, vi } from 'vitest';
import { markupNames } from '../../components/fixtures/markup-names';
import { now, session } from '../../components/fixtures/session';
import { PanelCard, type PanelCardProps } from '../../components/panel-card';

// As the build does: the components are drawn by the panel's own lines.
vi.mock('preact', () => import('./draw'));
vi.mock('preact/jsx-runtime', () => import('./draw'));
vi.mock('preact/jsx-dev-runtime', () => import('./draw'));

/** What the panel is made of in each of its forms where everybody and everything has this name. */
function madeOf(name: string): string {
  const one = session({ person: { name, email: name }, tenant: { id: 't', name }, roles: [name], subject: name });
  const view = {
    session: one,
    policy: 'ask',
    ready: [{ id: 'u', name, current: false, ready: { session: 'b' } }],
  } as const;
  const tenants = ['t', 'u'].map((id) => ({ id, name, current: id === 't' }));
  const forms: readonly Partial<PanelCardProps>[] = [
    { view: { ...view, shows: 'card' } },
    { view: { ...view, shows: 'offer' } },
    { view: { ...view, shows: 'signed_out' } },
    { view: { ...view, shows: 'card' }, tenants, query: '' },
    { view: { ...view, shows: 'card' }, failure: { told: { code: 'forbidden' }, tenant: name } },
    { view: { ...view, shows: 'card' }, size: 'small' },
  ];
  return forms
    .map((form) => {
      const root = document.createElement('div');
      document.body.replaceChildren(root);
      render(<PanelCard view={{ ...view, shows: 'card' }} now={now} size="card" onAct={() => {}} {...form} />, root);
      const words = [
        root.textContent ?? '',
        ...[...root.querySelectorAll('*')].flatMap((part) => [...part.attributes].map(({ value }) => value)),
      ];
      const isClean = !/[\p{Cc}\u202a-\u202e\u2066\u2067]/u.test(words.join(' '));
      const parts = [...root.querySelectorAll('*')].map(
        (part) => `${part.localName} ${part.getAttributeNames().toSorted().join()}`,
      );
      return [...parts, isClean ? 'clean' : 'unclean'].join('\n');
    })
    .join('\n\n');
}

it('is made of the same whatever somebody is called', () => {
  const usual = madeOf('Ana Ruiz');

  expect(markupNames.filter((name) => madeOf(name) !== usual).map((name) => name.slice(0, 60))).toEqual([]);
  expect(usual).not.toContain('unclean');
  expect(window).not.toHaveProperty('owned');
});

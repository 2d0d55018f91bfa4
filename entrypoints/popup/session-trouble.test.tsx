// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import { session } from '../../components/fixtures/session';
import type { FailureCode } from '../../lib/core/failure';
import { needsPerson, type SessionView } from '../../lib/core/view';
import type { SessionAct } from '../../components/acts';
import type { ViewProps } from './place';
import { SessionTrouble } from './session-trouble';

afterEach(cleanup);

function show(code: FailureCode, tenant?: string) {
  const act = vi.fn<(session: SessionView, act: SessionAct, tab?: number) => void>();
  const go = vi.fn<ViewProps['go']>();
  const one = session();
  const props: ViewProps = {
    view: { consent: 'given', sessions: [one], tabs: {} },
    seen: { view: undefined, tab: undefined, failure: undefined, lookAgain: () => {} },
    acts: {
      busy: undefined,
      trouble: { session: one.id, told: { code }, again: () => {}, ...(tenant === undefined ? {} : { tenant }) },
      done: undefined,
      dismiss: () => {},
      dismissTrouble: () => {},
      act,
      move: () => {},
    },
    go,
  };
  render(<SessionTrouble props={props} session={one} />);
  return { done: () => act.mock.calls.map(([, name]) => name), went: () => go.mock.calls.map(([to]) => to.at) };
}

it.each(needsPerson)('offers a sign-in after %s, and says what happened', (code) => {
  const { done } = show(code);

  expect(screen.getByRole('alert').textContent).toMatch(/\S{2}/);
  fireEvent.click(screen.getByRole('button', { name: 'Sign in at Prowler' }));

  expect(done()).toEqual(['sign_in']);
});

it('does not say of a tenant that one is refused in that one is still there', () => {
  show('tenant_refused');

  expect(screen.getByRole('alert').textContent).not.toContain('still in');
});

it('offers another tenant where a move was refused', () => {
  const { went } = show('tenant_refused', 'Trey Research');

  expect(screen.getByRole('alert').textContent).toContain('You are still in ⁨Northwind Retail⁩');
  fireEvent.click(screen.getByRole('button', { name: 'Choose another tenant' }));

  expect(went()).toEqual(['switch']);
});

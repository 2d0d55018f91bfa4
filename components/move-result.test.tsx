// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it } from 'vitest';
import { instant, MINUTE } from '../lib/core/time';
import type { MoveResult as Moved, SessionView } from '../lib/core/view';
import { now, session } from './fixtures/session';
import { MoveResult } from './move-result';

afterEach(cleanup);

const at = (minutes: number) => instant(now + minutes * MINUTE);
const agilicus = { vendor: { id: 'agilicus', name: 'Agilicus' }, move: { verb: 'reissue', follows: false } } as const;
const cloudcheckr = {
  vendor: { id: 'cloudcheckr', name: 'CloudCheckr' },
  move: { verb: 'exchange', follows: false },
} as const;

type Ends = Pick<Moved, 'before' | 'after'>;

function show(over: Partial<SessionView>, ends: Ends, isHere = true) {
  const after = session({ ...over, id: 'b', tenant: { id: 't1', name: 'Porto Depot' } });
  const result = { session: 'b', from: 'a', ...ends };
  render(
    <MoveResult before={session(over)} after={after} result={result} isHere={isHere} now={now} onStep={() => {}} />,
  );
}

describe('what a move did to the end', () => {
  it.each<[string, Partial<SessionView>, Ends, string | undefined]>([
    ['the same, reissued', agilicus, { before: at(30), after: at(30) }, 'Same end: a move, not a renewal.'],
    ['the same, exchanged', cloudcheckr, { before: at(30), after: at(30) }, 'Same end as before, as token info says.'],
    ['later, exchanged', cloudcheckr, { before: at(30), after: at(52) }, 'Later end, confirmed by CloudCheckr.'],
    ['earlier, exchanged', cloudcheckr, { before: at(30), after: at(20) }, undefined],
    ['not known, exchanged', cloudcheckr, { before: at(30) }, undefined],
    ['another one, switched', {}, { before: at(30), after: at(60) }, undefined],
  ])('is said when it is %s', (_, over, ends, words) => {
    show(over, ends);

    expect(/Same end[^.]*\.|Later end[^.]*\./.exec(document.body.textContent ?? '')?.[0]).toBe(words);
  });

  it('is called later by nobody whom the vendor has not told', () => {
    const { confirmedAt: _, ...after } = session(cloudcheckr);
    const result = { session: 'b', from: 'a', before: at(30), after: at(60) };
    render(<MoveResult before={session()} after={after} result={result} isHere now={now} onStep={() => {}} />);

    expect(screen.queryByText(/Later end/)).toBeNull();
  });

  it('is what the move found, whatever has been renewed since', () => {
    show(cloudcheckr, { before: at(38), after: at(60) });

    expect(screen.getByRole('row', { name: /Ends/ }).textContent).toMatch(/2:52.*3:14.*in 1 h/);
  });
});

describe('the console after a move', () => {
  it('is spoken of only where the tab shows what one came from', () => {
    show(agilicus, {}, false);
    expect(screen.queryByText(/The console in this tab/)).toBeNull();
    cleanup();

    show(agilicus, {});
    expect(screen.getByText(/still in .*Northwind Retail/)).toBeTruthy();
  });
});

import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../lib/core/failure';
import { instant, MINUTE } from '../lib/core/time';
import type { TimelineEntry } from '../lib/core/view';
import { happeningsOf } from './timeline-groups';

type Written = TimelineEntry['what'] | readonly [TimelineEntry['what'], Partial<TimelineEntry>];

/** A journal with an entry each minute. */
const journal = (...written: readonly Written[]): TimelineEntry[] =>
  written.map((one, minute) => {
    const [what, more] = typeof one === 'string' ? [one, {}] : one;
    return { at: instant(minute * MINUTE), what, ...more };
  });
/** Each happening as what it is of, newest first. */
const told = (...written: readonly Written[]) =>
  happeningsOf(journal(...written)).map(({ kind, entries, times }) =>
    [kind, entries.length, ...(times > 1 ? [`× ${times}`] : [])].join(' '),
  );
const failed = (code: FailureCode): Written => ['renewal_failed', { code }];

describe('a history', () => {
  it('is nothing where nothing happened', () => {
    expect(told()).toEqual([]);
    expect(told('used', 'sighted', 'confirmed', 'forgotten')).toEqual([]);
  });

  it('tells the newest first', () => {
    expect(told('captured', 'keeping_set', 'signed_out')).toEqual(['signed_out 1', 'keeping_set 1', 'captured 1']);
  });

  it('takes a renewal for one happening, however often it was tried and whatever came between', () => {
    const tried = ['renewal_started', failed('unanswered'), 'used', 'renewal_started', 'confirmed', 'renewed'] as const;

    expect(told('keeping_set', ...tried, 'sighted')).toEqual(['renewal 4', 'keeping_set 1']);
  });

  it('takes the next renewal for another', () => {
    const first = ['renewal_started', failed('vendor_down'), 'renewal_started', 'renewed'] as const;

    expect(told(...first, 'renewal_started')).toEqual(['renewal 1', 'renewal 4']);
  });

  it('keeps a key that was not taken with the renewal that made it', () => {
    expect(told('renewal_started', 'renewed', ['key_reinstated', { code: 'unauthorized' }])).toEqual(['renewal 3']);
  });

  it('ends a renewal with what came after it', () => {
    expect(told('renewal_started', failed('grant_dead'), 'adopted', 'renewal_started', 'renewed')).toEqual([
      'renewal 2',
      'adopted 1',
      'renewal 2',
    ]);
  });

  it('folds those that went well, but for the newest', () => {
    const well = ['renewal_started', 'renewed'] as const;

    expect(told(...well, ...well, ...well, ...well)).toEqual(['renewal 2', 'renewal 6 × 3']);
    expect(told('adopted', 'adopted', 'sighted', 'adopted')).toEqual(['adopted 1', 'adopted 2 × 2']);
  });

  it('does not fold what was late, or went wrong first', () => {
    const well = ['renewal_started', 'renewed'] as const;
    const late = [['renewal_started', { dueAt: instant(MINUTE) }], 'renewed'] as const;
    const mended = ['renewal_started', failed('unanswered'), 'renewal_started', 'renewed'] as const;

    expect(told(...well, ...late, ...well, ...mended, ...well)).toEqual([
      'renewal 2',
      'renewal 4',
      'renewal 2',
      'renewal 2',
      'renewal 2',
    ]);
  });

  it.each(['', 'constructor', '__proto__', 'made_by_a_later_fob'])('leaves out %o, which it does not know', (what) => {
    expect(told('renewal_started', what as TimelineEntry['what'], 'renewed')).toEqual(['renewal 2']);
  });
});

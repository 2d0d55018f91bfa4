// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Failure, FailureCode } from '../lib/core/failure';
import { after, HOUR, instant, MINUTE } from '../lib/core/time';
import type { SessionView, TimelineEntry } from '../lib/core/view';
import { now, session } from './fixtures/session';
import { Timeline } from './timeline';

afterEach(cleanup);

const at = (hour: number, minute = 0) => instant(new Date(2026, 10, 17, hour, minute).getTime());
const failed = (time: TimelineEntry['at'], code: FailureCode): TimelineEntry => ({
  at: time,
  what: 'renewal_failed',
  code,
});
const started = (time: TimelineEntry['at'], over: Partial<TimelineEntry> = {}): TimelineEntry => ({
  at: time,
  what: 'renewal_started',
  rung: 'rotate',
  ...over,
});
const renewed = (time: TimelineEntry['at'], rung = 'rotate'): TimelineEntry => ({ at: time, what: 'renewed', rung });

function show(entries: readonly TimelineEntry[] | undefined, over: Partial<SessionView> = {}, failure?: Failure) {
  const onAgain = vi.fn<() => void>();
  render(<Timeline session={session(over)} now={now} entries={entries} failure={failure} onAgain={onAgain} />);
  return onAgain;
}
/** The text of each happening, newest first. */
const told = (): (string | undefined)[] =>
  [...document.querySelectorAll('ol')]
    .filter((list) => !list.parentElement?.closest('li'))
    .flatMap((list) => [...list.children])
    .map((one) => one.textContent?.replaceAll(/\s+/g, ' ').trim());

describe('the timeline', () => {
  it('says since when something is so, and until when', () => {
    show([{ at: at(9), what: 'captured' }, started(at(14, 7)), renewed(at(14, 7))]);

    expect(told()[0]).toMatch(/^(14:07|2:07.PM)Renewed, until (14:37|2:37.PM) With Fob’s own refresh token$/);
    expect(told()[1]).toContain('First seen at cloud.prowler.com');
  });

  it('tells a sleep and what it led to as one', () => {
    const woke = at(7, 42);
    show([
      started(woke, { dueAt: at(3, 10) }),
      failed(woke, 'unauthorized'),
      started(woke),
      renewed(woke),
      started(at(9)),
      renewed(at(9)),
    ]);

    const [, sleep] = told();
    expect(sleep).toMatch(/No wake between (03:10|3:10.AM) and (07:42|7:42.AM)/);
    expect(sleep).toContain('Prowler no longer accepts this token unauthorized');
    expect(sleep).toContain('unauthorizedrenewed');
    expect(sleep).toContain('computer sleeps');
  });

  it('says that nothing was heard, with the code beside it', () => {
    show([started(at(14)), failed(at(14), 'unanswered')]);

    expect(told()[0]).toContain('Prowler was asked and nothing came back unanswered');
  });

  it('says why a sign-in is needed, step by step', () => {
    show([started(at(14)), failed(at(14), 'grant_dead'), failed(at(14), 'sign_in_needed')]);

    expect(told()[0]).toContain(
      'Needs sign-in Prowler no longer renews this sign-in grant_dead' +
        'No live token is left to ask with sign_in_needed',
    );
  });

  it('does not ask for a sign-in while there is another way to try', () => {
    show([started(at(14)), failed(at(14), 'unauthorized')], {
      trouble: { code: 'unauthorized', at: at(14), retryAt: at(14, 15) },
    });

    expect(screen.queryByText(/Needs sign-in/)).toBeNull();
  });

  it('tells what went wrong again and again once', () => {
    show([1, 2, 3].flatMap((minute) => [started(at(13, minute)), failed(at(13, minute), 'vendor_down')]));

    expect(screen.getAllByText(/has trouble of its own/)).toHaveLength(1);
  });

  it('counts the renewals that went well', () => {
    show([8, 9, 10, 11].flatMap((hour) => [started(at(hour)), renewed(at(hour))]));

    expect(told()[1]).toMatch(/Renewed 3 times, every one answered, (08:00|8:00.AM) to (10:00|10:00.AM)/);
  });

  it('says what was decided, where that is known', () => {
    show([
      { at: at(8), what: 'keeping_set' },
      { at: at(9), what: 'keeping_set', keeping: 'stopped_unused' },
    ]);

    expect(told()[0]).toContain('Keeping ended: not used for a while');
    expect(told()[1]).toContain('Keeping was changed');
  });

  it('says of a key that was not taken that the one before is back', () => {
    show([started(at(9)), renewed(at(9), 'renew_key'), { at: at(9, 1), what: 'key_reinstated', code: 'unauthorized' }]);

    expect(told()[0]).toContain('The new key was not taken');
    expect(told()[0]).not.toContain('Needs sign-in');
  });

  it('unfolds a long history', () => {
    show(Array.from({ length: 9 }, (_, hour) => ({ at: at(hour), what: 'signed_out' as const })));

    const more = screen.getByText('Whole history').closest('details');
    expect(more?.open).toBe(false);
    expect(within(more as HTMLElement).getAllByText('The console signed out')).toHaveLength(3);
    expect(told()).toHaveLength(9);
  });

  it('says when nothing happened yet, and when it is not known yet', () => {
    show([]);
    expect(screen.getByText(/^Nothing yet/)).toBeTruthy();
    cleanup();

    show(undefined);
    expect(document.querySelector('[aria-busy]')).toBeTruthy();
  });

  it('can be asked for again when nobody answered', () => {
    const onAgain = show(undefined, {}, { code: 'not_answering' });

    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));

    expect(onAgain).toHaveBeenCalledOnce();
  });

  it('is drawn whatever a journal holds, and without an empty line', () => {
    const word = fc.oneof(
      fc.constantFrom('renewal_started', 'renewal_failed', 'renewed', 'adopted', 'used', 'key_reinstated', 'revoked'),
      fc.string(),
    );
    const odd = fc.stringMatching(/^[a-z_<&]{1,12}$/);
    const entry = fc.record(
      {
        at: fc.nat(48 * 60).map((minutes) => after(instant(now - 48 * HOUR), minutes * MINUTE)),
        what: word,
        code: fc.oneof(fc.constantFrom('grant_dead', 'unanswered', 'offline', 'by_a_later_fob'), odd),
        rung: fc.oneof(fc.constantFrom('mint', 'rotate'), odd),
        dueAt: fc.constant(instant(now - 49 * HOUR)),
      },
      { requiredKeys: ['at', 'what'] },
    );
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
        show(entries as unknown as TimelineEntry[]);
        for (const words of told()) expect(words).toMatch(/\d\d.*\S/);
        expect(document.body.textContent).not.toMatch(/\{\w+\}|undefined|NaN/);
        cleanup();
      }),
      { numRuns: 100 },
    );
  });
});

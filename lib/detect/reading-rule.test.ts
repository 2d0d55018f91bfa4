import { expect, it } from 'vitest';
import { after, HOUR, type Instant, instant, MINUTE } from '../core/time';
import { mayRead } from './reading-rule';

const NOW = instant(Date.UTC(2026, 0, 15, 9));
const in_ = (ms: number): Instant => after(NOW, ms);

const table: readonly [string, boolean, boolean, Instant | undefined, boolean][] = [
  ["right after the page's own read, whatever else", true, false, undefined, true],
  ["right after the page's own read, though the token has ended", true, false, in_(-HOUR), true],
  ['in view, with the end far away', false, true, in_(30 * MINUTE), true],
  ['in view, with the end a minute and a bit away', false, true, in_(MINUTE + 1), true],
  ['in view, with the end a minute away', false, true, in_(MINUTE), false],
  ['in view, with the end past', false, true, in_(-1), false],
  ['in view, with the end not known', false, true, undefined, false],
  ['out of view, with the end far away', false, false, in_(30 * MINUTE), false],
  ['out of view, with nothing known', false, false, undefined, false],
];

it.each(table)('%s', (_, pageJustRead, visible, expiresAt, may) => {
  expect(mayRead({ now: NOW, pageJustRead, visible, expiresAt })).toBe(may);
});

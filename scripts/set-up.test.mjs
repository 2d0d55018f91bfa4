import { expect, it } from 'vitest';
import { unfit } from './set-up.mjs';

it.each(['20.19.0', '20.20.2', '22.12.0', '23.0.0', '24.1.0'])('takes Node %s', (version) => {
  expect(unfit(version, 'linux')).toBeUndefined();
});

it.each(['16.20.2', '18.20.8', '20.18.3', '21.7.3', '22.11.0'])('refuses Node %s in a sentence', (version) => {
  expect(unfit(version, 'linux')).toMatch(/^Fob needs Node .*; this is \d+\.\d+\.\d+: see https:\/\/nodejs\.org\.$/);
});

it('sends people on Windows to WSL', () => {
  expect(unfit('24.1.0', 'win32')).toContain('WSL');
});

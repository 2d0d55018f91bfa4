import { expect, it } from 'vitest';
import { checksum } from './checksum';

it('is the CRC-32 of the UTF-16 code units, low byte first', () => {
  // As `zlib.crc32(Buffer.from(text, 'utf16le'))` of Node gives it.
  expect(checksum('')).toBe('00000000');
  expect(checksum('123456789')).toBe('a290e877');
  expect(checksum('Ünïcødé')).toBe('c4e131a2');
});

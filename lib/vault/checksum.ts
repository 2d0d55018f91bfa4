const table = Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  return sum;
});

/** CRC-32 (ISO/IEC 3309) over the UTF-16 code units of a text: finds what a disk has changed by itself, not what somebody has changed on purpose. */
export function checksum(text: string): string {
  let sum = -1;
  const take = (byte: number): void => {
    sum = (sum >>> 8) ^ (table[(sum ^ byte) & 255] ?? 0);
  };
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    take(unit & 255);
    take(unit >>> 8);
  }
  return (~sum >>> 0).toString(16).padStart(8, '0');
}

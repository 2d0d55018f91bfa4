const units: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  year: 365 * 86_400_000,
};

const days: Readonly<Record<string, number>> = { yesterday: -1, today: 0, now: 0, tomorrow: 1 };

/** Reads a moment as people write it: a date, seconds since the epoch, or "2 hours ago". Nothing when it is none of these. */
export function momentIn(text: string, nowMs: number): number | undefined {
  const words = text.trim().toLowerCase();
  if (/^\d{10}(?:\.\d+)?$/.test(words)) return Number(words) * 1000;
  const day = days[words];
  if (day !== undefined) return nowMs + day * 86_400_000;
  const span = /^(in )?(an?|\d+) (second|minute|hour|day|week|month|year)s?( ago)?$/.exec(words);
  if (span !== null) {
    const [, ahead, count = '', unit = ''] = span;
    const ms = (/^an?$/.test(count) ? 1 : Number(count)) * (units[unit] ?? 0);
    return nowMs + (ahead === undefined ? -ms : ms);
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date;
}

/** A point in time: milliseconds since the Unix epoch, by this computer's clock. */
export type Instant = number & { readonly __instant: unique symbol };

/** One second, in ms. */
export const SECOND = 1000;
/** One minute, in ms. */
export const MINUTE = 60 * SECOND;
/** One hour, in ms. */
export const HOUR = 60 * MINUTE;

/** Names a number of epoch milliseconds as an instant. */
export const instant = (epochMs: number): Instant => epochMs as Instant;

/** The instant `durationMs` after `from`, in whole milliseconds: a drawn wait has a fraction, a stored time has none. */
export const after = (from: Instant, durationMs: number): Instant => Math.round(from + durationMs) as Instant;

/** The earliest of the instants that are there. */
export function earliest(...instants: readonly (Instant | undefined)[]): Instant | undefined {
  const there = instants.filter((one) => one !== undefined);
  return there.length === 0 ? undefined : (Math.min(...there) as Instant);
}

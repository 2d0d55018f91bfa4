import type { call, onChanged } from './client';

/**
 * What a console's script lends the panel beside it, so that the panel need not bring the same again: both run in the one
 * isolated world that Fob has in a page, and no page sees into that in any browser.
 */
export type Neighbour = {
  readonly call: typeof call;
  readonly onChanged: typeof onChanged;
  /** Whether the script still belongs to a Fob that runs: an update or a removal leaves it behind without one. */
  readonly isAlive: () => boolean;
};

// A symbol: a page can put an element under any name of the global object, and none under this.
const PLACE = Symbol.for('fob neighbour');
const world = globalThis as { [PLACE]?: Neighbour };

/** Lends until the given function is called; a newer script's offer replaces an older one's. */
export function offer(lent: Neighbour): () => void {
  world[PLACE] = lent;
  return () => {
    if (world[PLACE] === lent) delete world[PLACE];
  };
}

/** What is on offer now; nothing where no console's script runs. */
export const neighbour = (): Neighbour | undefined => world[PLACE];

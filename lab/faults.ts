import type { Holder } from './holder';

/** Which requests a fault is for. */
export type FaultTarget = {
  readonly host: string;
  readonly method?: string;
  /** A whole path, a path ending in `*`, or (in this process only) an expression. */
  readonly path?: string | RegExp;
  readonly holder?: Holder;
  /** How many requests it hits; all that come when left out. */
  readonly times?: number;
  /** How many matching requests pass unharmed first. */
  readonly skip?: number;
};

/** What goes wrong. "Acted" is whether the server did what was asked, rotating a token for instance, before it went wrong. */
export type Failing =
  /** Late: before the server acts, or between that and the answer. Combines with the others. */
  | { readonly kind: 'delay'; readonly ms: number; readonly when?: 'before' | 'after' }
  /** Acted; the body takes this long to arrive, in pieces. */
  | { readonly kind: 'drip'; readonly ms: number; readonly pieces?: number }
  /** Not acted: the connection is gone before the body was read. */
  | { readonly kind: 'drop_before_body' }
  /** Not acted: the body was read, then the connection ended. */
  | { readonly kind: 'drop_after_body' }
  /** Acted, and the connection ended instead of the answer. */
  | { readonly kind: 'drop_after_commit' }
  /** A TCP reset, before the server acts unless told otherwise. */
  | { readonly kind: 'reset'; readonly when?: 'before' | 'after' }
  /** Not acted: an answer of somebody in between. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: number | string;
      readonly body?: string;
      readonly contentType?: string;
    }
  /** Not acted: a page where JSON was expected, as captive portals give. */
  | { readonly kind: 'html' }
  /** Acted; the answer stops half way, against its content length or mid-chunk. */
  | { readonly kind: 'truncate'; readonly chunked?: boolean; readonly keepBytes?: number }
  /** Not acted: sent elsewhere, to the same path on `to`. */
  | { readonly kind: 'redirect'; readonly to?: string; readonly status?: 301 | 302 | 303 | 307 | 308 };

/** A fault as it is ordered. */
export type FaultOrder = FaultTarget & Failing;

/** A fault in force. */
export type FaultHandle = { readonly id: number; readonly applied: number; remove(): void };

/** The faults in force. */
export type Faults = {
  add(order: FaultOrder): FaultHandle;
  clear(): void;
  readonly active: readonly (FaultOrder & { readonly id: number; readonly applied: number })[];
};

/** What a request is known by before anything acts on it. */
export type Arrival = {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly holder: Holder;
};

/** The side of the faults that a server asks. */
export type FaultPlan = Faults & {
  /** Uses up what hits this request: every delay in force, and the first fault of another kind. */
  take(arrival: Arrival): Failing[];
};

/** Starts with nothing going wrong. */
export function createFaults(): FaultPlan {
  let last = 0;
  let standing: { readonly id: number; readonly order: FaultOrder; met: number; applied: number }[] = [];
  return {
    add(order) {
      const one = { id: ++last, order, met: 0, applied: 0 };
      standing.push(one);
      return {
        id: one.id,
        get applied() {
          return one.applied;
        },
        remove: () => void (standing = standing.filter((other) => other !== one)),
      };
    },
    clear: () => void (standing = []),
    get active() {
      return standing.map(({ id, applied, order }) => ({ ...order, id, applied }));
    },
    take(arrival) {
      const taken: Failing[] = [];
      for (const one of standing.filter(({ order }) => hits(order, arrival))) {
        const usedUp = one.applied >= (one.order.times ?? Infinity);
        const blocked = one.order.kind !== 'delay' && taken.some(({ kind }) => kind !== 'delay');
        if (usedUp || blocked) continue;
        one.met += 1;
        if (one.met <= (one.order.skip ?? 0)) continue;
        one.applied += 1;
        taken.push(one.order);
      }
      return taken;
    },
  };
}

function hits({ host, method, path, holder }: FaultTarget, arrival: Arrival): boolean {
  return (
    host === arrival.host &&
    (method === undefined || method === arrival.method) &&
    (holder === undefined || holder === arrival.holder) &&
    (path === undefined || pathHits(path, arrival.path))
  );
}

function pathHits(wanted: string | RegExp, path: string): boolean {
  if (typeof wanted !== 'string') return wanted.test(path);
  return wanted.endsWith('*') ? path.startsWith(wanted.slice(0, -1)) : path === wanted;
}

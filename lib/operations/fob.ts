import type { GenericSchema, InferOutput } from 'valibot';
import type { ConsoleTabs } from '../core/console-tabs';
import { failed, type Outcome } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import { headOf } from '../core/reduce';
import type { Head, SessionId, State } from '../core/state';
import { HOUR, type Instant } from '../core/time';
import type { Diagnosis, Locked, LockMode } from '../core/view';
import type { ConsoleFollow, Deployment, Exchanges, Placed, Vendor } from '../core/vendor';
import { vendorOf } from '../vendors/index';
import type { KeyRing, Tries } from '../vault/lock';
import type { Vault } from '../vault/vault';

/** Keeping ends this long after the console or Fob was last used (ms). */
export const KEPT_FOR = 12 * HOUR;

/** Everything an operation may touch. The background gives the real ones, tests give a world they can kill. */
export type Fob = {
  readonly vault: Vault;
  readonly now: () => Instant;
  /** Waits (ms). */
  readonly wait: (ms: number) => Promise<void>;
  /** A number from 0 to 1. */
  readonly draw: () => number;
  readonly newId: () => SessionId;
  /** The one guarded fetch. `spends`: a lost answer may have used something up. */
  readonly send: (
    deployment: Deployment,
    request: HttpRequest,
    how: { spends: boolean },
  ) => Promise<Outcome<HttpResponse>>;
  /** Whether the browser lets Fob reach an origin right now. */
  readonly mayReach: (origin: string) => Promise<boolean>;
  readonly tabs: ConsoleTabs;
  /** Hands a pair made for the console to the console in that tab. */
  readonly follow: (
    tab: number,
    console: string,
    how: ConsoleFollow,
    pair: { access: string; refresh: string; tenant: string },
  ) => Promise<'followed' | 'refused' | 'signed_out' | 'no_tab'>;
  /** Looks after the consoles on people's own hosts: from now on, and in tabs that are open. */
  readonly cover: (own: State['deployments']) => Promise<void>;
  /** How the vault's stores are, and what mends them. */
  readonly stores: { readonly health: () => Promise<Diagnosis['stores']>; readonly mend: () => Promise<void> };
  /** Takes a text that is being copied away from the clipboard again after a while; says whether the browser lets Fob. */
  readonly clearLater?: (text: string) => Promise<boolean>;
  /** When the browser will wake Fob, and when it last did. */
  readonly woken: () => Promise<Pick<Diagnosis, 'alarmAt' | 'woke'>>;
  readonly lock: Lock;
  /** Writes the read model anew and tells whoever shows it. */
  readonly publish: () => Promise<void>;
};

/** The key, and what is noted of its use. */
export type Lock = {
  readonly ring: KeyRing;
  /** That it is locked: gone when the browser closes, as the open key is. */
  readonly since: () => Promise<Locked | undefined>;
  readonly noteSince: (since: Locked | undefined) => Promise<void>;
  /** Wrong passphrases: kept for longer than the browser runs. */
  readonly tries: () => Promise<Tries | undefined>;
  readonly noteTries: (tries: Tries | undefined) => Promise<void>;
  /** Has Fob told when nobody has been there for so many minutes; undefined: no more. */
  readonly watch: (awayMin: number | undefined) => Promise<void>;
};

/** What is to be seen of the vault: everything, or only what a lock of that kind leaves. */
export async function lockedAs({ lock }: Fob): Promise<'open' | LockMode> {
  // What somebody has locked is locked, whether or not the key has gone by now.
  const since = await lock.since();
  if (since) return since.mode;
  // Nothing to open, nothing to make: before the first-run page is accepted, there is no key at all.
  if ((await lock.ring.settings()) === undefined) return 'open';
  return (await lock.ring.raw()) === undefined ? 'lock' : 'open';
}

/** Who asks. A console is known by its sender, never by what it says. */
export type Caller =
  | { readonly kind: 'extension' }
  | {
      readonly kind: 'console';
      readonly tab: number;
      readonly vendor: Vendor;
      readonly deployment: Deployment;
      readonly container?: string;
    };

/** One verb: who may ask for it, what it takes, what it does. */
export type Operation<Schema extends GenericSchema, Out> = {
  readonly from: readonly Caller['kind'][];
  readonly input: Schema;
  /** It shows and gives away nothing: asked for while Fob is locked, it is run all the same. */
  readonly whileLocked?: true;
  readonly run: (fob: Fob, input: InferOutput<Schema>, caller: Caller) => Promise<Outcome<Out>>;
};

/** Declares an operation, so that its types follow from its schema. */
export const operation = <Schema extends GenericSchema, Out>(one: Operation<Schema, Out>): Operation<Schema, Out> =>
  one;

/** The head a caller may act on: a console only on sessions of its own deployment and container. */
export function reachable(state: State, id: SessionId, caller: Caller): Head | undefined {
  const head = headOf(state, id);
  if (head === undefined || caller.kind === 'extension') return head;
  return belongsTo(head, caller) ? head : undefined;
}

/** Whether a session is of that console, in that container. */
export function belongsTo(head: Head, caller: Extract<Caller, { kind: 'console' }>): boolean {
  return (
    head.vendor === caller.vendor.id &&
    head.console === caller.deployment.console &&
    // Named anew, a console's API is another's: what was held for the one is not for the other.
    head.api === caller.deployment.api &&
    head.container === caller.container
  );
}

/** The session a caller named, with its vendor and what is behind its seal. */
export async function openSession(fob: Fob, id: SessionId, caller: Caller) {
  const head = reachable(await fob.vault.state(), id, caller);
  const vendor = head && vendorOf(head.vendor);
  if (!head || !vendor) return failed({ code: 'unknown_session' });
  if ((await lockedAs(fob)) === 'lock') return failed({ code: 'vault_locked' });
  const opened = await fob.vault.open(head);
  return opened.ok ? { ok: true as const, value: { head, vendor, ...opened.value } } : opened;
}

/** Where a session's tokens may go. */
const deploymentOf = (head: Head): Deployment => ({ console: head.console, api: head.api });

/** A session's token, with all a vendor's calls need to know of it. */
export const placed = (head: Head, access: string): Placed => ({
  deployment: deploymentOf(head),
  access,
  subject: head.subject,
  tenant: head.tenant,
  ...(head.ids === undefined ? {} : { ids: head.ids }),
});

/** Asks the vendor one thing; of several ways, the next is tried where a deployment does not offer the one before. */
export async function ask<In extends { readonly deployment: Deployment }, Out>(
  fob: Fob,
  exchanges: Exchanges<In, Out>,
  input: In,
  how: { spends: boolean },
): Promise<Outcome<Out>> {
  let last: Outcome<Out> = failed({ code: 'not_offered' });
  for (const one of exchanges) {
    const answer = await fob.send(input.deployment, one.request(input), how);
    last = answer.ok ? one.response(answer.value, input, fob.now()) : answer;
    if (last.ok || last.failure.code !== 'not_offered') return last;
  }
  return last;
}

/** A part of a token's life, drawn once, after which it is renewed: 75 to 85 %, so that many do not come at once. */
export const drawFraction = (fob: Fob): number => 0.75 + fob.draw() * 0.1;

import * as v from 'valibot';
import { failed, type Outcome } from '../core/failure';
import type { OwnDeployment } from '../core/state';
import { after, SECOND } from '../core/time';
import { type Caller, type Fob, lockedAs, type Operation } from '../operations/fob';
import { operations } from '../operations/index';
import { passes } from '../operations/pace';
import { deploymentAt } from '../vendors/index';
import { VaultError } from '../vault/stores';

/** Who sent a message, as the browser says: never as the message says. */
export type Sender = {
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  readonly frameId?: number | undefined;
  readonly tab?: { readonly id?: number | undefined; readonly cookieStoreId?: string | undefined } | undefined;
};

/** What a tab may ask at once and a second: its script asks for less, but a page that has taken it over need not. */
const OF_A_TAB = { burst: 50, perSecond: 50 };
/** Longest message from a page (characters as JSON): a token and what goes with it. */
const LONGEST = 16 * 1024;

const message = v.object({
  fob: v.picklist(Object.keys(operations) as (keyof typeof operations)[]),
  input: v.unknown(),
});

/** Answers one call: who asks is judged first, then what, and only then anything is done. */
export async function serve(fob: Fob, received: unknown, sender: Sender, self: Self): Promise<Outcome<unknown>> {
  const parsed = v.safeParse(message, received);
  if (!parsed.success) return failed({ code: 'origin_refused' });
  const one: Operation<v.GenericSchema, unknown> = operations[parsed.output.fob] as unknown as Operation<
    v.GenericSchema,
    unknown
  >;
  try {
    if (!isPage(sender, self)) {
      if (!passes(fob, `tab ${sender.tab?.id}`, OF_A_TAB))
        return failed({ code: 'rate_limited', retryAt: after(fob.now(), SECOND) });
      if (isTooLarge(received)) return failed({ code: 'too_large' });
    }
    // A page of Fob's own is known without the vault, so that it hears of a vault that cannot be read.
    const caller = isPage(sender, self)
      ? callerOf(sender, self)
      : callerOf(sender, self, (await fob.vault.state()).deployments);
    if (!caller || !one.from.includes(caller.kind)) return failed({ code: 'origin_refused' });
    if (!one.whileLocked && (await lockedAs(fob)) !== 'open') return failed({ code: 'vault_locked' });
    const input = v.safeParse(one.input, parsed.output.input);
    if (!input.success) {
      const field = v.getDotPath(input.issues[0]);
      return failed({ code: 'invalid_input', ...(field === null ? {} : { field }) });
    }
    return await one.run(fob, input.output, caller);
  } catch (error) {
    if (error instanceof VaultError) return failed(error.failure);
    return failed({ code: 'bug' });
  }
}

/** What has no JSON is nothing that Fob ever sends: it is as good as too large. */
function isTooLarge(received: unknown): boolean {
  try {
    return JSON.stringify(received).length > LONGEST;
  } catch {
    // A circle, a number of a kind of its own, or deeper than anybody counts.
    return true;
  }
}

type Self = { readonly id: string; readonly origin: string };

/** Whether it is a page of Fob's own. An extension's scheme has an opaque origin in some places: compare the text, up to the slash that ends it. */
function isPage(sender: Sender, self: Self): boolean {
  return sender.id === self.id && `${sender.url ?? ''}/`.startsWith(`${self.origin}/`);
}

/**
 * Firefox leaves `sender.origin` unset: the origin is read off `sender.url`. A framed console is nobody. `own`: consoles on
 * somebody's own hosts.
 */
export function callerOf(
  sender: Sender,
  self: Self,
  own: Readonly<Record<string, OwnDeployment>> = {},
): Caller | undefined {
  if (sender.id !== self.id || sender.url === undefined) return undefined;
  if (isPage(sender, self)) return { kind: 'extension' };
  const tab = sender.tab?.id;
  const console = deploymentAt(sender.url, own);
  if (tab === undefined || sender.frameId !== 0 || !console) return undefined;
  const container = sender.tab?.cookieStoreId;
  return { kind: 'console', tab, ...console, ...(container === undefined ? {} : { container }) };
}

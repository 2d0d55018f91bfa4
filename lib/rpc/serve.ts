import * as v from 'valibot';
import { failed, type Outcome } from '../core/failure';
import { type Caller, type Fob, type Operation } from '../operations/fob';
import { operations } from '../operations/index';
import { deploymentAt } from '../vendors/index';
import { VaultError } from '../vault/vault';

/** Who sent a message, as the browser says: never as the message says. */
export type Sender = {
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  readonly frameId?: number | undefined;
  readonly tab?: { readonly id?: number | undefined; readonly cookieStoreId?: string | undefined } | undefined;
};

const message = v.object({
  fob: v.picklist(Object.keys(operations) as (keyof typeof operations)[]),
  input: v.unknown(),
});

/** Answers one call: who asks is judged first, then what, and only then anything is done. */
export async function serve(
  fob: Fob,
  received: unknown,
  sender: Sender,
  self: { readonly id: string; readonly origin: string },
): Promise<Outcome<unknown>> {
  const caller = callerOf(sender, self);
  const parsed = v.safeParse(message, received);
  if (!caller || !parsed.success) return failed({ code: 'origin_refused' });
  const one: Operation<v.GenericSchema, unknown> = operations[parsed.output.fob] as unknown as Operation<
    v.GenericSchema,
    unknown
  >;
  if (!one.from.includes(caller.kind)) return failed({ code: 'origin_refused' });
  const input = v.safeParse(one.input, parsed.output.input);
  if (!input.success) {
    const field = v.getDotPath(input.issues[0]);
    return failed({ code: 'invalid_input', ...(field === null ? {} : { field }) });
  }
  try {
    return await one.run(fob, input.output, caller);
  } catch (error) {
    if (error instanceof VaultError) return failed(error.failure);
    return failed({ code: 'bug' });
  }
}

/** Firefox leaves `sender.origin` unset: the origin is read off `sender.url`. A framed console is nobody. */
export function callerOf(sender: Sender, self: { readonly id: string; readonly origin: string }): Caller | undefined {
  if (sender.id !== self.id || sender.url === undefined) return undefined;
  // An extension's scheme has an opaque origin in some places: compare the text, up to the slash that ends it.
  if (`${sender.url}/`.startsWith(`${self.origin}/`)) return { kind: 'extension' };
  const tab = sender.tab?.id;
  const console = deploymentAt(sender.url);
  if (tab === undefined || sender.frameId !== 0 || !console) return undefined;
  const container = sender.tab?.cookieStoreId;
  return { kind: 'console', tab, ...console, ...(container === undefined ? {} : { container }) };
}

import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import type { Vendor } from '../core/vendor';
import { deploymentAt, vendorOf, vendors } from '../vendors/index';
import type { KeepingPolicy } from '../core/view';
import { preferences } from '../vault/records';
import { type Fob, operation, reachable } from './fob';

/** Version of the first-run page's words, kept with the acceptance. */
const CONSENT_VERSION = 1;

/** The person has accepted the first-run page. Consoles that are open already are looked at from now on. */
export const consent = operation({
  from: ['extension'],
  whileLocked: true,
  input: v.object({}),
  async run(fob): Promise<Outcome<void>> {
    await fob.vault.transact((_, now) => ({
      events: [{ type: 'consented', consent: { version: CONSENT_VERSION, at: now } }],
      result: undefined,
    }));
    await fob.publish();
    return ok(undefined);
  },
});

/** Opens the first-run page in a tab of its own: a popup closes as soon as one looks elsewhere. */
export const open_consent = operation({
  from: ['extension'],
  whileLocked: true,
  input: v.object({}),
  async run(fob): Promise<Outcome<void>> {
    await fob.tabs.open('options.html#consent');
    return ok(undefined);
  },
});

/** Sets what the person chooses for Fob as a whole; what is not named stays as it is. */
export const prefer = operation({
  from: ['extension'],
  input: preferences,
  async run(fob, chosen): Promise<Outcome<void>> {
    await fob.vault.transact(() => ({ events: [{ type: 'preferred', preferences: chosen }], result: undefined }));
    await fob.publish();
    return ok(undefined);
  },
});

/** Masks every name that is shown, or shows them again: what its key does, wherever it is pressed. */
export async function mask(fob: Fob): Promise<void> {
  const { preferences: chosen } = await fob.vault.state();
  await prefer.run(fob, { isMasked: !chosen?.isMasked }, { kind: 'extension' });
}

/** Sets what is done on a console as a whole. */
export const policy = operation({
  from: ['extension'],
  input: v.object({ console: v.string(), keep: v.picklist(['ask', 'always', 'never']) }),
  async run(fob, input): Promise<Outcome<void>> {
    await fob.vault.transact((state, now) => {
      // "Leave it alone" is meant for what is kept there now, too.
      const kept = Object.values(state.heads).filter(
        (head) => head.console === input.console && head.keeping === 'kept',
      );
      const ended = input.keep === 'never' ? kept : [];
      return {
        events: [
          {
            type: 'policy_set',
            console: input.console,
            policy: { ...state.policies[input.console], keep: input.keep },
          },
          ...ended.map(({ id }) => ({ type: 'keeping_set' as const, id, at: now, keeping: 'paused' as const })),
        ],
        result: undefined,
      };
    });
    await fob.publish();
    return ok(undefined);
  },
});

/** What is decided for each console Fob knows of. */
export const policies = operation({
  from: ['extension'],
  input: v.object({}),
  async run(
    fob,
  ): Promise<Outcome<readonly { console: string; vendorName: string; keep: KeepingPolicy; panelHidden: boolean }[]>> {
    const state = await fob.vault.state();
    // Each console there is, and of a vendor with one for each tenant, those that were seen.
    const seen = Object.values(state.heads).map((head) => ({ console: head.console, vendor: head.vendor }));
    const decided = Object.keys(state.policies).flatMap((console) => {
      const vendor = deploymentAt(`${console}/`, state.deployments)?.vendor.id;
      return vendor === undefined ? [] : [{ console, vendor }];
    });
    const offered = vendors.flatMap((vendor: Vendor) =>
      vendor.place.choices.map((console) => ({ console, vendor: vendor.id })),
    );
    const known = [...offered, ...Object.values(state.deployments), ...seen, ...decided];
    const byConsole = new Map(known.map((one) => [one.console, one.vendor]));
    return ok(
      [...byConsole]
        .map(([console, vendor]) => ({ console, vendorName: vendorOf(vendor)?.name ?? vendor }))
        .map((one) => ({
          ...one,
          keep: state.policies[one.console]?.keep ?? 'ask',
          panelHidden: state.policies[one.console]?.panelHidden ?? false,
        })),
    );
  },
});

/** Does not show the panel on this console again, or shows it again. */
export const hide = operation({
  from: ['extension', 'console'],
  input: v.object({ console: v.exactOptional(v.string()), hidden: v.exactOptional(v.boolean()) }),
  async run(fob, input, caller): Promise<Outcome<void>> {
    const console = caller.kind === 'console' ? caller.deployment.console : input.console;
    if (console === undefined) return failed({ code: 'invalid_input', field: 'console', detail: 'missing' });
    const hidden = caller.kind === 'console' ? true : (input.hidden ?? true);
    await fob.vault.transact((state) => ({
      events: [
        { type: 'policy_set', console, policy: { keep: 'ask', ...state.policies[console], panelHidden: hidden } },
      ],
      result: undefined,
    }));
    await fob.publish();
    return ok(undefined);
  },
});

/** Opens a session's console, where signing in happens. */
export const open_console = operation({
  from: ['extension'],
  input: v.object({ session: v.string() }),
  async run(fob, input, caller): Promise<Outcome<void>> {
    const head = reachable(await fob.vault.state(), input.session, caller);
    if (!head || !vendorOf(head.vendor)) return failed({ code: 'unknown_session' });
    await fob.tabs.open(`${head.console}/`);
    return ok(undefined);
  },
});

/** Opens the page that asks the browser's permission for a session's hosts: only a page of Fob's own may ask, at a click. */
export const allow = operation({
  from: ['extension'],
  input: v.object({ session: v.string() }),
  async run(fob, input, caller): Promise<Outcome<void>> {
    const head = reachable(await fob.vault.state(), input.session, caller);
    if (!head) return failed({ code: 'unknown_session' });
    await fob.tabs.open('options.html#hosts');
    return ok(undefined);
  },
});

/** Opens Fob itself from the panel. */
export const open_popup = operation({
  from: ['console'],
  whileLocked: true,
  input: v.object({}),
  async run(fob): Promise<Outcome<void>> {
    await fob.tabs.openPopup();
    return ok(undefined);
  },
});

import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import type { OwnDeployment } from '../core/state';
import type { Deployment, Vendor } from '../core/vendor';
import { isConfidential, typedAddress } from '../vendors/hosts';
import { deploymentAt, vendorOf, vendors } from '../vendors/index';
import { type Fob, operation } from './fob';

const address = v.pipe(v.string(), v.trim(), v.maxLength(512));

/** One thing the console in a tab could be. */
export type Candidate = {
  readonly vendor: string;
  readonly name: string;
  /** Its address looks like one of that vendor's. */
  readonly isLikely: boolean;
  /** Origins the browser would have to let Fob reach. */
  readonly origins: readonly string[];
  readonly api: string;
};

/** What a page that Fob does not know as a console could be, and what would have to be allowed. */
export const consider = operation({
  from: ['extension'],
  input: v.object({ address, tabId: v.exactOptional(v.pipe(v.number(), v.integer())) }),
  async run(fob, input): Promise<Outcome<{ console: string; candidates: readonly Candidate[]; isRefused: boolean }>> {
    const console = originOf(input.address);
    if (console === undefined) return failed({ code: 'invalid_input', field: 'address' });
    const { deployments, policies } = await fob.vault.state();
    const isRefused = policies[console.origin]?.isRefused ?? false;
    if (deploymentAt(console.href, deployments)) return ok({ console: console.origin, candidates: [], isRefused });
    // A page's own word for where its API is: only a proposal, and the person's to allow.
    const named = input.tabId === undefined ? undefined : await fob.tabs.namedApi(input.tabId);
    const candidates = vendors.flatMap((vendor: Vendor): Candidate[] => {
      const there = vendor.place.selfHosted?.(console, originOf(named ?? ''));
      if (!there) return [];
      const isLikely = vendor.mayBe?.(console) === true || (named !== undefined && vendor.id === 'prowler');
      return [{ vendor: vendor.id, name: vendor.name, isLikely, origins: originsOf(there), api: there.api }];
    });
    return ok({ console: console.origin, candidates, isRefused });
  },
});

/** The person said that a host is no console Fob should look at: it is not offered again. */
export const refuse_host = operation({
  from: ['extension'],
  input: v.object({ console: address }),
  async run(fob, input): Promise<Outcome<void>> {
    const console = originOf(input.console);
    if (!console) return failed({ code: 'invalid_input', field: 'console' });
    await fob.vault.transact((state) => ({
      events: [
        {
          type: 'policy_set',
          console: console.origin,
          policy: { keep: 'ask', ...state.policies[console.origin], isRefused: true },
        },
      ],
      result: undefined,
    }));
    await fob.publish();
    return ok(undefined);
  },
});

/** The consoles on people's own hosts. */
export const deployments = operation({
  from: ['extension'],
  input: v.object({}),
  run: async (fob): Promise<Outcome<readonly OwnDeployment[]>> =>
    ok(Object.values((await fob.vault.state()).deployments)),
});

/** Adds a console on somebody's own hosts, which the browser has been allowed to reach. */
export const add_deployment = operation({
  from: ['extension'],
  input: v.object({ vendor: v.string(), console: address, api: v.exactOptional(address) }),
  async run(fob, input): Promise<Outcome<void>> {
    const vendor = vendorOf(input.vendor);
    const console = originOf(input.console);
    const api = input.api === undefined || input.api === '' ? undefined : originOf(input.api);
    if (!console) return failed({ code: 'invalid_input', field: 'console' });
    if (input.api && !api) return failed({ code: 'invalid_input', field: 'api' });
    if (!vendor?.place.selfHosted) return failed({ code: 'not_offered' });
    // What Fob knows already is nobody's to name anew.
    const there = deploymentAt(console.href) ? undefined : vendor.place.selfHosted(console, api);
    if (!there) return failed({ code: 'invalid_input', field: 'console' });
    for (const origin of originsOf(there)) {
      if (!(await fob.mayReach(origin))) return failed({ code: 'permission_missing', host: new URL(origin).host });
    }
    await fob.vault.transact((state, now) => {
      const { isRefused: _, ...policy } = state.policies[there.console] ?? { keep: 'ask' as const };
      return {
        events: [
          // A session's tokens go to the API it was found with, and to no other: where that is another now, each starts anew.
          ...Object.values(state.heads)
            .filter((one) => one.console === there.console && (one.api !== there.api || one.vendor !== vendor.id))
            .map(({ id }) => ({ type: 'forgotten' as const, id, at: now })),
          { type: 'deployment_added', deployment: { vendor: vendor.id, ...there } },
          { type: 'policy_set', console: there.console, policy },
        ],
        result: undefined,
      };
    });
    await settle(fob);
    return ok(undefined);
  },
});

/** Lets go of a console on somebody's own hosts, and of every session there. */
export const remove_deployment = operation({
  from: ['extension'],
  input: v.object({ console: v.string() }),
  async run(fob, input): Promise<Outcome<void>> {
    await fob.vault.transact((state, now) => ({
      events: [
        ...Object.values(state.heads)
          .filter((head) => head.console === input.console && Object.hasOwn(state.deployments, input.console))
          .map(({ id }) => ({ type: 'forgotten' as const, id, at: now })),
        { type: 'deployment_removed', console: input.console },
      ],
      result: undefined,
    }));
    const known = deploymentAt(input.console, (await fob.vault.state()).deployments);
    for (const [tab, seen] of Object.entries(await fob.tabs.all()))
      if (!known && seen.console === input.console) await fob.tabs.set(Number(tab), undefined);
    await settle(fob);
    return ok(undefined);
  },
});

async function settle(fob: Fob): Promise<void> {
  await fob.cover((await fob.vault.state()).deployments);
  await fob.publish();
}

const originsOf = ({ console, api }: Deployment): readonly string[] => [...new Set([console, api])];

/** The origin of an address somebody typed; https where no scheme was. Nothing but the web, and no plain http but on this computer. */
function originOf(typed: string): URL | undefined {
  const url = typedAddress(typed);
  return url && isConfidential(url) ? new URL(url.origin) : undefined;
}

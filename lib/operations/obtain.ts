import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import { faultIn, LONGEST } from '../core/fields';
import type { Head, Labels, Secrets, SessionId, State } from '../core/state';
import { after } from '../core/time';
import type { Claims, Deployment, Field, Granted, SignIn, Values, Vendor } from '../core/vendor';
import { vendorOf, vendors } from '../vendors/index';
import type { Decision } from '../vault/vault';
import { isSameWhose } from './capture';
import { clockAhead, inLocalTime, withTenantName } from './confirm';
import { ask, drawFraction, type Fob, KEPT_FOR, operation } from './fob';

/** One way to sign in at a vendor, as a form. */
export type SignInView = {
  readonly way: string;
  readonly fields: readonly Field[];
  /** Fields that stay sealed with the session. */
  readonly keeps: readonly string[];
};

/** Where and how one can sign in through Fob. */
export const sign_ins = operation({
  from: ['extension'],
  input: v.object({}),
  async run(fob): Promise<
    Outcome<
      readonly {
        vendor: string;
        name: string;
        choices: readonly string[];
        isTyped: boolean;
        ways: readonly SignInView[];
      }[]
    >
  > {
    const { deployments } = await fob.vault.state();
    return ok(
      vendors.map((vendor: Vendor) => ({
        vendor: vendor.id,
        name: vendor.name,
        choices: [
          ...vendor.place.choices,
          ...Object.values(deployments).flatMap((one) => (one.vendor === vendor.id ? [one.console] : [])),
        ],
        isTyped: vendor.place.read !== undefined,
        ways: Object.entries(vendor.obtain).map(([way, one]) => ({
          way,
          fields: one.fields,
          keeps: 'takes' in one ? [one.takes] : (one.keeps ?? []),
        })),
      })),
    );
  },
});

/** Signs in through Fob, or takes a token or key the person has: the vendor says whose it is before anything is stored. */
export const obtain = operation({
  from: ['extension'],
  input: v.object({
    vendor: v.string(),
    /** A console's origin from the choices, or what the person typed. */
    place: v.pipe(v.string(), v.maxLength(512)),
    way: v.string(),
    values: v.record(v.string(), v.pipe(v.string(), v.maxLength(LONGEST))),
  }),
  async run(fob, input): Promise<Outcome<{ session: SessionId }>> {
    const state = await fob.vault.state();
    if (!state.consent) return failed({ code: 'consent_missing' });
    const vendor = vendorOf(input.vendor);
    const way = vendor && Object.hasOwn(vendor.obtain, input.way) ? vendor.obtain[input.way] : undefined;
    if (!vendor || !way) return failed({ code: 'not_offered' });
    const deployment = placeOf(state, vendor, input.place);
    if (!deployment) return failed({ code: 'invalid_input', field: 'place' });
    const wrong = faultIn(way.fields, input.values);
    if (wrong) return failed(wrong);
    if (!(await fob.mayReach(deployment.api)))
      return failed({ code: 'permission_missing', host: new URL(deployment.api).host });

    const values = onlyNamed(way.fields, input.values);
    const granted = await grantFor(fob, way, deployment, values);
    if (!granted.ok) return granted;
    const named = await whoseIs(fob, vendor, deployment, granted.value, values);
    if (!named.ok) return named;
    const id = await store(fob, vendor, deployment, way, values, granted.value, named.value);
    await fob.publish();
    return ok({ session: id });
  },
});

function placeOf(state: State, vendor: Vendor, place: string): Deployment | undefined {
  const own = Object.hasOwn(state.deployments, place) ? state.deployments[place] : undefined;
  if (own?.vendor === vendor.id) return { console: own.console, api: own.api };
  if (vendor.place.choices.includes(place)) return vendor.deployment(new URL(place));
  return vendor.place.read?.(place.trim());
}

/** What the form asks for and nothing else; a field left empty is not there. A password keeps the spaces it is made of. */
function onlyNamed(fields: readonly Field[], values: Values): Values {
  return Object.fromEntries(
    fields.flatMap(({ name, kind }) => {
      const typed = values[name] ?? '';
      const value = kind === 'secret' && name === 'password' ? typed : typed.trim();
      return value === '' ? [] : [[name, value]];
    }),
  );
}

async function grantFor(fob: Fob, way: SignIn, deployment: Deployment, values: Values): Promise<Outcome<Granted>> {
  if ('exchanges' in way) return ask(fob, way.exchanges, { deployment, values }, { spends: true });
  return ok({ access: values[way.takes] ?? '', token: { issuedAt: fob.now() } });
}

type Named = Omit<Claims, 'labels' | 'token'> & {
  readonly labels: Labels;
  readonly token: Head['token'];
  readonly clockAheadMs?: number;
};

async function whoseIs(
  fob: Fob,
  vendor: Vendor,
  deployment: Deployment,
  { access, token, ids }: Granted,
  values: Values,
): Promise<Outcome<Named>> {
  const claims = vendor.claims?.(access, deployment);
  if (!vendor.identify) {
    if (!claims) return failed({ code: 'response_not_conform', path: 'access' });
    return ok({
      ...claims,
      labels: claims.labels ?? { roles: [] },
      token: token.expiresAt === undefined ? claims.token : token,
      ...(ids === undefined ? {} : { ids: { ...claims.ids, ...ids } }),
    });
  }
  const tenant = claims?.tenant ?? values['tenant_id'];
  const bearing = { deployment, access, ...(tenant === undefined ? {} : { tenant }) };
  const answer = await fob.send(deployment, vendor.identify.request(bearing), { spends: false });
  const said = answer.ok ? vendor.identify.response(answer.value, bearing, fob.now()) : answer;
  if (!answer.ok) return answer;
  if (!said.ok) return said;
  const clockAheadMs = clockAhead(answer.value.headers['date'], answer.value.startedAt);
  const { expiresAt = token.expiresAt === undefined ? claims?.token.expiresAt : undefined } = said.value;
  const place = { deployment, access, tenant: said.value.tenant };
  return ok({
    ...said.value,
    labels: await withTenantName(fob, vendor, place, said.value.labels, undefined),
    token:
      expiresAt === undefined
        ? token
        : inLocalTime(
            { issuedAt: said.value.issuedAt ?? after(token.issuedAt, clockAheadMs ?? 0), expiresAt },
            clockAheadMs ?? 0,
            fob.now(),
          ),
    ...(ids === undefined && said.value.ids === undefined ? {} : { ids: { ...ids, ...said.value.ids } }),
    ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
  });
}

function store(
  fob: Fob,
  vendor: Vendor,
  deployment: Deployment,
  way: SignIn,
  values: Values,
  { access, refresh, refreshLife }: Granted,
  named: Named,
): Promise<SessionId> {
  const newId = fob.newId();
  const renewAtFraction = drawFraction(fob);
  return fob.vault.transact((state, now): Decision<SessionId> => {
    const held = Object.values(state.heads).find(
      (one) =>
        one.vendor === vendor.id &&
        one.console === deployment.console &&
        one.api === deployment.api &&
        one.container === undefined &&
        !one.isApart &&
        isSameWhose(one, named),
    );
    const isTyped = 'takes' in way;
    const kept = 'keeps' in way && way.keeps ? way.keeps : [];
    const client = Object.fromEntries(Object.entries(values).filter(([name]) => kept.includes(name)));
    const hasClient = Object.keys(client).length > 0;
    const isKept = refresh !== undefined || hasClient;
    const head: Head = {
      id: held?.id ?? newId,
      vendor: vendor.id,
      console: deployment.console,
      api: deployment.api,
      tenant: named.tenant,
      subject: named.subject,
      provenance: isTyped ? 'entered' : 'own',
      generation: (held?.generation ?? 0) + 1,
      token: named.token,
      ...(refresh === undefined ? {} : { refresh: refreshLife ?? { issuedAt: named.token.issuedAt } }),
      renewAtFraction,
      // Whoever signs in through Fob wants it kept; about a token that was typed, nothing is decided yet.
      keeping: isKept ? 'kept' : 'offered',
      ...(isKept ? { keptUntil: after(now, KEPT_FOR) } : {}),
      usedAt: now,
      confirmedAt: now,
      ...(named.clockAheadMs === undefined ? {} : { clockAheadMs: named.clockAheadMs }),
      ...(named.ids === undefined ? {} : { ids: named.ids }),
      ...(hasClient ? { hasClient: true as const } : {}),
    };
    const secrets: Secrets = {
      access,
      ...(refresh === undefined ? {} : { refresh }),
      ...(hasClient ? { client } : {}),
    };
    return {
      events: [{ type: 'entered', id: head.id, at: now, head }],
      sealed: { [head.id]: { labels: named.labels, secrets } },
      result: head.id,
    };
  });
}

import * as v from 'valibot';
import { failed, ok } from '../core/failure';
import type { Ids, Lifetime } from '../core/state';
import { HOUR } from '../core/time';
import type { Bearing, Deployment, Exchange, Granted, Identity, Renewing, Vendor } from '../core/vendor';
import { reading, token } from './answer';
import { ask, curl, segment } from './ask';
import { isEsperConsole } from './esper-detect';
import { bearerIn } from './hosts';
import { present } from './present';
import { timeField, when } from './when';

/** One renewal adds another live key, so it is made late: this long before the end (ms). A key lives 1000 days. */
const LEAD = 30 * 24 * HOUR;
const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i;

function deploymentOf(tenant: string): Deployment | undefined {
  if (!isEsperConsole(`${tenant}.esper.cloud`)) return undefined;
  return { console: `https://${tenant}.esper.cloud`, api: `https://${tenant}-api.esper.cloud` };
}

const identify: Exchange<Bearing, Identity> = {
  request: ({ deployment, access }) => ask('GET', `${deployment.api}/api/v1/token-info/`, access),
  response(answer, { deployment }, now) {
    const said = reading(tokenInfo, answer, now);
    if (!said.ok) return said;
    const { id, enterprise, user, developer_app: application, expires_on: expiresAt, created_on, scope } = said.value;
    return ok(
      present<Identity>({
        // A renewal gives another record, for the same app: the record alone would make the same person another one.
        subject: user || application || id,
        tenant: enterprise,
        // The enterprise is an id. What people call the tenant is what its console's address begins with.
        labels: { roles: scope ?? [], tenant: new URL(deployment.console).hostname.replace('.esper.cloud', '') },
        issuedAt: when(created_on),
        expiresAt,
        ids: present<Ids>({ record: id, application }),
      }),
    );
  },
};

const renewKey: Exchange<Renewing, Granted> = {
  request: ({ deployment, access, tenant, ids }) => {
    const [enterprise, app, key] = [tenant, ids?.['application'] ?? '', access].map(segment);
    const path = `/api/v0/enterprise/${enterprise}/developerapp/${app}/renew-token/`;
    // The key goes twice: the vendor wants it in the query and as the bearer.
    return ask('POST', `${deployment.api}${path}?access_token=${key}`, access);
  },
  response(answer, { tenant }, now) {
    if (answer.status === 400) return failed({ code: 'invalid_input' });
    const said = reading(renewal, answer, now);
    if (!said.ok) return said;
    const { token: access, enterprise, expires_at, expires_on } = said.value;
    // The server prints a name around the id. It is compared, and never kept in the place of the id that is known.
    const other = UUID.exec(enterprise ?? '')?.[0];
    if (other !== undefined && other.toLowerCase() !== tenant.toLowerCase())
      return failed({ code: 'identity_changed' });
    const expiresAt = when(expires_at) ?? when(expires_on);
    return ok({ access, token: present<Lifetime>({ issuedAt: answer.startedAt, expiresAt }) });
  },
};

/** Esper: API keys that say nothing of themselves, each of one user in one tenant, renewed for another key that lives 1000 days. */
export const esper = {
  id: 'esper',
  name: 'Esper',
  consoles: ['https://*.esper.cloud/*'],
  deployment: ({ protocol, host }) =>
    protocol === 'https:' && host.endsWith('.esper.cloud') ? deploymentOf(host.slice(0, -12)) : undefined,
  place: {
    choices: [],
    read(typed) {
      const name = /^(?:https?:\/\/)?([a-z\d-]+)(?:\.esper\.cloud(?:[/?#].*)?)?$/i.exec(typed.trim())?.[1];
      return name === undefined ? undefined : deploymentOf(name.toLowerCase().replace(/-api$/, ''));
    },
  },
  wire: (authorization, to, { api }) => (to.origin === api ? bearerIn(authorization) : undefined),

  identify,

  renewal: [
    {
      name: 'renew_key',
      from: ['own', 'entered'],
      spends: true,
      isOnce: true,
      leadMs: LEAD,
      exchanges: [renewKey],
    },
  ],

  obtain: { key: { fields: [{ name: 'key', kind: 'secret', longest: 1024 }], takes: 'key' } },

  curl: (bearing) => curl(identify.request(bearing)),
} satisfies Vendor;

/** A number or its text: the documents say one, the examples show the other. */
const id = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((one) => String(one)),
  v.nonEmpty(),
);
const uuid = v.pipe(
  v.string(),
  v.regex(UUID),
  v.transform((one) => UUID.exec(one)?.[0] ?? ''),
);
/** `token`, which repeats the key, is not read. */
const tokenInfo = v.object({
  id,
  enterprise: uuid,
  user: v.nullish(id),
  developer_app: v.nullish(uuid),
  // -1 is how the vendor's newer keys say "never".
  expires_on: v.nullish(
    v.union([
      v.pipe(
        v.picklist([-1, '-1']),
        v.transform(() => undefined),
      ),
      timeField,
    ]),
  ),
  created_on: v.optional(v.unknown()),
  scope: v.nullish(v.array(v.string())),
});
/** No field beside the key is a reason to lose the key: token info says the rest. */
const renewal = v.object({
  token,
  enterprise: v.fallback(v.nullish(v.string()), undefined),
  expires_at: v.optional(v.unknown()),
  expires_on: v.optional(v.unknown()),
});

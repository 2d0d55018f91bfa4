import type { Deployment } from './deployment';
import { deadBearer, foreignIssuer } from './errors';
import type { Account, Application, Tenant } from './world';

/** The environment the API's requests come with. */
export type ApiEnv = { Bindings: { readonly clientAddress: string } };

/** Who asks, and in which tenant. */
export type Caller = {
  readonly tenant: Tenant;
  readonly account?: Account;
  readonly application?: Application;
};

/** Reads the bearer: an access token and an ID token are as good as each other. */
export function authenticate(
  { mint, sessions, settings, now }: Deployment,
  authorization: string | undefined,
  tenants: readonly Tenant[],
): Caller {
  const found = mint.find(/^Bearer (.+)$/i.exec(authorization ?? '')?.[1]?.trim() ?? '');
  if (found === undefined || found.kind === 'refresh' || !tenants.includes(found.tenant)) throw foreignIssuer();
  const { tenant, account, application, session, exp } = found;
  const isOver = settings.endedSessionsKillBearers && session !== undefined && !sessions.isLive(session);
  if (exp <= now() / 1000 || isOver || account?.isActive === false) throw deadBearer();
  return {
    tenant,
    ...(account === undefined ? {} : { account }),
    ...(application === undefined ? {} : { application }),
  };
}

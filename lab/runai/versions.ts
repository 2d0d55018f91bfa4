/** The versions whose API is known, the oldest first. */
export const runaiVersions = ['2.18', '2.19', '2.20', '2.21', '2.22', '2.23', '2.24', '3.0'] as const;

/** A version of the control plane. */
export type RunaiVersion = (typeof runaiVersions)[number];

/** What `POST /api/v1/token` can be asked for. */
export type V1Grant =
  'app_token' | 'client_credentials' | 'refresh_token' | 'exchange_token' | 'password' | 'external_token_exchange';

/** What `POST /api/v2/token` can be asked for. */
export type V2Grant =
  'authorization_code' | 'client_credentials' | 'password' | 'refresh_token' | 'external_token_exchange';

/** What a version has. */
export type Surface = {
  readonly appToken: boolean;
  /** The exchange of a code by GET, and the refresh by query. */
  readonly legacyExchangeAndRefresh: boolean;
  readonly v1Grants: readonly V1Grant[];
  /** Empty where the endpoint does not exist. */
  readonly v2Grants: readonly V2Grant[];
  readonly answersExternalToken: boolean;
  readonly answersExpiresIn: boolean;
};

const first: readonly V1Grant[] = ['app_token', 'refresh_token', 'exchange_token', 'password'];

/** What the control plane answers in this version. */
export function surfaceOf(version: RunaiVersion): Surface {
  const since = (wanted: RunaiVersion): boolean => runaiVersions.indexOf(version) >= runaiVersions.indexOf(wanted);
  const grants: readonly V1Grant[] = [
    ...first.filter((grant) => grant !== 'app_token' || !since('3.0')),
    ...(since('2.20') ? (['client_credentials'] as const) : []),
    ...(since('2.22') ? (['external_token_exchange'] as const) : []),
  ];
  return {
    appToken: !since('3.0'),
    legacyExchangeAndRefresh: !since('2.20'),
    v1Grants: grants,
    v2Grants: v2Grants(since),
    answersExternalToken: !since('2.23'),
    answersExpiresIn: since('2.24'),
  };
}

function v2Grants(since: (wanted: RunaiVersion) => boolean): readonly V2Grant[] {
  if (since('3.0')) return ['client_credentials', 'password', 'external_token_exchange'];
  return since('2.24') ? ['authorization_code', 'client_credentials', 'password', 'refresh_token'] : [];
}

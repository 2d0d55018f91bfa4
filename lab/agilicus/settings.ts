/** How the API writes a moment in a token's document. */
export type TimeForm = 'number' | 'text' | 'iso';

/** What can be changed about Agilicus while it runs. */
export type AgilicusSettings = {
  /** The first release had fewer operations and fields. */
  release: 'first' | 'current';
  accessLifeMs: number;
  /** Of the issuer's, and of those made with `create_refresh_token`. */
  refreshLifeMs: number;
  /** How `iat` and `exp` are written outside of tokens. */
  tokenTimes: TimeForm;
  /** Whether documents carry keys that no schema names. */
  unknownKeys: boolean;
  /** True leaves hardly more in tokens than readers rely on: no issuer, no session, no scopes. */
  bareClaims: boolean;
  /** The status of a token made. */
  createStatus: 201 | 200;
  /** What one unit of `time_validity.duration` is. */
  durationUnitMs: number;
  /** Whether a token may be made that outlives the one it is asked for with. */
  createMayOutlive: boolean;
  /** Whether a token that was itself reissued can be reissued. */
  reissueFrom: 'any' | 'root_only';
  reissueDeadStatus: 400 | 401 | 403 | 410;
  reissueForbiddenStatus: 400 | 403;
  introspectExpiredStatus: 200 | 400 | 401 | 404 | 410;
  introspectGarbageStatus: 400 | 401 | 404 | 410;
  /** What `all_sessions` ends: everything of the user, or of the token's session. */
  allSessions: 'of_user' | 'of_session';
  /** Whether a refresh at the API kills the refresh token and answers with another. */
  apiRefreshRotates: boolean;
  /** A user's organisations in a document, or as the bare list of early releases. */
  orgsOfUser: 'document' | 'array';
  /** True tells where to go on with every page, past the last one too. */
  pageAtIdAlways: boolean;
  /** Which pages of other origins may read the API. */
  cors: 'console' | 'any' | 'none';
  /** False is an organisation that disabled offline consent: nobody gets a refresh token. */
  offlineConsent: boolean;
  /** What becomes of a spent refresh token at the issuer: dead at once, good for a while longer, or never spent. */
  rotation: 'strict' | 'grace' | 'static';
  graceMs: number;
  /** Under which library's names a console keeps its tokens, if it keeps them. */
  consoleTokens: 'oidc-client' | 'angular-oauth2-oidc' | 'rbac' | 'memory';
  consoleStorage: 'localStorage' | 'sessionStorage';
  /** Whether the console renews its tokens by itself. */
  consoleRenews: boolean;
};

/** The likeliest of each. */
export const defaultAgilicusSettings: Readonly<AgilicusSettings> = {
  release: 'current',
  accessLifeMs: 3_600_000,
  refreshLifeMs: 24 * 3_600_000,
  tokenTimes: 'iso',
  unknownKeys: true,
  bareClaims: false,
  createStatus: 201,
  durationUnitMs: 1000,
  createMayOutlive: true,
  reissueFrom: 'any',
  reissueDeadStatus: 400,
  reissueForbiddenStatus: 400,
  introspectExpiredStatus: 401,
  introspectGarbageStatus: 400,
  allSessions: 'of_user',
  apiRefreshRotates: false,
  orgsOfUser: 'document',
  pageAtIdAlways: false,
  cors: 'console',
  offlineConsent: true,
  rotation: 'strict',
  graceMs: 60_000,
  consoleTokens: 'oidc-client',
  consoleStorage: 'localStorage',
  consoleRenews: true,
};

import type { RunaiVersion } from './versions';

/** What can be changed about Run:ai while it runs. The defaults are a plain realm of the newest version with a full specification. */
export type RunaiSettings = {
  /** Decides which endpoints and grants exist and which fields answers have. */
  version: RunaiVersion;
  /** True keeps the exchange by GET and the refresh by query beyond the version that announced their end. */
  keepsLegacyPaths: boolean;
  /** True lets v2 refresh in versions whose documentation no longer lists it. */
  v2KeepsRefresh: boolean;
  accessLifeMs: number;
  refreshLifeMs: number;
  /** Minutes without activity that end a session; 0 for never. Also what the security settings tell. */
  idleTimeoutMinutes: number;
  /** Whether a refresh is activity. */
  refreshCountsAsActivity: boolean;
  /** What becomes of a spent refresh token: dead at once, good for a while longer, or good until it expires. */
  rotation: 'strict' | 'grace' | 'static';
  graceMs: number;
  /** Whether showing a dead, spent token takes the client out of the session, and with it the live successor. */
  reuseEndsSession: boolean;
  /** False answers a refresh without a new refresh token. */
  refreshAnswersRefreshToken: boolean;
  /** The status of a refresh that the realm refuses. */
  deadRefreshStatus: 400 | 401 | 403 | 500;
  /** The status of refused credentials and codes. */
  refusedStatus: 400 | 401;
  /** True kills bearers with their session; otherwise they live until they expire, as signatures do. */
  endedSessionsKillBearers: boolean;
  /** True leaves only what readers rely on in tokens: no `azp`, no `iat`, no session, no names. */
  bareClaims: boolean;
  /** Whether answers carry the identity provider's own token, in versions that can. */
  answersExternalToken: boolean;
  /** The client a refresh is judged for when it names none. */
  defaultClient: string;
  /** The field in which the console sends its PKCE verifier; null for a console without PKCE. */
  pkceVerifierField: string | null;
  /** Where the console keeps its tokens. */
  consoleTokens: 'memory' | 'sessionStorage' | 'localStorage';
  /** Under which name, when it is a storage. */
  consoleTokensKey: string;
  /** Which of its tokens the console shows to the API. */
  consoleSends: 'idToken' | 'accessToken';
  /** Whether the console renews its tokens by itself. */
  consoleRenews: boolean;
};

/** The likeliest of each. */
export const defaultRunaiSettings: Readonly<RunaiSettings> = {
  version: '2.24',
  keepsLegacyPaths: false,
  v2KeepsRefresh: false,
  accessLifeMs: 3_600_000,
  refreshLifeMs: 24 * 3_600_000,
  idleTimeoutMinutes: 0,
  refreshCountsAsActivity: true,
  rotation: 'static',
  graceMs: 60_000,
  reuseEndsSession: true,
  refreshAnswersRefreshToken: true,
  deadRefreshStatus: 400,
  refusedStatus: 400,
  endedSessionsKillBearers: false,
  bareClaims: false,
  answersExternalToken: false,
  defaultClient: 'runai-admin-ui',
  pkceVerifierField: 'codeVerifier',
  consoleTokens: 'memory',
  consoleTokensKey: 'runai-session',
  consoleSends: 'idToken',
  consoleRenews: true,
};

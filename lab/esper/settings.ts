/** What can be changed about Esper while it runs. Where nobody outside knows what it does, each way it may is a value here. */
export type EsperSettings = {
  /** How long a key lives, made or renewed: 1000 days since 2020, 7,890,000 seconds before. */
  keyLifeMs: number;
  /** How long a key still works once it was renewed: null is as if nothing had happened, 0 not at all. Not published. */
  renewedKeyLivesMs: number | null;
  /** Whether a key past its time can be renewed by one that is not. Not published. */
  renewsExpired: boolean;
  /** How dates are written: as the documents show, with microseconds, or as the vendor's language prints them. */
  dateForm: 'seconds' | 'micros' | 'python';
  /** How record numbers are written: the contract calls them strings of integers. */
  idForm: 'string' | 'number';
  /** Whether a renewal names enterprise and app as the live server does, or by the bare ids of the specification. */
  renewalIds: 'display' | 'bare';
  /** Fields left out of token info and of a renewal, as the schemas allow. */
  tokenInfoOmits: readonly string[];
  renewalOmits: readonly string[];
  /** Whether errors are written by the specification, as the framework does, or as bare text. */
  errorForm: 'errors' | 'detail' | 'text';
  /** What a personal access token's `expiry_at` counts. Not published. */
  expiryUnit: 'seconds' | 'milliseconds' | 'days';
  /** What becomes of the token when a personal access token is renewed. Not published. */
  personalRenewal: 'same' | 'new' | 'masked';
  /** How long the console's own key lives, and whether it belongs to an app, without which it cannot be renewed. Not published. */
  consoleKeyLifeMs: number;
  consoleKeyHasApp: boolean;
  /** Where the console keeps its key. Not published: a variable, a storage entry, or what the usual OIDC client writes. */
  consoleKeeps: 'memory' | 'local' | 'session' | 'oidc_local' | 'oidc_session';
  /** The name of the entry, for `local` and `session`. */
  consoleKey: string;
  /** How the console's page calls its API. */
  consoleCalls: 'xhr' | 'fetch';
};

const DAY = 24 * 3_600_000;

/** The plainest reading of the contract. */
export const esperSettings: EsperSettings = {
  keyLifeMs: 1000 * DAY,
  renewedKeyLivesMs: null,
  renewsExpired: false,
  dateForm: 'micros',
  idForm: 'string',
  renewalIds: 'display',
  tokenInfoOmits: [],
  renewalOmits: [],
  errorForm: 'errors',
  expiryUnit: 'seconds',
  personalRenewal: 'same',
  consoleKeyLifeMs: DAY,
  consoleKeyHasApp: true,
  consoleKeeps: 'memory',
  consoleKey: 'token',
  consoleCalls: 'xhr',
};

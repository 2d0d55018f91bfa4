import type { Region } from './regions';

/** What can be changed about CloudCheckr while it runs. Where nobody outside knows what it does, each way it may is a value here. */
export type CloudCheckrSettings = {
  /** How long a new token lives. The vendor publishes no number. */
  tokenLifeMs: number;
  /** Whether a token can be read, or is a mere reference. */
  tokenForm: 'jwt' | 'reference';
  /** Whether an exchange starts the time anew, or hands on what is left of it. Not published. */
  exchangeExtends: boolean;
  /** Whether a token dies when it is exchanged. Not published. */
  exchangeEndsPrevious: boolean;
  /** Whether a token may be exchanged into the customer it is for already. Not published. */
  exchangeIntoSame: 'allowed' | 'refused';
  /** Whether a token that came of an exchange may be exchanged. Not published. */
  exchangeOfExchanged: 'allowed' | 'refused';
  /** Neither client declares the status of success. */
  exchangeStatus: 200 | 201;
  /** The status for a customer that exists and is not allowed, and for one that does not exist. Not published. */
  refusedCustomerStatus: number;
  unknownCustomerStatus: number;
  /** Fields left out of the token answers, as the schema allows: every one of them. */
  tokenResponseOmits: readonly ('access_token' | 'expires_in' | 'token_type')[];
  /** Fields left out of token info, as the schema allows. */
  tokenInfoOmits: readonly string[];
  /** How token info writes `expiration`: all of them ISO 8601. */
  expirationForm: 'seconds' | 'fraction' | 'offset' | 'unzoned';
  /** Whether errors carry the vendor's error model, nothing, or a text of a server in between. */
  errorBody: 'model' | 'none' | 'text';
  /** Which of the two published models a region's answers follow: the older has `email`, `deleted` and `disabled`. */
  models: Record<Region, '2020' | '2021'>;
  /** How many customers a page holds when the request does not say, and at most. Not published. */
  pageSize: number;
  maxPageSize: number;
  /** What the last page says about the next. */
  lastPage: 'empty' | 'null' | 'absent';
  /** Whether a token for another customer lists all its owner may see, or only what is under that customer. Not published. */
  listFrom: 'home' | 'active';
  /** How long the sign-in host remembers a person. */
  sessionLifeMs: number;
  /** Where the console keeps its token. Not published: a variable, a storage entry, or what the usual OIDC client writes. */
  consoleKeeps: 'memory' | 'local' | 'session' | 'oidc_local' | 'oidc_session';
  /** The name of the entry, for `local` and `session`. */
  consoleKey: string;
  /** How the console's page calls its API. */
  consoleCalls: 'xhr' | 'fetch';
  /** Whether the console exchanges its token to show another customer. Not published. */
  consoleExchanges: boolean;
};

/** The plainest reading of the contract. */
export const cloudCheckrSettings: CloudCheckrSettings = {
  tokenLifeMs: 60 * 60_000,
  tokenForm: 'jwt',
  exchangeExtends: false,
  exchangeEndsPrevious: false,
  exchangeIntoSame: 'allowed',
  exchangeOfExchanged: 'allowed',
  exchangeStatus: 200,
  refusedCustomerStatus: 403,
  unknownCustomerStatus: 404,
  tokenResponseOmits: [],
  tokenInfoOmits: [],
  expirationForm: 'seconds',
  errorBody: 'model',
  models: { us: '2021', eu: '2020', au: '2021', gov: '2021' },
  pageSize: 100,
  maxPageSize: 1000,
  lastPage: 'empty',
  listFrom: 'active',
  sessionLifeMs: 8 * 3_600_000,
  consoleKeeps: 'memory',
  consoleKey: 'access_token',
  consoleCalls: 'xhr',
  consoleExchanges: true,
};

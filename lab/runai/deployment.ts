import type { ServerClock } from '../settings';
import type { Codes } from './codes';
import type { Mint } from './mint';
import type { Sessions } from './sessions';
import type { RunaiSettings } from './settings';
import type { World } from './world';

/** What the API, the realms and everything arranged behind them share. */
export type Deployment = {
  readonly world: World;
  readonly mint: Mint;
  readonly sessions: Sessions;
  readonly codes: Codes;
  readonly settings: RunaiSettings;
  readonly now: ServerClock;
};

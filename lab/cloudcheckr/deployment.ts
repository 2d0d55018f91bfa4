import type { ServerClock } from '../settings';
import type { CloudCheckrSettings } from './settings';
import type { Mint } from './tokens';
import type { World } from './world';

/** What the hosts of all regions and everything arranged behind them share. */
export type Deployment = {
  readonly world: World;
  readonly mint: Mint;
  readonly settings: CloudCheckrSettings;
  readonly now: ServerClock;
};

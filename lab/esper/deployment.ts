import type { ServerClock } from '../settings';
import type { KeyRing } from './keys';
import type { EsperSettings } from './settings';
import type { World } from './world';

/** What the hosts of all tenants and everything arranged behind them share. */
export type Deployment = {
  readonly world: World;
  readonly keys: KeyRing;
  readonly settings: EsperSettings;
  readonly now: ServerClock;
};

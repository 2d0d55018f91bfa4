import type { LabSettings, ServerClock } from '../settings';
import type { Mint } from './tokens';
import type { World } from './world';

/** What the API and everything arranged behind it share. */
export type Deployment = {
  readonly world: World;
  readonly mint: Mint;
  readonly settings: LabSettings;
  readonly now: ServerClock;
};

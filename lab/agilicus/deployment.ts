import type { ServerClock } from '../settings';
import type { Mint } from './mint';
import type { AgilicusSettings } from './settings';
import type { Signer } from './signing';
import type { World } from './world';

/** What the API, the issuers and everything arranged behind them share. */
export type Deployment = {
  readonly world: World;
  readonly mint: Mint;
  readonly signer: Signer;
  readonly settings: AgilicusSettings;
  readonly now: ServerClock;
  /** Ends what a person has at the issuers: sessions and refresh tokens. */
  readonly endAtIssuers: (userId: string) => void;
};

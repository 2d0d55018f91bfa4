import { defaultAgilicusSettings, type AgilicusSettings } from './agilicus/settings';
import { defaultRunaiSettings, type RunaiSettings } from './runai/settings';
import { cloudCheckrSettings, type CloudCheckrSettings } from './cloudcheckr/settings';
import { esperSettings, type EsperSettings } from './esper/settings';

/** What can be changed about the lab while it runs. */
export type LabSettings = {
  accessLifeMs: number;
  refreshLifeMs: number;
  /** How long the console's own session cookie lives without being read. */
  sessionMaxAgeMs: number;
  /**
   * How long a refresh token is honoured after it was spent, with a new pair each time. 0 as at Prowler: refused at once. A
   * minute is a vendor with a grace window, Prowler's longest life one that never ends a token.
   */
  spentRefreshLivesMs: number;
  /** How far the servers' clock is ahead of this computer's. Raise it to let tokens age at once. */
  clockOffsetMs: number;
  /** What the console's runtime configuration tells about its API: null when it tells nothing. */
  apiBaseUrl: string | null;
  /** Whether pages carry the runtime configuration at all: older consoles do not. */
  runtimeConfigIsland: boolean;
  /** Sign-ins allowed per minute and client; null turns the throttle off. */
  tokenObtainPerMinute: number | null;
  /** False emulates a console run by two processes, which cannot see each other's renewals. */
  dedupeRefresh: boolean;
  /** Whether `/users/me` says which membership is active: servers before 5.39 do not. */
  tellsActiveMembership: boolean;
  /** True emulates an API server whose keys were never set up. */
  signingKeyMissing: boolean;
  /** How many people exist at the start; those beyond the named ones are made up. Read once. */
  userCount: number;
  readonly runai: RunaiSettings;
  readonly agilicus: AgilicusSettings;
  readonly cloudcheckr: CloudCheckrSettings;
  readonly esper: EsperSettings;
};

/** The vendor's own defaults. */
const defaultSettings: Readonly<LabSettings> = {
  accessLifeMs: 30 * 60_000,
  refreshLifeMs: 24 * 3_600_000,
  sessionMaxAgeMs: 24 * 3_600_000,
  spentRefreshLivesMs: 0,
  clockOffsetMs: 0,
  apiBaseUrl: 'https://api.prowler.com/api/v1',
  runtimeConfigIsland: true,
  tokenObtainPerMinute: 50,
  dedupeRefresh: true,
  tellsActiveMembership: true,
  signingKeyMissing: false,
  userCount: 3,
  runai: defaultRunaiSettings,
  agilicus: defaultAgilicusSettings,
  cloudcheckr: cloudCheckrSettings,
  esper: esperSettings,
};

/** Now, in epoch milliseconds, by the servers' clock. */
export type ServerClock = () => number;

/** The servers' clock: this computer's, moved by the offset the settings hold at the moment of asking. */
export const serverClock =
  (settings: Pick<LabSettings, 'clockOffsetMs'>): ServerClock =>
  () =>
    Date.now() + settings.clockOffsetMs;

/** A change of settings: what is left out stays, inside a vendor's own too. */
export type SettingsChange = {
  readonly [Name in keyof LabSettings]?: LabSettings[Name] extends object
    ? Partial<LabSettings[Name]>
    : LabSettings[Name];
};

/** The settings a lab starts with, its own to change. */
export const startingSettings = (given: SettingsChange): LabSettings =>
  changeSettings(structuredClone(defaultSettings), given);

/** Changes settings in place: who holds a vendor's own sees them change. */
export function changeSettings(settings: LabSettings, change: SettingsChange): LabSettings {
  const held = settings as Record<string, unknown>;
  for (const [name, value] of Object.entries(change)) {
    const own = held[name];
    if (isGroup(own) && isGroup(value)) Object.assign(own, value);
    else held[name] = value;
  }
  return settings;
}

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
